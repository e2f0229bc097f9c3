"""The loop that empties the queue. Any number may run at once, on any number of machines.

It claims a row, has it sent, and sorts what comes back into the five classes of answers; the row and the
connection are left so that the next look, by whomever, carries on correctly.
"""

import os
import socket
import time
import uuid
from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import now_datetime

from allorders_qb.qbo.faults import FaultClass, NotSent, OutcomeUnknown, QuickBooksError, Refused
from allorders_qb.sync import adoption, rows
from allorders_qb.sync.call_log import CallLog
from allorders_qb.sync.connection import (
	ConnectionNotReady,
	end_pause,
	explain_not_ready,
	get_company_profile,
	get_connection,
	get_realm_id,
	get_timing,
	open_client,
	pause,
	require_reconnect,
)
from allorders_qb.sync.links import get_link, store_link
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.preferences import refresh_preferences
from allorders_qb.sync.sender import Sender
from allorders_qb.sync.status import refresh_status
from allorders_qb.sync.wake import wake_worker

DRAIN_SECONDS = 200
"""A drain takes on nothing new after this long; the next one goes on (see ``wake.DRAIN_TIMEOUT``)."""

SILENCES_IN_A_ROW = 2
"""One lost answer is that row's bad luck; two in a row, and QuickBooks gets a rest."""

CONFLICTS_IN_A_ROW = 5
DELAY_STEPS = (30, 60, 120, 300, 600, 1800, 3600)
"""Seconds until the next attempt after the first, second, … delay in a row of one row."""

GATEWAY_STATUSES = (401, 403, 429)
"""Turned away before QuickBooks looked at the request: nothing is kept under its request id."""

PERIOD_CLOSED = {"6200", "6210"}


class StopDraining(Exception):
	"""Nothing more can be sent for now; the connection says why."""


def drain(max_seconds: int = DRAIN_SECONDS) -> int:
	"""Send what is due until nothing is left or time is up; how many rows were worked on.

	Safe to call at any time, from any process; commits as it goes.
	"""
	worker = Worker(f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}")
	worked = worker.drain(max_seconds)
	if worker.ran_out_of_time:
		wake_worker()
	return worked


class Worker:
	"""One drain of the queue: its name in leases, its client, and what it has done."""

	def __init__(self, owner: str):
		self.owner = owner
		self.timing = get_timing()
		self.realm_id = None
		self.client = None
		self.log = None
		self.around = None
		self.silences = 0
		self.ran_out_of_time = False

	def drain(self, max_seconds: int) -> int:
		"""See ``drain``."""
		self.expire()
		ends_at = time.monotonic() + max_seconds
		worked = 0
		while time.monotonic() < ends_at:
			# A new look each time: rows written since the last one are not in this transaction's view.
			frappe.db.commit()  # nosemgrep: frappe-manual-commit
			if explain_not_ready(get_connection()):
				break
			if self.client and get_realm_id() != self.realm_id:
				self.client = None
			due = rows.select_due()
			if not due:
				break
			for entry in due:
				if time.monotonic() >= ends_at:
					self.ran_out_of_time = True
					break
				try:
					claimed = self.work_on(entry)
				except StopDraining:
					return worked
				if not claimed:
					# Another worker has it, and has probably seen the same rows: look again rather than race on.
					break
				worked += 1
		return worked

	def expire(self) -> None:
		"""Take over what vanished workers left behind."""
		for entry in rows.expire_leases():
			refresh_status(entry.reference_doctype, entry.reference_name)
			frappe.db.commit()  # nosemgrep: frappe-manual-commit

	def work_on(self, entry: frappe._dict) -> bool:
		"""Claim one row and bring it as far as it goes; False where another worker has it."""
		self._connect()
		held = rows.claim(entry.name, entry.status, entry.fence, self.owner, self.timing.lease)
		if not held:
			return False
		sender = Sender(self.client, self.around, self.timing, self.log)
		try:
			self._send(sender, held)
		except rows.LeaseLost:
			frappe.db.rollback()
			# What was asked and answered stays on record, whoever's the row is now.
			self.log.write(held.row)
			frappe.db.commit()  # nosemgrep: frappe-manual-commit
			frappe.logger("allorders_qb").warning(
				f"Lost the lease of queue entry {held.name}; another worker has it."
			)
		return True

	def _connect(self) -> None:
		if self.client:
			return
		realm_id = get_realm_id()
		self.log = CallLog(realm_id)
		self._open_client(realm_id)
		try:
			refresh_preferences(realm_id, self.client)
		except QuickBooksError as error:
			self.client = None
			self.log.write()
			self._pause(str(error))
		self.log.write()
		frappe.db.commit()  # nosemgrep: frappe-manual-commit
		self.around = Surroundings(realm_id, get_company_profile(get_connection(realm_id)))
		self.realm_id = realm_id

	def _open_client(self, realm_id: str, rejected: str | None = None) -> None:
		try:
			self.client = open_client(realm_id, on_call=self.log, rejected=rejected)
		except ConnectionNotReady as error:
			raise StopDraining from error
		except QuickBooksError as error:
			self._pause(str(error))

	def _send(self, sender: Sender, held: rows.Claim) -> None:
		if held.row.realm_id and held.row.realm_id != self.realm_id:
			sender.ask(
				held,
				_("It was meant for another QuickBooks company ({0}) than the one connected now.").format(
					held.row.realm_id
				),
				None,
			)
			return
		try:
			self._send_and_sort(sender, held)
		except (rows.LeaseLost, StopDraining):
			raise
		except Exception as error:
			# A defect of ours must not leave the row to look as if QuickBooks had it or had it not.
			self._report_defect(sender, held, error)

	def _send_and_sort(self, sender: Sender, held: rows.Claim) -> None:
		try:
			self._send_with_fresh_token(sender, held)
		except NotSent as error:
			self._take_back(sender, held, error)
		except OutcomeUnknown as error:
			self._leave_unknown(sender, held, error)
		except Refused as refusal:
			self._sort_refusal(sender, held, refusal)
		except StopDraining:
			self._release_unsent(sender, held, explain_not_ready(get_connection(self.realm_id)) or "")
			raise
		else:
			self._note_contact()

	def _send_with_fresh_token(self, sender: Sender, held: rows.Claim) -> None:
		try:
			self._send_once(sender, held)
		except Refused as refusal:
			if not refusal.fault.refreshable:
				raise
			# The gateway has turned the request away unread: with a new token the same bytes may go again.
			self._open_client(self.realm_id, rejected=self.client.access_token)
			sender.client = self.client
			self._send_once(sender, held)

	@staticmethod
	def _send_once(sender: Sender, held: rows.Claim) -> None:
		if held.was == rows.UNKNOWN:
			adoption.resolve(sender, held)
		else:
			sender.send(held)

	def _take_back(self, sender: Sender, held: rows.Claim, error: NotSent) -> None:
		"""Nothing has reached QuickBooks: the row is as it was, and the connection rests for a while."""
		self._release_unsent(sender, held, str(error))
		self._pause(str(error))

	def _release_unsent(self, sender: Sender, held: rows.Claim, reason: str, next_attempt_at=None) -> None:
		if held.unsure:
			rows.release(held, reason, next_attempt_at, status=rows.UNKNOWN)
		else:
			rows.release(held, reason, next_attempt_at, possibly_stored=0, sends=max(held.row.sends - 1, 0))
		sender.refresh(held.row)

	def _leave_unknown(self, sender: Sender, held: rows.Claim, error: OutcomeUnknown) -> None:
		if not held.row.sends:
			# Only a reading came to nothing; of this row nothing has left yet.
			self._release_unsent(sender, held, str(error))
		else:
			search_at = (held.row.last_sent_at or now_datetime()) + timedelta(
				seconds=self.timing.search_after
			)
			rows.release(
				held,
				_("{0} (At {1}.)").format(error, frappe.utils.format_time(search_at)),
				max(search_at, now_datetime() + timedelta(seconds=1)),
				status=rows.UNKNOWN,
			)
			sender.refresh(held.row)
		self.silences += 1
		if self.silences >= SILENCES_IN_A_ROW or (error.status or 0) >= 500:
			self._pause(str(error), error.pause_seconds or None)

	def _sort_refusal(self, sender: Sender, held: rows.Claim, refusal: Refused) -> None:
		fault = refusal.fault
		tid = sender.log.write(held.row)
		rows.change_claimed(
			held,
			{
				"fault_class": fault.fault_class.value,
				"fault_code": fault.code,
				"fault_field": fault.element,
				"intuit_tid": tid,
			},
		)
		if fault.fault_class is FaultClass.PAUSE:
			self._pause_for(sender, held, refusal)
		self._note_contact()
		if not held.refused:
			self._sort_refused_reading(sender, held, refusal)
		elif fault.fault_class is FaultClass.DUPLICATE:
			self._settle_duplicate(sender, held, refusal)
		elif fault.fault_class is FaultClass.CONFLICT:
			self._resolve_conflict(sender, held, refusal)
		elif fault.code in PERIOD_CLOSED:
			refresh_preferences(self.realm_id, self.client, force=True)
			self.around = Surroundings(self.realm_id, get_company_profile(get_connection(self.realm_id)))
			sender.wait_for_period(
				held, str(self.around.company.book_close_date or ""), **rows.get_refused_values(held.row)
			)
		elif fault.fault_class is FaultClass.RETRY_LATER:
			self._delay(sender, held, fault.explain())
		else:
			sender.ask(held, fault.explain(), None, **rows.get_refused_values(held.row))

	def _sort_refused_reading(self, sender: Sender, held: rows.Claim, refusal: Refused) -> None:
		"""QuickBooks would not let us look: whether it holds what was sent is as unknown as before."""
		fault = refusal.fault
		if fault.fault_class is FaultClass.RETRY_LATER:
			self._look_later(sender, held, fault.explain())
		else:
			sender.ask(held, fault.explain(), None)

	@staticmethod
	def _look_later(sender: Sender, held: rows.Claim, reason: str) -> None:
		search_at = now_datetime() + timedelta(seconds=DELAY_STEPS[0])
		rows.release(held, reason, search_at, status=rows.UNKNOWN)
		sender.refresh(held.row)

	def _pause_for(self, sender: Sender, held: rows.Claim, refusal: Refused) -> None:
		"""The connection is the matter, not this row: it goes back as it was and the queue rests."""
		fault = refusal.fault
		if fault.status in GATEWAY_STATUSES or not held.refused:
			self._release_unsent(sender, held, fault.explain())
		else:
			rows.release(held, fault.explain(), **rows.get_refused_values(held.row))
			sender.refresh(held.row)
		if fault.reconnect:
			require_reconnect(self.realm_id, fault.explain())
			frappe.db.commit()  # nosemgrep: frappe-manual-commit
			raise StopDraining
		self._pause(fault.explain(), fault.pause_seconds)

	def _settle_duplicate(self, sender: Sender, held: rows.Claim, refusal: Refused) -> None:
		try:
			adoption.settle_duplicate(sender, held, refusal)
		except (NotSent, OutcomeUnknown) as error:
			# What is in the way may be what an earlier request of ours stored: it stays unknown until looked at.
			self._look_later(sender, held, str(error))
		except Refused as second:
			if second.fault.fault_class in (FaultClass.PAUSE, FaultClass.RETRY_LATER):
				self._look_later(sender, held, second.fault.explain())
			else:
				sender.ask(held, second.fault.explain(), refusal.fault.duplicate_id)

	def _resolve_conflict(self, sender: Sender, held: rows.Claim, refusal: Refused) -> None:
		"""Somebody changed the record in QuickBooks meanwhile: read it again, put our change on top of it."""
		row = held.row
		link = get_link(self.realm_id, row.reference_doctype, row.reference_name, row.role)
		if not link or row.refusals >= CONFLICTS_IN_A_ROW:
			sender.ask(held, refusal.fault.explain(), None, **rows.get_refused_values(row))
			return
		try:
			remote = self.client.read(row.entity, link.quickbooks_id).data
		except (NotSent, OutcomeUnknown) as error:
			self._delay(sender, held, str(error))
			return
		except Refused as second:
			sender.ask(held, second.fault.explain(), None, **rows.get_refused_values(row))
			return
		store_link(self.realm_id, row.reference_doctype, row.reference_name, row.role, row.entity, remote)
		rows.release(held, None, None, **rows.get_refused_values(row), refusals=row.refusals + 1)
		sender.refresh(row)

	def _delay(self, sender: Sender, held: rows.Claim, reason: str) -> None:
		delays = held.row.refusals
		wait = DELAY_STEPS[min(delays, len(DELAY_STEPS) - 1)]
		rows.release(
			held,
			reason,
			now_datetime() + timedelta(seconds=wait),
			refusals=delays + 1,
			**rows.get_refused_values(held.row),
		)
		sender.refresh(held.row)

	def _report_defect(self, sender: Sender, held: rows.Claim, error: Exception) -> None:
		frappe.db.rollback()
		log = frappe.log_error(
			title=f"QuickBooks queue entry {held.name}",
			reference_doctype=held.row.reference_doctype,
			reference_name=held.row.reference_name,
		)
		held.row = rows.get_row(held.name)
		if held.row.status != rows.SENDING or held.row.lease_owner != self.owner:
			raise rows.LeaseLost(held.name) from error
		reason = _("It could not be processed: {0} (Error Log {1}).").format(error, log.name if log else "")
		if held.row.sends:
			rows.release(
				held,
				reason,
				now_datetime() + timedelta(seconds=self.timing.silence_wait + 60),
				status=rows.UNKNOWN,
			)
		else:
			rows.release(held, reason, status=rows.ATTENTION)
		sender.refresh(held.row)

	def _note_contact(self) -> None:
		self.silences = 0
		connection = get_connection(self.realm_id)
		if connection and connection.pauses_in_a_row:
			end_pause(self.realm_id)
			frappe.db.commit()  # nosemgrep: frappe-manual-commit

	def _pause(self, reason: str, seconds: int | None = None) -> None:
		pause(self.realm_id or get_realm_id(), reason, seconds)
		frappe.db.commit()  # nosemgrep: frappe-manual-commit
		raise StopDraining
