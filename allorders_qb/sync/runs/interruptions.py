"""What stops a synchronization in the middle, sorted: QuickBooks needs a rest, a person is needed, or it is our fault."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime
from rq.timeouts import JobTimeoutException

from allorders_qb.qbo.faults import FaultClass, NotSent, OutcomeUnknown, Refused
from allorders_qb.sync.connection import (
	CONNECTED,
	ConnectionNotReady,
	explain_not_ready,
	get_connection,
	pause,
	require_reconnect,
)

TRY_AGAIN_AFTER = timedelta(seconds=60)


class RunInterrupted(Exception):
	"""The run can't go on now: the connection rests or is gone, and says why."""


class RunPostponed(Exception):
	"""The run waits for something that comes by itself; the message says for what. It is continued a little later."""


@dataclass(frozen=True)
class Interruption:
	"""Why a run ends before it is done, for a person; and from when on the rest may be done (None: not by itself)."""

	reason: str
	continue_at: datetime | None


def sort_interruption(realm_id: str, error: Exception) -> Interruption:
	"""What becomes of a run that met with this error. Pauses the connection, or asks for a new one, where the error
	says so. Does not commit."""
	if isinstance(error, Refused):
		return _sort_refusal(realm_id, error)
	if isinstance(error, NotSent):
		return Interruption(str(error), pause(realm_id, str(error)))
	if isinstance(error, OutcomeUnknown):
		if error.pause_seconds or (error.status or 0) >= 500:
			return Interruption(str(error), pause(realm_id, str(error), error.pause_seconds or None))
		return Interruption(str(error), now_datetime() + TRY_AGAIN_AFTER)
	if isinstance(error, RunPostponed):
		return Interruption(str(error), now_datetime() + TRY_AGAIN_AFTER)
	if isinstance(error, RunInterrupted | ConnectionNotReady):
		return _read_connection(realm_id, error)
	if isinstance(error, frappe.QueryDeadlockError | frappe.QueryTimeoutError):
		return Interruption(
			_("Somebody else was writing to the same records for too long; it is tried again."),
			now_datetime() + TRY_AGAIN_AFTER,
		)
	if isinstance(error, JobTimeoutException):
		return Interruption(
			_("The job queue ended it after its longest time; the rest is done by the next one."),
			now_datetime(),
		)
	log = frappe.log_error(title="QuickBooks synchronization")
	return Interruption(
		_("It could not go on: {0} (Error Log {1}).").format(error, log.name if log else ""), None
	)


def _sort_refusal(realm_id: str, refusal: Refused) -> Interruption:
	fault = refusal.fault
	if fault.reconnect:
		return Interruption(require_reconnect(realm_id, fault.explain()), None)
	if fault.fault_class is FaultClass.PAUSE:
		return Interruption(fault.explain(), pause(realm_id, fault.explain(), fault.pause_seconds))
	if fault.fault_class is FaultClass.RETRY_LATER:
		return Interruption(fault.explain(), now_datetime() + TRY_AGAIN_AFTER)
	return Interruption(fault.explain(), None)


def _read_connection(realm_id: str, error: Exception) -> Interruption:
	connection = get_connection(realm_id)
	reason = explain_not_ready(connection) or str(error)
	if connection and connection.status == CONNECTED:
		paused_until = connection.paused_until and get_datetime(connection.paused_until)
		return Interruption(reason, max(paused_until or now_datetime(), now_datetime()))
	return Interruption(reason, None)
