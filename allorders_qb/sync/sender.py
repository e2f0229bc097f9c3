"""Sending one row: from the claim to the stored answer.

The order is what makes it single: what is to be sent is frozen in the row and committed *before* the request
leaves, the answer and all that follows from it are stored in *one* transaction, and whatever happens between
the two is an unknown outcome, for ``adoption`` to clear up. Source: ``accounting.md`` 2 of the design notes.
"""

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from allorders_qb.mapping.dispatch import compare_posting, is_zero
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.marker import carries_marker, make_marker
from allorders_qb.mapping.payload import dump_payload
from allorders_qb.mapping.provisional import is_delete
from allorders_qb.qbo.client import Answer, QuickBooksClient
from allorders_qb.qbo.faults import Refused
from allorders_qb.sync import item_order, queue, rows
from allorders_qb.sync.call_log import CallLog
from allorders_qb.sync.connection import Timing
from allorders_qb.sync.identity import get_document_seed, make_request_id
from allorders_qb.sync.inventory_settings import note_recorded
from allorders_qb.sync.links import LinkTaken, get_link, load_object, store_link
from allorders_qb.sync.lists import saving
from allorders_qb.sync.matching import gate
from allorders_qb.sync.mode_change import gate as mode_change
from allorders_qb.sync.payloads import Surroundings, build_transaction
from allorders_qb.sync.payments import planning
from allorders_qb.sync.postings import read_postings
from allorders_qb.sync.provisional import billing as provisional_billing
from allorders_qb.sync.provisional.records import BILL_ROLE, RECEIVER, VENDOR_BILL
from allorders_qb.sync.registry import LIST_TYPES, POSTING_TYPES
from allorders_qb.sync.status import refresh_status, refresh_waiting_for
from allorders_qb.sync.times import read_running_clock
from allorders_qb.sync.waits import Waits
from allorders_qb.sync.wording import name_entity

STORING_TRIES = 3
HELD_UP_SECONDS = 5
"""A process that took longer from noting a request to sending it was suspended: it sends nothing any more."""

ALLOW_DUPLICATE_NUMBER = {"include": "allowduplicatedocnum"}


class Sender(Waits):
	"""Sends rows of one company, one after the other, with one client."""

	def __init__(self, client: QuickBooksClient, around: Surroundings, timing: Timing, log: CallLog):
		self.client = client
		self.around = around
		self.timing = timing
		self.log = log

	def send(self, held: rows.Claim) -> None:
		"""Prepare the row if it is sent for the first time, send it, store the answer.

		Raises ``qbo`` errors (for the worker to sort) and ``rows.LeaseLost``.
		"""
		if not held.row.payload and not self.prepare(held):
			return
		self.store_answer(held, self.request(held))

	def prepare(self, held: rows.Claim) -> bool:
		"""Build and freeze the payload; False where the row has been put aside instead (committed). What is frozen is
		committed by whoever calls this, before it is sent."""
		doc = held.get_doc()
		try:
			payload, marker = self._build(held, doc)
		except MappingError as error:
			rows.release(held, str(error), status=rows.ATTENTION, fault_field=error.field)
			self.refresh(held.row)
			return False
		if payload is None:
			return False
		self.freeze(held, dump_payload(payload), marker)
		return True

	def _build(self, held: rows.Claim, doc: Any) -> tuple[dict | None, str | None]:
		if doc.doctype in LIST_TYPES:
			return self._build_record(held, doc)
		if mode_change.hold(self, held):
			return None, None
		if doc.docstatus != 1:
			self.ask(held, _("{0} is not submitted.").format(doc.name), None)
			return None, None
		posting = read_postings(doc).get(held.row.role)
		if posting is None or is_zero(posting):
			self._finish_without(held, _("Nothing to record: all amounts are zero."))
			return None, None
		if self.waits(held, doc, posting):
			return None, None
		marker = make_marker(get_document_seed(doc), doc.name, held.row.role, held.row.generation)
		payload = build_transaction(posting, marker, self.around)
		if (doc.doctype, held.row.role) == (VENDOR_BILL, BILL_ROLE):
			payload = provisional_billing.place_bill(self, held, doc, payload)
		return payload, marker

	def _build_record(self, held: rows.Claim, doc: Any) -> tuple[dict | None, None]:
		if doc.doctype == "AO Item" and mode_change.hold(self, held):
			return None, None
		if kept := saving.explain_kept(doc.doctype):
			self.ask(held, kept, None)
			return None, None
		link = get_link(self.around.realm_id, doc.doctype, doc.name, held.row.role)
		if not link and self._is_kept_by_matching(held, doc):
			return None, None
		parent = saving.get_missing_parent(doc, self.around.realm_id)
		if parent:
			self.wait_for(held, [(doc.doctype, parent)])
			return None, None
		payload = saving.build_save(doc, link, self.around)
		if payload is None:
			self._finish_without(held, _("Nothing that QuickBooks keeps has changed."))
		return payload, None

	def _is_kept_by_matching(self, held: rows.Claim, doc: Any) -> bool:
		"""Put a record aside that QuickBooks may have already, or that somebody has decided not to make there."""
		if gate.is_waiting(self.around.realm_id):
			rows.release(held, gate.explain_waiting(), waits_for_synchronization=1)
			self.refresh(held.row)
			return True
		if held.row.trigger == queue.CHANGE and gate.is_left_alone(
			self.around.realm_id, doc.doctype, doc.name
		):
			self._finish_without(held, _("It was left alone when the lists were matched."))
			return True
		return False

	def _finish_without(self, held: rows.Claim, reason: str) -> None:
		rows.release(held, reason, status=rows.NOT_NEEDED, answered_at=now_datetime())
		item_order.forget_items(held.name)
		self.refresh(held.row)
		refresh_waiting_for(held.name)

	def freeze(self, held: rows.Claim, payload: str, marker: str | None) -> None:
		"""From here on this row sends these bytes under this id, until an answer says that nothing was stored.

		Does not commit.
		"""
		rows.change_claimed(
			held,
			{
				"payload": payload,
				"marker": marker,
				"realm_id": self.around.realm_id,
				"request_id": make_request_id(held.row, self.around.realm_id),
			},
		)

	def request(self, held: rows.Claim) -> Answer:
		"""Say in the row that a request leaves, commit, and send it."""
		began = read_running_clock()
		self.note_leaving(held)
		check_held_up(began)
		try:
			answer = self._request(held.row)
		except Refused:
			held.refused = True
			raise
		# It is there: until that is stored here, nothing that goes wrong may make the row look unsent again.
		held.unsure = True
		return answer

	def note_leaving(self, held: rows.Claim) -> None:
		"""Say in the row that its request leaves now, and commit: from here on it may be in QuickBooks."""
		now = now_datetime()
		rows.change_claimed(
			held,
			{
				"possibly_stored": 1,
				"sends": held.row.sends + 1,
				"first_sent_at": held.row.first_sent_at or now,
				"last_sent_at": now,
				"lease_until": now + timedelta(seconds=self.timing.lease),
			},
		)
		self._refresh_fields(held.row)
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  frozen and noted before it is sent
		held.refused = False

	def _request(self, row: frappe._dict) -> Answer:
		payload = load_object(row.payload)
		params = ALLOW_DUPLICATE_NUMBER if row.confirmed_anew else None
		if is_delete(payload):
			return self.client.delete(row.entity, row.payload, row.request_id)
		if payload.get("Id"):
			return self.client.update(row.entity, row.payload, row.request_id, params)
		return self.client.create(row.entity, row.payload, row.request_id, params)

	def store_answer(self, held: rows.Claim, answer: Answer) -> None:
		"""Link, row, document and call log in one transaction; then whoever waited for this row may go."""
		if held.row.sends > 1:
			answer = self._read_living(held, answer)
			if not answer:
				return
		if held.row.marker and not carries_marker(answer.data, held.row.marker):
			self.ask(
				held,
				_(
					"QuickBooks answered with {0} {1}, which does not carry this document's mark. Look at it there, then link it or send again."
				).format(name_entity(held.row.entity), answer.data.get("DocNumber") or answer.data.get("Id")),
				answer.data.get("Id"),
			)
			return
		self.record(held, answer.data)

	def _read_living(self, held: rows.Claim, answer: Answer) -> Answer | None:
		"""A repeated request may be answered with what was stored the first time, even where it has since been
		deleted: ask for it by its id. None where it is gone, which then is a person's matter."""
		try:
			return self.client.read(answer.entity, str(answer.data["Id"]))
		except Refused as refusal:
			if not refusal.fault.is_missing:
				raise
		self.ask(
			held,
			_(
				"It was in QuickBooks as {0} {1} and has been deleted there. Send it again to record it anew."
			).format(name_entity(held.row.entity), answer.data.get("DocNumber") or answer.data["Id"]),
			None,
			**rows.get_gone_values(held.row),
		)
		return None

	def record(self, held: rows.Claim, remote: dict, **link_values) -> None:
		"""What QuickBooks holds is this row's: the link, the row and the document say so. Commits.

		An answer in hand is worth a second try where the database gave way to somebody else.
		"""
		row, fence, calls = dict(held.row), held.fence, list(self.log.records)
		for tries_left in reversed(range(STORING_TRIES)):
			try:
				self._record(held, remote, **link_values)
				return
			except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
				if not tries_left or held.row.lease_owner is None:
					raise
				frappe.db.rollback()
				held.row.update({**row, "fence": fence})
				self.log.records = list(calls)

	def _record(self, held: rows.Claim, remote: dict, **link_values) -> None:
		row = held.row
		values = {"generation": row.generation, "marker": row.marker, **link_values}
		if row.reference_doctype in POSTING_TYPES:
			sent = load_object(row.payload) if row.payload else None
			comparison = compare_posting(
				read_postings(held.get_doc())[row.role], self.around.company, sent, remote
			)
			values.update(
				total=comparison.total,
				tax=comparison.tax,
				difference=comparison.reason if comparison.differs else None,
			)
			note_recorded(row.reference_name)
		tid = self.log.write(row)
		try:
			more = self._store_twin(row, remote, values)
		except LinkTaken as error:
			self.ask(held, str(error), remote.get("Id"))
			return
		rows.change_claimed(
			held,
			{
				"status": rows.SENT,
				"reason": None,
				"answered_at": now_datetime(),
				"next_attempt_at": None,
				"lease_owner": None,
				"lease_until": None,
				"fault_class": None,
				"fault_code": None,
				"candidate_id": None,
				"refusals": 0,
				"to_settle": int(planning.may_settle(row)),
				"intuit_tid": tid or row.intuit_tid,
			},
		)
		item_order.forget_items(row.name)
		self._refresh_fields(row)
		if more:
			saving.queue_rest(frappe.get_doc(row.reference_doctype, row.reference_name))
		self.commit_answer()
		refresh_waiting_for(row.name)
		planning.plan_after(row, self.around.realm_id)

	def _store_twin(self, row: frappe._dict, remote: dict, values: dict) -> bool:
		"""Link what QuickBooks holds; whether more of the record is to be sent."""
		if row.reference_doctype in LIST_TYPES:
			return saving.take_answer(row, remote, self.around, **values)
		receiver = provisional_billing.take_link(self.around.realm_id, row, remote)
		store_link(
			self.around.realm_id,
			row.reference_doctype,
			row.reference_name,
			row.role,
			row.entity,
			remote,
			**values,
		)
		if receiver:
			refresh_status(RECEIVER, receiver)
		return False

	def commit_answer(self) -> None:
		"""The one commit that makes an answer ours."""
		frappe.db.commit()  # nosemgrep: frappe-manual-commit

	def ask(self, held: rows.Claim, reason: str, candidate_id: str | None, **values) -> None:
		"""A person decides: link the candidate, send again, or never send. Commits."""
		rows.release(held, reason, status=rows.ATTENTION, candidate_id=candidate_id, **values)
		self.refresh(held.row)

	def refresh(self, row: frappe._dict) -> None:
		"""Write the call log and the document's status, and commit."""
		self.log.write(row)
		self._refresh_fields(row)
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  one row at a time

	@staticmethod
	def _refresh_fields(row: frappe._dict) -> None:
		refresh_status(row.reference_doctype, row.reference_name)


def check_held_up(began: float) -> None:
	"""Raise ``LeaseLost`` where noting a request took so long that this process was held up (a suspended machine, a
	very slow commit): others may have taken over. ``began`` is of ``read_running_clock``."""
	if read_running_clock() - began > HELD_UP_SECONDS:
		raise rows.LeaseLost(_("held up"))
