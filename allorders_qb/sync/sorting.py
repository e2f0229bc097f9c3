"""What becomes of a row, and of the connection, after each kind of answer: the five classes of faults, and silence.

A row is left so that the next look at it, by whomever, carries on correctly.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from allorders_qb.qbo.faults import FaultClass, NotSent, OutcomeUnknown, Refused
from allorders_qb.qbo.pacing import PaceReached
from allorders_qb.sync import adoption, rows
from allorders_qb.sync.connection import (
	Timing,
	end_pause,
	explain_not_ready,
	get_company_profile,
	get_connection,
	get_realm_id,
	require_reconnect,
)
from allorders_qb.sync.connection import pause as pause_connection
from allorders_qb.sync.inventory_settings import learn_from_refusal
from allorders_qb.sync.links import get_link, store_link
from allorders_qb.sync.lists import saving
from allorders_qb.sync.mirrors import forget_excluded
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.preferences import refresh_preferences
from allorders_qb.sync.provisional.billing import is_takeover
from allorders_qb.sync.registry import LIST_TYPES
from allorders_qb.sync.sender import Sender

SILENCES_IN_A_ROW = 2
"""One lost answer is that row's bad luck; two in a row, and QuickBooks gets a rest."""

CONFLICTS_IN_A_ROW = 5
DELAY_STEPS = (30, 60, 120, 300, 600, 1800, 3600)
"""Seconds until the next attempt after the first, second, … delay in a row of one row."""

PACE_DELAY = timedelta(seconds=5)
"""When a row that did not get its turn is tried again."""

GATEWAY_STATUSES = (401, 403, 429)
"""Turned away before QuickBooks looked at the request: nothing is kept under its request id."""

PERIOD_CLOSED = {"6200", "6210"}
TAX_FAULTS = {"6100"}
"""The tax lists that we hold may be out of date: they are read with the next synchronization."""


class StopDraining(Exception):
	"""Nothing more can be sent for now; the connection says why."""


class AnswerSorter:
	"""The half of a worker that deals with answers."""

	realm_id: str | None
	client: Any
	around: Surroundings | None
	timing: Timing
	silences: int

	def sort(self, sender: Sender, held: rows.Claim, step: Callable[[], None]) -> None:
		"""Run one step of a held row (it sends, or takes an answer in hand) and deal with what comes of it.

		Raises ``StopDraining`` where the connection is the matter, and ``rows.LeaseLost``.
		"""
		try:
			step()
		except PaceReached as error:
			self.release_unsent(sender, held, str(error), now_datetime() + PACE_DELAY)
		except NotSent as error:
			# Nothing has reached QuickBooks: the row is as it was, and the connection rests for a while.
			self.release_unsent(sender, held, str(error))
			self.pause(str(error))
		except OutcomeUnknown as error:
			self.leave_unknown(sender, held, error)
			self.note_silence(error)
		except Refused as refusal:
			self._sort_refusal(sender, held, refusal)
		except StopDraining:
			self.release_unsent(sender, held, explain_not_ready(get_connection(self.realm_id)) or "")
			raise
		else:
			self._note_contact()

	def release_unsent(
		self, sender: Sender, held: rows.Claim, reason: str, next_attempt_at: datetime | None = None
	) -> None:
		"""Put a row back of which nothing has reached QuickBooks this time. Commits."""
		if held.unsure:
			rows.release(held, reason, next_attempt_at, status=rows.UNKNOWN)
		else:
			rows.release(held, reason, next_attempt_at, possibly_stored=0, sends=max(held.row.sends - 1, 0))
		sender.refresh(held.row)

	def leave_unknown(self, sender: Sender, held: rows.Claim, error: OutcomeUnknown) -> None:
		"""A row that met with silence: QuickBooks is searched for it later. Commits."""
		if not held.row.sends:
			# Only a reading came to nothing; of this row nothing has left yet.
			self.release_unsent(sender, held, str(error))
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

	def note_silence(self, error: OutcomeUnknown) -> None:
		"""Let QuickBooks rest, and raise ``StopDraining``, where silence is no longer one request's bad luck."""
		self.silences += 1
		if self.silences >= SILENCES_IN_A_ROW or (error.status or 0) >= 500:
			self.pause(str(error), error.pause_seconds or None)

	def _sort_refusal(self, sender: Sender, held: rows.Claim, refusal: Refused) -> None:
		fault = refusal.fault
		self.note_refusal(sender, held, refusal)
		if fault.code in TAX_FAULTS:
			forget_excluded(self.realm_id)
		if fault.fault_class is FaultClass.PAUSE:
			self.put_back(sender, held, refusal)
			self.pause_for(refusal)
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
		elif learn_from_refusal(held.row, fault.code):
			rows.release(held, None, None, **rows.get_refused_values(held.row))
			sender.refresh(held.row)
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

	@staticmethod
	def note_refusal(sender: Sender, held: rows.Claim, refusal: Refused) -> None:
		"""Keep with the row, and in the call log, what QuickBooks said. Does not commit."""
		fault = refusal.fault
		tid = sender.log.write(held.row)
		rows.change_claimed(
			held,
			{
				"fault_class": fault.fault_class.value,
				"fault_code": fault.code,
				"fault_field": fault.element,
				"intuit_tid": tid or fault.intuit_tid,
			},
		)

	def put_back(self, sender: Sender, held: rows.Claim, refusal: Refused) -> None:
		"""The connection is the matter, not this row: it goes back as it was. Commits."""
		fault = refusal.fault
		if fault.status in GATEWAY_STATUSES or not held.refused:
			self.release_unsent(sender, held, fault.explain())
		else:
			rows.release(held, fault.explain(), **rows.get_refused_values(held.row))
			sender.refresh(held.row)

	def pause_for(self, refusal: Refused) -> None:
		"""Let the queue rest as the fault asks, or until somebody connects again. Raises ``StopDraining``."""
		fault = refusal.fault
		if fault.reconnect:
			require_reconnect(self.realm_id, fault.explain())
			frappe.db.commit()  # nosemgrep: frappe-manual-commit
			raise StopDraining
		self.pause(fault.explain(), fault.pause_seconds)

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
		reads_anew = row.operation in rows.WITHOUT_LINK or is_takeover(row)
		if reads_anew and row.refusals < CONFLICTS_IN_A_ROW:
			# It reads what it changes anew before it sends anything.
			rows.release(held, None, None, **rows.get_refused_values(row), refusals=row.refusals + 1)
			sender.refresh(row)
			return
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
		if row.reference_doctype in LIST_TYPES:
			saving.take_answer(frappe._dict({**row, "payload": None}), remote, self.around)
		else:
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

	def _note_contact(self) -> None:
		self.silences = 0
		connection = get_connection(self.realm_id)
		if connection and connection.pauses_in_a_row:
			end_pause(self.realm_id)
			frappe.db.commit()  # nosemgrep: frappe-manual-commit

	def pause(self, reason: str, seconds: int | None = None) -> None:
		"""Let the connection rest. Commits, and raises ``StopDraining``."""
		pause_connection(self.realm_id or get_realm_id(), reason, seconds)
		frappe.db.commit()  # nosemgrep: frappe-manual-commit
		raise StopDraining
