"""The rows of a matching as the desk shows them: a page at a time, and what a record may be linked to."""

import json
from typing import Any

import frappe
from frappe.query_builder.functions import Count

from allorders_qb.sync.matching.gate import MATCH
from allorders_qb.sync.matching.reading import OURS, PAIRED, THEIRS

PAGE = 50
LONGEST_PAGE = 500
FOUND_AT_MOST = 20

FIELDS = (
	"name",
	"side",
	"title",
	"path",
	"email",
	"sku",
	"kind",
	"tracked",
	"inactive",
	"state",
	"record",
	"proposed_by",
	"candidates",
	"decision",
	"done",
	"quickbooks_id",
)


def get_page(realm_id: str, list_type: str, filters: dict[str, str], start: int, length: int) -> dict:
	"""``rows`` (``FIELDS``, and ``ours``: what a paired record of ours looks like) and ``total``, in order of name.

	``filters``: state, side, decision, search; an empty one says nothing.
	"""
	table = frappe.qb.DocType(MATCH)
	where = _make_condition(table, realm_id, list_type, filters)
	rows = (
		frappe.qb.from_(table)
		.select(*(table[field] for field in FIELDS))
		.where(where)
		.orderby(table.title)
		.orderby(table.name)
		.limit(min(max(length, 1), LONGEST_PAGE))
		.offset(max(start, 0))
		.run(as_dict=True)
	)
	_add_ours(realm_id, list_type, rows)
	total = frappe.qb.from_(table).select(Count("*")).where(where).run()[0][0]
	return {"rows": rows, "total": total}


def list_names(realm_id: str, list_type: str, filters: dict[str, str]) -> list[str]:
	"""The names of all rows that fit, however many."""
	table = frappe.qb.DocType(MATCH)
	where = _make_condition(table, realm_id, list_type, filters)
	return [
		row[0] for row in frappe.qb.from_(table).select(table.name).where(where).orderby(table.name).run()
	]


def _make_condition(table: Any, realm_id: str, list_type: str, filters: dict[str, str]) -> Any:
	where = (table.realm_id == realm_id) & (table.list_type == list_type)
	if filters.get("state"):
		where &= table.state == filters["state"]
	else:
		# One of a pair stands in the row of the other.
		where &= table.state != PAIRED
	for field in ("side", "decision"):
		if filters.get(field):
			where &= table[field] == filters[field]
	if search := (filters.get("search") or "").strip():
		pattern = "%" + search.replace("%", r"\%").replace("_", r"\_") + "%"
		where &= (
			table.title.like(pattern)
			| table.email.like(pattern)
			| table.sku.like(pattern)
			| table.record.like(pattern)
		)
	return where


def _add_ours(realm_id: str, list_type: str, rows: list[frappe._dict]) -> None:
	shown = {row.record for row in rows if row.side == THEIRS and row.record}
	candidates = {row.name: json.loads(row.candidates or "[]") for row in rows}
	for row in rows:
		row.candidates = candidates[row.name]
	wanted = shown.union(*candidates.values())
	if not wanted:
		return
	ours = {
		row.record: row
		for row in frappe.get_all(
			MATCH,
			filters={
				"realm_id": realm_id,
				"list_type": list_type,
				"side": OURS,
				"record": ("in", sorted(wanted)),
			},
			fields=["record", "email", "sku", "inactive"],
			order_by="record",
		)
	}
	for row in rows:
		row.ours = ours.get(row.record) if row.side == THEIRS else None
		row.candidates = [ours.get(name) or {"record": name} for name in row.candidates]


def find_counterparts(realm_id: str, name: str, search: str) -> list[dict]:
	"""What the record of that row could be linked to, on the other side: ``name``, ``title``, ``email``, ``sku``, ``record``,
	and ``twin`` (whom it is proposed for or linked to, or None)."""
	row = frappe.db.get_value(
		MATCH, {"name": name, "realm_id": realm_id}, ["list_type", "side"], as_dict=True
	)
	if not row:
		return []
	other = OURS if row.side == THEIRS else THEIRS
	table = frappe.qb.DocType(MATCH)
	found = (
		frappe.qb.from_(table)
		.select(table.name, table.title, table.email, table.sku, table.record, table.state, table.kind)
		.where(
			_make_condition(table, realm_id, row.list_type, {"search": search, "side": other, "state": ""})
			| (
				_make_condition(
					table, realm_id, row.list_type, {"search": search, "side": other, "state": PAIRED}
				)
			)
		)
		.where(table.done == 0)
		.orderby(table.title)
		.limit(FOUND_AT_MOST)
		.run(as_dict=True)
	)
	if other == THEIRS:
		for one in found:
			one.twin = one.record
		return found
	twins = _read_twins(realm_id, row.list_type, [one.record for one in found])
	for one in found:
		one.twin = twins[one.record].title if one.record in twins else None
	# What is linked already is nobody else's any more.
	return [one for one in found if one.record not in twins or not twins[one.record].done]


def _read_twins(realm_id: str, list_type: str, records: list[str]) -> dict[str, frappe._dict]:
	"""Our record -> ``title`` and ``done`` of the QuickBooks record that it is proposed for or linked to."""
	found = frappe.get_all(
		MATCH,
		filters={
			"realm_id": realm_id,
			"list_type": list_type,
			"side": THEIRS,
			"record": ("in", [*records, ""]),
		},
		fields=["record", "title", "done"],
		order_by="record",
	)
	return {row.record: row for row in found}
