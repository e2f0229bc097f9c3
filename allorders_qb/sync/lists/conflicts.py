"""The QuickBooks Conflicts of list records: opened by a merge, closed by a person or by what happens next.

Only this module writes them. Callers hold the record's lock.
"""

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from allorders_qb.mapping.merge import Difference
from allorders_qb.sync.lists.definitions import LISTS
from allorders_qb.sync.lists.ours import show_value
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.plain import make_plain

CONFLICT = "QuickBooks Conflict"

OPEN = "Open"
RESOLVED = "Resolved"

BOTH_CHANGED = "Both Changed"
NAME_TAKEN = "Name Taken"
TYPE_CHANGED = "Type Changed"
CURRENCY_CHANGED = "Currency Changed"
GONE = "Gone From QuickBooks"
MERGED = "Merged in QuickBooks"
MADE_AGAIN = "Made Again in QuickBooks"
NOT_TAKEN = "Not Taken Over"

OF_A_VALUE = (BOTH_CHANGED, NAME_TAKEN)
"""Kinds that are about one field, and are answered with one of three values."""

KEEP_OURS = "Keep Ours"
TAKE_THEIRS = "Take QuickBooks'"
ANOTHER_VALUE = "Another Value"
LINK_TO_IT = "Link to It"
KEEP_APART = "Keep Apart"
SEEN = "Seen"
BY_ITSELF = "By Itself"


def note_differences(
	doc: Any,
	entity: str,
	quickbooks_id: str,
	differences: Iterable[Difference],
	around: Surroundings,
	name_taken: str | None = None,
) -> int:
	"""Open a conflict for each difference of a record, bring those up to date that are open, close what is settled.

	``name_taken`` is why QuickBooks' name could not be taken. Returns how many were opened. Does not commit.
	"""
	definition = LISTS[doc.doctype]
	known = {
		row.fieldname: row
		for row in find_open(
			doc.doctype, doc.name, ("in", OF_A_VALUE), fields=["name", "fieldname", "ours", "theirs"]
		)
	}
	opened = 0
	for difference in differences:
		field = definition.get_field(difference.fieldname)
		taken = difference.fieldname == definition.name_field and name_taken
		shown = {
			side: show_value(definition, field.fieldname, getattr(difference, side), around)
			for side in ("ours", "theirs", "base")
		}
		values = {
			"kind": NAME_TAKEN if taken else BOTH_CHANGED,
			"ours": difference.ours,
			"theirs": difference.theirs,
			"base": difference.base or "",
			**{f"{side}_shown": text for side, text in shown.items()},
			"sentence": name_taken
			if taken
			else _("{0} of {1}: here it is “{2}”, in QuickBooks “{3}”.").format(
				_(field.label), doc.name, shown["ours"], shown["theirs"]
			),
		}
		row = known.pop(field.fieldname, None)
		if not row:
			opened += 1
			_insert(
				{
					**values,
					"list_type": doc.doctype,
					"record": doc.name,
					"fieldname": field.fieldname,
					"field_label": field.label,
					"entity": entity,
					"quickbooks_id": quickbooks_id,
					"realm_id": around.realm_id,
				}
			)
		elif (row.ours, row.theirs) != (difference.ours, difference.theirs):
			frappe.db.set_value(CONFLICT, row.name, values)
	for row in known.values():
		close(row.name, BY_ITSELF)
	return opened


def report(
	kind: str,
	realm_id: str,
	entity: str,
	quickbooks_id: str,
	sentence: str,
	list_type: str | None = None,
	record: str | None = None,
	**values: Any,
) -> bool:
	"""Tell a person what happened to a record in QuickBooks; False where that is told already. Does not commit."""
	found = frappe.get_all(
		CONFLICT,
		filters={
			"kind": kind,
			"status": OPEN,
			"realm_id": realm_id,
			"entity": entity,
			"quickbooks_id": quickbooks_id,
			**({"record": record} if record else {}),
		},
		pluck="name",
		order_by="creation",
		limit=1,
	)
	sentence = make_plain(sentence)
	if found:
		frappe.db.set_value(CONFLICT, found[0], {"sentence": sentence, **values})
		return False
	_insert(
		{
			"kind": kind,
			"realm_id": realm_id,
			"entity": entity,
			"quickbooks_id": quickbooks_id,
			"sentence": sentence,
			"list_type": list_type,
			"record": record,
			**values,
		}
	)
	return True


def find_open(
	doctype: str, name: str, kind: Any = None, fields: list[str] | None = None
) -> list[frappe._dict]:
	"""The open conflicts of a record, oldest first."""
	filters = {"list_type": doctype, "record": name, "status": OPEN}
	if kind:
		filters["kind"] = kind
	return frappe.get_all(CONFLICT, filters=filters, fields=fields or ["*"], order_by="creation")


def find_open_of_remote(realm_id: str, entity: str, kind: str) -> dict[str, str]:
	"""QuickBooks Id -> conflict, of the open ones of a kind that an entity has."""
	return dict(
		frappe.get_all(
			CONFLICT,
			filters={"realm_id": realm_id, "entity": entity, "kind": kind, "status": OPEN},
			fields=["quickbooks_id", "name"],
			order_by="creation",
			as_list=True,
		)
	)


def is_kept_apart(realm_id: str, entity: str, quickbooks_id: str) -> bool:
	"""Whether somebody has decided that a QuickBooks record is another one than ours of that name."""
	return bool(
		frappe.db.exists(
			CONFLICT,
			{"realm_id": realm_id, "entity": entity, "quickbooks_id": quickbooks_id, "answer": KEEP_APART},
		)
	)


def count_open(doctype: str, name: str) -> int:
	"""How many open conflicts a record has."""
	return frappe.db.count(CONFLICT, {"list_type": doctype, "record": name, "status": OPEN})


def close(name: str, answer: str, another_value: str | None = None) -> None:
	"""Mark a conflict as resolved. Does not commit."""
	frappe.db.set_value(
		CONFLICT,
		name,
		{
			"status": RESOLVED,
			"answer": answer,
			"another_value": another_value,
			"resolved_by": None if answer == BY_ITSELF else frappe.session.user,
			"resolved_at": now_datetime(),
		},
	)


def _insert(values: dict[str, Any]) -> None:
	row = frappe.get_doc({"doctype": CONFLICT, "status": OPEN, **values})
	row.flags.ignore_permissions = True
	row.flags.ignore_links = True
	row.insert()
