"""The loop that empties the queue. Any number may run at once, on any number of machines.

A worker claims a row, has it sent, and leaves what comes back to ``sorting``. Which row is next, and how many send at the
same time within one process, is the ``crew``'s matter.
"""

import os
import socket
import uuid
from collections.abc import Callable
from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from allorders_qb.qbo.faults import QuickBooksError, Refused
from allorders_qb.sync import adoption, batching, rows
from allorders_qb.sync.call_log import CallLog
from allorders_qb.sync.connection import (
	SETTINGS,
	ConnectionNotReady,
	get_company_profile,
	get_connection,
	get_realm_id,
	get_timing,
	open_client,
)
from allorders_qb.sync.crew import Crew, Piece
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.payments import applying, planning
from allorders_qb.sync.preferences import refresh_preferences
from allorders_qb.sync.provisional import taking_out
from allorders_qb.sync.sender import Sender
from allorders_qb.sync.sorting import AnswerSorter, StopDraining
from allorders_qb.sync.status import refresh_status
from allorders_qb.sync.wake import wake_worker

DRAIN_SECONDS = 200
"""A drain takes on nothing new after this long; the next one goes on (see ``wake.DRAIN_TIMEOUT``)."""

SENDERS = 6
"""Where the settings have never been saved since the field came."""


def drain(max_seconds: int = DRAIN_SECONDS) -> int:
	"""Send what is due until nothing is left or time is up; how many rows were worked on.

	Safe to call at any time, from any process; commits as it goes.
	"""
	take_over_expired()
	if realm_id := get_realm_id():
		planning.plan_left(realm_id)
	senders = cint(frappe.get_cached_doc(SETTINGS).senders) or SENDERS
	crew = Crew(lambda: Worker().work(crew), senders, max_seconds)
	crew.run()
	frappe.db.commit()  # nosemgrep: frappe-manual-commit  what the helpers left is not in this view yet
	if crew.is_time_over() and rows.has_work():
		wake_worker()
	return crew.worked


def take_over_expired() -> None:
	"""Take over what vanished workers left behind."""
	for entry in rows.expire_leases():
		refresh_status(entry.reference_doctype, entry.reference_name)
		frappe.db.commit()  # nosemgrep: frappe-manual-commit


class Worker(AnswerSorter):
	"""One sender at work: its name in leases and its client. Belongs to one thread."""

	def __init__(self):
		self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
		self.timing = get_timing()
		self.realm_id = None
		self.client = None
		self.log = None
		self.around = None
		self.silences = 0

	def work(self, crew: Crew) -> None:
		"""Take piece after piece from the crew until there is none, or nothing more can be sent."""
		look = 0
		while piece := crew.take():
			try:
				if look != crew.looks:
					look = crew.looks
					self._check_company()
				crew.count(self._work_on(piece))
			except StopDraining:
				crew.stop()
			finally:
				crew.give_back(piece)
		if self.client:
			self.client.close()

	def _check_company(self) -> None:
		if self.client and get_realm_id() != self.realm_id:
			self.client = None

	def _work_on(self, piece: Piece) -> int:
		"""Claim the rows of a piece and bring them as far as they go; how many were not another worker's."""
		self._connect()
		held = [self._claim(entry) for entry in piece]
		claimed = [one for one in held if one]
		sender = Sender(self.client, self.around, self.timing, self.log)
		mine = [one for one in claimed if self._is_of_this_company(sender, one)]
		if len(mine) > 1:
			batching.send_batch(self, sender, mine)
		elif mine:
			self.send_single(sender, mine[0])
		return len(claimed)

	def _claim(self, entry: frappe._dict) -> rows.Claim | None:
		return rows.claim(entry.name, entry.status, entry.fence, self.owner, self.timing.lease)

	def send_single(self, sender: Sender, held: rows.Claim) -> None:
		"""Send one held row by itself, and deal with the answer. Raises ``StopDraining``."""
		self.attend(
			sender,
			held,
			lambda: self.sort(sender, held, lambda: self._send_with_fresh_token(sender, held)),
		)

	def attend(self, sender: Sender, held: rows.Claim, step: Callable[[], None]) -> None:
		"""Run a step about one held row; neither a lost lease nor a defect of ours reaches the other rows."""
		try:
			try:
				step()
			except (rows.LeaseLost, StopDraining):
				raise
			except Exception as error:
				# A defect of ours must not leave the row to look as if QuickBooks had it or had it not.
				self._report_defect(sender, held, error)
		except rows.LeaseLost:
			frappe.db.rollback()
			# What was asked and answered stays on record, whoever's the row is now.
			self.log.write(held.row)
			frappe.db.commit()  # nosemgrep: frappe-manual-commit
			frappe.logger("allorders_qb").warning(
				f"Lost the lease of queue entry {held.name}; another worker has it."
			)

	def _connect(self) -> None:
		if self.client:
			return
		realm_id = get_realm_id()
		self.log = CallLog(realm_id)
		self.open_client(realm_id)
		try:
			refresh_preferences(realm_id, self.client)
		except QuickBooksError as error:
			self.client = None
			self.log.write()
			self.pause(str(error))
		self.log.write()
		frappe.db.commit()  # nosemgrep: frappe-manual-commit
		self.around = Surroundings(realm_id, get_company_profile(get_connection(realm_id)))
		self.realm_id = realm_id

	def open_client(self, realm_id: str, rejected: str | None = None) -> None:
		"""Open a client, with another token than the one rejected. Raises ``StopDraining`` where that is not possible."""
		try:
			self.client = open_client(realm_id, on_call=self.log, rejected=rejected)
		except ConnectionNotReady as error:
			raise StopDraining from error
		except QuickBooksError as error:
			self.pause(str(error))

	def _is_of_this_company(self, sender: Sender, held: rows.Claim) -> bool:
		if not held.row.realm_id or held.row.realm_id == self.realm_id:
			return True
		reason = _("It was meant for another QuickBooks company ({0}) than the one connected now.").format(
			held.row.realm_id
		)
		self.attend(sender, held, lambda: sender.ask(held, reason, None))
		return False

	def _send_with_fresh_token(self, sender: Sender, held: rows.Claim) -> None:
		try:
			self._send_once(sender, held)
		except Refused as refusal:
			if not refusal.fault.refreshable:
				raise
			# The gateway has turned the request away unread: with a new token the same bytes may go again.
			self.open_client(self.realm_id, rejected=self.client.access_token)
			sender.client = self.client
			self._send_once(sender, held)

	@staticmethod
	def _send_once(sender: Sender, held: rows.Claim) -> None:
		if held.was == rows.UNKNOWN:
			adoption.resolve(sender, held)
		elif held.row.operation == rows.APPLY:
			applying.send(sender, held)
		elif held.row.operation == rows.TAKE_OUT:
			taking_out.send(sender, held)
		else:
			sender.send(held)

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
