"""Changing the old items in QuickBooks: their name, and in the end whether they are active.

Each is changed to what it has to be, from how it was just read: doing it again changes nothing, so that a crash or a lost
answer needs no more than another look.
"""

import hashlib
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import frappe
from frappe import _

from allorders_qb.mapping.payload import dump_payload
from allorders_qb.qbo.batches import MAX_ITEMS, BatchItem
from allorders_qb.qbo.faults import FaultClass, QuickBooksError, Refused
from allorders_qb.sync.lists.reading import read_by_ids
from allorders_qb.sync.matching import gate
from allorders_qb.sync.runs.context import RunContext

TRIES = 3
"""So often an item is read anew because somebody else has changed it meanwhile."""


def relabel(
	context: RunContext, lines: Iterable[Any], wanted: Callable[[Any], dict[str, Any]], text: str
) -> bool:
	"""Bring the old items of ``lines`` to what is wanted of each (fields and values); whether all are.

	What QuickBooks refuses is noted with the run. Commits as it goes; raises what stops a run.
	"""
	todo = [line for line in lines if line.old_id]
	stream, done, all_done = iter(todo), 0, True
	while chunk := list(islice(stream, MAX_ITEMS)):
		all_done &= _relabel_chunk(context, chunk, wanted)
		done += len(chunk)
		context.report(text, done, len(todo))
		context.check_lease()
	return all_done


def _relabel_chunk(context: RunContext, chunk: list[Any], wanted: Callable[[Any], dict[str, Any]]) -> bool:
	refused: dict[str, QuickBooksError] = {}
	for _try in range(TRIES):
		remotes = read_by_ids(context.client, "Item", [line.old_id for line in chunk])
		items = []
		for line in chunk:
			remote = remotes.get(line.old_id)
			values = wanted(line)
			if remote and any(remote.get(field) != value for field, value in values.items()):
				payload = {**values, "Id": line.old_id, "SyncToken": remote["SyncToken"], "sparse": True}
				items.append(BatchItem(line.old_id, "update", "Item", dump_payload(payload)))
		if not items:
			return True
		answers = context.client.batch(items, _make_request_id(context.realm_id, items))
		refused = {key: answer for key, answer in answers.items() if isinstance(answer, QuickBooksError)}
		for error in refused.values():
			if not isinstance(error, Refused):
				raise error
		if any(error.fault.fault_class is not FaultClass.CONFLICT for error in refused.values()):
			break
	for line in chunk:
		if error := refused.get(line.old_id):
			context.note_error(
				_("Its old item in QuickBooks could not be changed: {0}").format(error), "AO Item", line.item
			)
	return not refused


def _make_request_id(realm_id: str, items: list[BatchItem]) -> str:
	"""The same for the same changes of the same versions, and only for those."""
	text = "\x1f".join([realm_id, *(item.body for item in items)])
	return "ao" + hashlib.sha256(text.encode()).hexdigest()[:34]


def leave_alone(realm_id: str, line: Any, name: str) -> None:
	"""Have the old item in QuickBooks taken for nobody's when lists are read. Does not commit."""
	twin = {"realm_id": realm_id, "list_type": "AO Item", "quickbooks_id": line.old_id}
	values = {
		"side": "QuickBooks",
		"title": name,
		"record": None,
		"state": "Decided",
		"decision": gate.LEAVE_ALONE,
		"decided_by": frappe.session.user,
		"done": 1,
	}
	known = frappe.db.get_value(gate.MATCH, twin, "name")
	if known:
		frappe.db.set_value(gate.MATCH, known, values)
		return
	match = frappe.get_doc({"doctype": gate.MATCH, **twin, **values})
	match.flags.ignore_permissions = True
	match.flags.ignore_links = True
	match.insert()
