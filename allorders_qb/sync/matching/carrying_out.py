"""Carrying out what was decided: a step of a synchronization that does what is left after a crash, and nothing twice.

Pairs are linked first, so that what is imported finds its parents; then new records are made here, many at once; then what
is to be made in QuickBooks goes into the queue. Each chunk and its *done* are one transaction.
"""

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.utils import now_datetime

from allorders_qb.sync import queue
from allorders_qb.sync.connection import CONNECTION
from allorders_qb.sync.links import LinkTaken, get_link, load_object
from allorders_qb.sync.lists import bulk
from allorders_qb.sync.lists.definitions import LISTS, ListDefinition
from allorders_qb.sync.lists.naming import LONGEST
from allorders_qb.sync.lists.saving import queue_rest, take_answer
from allorders_qb.sync.lists.taking import Taker
from allorders_qb.sync.matching.gate import CREATE, FINISHED, IMPORT, LEAVE_ALONE, LINK_THEM, MATCH
from allorders_qb.sync.matching.linking import link_pairs
from allorders_qb.sync.matching.reading import OURS
from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.registry import LIST_ROLE
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.wake import wake_after_commit

AT_ONCE = 500
PAIRS_AT_ONCE = 200
"""Pairs linked in one transaction, which locks our records meanwhile."""

FEW_AT_ONCE = 50
"""Records queued in one transaction."""

Row = frappe._dict


def carry_out(context: RunContext) -> None:
	"""Do everything that is decided and not done, then let the lists go. Commits as it goes. Raises what ``pull`` raises."""
	total = frappe.db.count(MATCH, {"realm_id": context.realm_id, "done": 0, "decision": ("is", "set")})
	work = Work(context, total)
	for decision, step in (
		(LINK_THEM, work.link),
		(IMPORT, work.bring_in),
		(CREATE, work.queue),
	):
		for definition in LISTS.values():
			step(definition, decision)
	_finish(context)


def _finish(context: RunContext) -> None:
	"""The lists are matched: from now on they are kept alike, beginning with what has changed since they were read."""
	connection = frappe.db.get_value(
		CONNECTION, context.realm_id, ["capture_watermark", "matching_read_at"], as_dict=True
	)
	frappe.db.set_value(
		CONNECTION,
		context.realm_id,
		{
			"matching_status": FINISHED,
			"matched_at": now_datetime(),
			"capture_watermark": connection.capture_watermark or connection.matching_read_at,
		},
		update_modified=False,
	)
	frappe.db.delete(MATCH, {"realm_id": context.realm_id, "decision": ("!=", LEAVE_ALONE)})
	for doctype in LISTS:
		queue.send_waiting(doctype)
	wake_after_commit()
	context.check_lease()


class Work:
	"""What is carried out in one run; ``total`` rows are to be done."""

	def __init__(self, context: RunContext, total: int):
		self.context = context
		self.total = total
		self.done = 0

	def link(self, definition: ListDefinition, decision: str) -> None:
		"""Link pairs: what only one side has is taken from there, a difference becomes a conflict for a person."""
		for rows in self._fetch(definition, decision, PAIRS_AT_ONCE):
			outcome = link_pairs(definition, rows, self.context.around)
			if outcome.linked:
				self.context.count(definition.doctype, updated=len(outcome.linked))
			for row in outcome.gone:
				self.context.note_error(
					_("It is no longer here, so it was not linked."), definition.doctype, row.record
				)
			for row in outcome.left:
				self._link_one(definition, row)
			self._note_done(definition, rows)

	def _link_one(self, definition: ListDefinition, row: Row) -> None:
		doctype = definition.doctype
		pair = frappe._dict(reference_doctype=doctype, reference_name=row.record, payload=None)
		remote = load_object(row.snapshot)
		try:
			pending = take_answer(pair, remote, self.context.around, linked_by=row.decided_by)
		except LinkTaken as taken:
			self.context.note_error(str(taken), doctype, row.record)
			return
		self.context.count(doctype, updated=1)
		if pending:
			# By its id: what was linked may have QuickBooks' name by now.
			queue_rest(frappe.get_doc(doctype, self._find_name(definition, row)))

	def _find_name(self, definition: ListDefinition, row: Row) -> str:
		return frappe.db.get_value(
			"QuickBooks Link",
			{
				"realm_id": self.context.realm_id,
				"entity": definition.entity,
				"quickbooks_id": row.quickbooks_id,
			},
			"reference_name",
		)

	def bring_in(self, definition: ListDefinition, decision: str) -> None:
		"""Make new records here. Quantities and values that QuickBooks counts are no part of them."""
		for rows in self._fetch(definition, decision, AT_ONCE):
			remotes = [load_object(row.snapshot) for row in rows]
			rest = bulk.take_new(definition, remotes, self.context.around)
			left = {str(remote["Id"]) for remote in rest}
			plain = [row for row in rows if row.quickbooks_id not in left]
			self.context.count(definition.doctype, created=len(plain))
			self._note_done(definition, plain)
			if rest:
				self._bring_in_singly(definition, rest)
				self._note_done(definition, [row for row in rows if row.quickbooks_id in left])

	def _bring_in_singly(self, definition: ListDefinition, remotes: list[dict]) -> None:
		taker = Taker(self.context, definition)
		for remote in remotes:
			taker.take(remote, tell_apart=self._is_told_apart(definition, remote))
		taker.take_deferred()

	def _is_told_apart(self, definition: ListDefinition, remote: dict) -> bool:
		"""Whether a record of ours has its name, and whoever decided knew it: then the two are two."""
		wanted = definition.read_back(remote, self.context.around.company)[definition.name_field]
		return bool(
			frappe.db.exists(
				MATCH,
				{
					"realm_id": self.context.realm_id,
					"list_type": definition.doctype,
					"side": OURS,
					"record": make_plain(wanted)[:LONGEST],
				},
			)
		)

	def queue(self, definition: ListDefinition, decision: str) -> None:
		"""Put what is to be made in QuickBooks into the queue; it leaves when everything else is done."""
		for rows in self._fetch(definition, decision, FEW_AT_ONCE):
			for row in rows:
				if frappe.db.exists(definition.doctype, row.record) and not get_link(
					self.context.realm_id, definition.doctype, row.record, LIST_ROLE
				):
					queue.queue_records(definition.doctype, [row.record], "Matching")
			self._note_done(definition, rows)

	def _fetch(self, definition: ListDefinition, decision: str, number: int) -> Iterator[list[Row]]:
		"""Chunks of what is not done, parents before those below them."""
		while rows := frappe.get_all(
			MATCH,
			filters={
				"realm_id": self.context.realm_id,
				"list_type": definition.doctype,
				"decision": decision,
				"done": 0,
			},
			fields=["name", "record", "quickbooks_id", "snapshot", "level", "decided_by"],
			order_by="level asc, name asc",
			limit=number,
		):
			yield rows

	def _note_done(self, definition: ListDefinition, rows: list[Row]) -> None:
		"""The point of commit of a chunk."""
		if rows:
			frappe.db.set_value(
				MATCH, {"name": ("in", [row.name for row in rows])}, "done", 1, update_modified=False
			)
		self.done += len(rows)
		self.context.report(_(definition.doctype), self.done, self.total)
		self.context.check_lease()
