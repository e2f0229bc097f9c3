"""Carrying a change of the inventory mode out: a step of a synchronization that does what is left, whatever stopped it before.

To *Values Only*: the quantities leave the old items and the value goes onto the new account while the links are still the old
ones; then the old items give their names up, new ones are made, and the old ones become inactive. To *QuickBooks Counts Too*: the
new items first, then the quantities come in on them. What posts is in the queue, each once; between two of its transactions the
value stands on the account in between.
"""

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _

from allorders_qb.sync import queue, rows
from allorders_qb.sync.inventory import COUNTED, VALUES
from allorders_qb.sync.links import LINK, get_ids
from allorders_qb.sync.mode_change import course
from allorders_qb.sync.mode_change.records import (
	CHANGE,
	LINE,
	MAKE_ITEMS,
	POST,
	RENAME,
	RETIRE,
	find_running,
)
from allorders_qb.sync.mode_change.relabelling import leave_alone, relabel
from allorders_qb.sync.registry import LIST_ROLE, POSTING_TYPES
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.runs.flush import send_due
from allorders_qb.sync.runs.interruptions import RunPostponed
from allorders_qb.sync.wake import wake_after_commit

AT_ONCE = 100
"""Links given up in one transaction."""


def carry_out(context: RunContext) -> None:
	"""Do the steps that are left of the change under way. Commits as it goes; raises what stops a run.

	Where something needs a person it is noted with the run, and the change stays where it is until somebody goes on with it.
	"""
	name = find_running()
	while name:
		doc = frappe.get_doc(CHANGE, name)
		steps = STEPS[doc.to_mode]
		if not steps[doc.step](context, doc):
			return
		following = list(steps)[list(steps).index(doc.step) + 1 :]
		if following:
			doc.db_set("step", following[0])
		else:
			course.finish(doc)
			_let_go(doc)
			name = None
		context.check_lease()


def post(context: RunContext, doc: Any) -> bool:
	"""Record the adjustments and the journal; whether they are all in QuickBooks."""
	if not rows.get_rows(CHANGE, doc.name):
		queue.queue_document(doc, trigger="Release")
		context.check_lease()
	send_due(context)
	return _is_settled(context, rows.get_rows(CHANGE, doc.name))


def rename(context: RunContext, doc: Any) -> bool:
	"""Have the old items taken for nobody's, and give them other names; whether all have theirs."""
	lines = [line for line in doc.lines if not line.detached]
	for start in range(0, len(lines), AT_ONCE):
		for line in lines[start : start + AT_ONCE]:
			_detach(context.realm_id, line)
		context.check_lease()
	return relabel(context, doc.lines, lambda line: {"Name": line.old_name}, _("Renaming old items"))


def _detach(realm_id: str, line: Any) -> None:
	rows.lock_document("AO Item", line.item)
	if line.old_id:
		frappe.db.delete(
			LINK,
			{
				"realm_id": realm_id,
				"reference_doctype": "AO Item",
				"reference_name": line.item,
				"role": LIST_ROLE,
				"quickbooks_id": line.old_id,
			},
		)
		leave_alone(realm_id, line, line.old_name)
	frappe.db.set_value(LINE, line.name, "detached", 1, update_modified=False)


def make_items(context: RunContext, doc: Any) -> bool:
	"""Have the new items made in QuickBooks; whether all are there."""
	names = [line.item for line in doc.lines]
	for name in [name for name in names if name not in get_ids(context.realm_id, "AO Item", names)]:
		queue.queue_needed_record("AO Item", name)
	context.check_lease()
	send_due(context)
	ids = get_ids(context.realm_id, "AO Item", names)
	missing = [name for name in names if name not in ids]
	if missing:
		note_missing(context, missing)
		return False
	for line in doc.lines:
		frappe.db.set_value(LINE, line.name, "new_id", ids[line.item], update_modified=False)
	return True


def note_missing(context: RunContext, missing: list[str]) -> None:
	"""Say of each item that has no new one why; raises ``RunPostponed`` where they come by themselves."""
	found = {name: rows.get_rows("AO Item", name) for name in missing}
	_is_settled(context, [row for name in missing for row in found[name]])
	for name in missing:
		if not any(row.status in rows.OPEN_STATUSES for row in found[name]):
			context.note_error(
				_(
					"Its new item is not in QuickBooks, and nothing is on its way. Send {0} from its form, then press Go On."
				).format(name),
				"AO Item",
				name,
			)


def retire(context: RunContext, doc: Any) -> bool:
	"""Make the old items inactive; whether all are."""
	return relabel(context, doc.lines, lambda line: {"Active": False}, _("Making old items inactive"))


def _is_settled(context: RunContext, found: list[frappe._dict]) -> bool:
	"""Whether rows are done. Notes those that need a person; raises ``RunPostponed`` where it goes on by itself."""
	still_open = [row for row in found if row.status in rows.OPEN_STATUSES]
	stuck = [row for row in still_open if row.status == rows.ATTENTION]
	for row in stuck:
		context.note_error(row.reason or _(row.status), row.reference_doctype, row.reference_name)
	if still_open and not stuck:
		raise RunPostponed(_("It waits for an answer of QuickBooks and goes on by itself."))
	return not still_open


def _let_go(doc: Any) -> None:
	"""What has waited goes now, with the roles that it has under the new mode; new items get their own cost. Does not commit."""
	waiting = frappe.get_all(
		rows.QUEUE,
		filters={
			# One that a worker has just taken is put back by it (``gate``), and has its new roles to get all the same.
			"status": ("in", (rows.QUEUED, rows.SENDING)),
			"reference_doctype": ("in", [one for one in POSTING_TYPES if one != CHANGE]),
		},
		fields=["name", "reference_doctype", "reference_name"],
		order_by="creation",
	)
	for row in waiting:
		rows.change_where(row.name, {"status": rows.QUEUED}, {"next_attempt_at": None})
	for doctype, name in dict.fromkeys((row.reference_doctype, row.reference_name) for row in waiting):
		queue.queue_document(frappe.get_doc(doctype, name), trigger="Release")
	for line in doc.lines if doc.to_mode == COUNTED else ():
		queue.queue_needed_record("AO Item", line.item)
	wake_after_commit()


Step = Callable[[RunContext, Any], bool]
STEPS: dict[str, dict[str, Step]] = {
	VALUES: {POST: post, RENAME: rename, MAKE_ITEMS: make_items, RETIRE: retire},
	COUNTED: {RENAME: rename, MAKE_ITEMS: make_items, POST: post, RETIRE: retire},
}
"""By the new mode: what is done, in order, by the name that the change bears as its step."""
