"""AO Stock Ledger: every movement of stock, with what there was of the item after it."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Sum

from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES

MOST_ROWS = 20_000
"""What a browser can show; more are asked for with narrower filters."""


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict], list[dict]]:
	"""Return columns and rows; `filters` may hold item, location, voucher_no, from_date and to_date.

	Quantity and value after a movement are the item's at all locations, in the order of dates; they are shown where the
	filters leave all of an item's movements in.
	"""
	filters = frappe._dict(filters or {})
	with_balance = not filters.location and not filters.voucher_no
	balances = read_opening(filters) if with_balance else {}
	rows = read_entries(filters)
	for row in rows:
		if with_balance:
			quantity, value = balances.get(row.item, (Decimal(0), Decimal(0)))
			quantity += to_decimal(row.quantity_change, QUANTITY_PLACES)
			value += to_decimal(row.value_change, 2)
			balances[row.item] = (quantity, value)
			row.quantity_after, row.value_after = float(quantity), float(value)
	if len(rows) == MOST_ROWS:
		frappe.msgprint(_("Only the first {0} movements are shown. Narrow the filters.").format(MOST_ROWS))
	return list_columns(with_balance), rows


def filter_entries(query: Any, entry: Any, filters: frappe._dict) -> Any:
	for field in ("item", "location", "voucher_no"):
		if filters.get(field):
			query = query.where(entry[field] == filters[field])
	return query


def read_opening(filters: frappe._dict) -> dict[str, tuple[Decimal, Decimal]]:
	"""Return quantity and value by item before the first day."""
	balances: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
	if not filters.from_date:
		return balances
	entry = frappe.qb.DocType("AO Stock Ledger Entry")
	query = (
		frappe.qb.from_(entry)
		.select(entry.item, Sum(entry.quantity_change), Sum(entry.value_change))
		.where(entry.posting_date < filters.from_date)
		.groupby(entry.item)
		.orderby(entry.item)
	)
	for item, quantity, value in filter_entries(query, entry, filters).run():
		balances[item] = (to_decimal(quantity, QUANTITY_PLACES), to_decimal(value, 2))
	return balances


def read_entries(filters: frappe._dict) -> list[frappe._dict]:
	entry = frappe.qb.DocType("AO Stock Ledger Entry")
	query = (
		frappe.qb.from_(entry)
		.select(
			entry.posting_date, entry.item, entry.location, entry.kind, entry.is_reversal, entry.quantity_change,
			entry.value_change, entry.voucher_type, entry.voucher_no,
		)
		.orderby(entry.posting_date, entry.item, entry.sequence)
		.limit(MOST_ROWS)
	)  # fmt: skip
	if filters.from_date:
		query = query.where(entry.posting_date >= filters.from_date)
	if filters.to_date:
		query = query.where(entry.posting_date <= filters.to_date)
	return filter_entries(query, entry, filters).run(as_dict=True)


def list_columns(with_balance: bool) -> list[dict]:
	after = [
		{"fieldname": "quantity_after", "label": _("Quantity After"), "fieldtype": "Float", "width": 115},
		{"fieldname": "value_after", "label": _("Value After"), "fieldtype": "Currency", "width": 120},
	]
	return [
		{"fieldname": "posting_date", "label": _("Date"), "fieldtype": "Date", "width": 100},
		{"fieldname": "item", "label": _("Item"), "fieldtype": "Link", "options": "AO Item", "width": 150},
		{
			"fieldname": "location",
			"label": _("Location"),
			"fieldtype": "Link",
			"options": "AO Location",
			"width": 120,
		},
		{"fieldname": "kind", "label": _("Kind"), "fieldtype": "Data", "width": 100},
		{"fieldname": "is_reversal", "label": _("Reversal"), "fieldtype": "Check", "width": 80},
		{"fieldname": "quantity_change", "label": _("Quantity"), "fieldtype": "Float", "width": 95},
		{"fieldname": "value_change", "label": _("Value"), "fieldtype": "Currency", "width": 110},
		*(after if with_balance else []),
		{"fieldname": "voucher_type", "label": _("By"), "fieldtype": "Data", "width": 130},
		{
			"fieldname": "voucher_no",
			"label": _("Document"),
			"fieldtype": "Dynamic Link",
			"options": "voucher_type",
			"width": 140,
		},
	]
