"""How far the matching is, and what would come of it."""

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from allorders_qb.sync.matching.gate import CREATE, IMPORT, LEAVE_ALONE, LINK_THEM, MATCH
from allorders_qb.sync.matching.reading import DECIDED, OURS, PROPOSED, SEVERAL, THEIRS, UNMATCHED

OPEN_STATES = (UNMATCHED, PROPOSED, SEVERAL)


def count_rows(realm_id: str) -> list[dict]:
	"""Rows of ``list_type``, ``side``, ``state``, ``decision``, ``done`` and their ``number``."""
	row = frappe.qb.DocType(MATCH)
	return (
		frappe.qb.from_(row)
		.select(row.list_type, row.side, row.state, row.decision, row.done, Count("*").as_("number"))
		.where(row.realm_id == realm_id)
		.groupby(row.list_type, row.side, row.state, row.decision, row.done)
		.orderby(row.list_type)
		.run(as_dict=True)
	)


def summarize(realm_id: str) -> dict:
	"""What confirming would do: ``lists`` (by DocType: numbers of linked, imported, created, left_alone, known, open and the
	states' own) and ``total``, the same of all lists together, with ``sentence``."""
	lists: dict[str, dict[str, int]] = {}
	for row in count_rows(realm_id):
		numbers = lists.setdefault(row.list_type, _make_empty())
		for key in _list_keys(row):
			numbers[key] += row.number
	total = _make_empty()
	for numbers in lists.values():
		for key, number in numbers.items():
			total[key] += number
	return {"lists": lists, "total": total, "sentence": word(total)}


def _make_empty() -> dict[str, int]:
	keys = ("linked", "imported", "created", "left_alone", "known", "open", "decided", "theirs", "ours")
	return dict.fromkeys((*keys, *(_make_key(state) for state in OPEN_STATES), "only_theirs", "only_ours"), 0)


def _make_key(state: str) -> str:
	return state.lower().replace(" ", "_")


def _list_keys(row: frappe._dict) -> list[str]:
	keys = ["theirs" if row.side == THEIRS else "ours"]
	if row.state in OPEN_STATES:
		keys += ["open", _make_key(row.state)]
		if row.state == UNMATCHED:
			keys.append("only_ours" if row.side == OURS else "only_theirs")
	elif row.state == DECIDED and row.done and row.decision == LINK_THEM:
		keys.append("known")
	elif row.state == DECIDED:
		keys.append("decided")
		keys.append(
			{LINK_THEM: "linked", IMPORT: "imported", CREATE: "created", LEAVE_ALONE: "left_alone"}[
				row.decision
			]
		)
	return keys


def word(numbers: dict[str, int]) -> str:
	"""``12 linked, 30 imported, 4 created in QuickBooks, 3 left alone``."""
	return _("{0} linked, {1} imported, {2} created in QuickBooks, {3} left alone").format(
		numbers["linked"], numbers["imported"], numbers["created"], numbers["left_alone"]
	)
