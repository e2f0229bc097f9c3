"""What a person decides about the records of both sides: per row or in bulk, as often as wanted until it is confirmed.

Every function locks the connection's row first, so that nothing is decided about what is being carried out. Callers
check the role and commit.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import frappe
from frappe import _

from allorders_qb.sync.connection import CONNECTION, get_realm_id
from allorders_qb.sync.lists.rules import may_send, may_take
from allorders_qb.sync.matching.gate import CREATE, DECIDING, IMPORT, LEAVE_ALONE, LINK_THEM, MATCH
from allorders_qb.sync.matching.reading import (
	DECIDED,
	OURS,
	PAIRED,
	PROPOSED,
	SEVERAL,
	THEIRS,
	UNMATCHED,
)

UNDO = ""
AT_ONCE = 1000

SIDES: dict[str, tuple[str, ...]] = {
	LINK_THEM: (THEIRS,),
	IMPORT: (THEIRS,),
	CREATE: (OURS,),
	LEAVE_ALONE: (THEIRS, OURS),
	UNDO: (THEIRS, OURS),
}
"""Whose records each decision is about. A pair is decided on QuickBooks' row."""


def lock_deciding() -> str:
	"""The company whose lists are being matched, locked; throws where nothing is to be decided now."""
	realm_id = get_realm_id()
	status = realm_id and frappe.db.get_value(CONNECTION, realm_id, "matching_status", for_update=True)
	if status != DECIDING:
		frappe.throw(
			_("There is nothing to decide now: the lists are not being matched, or it was confirmed already.")
		)
	return realm_id


def decide(decision: str, names: Iterable[str]) -> int:
	"""Decide the same about these rows; how many it fits. One that it does not fit (a record of ours can't be imported, a
	pair without a record can't be linked) stays as it is. Does not commit."""
	realm_id = lock_deciding()
	if decision not in SIDES:
		frappe.throw(_("Decide one of: {0}.").format(", ".join(_(one) for one in SIDES if one)))
	wanted, number = list(names), 0
	for start in range(0, len(wanted), AT_ONCE):
		rows = _read_rows(realm_id, wanted[start : start + AT_ONCE])
		number += _decide_rows(realm_id, decision, rows)
	return number


def _read_rows(realm_id: str, names: Sequence[str]) -> list[frappe._dict]:
	return frappe.get_all(
		MATCH,
		filters={"realm_id": realm_id, "done": 0, "state": ("!=", PAIRED), "name": ("in", [*names, ""])},
		fields=["name", "list_type", "side", "state", "record", "candidates"],
		order_by="name",
	)


def _decide_rows(realm_id: str, decision: str, rows: list[frappe._dict]) -> int:
	fitting = [row for row in rows if row.side in SIDES[decision]]
	if decision == LINK_THEM:
		fitting = [row for row in fitting if row.record]
	elif decision == IMPORT:
		fitting = [row for row in fitting if may_take(row.list_type)]
	elif decision == CREATE:
		fitting = [row for row in fitting if may_send(row.list_type)]
	if decision in (IMPORT, LEAVE_ALONE):
		_part(realm_id, [row for row in fitting if row.side == THEIRS and row.record], decision)
	if decision == UNDO:
		for state in (PROPOSED, SEVERAL, UNMATCHED):
			_write([row.name for row in fitting if _get_open_state(row) == state], UNDO, state)
	else:
		_write([row.name for row in fitting], decision, DECIDED)
	return len(fitting)


def _get_open_state(row: frappe._dict) -> str:
	if row.side == THEIRS and row.record:
		return PROPOSED
	return SEVERAL if row.candidates else UNMATCHED


def _write(names: list[str], decision: str, state: str, **values: Any) -> None:
	if names:
		frappe.db.set_value(
			MATCH,
			{"name": ("in", names)},
			{
				"decision": decision,
				"state": state,
				"decided_by": frappe.session.user if decision else None,
				**values,
			},
		)


def _part(realm_id: str, rows: list[frappe._dict], decision: str = UNDO) -> None:
	"""Part pairs: our records are nobody's twins any more, and a question of their own again; but who leaves a pair alone
	leaves both alone."""
	alone = decision == LEAVE_ALONE
	for list_type in {row.list_type for row in rows}:
		mine = [row for row in rows if row.list_type == list_type]
		frappe.db.set_value(
			MATCH,
			{
				"realm_id": realm_id,
				"list_type": list_type,
				"side": OURS,
				"record": ("in", [row.record for row in mine]),
			},
			{
				"state": DECIDED if alone else UNMATCHED,
				"decision": LEAVE_ALONE if alone else UNDO,
				"decided_by": frappe.session.user if alone else None,
			},
		)
		frappe.db.set_value(MATCH, {"name": ("in", [row.name for row in mine])}, "record", None)


def link_to(theirs: str, record: str) -> None:
	"""Decide that the QuickBooks record of this row is that record of ours. Throws where one of the two has another twin by a
	person's decision. Does not commit."""
	realm_id = lock_deciding()
	row = frappe.db.get_value(
		MATCH,
		{"name": theirs, "realm_id": realm_id, "side": THEIRS, "done": 0},
		["name", "list_type", "record", "title"],
		as_dict=True,
	)
	if not row:
		frappe.throw(_("This record of QuickBooks is linked already, or is not being matched."))
	where = {"realm_id": realm_id, "list_type": row.list_type, "record": record}
	if not frappe.db.exists(MATCH, {**where, "side": OURS}):
		frappe.throw(
			_("{0} {1} was made after the lists were read. Read them again to match it.").format(
				_(row.list_type), record
			)
		)
	other = frappe.db.get_value(
		MATCH, {**where, "side": THEIRS}, ["name", "title", "state", "done", "candidates"], as_dict=True
	)
	if other and other.name != row.name:
		if other.done or other.state == DECIDED:
			frappe.throw(
				_("{0} is linked to “{1}” already. Change that first.").format(record, other.title),
				title=_("Has a Twin"),
			)
		frappe.db.set_value(
			MATCH, other.name, {"record": None, "state": SEVERAL if other.candidates else UNMATCHED}
		)
	if row.record and row.record != record:
		_part(realm_id, [row])
	frappe.db.set_value(
		MATCH, {**where, "side": OURS}, {"state": PAIRED, "decision": UNDO, "decided_by": None}
	)
	_write([row.name], LINK_THEM, DECIDED, record=record)


def decide_rest(realm_id: str, choices: dict[str, str], list_type: str | None = None) -> int:
	"""Decide everything that is still open, by what it is: ``choices`` maps *Proposed*, *theirs* and *ours* (what has no
	counterpart) to a decision; what is not in it stays open, and so do those with several candidates. How many."""
	where = {"realm_id": realm_id, "done": 0, **({"list_type": list_type} if list_type else {})}
	groups = {
		"proposed": {"state": PROPOSED},
		"theirs": {"state": UNMATCHED, "side": THEIRS},
		"ours": {"state": UNMATCHED, "side": OURS},
	}
	number = 0
	for group, filters in groups.items():
		if choices.get(group):
			names = frappe.get_all(MATCH, filters={**where, **filters}, pluck="name", order_by="name")
			number += decide(choices[group], names)
	return number
