"""Movements from before stock was valued: each item gets its row, and its history is told anew at what is known of its cost."""

import frappe
from frappe.query_builder.functions import Max, Min, Sum

from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.recosting import recost_item
from allorders_qb.stock.rows import STANDARD_COLUMNS, make_standard_values


def execute() -> None:
	for item in frappe.get_all("AO Stock Ledger Entry", distinct=True, pluck="item", order_by="item"):
		if frappe.db.exists("AO Item Stock", {"item": item}):
			continue
		number_entries(item)
		add_item_row(item)
		recost_item(item)


def number_entries(item: str) -> None:
	"""Give an item's entries their order, kind and, where goods came in, their value."""
	cost = to_decimal(frappe.db.get_value("AO Item", item, "purchase_cost"))
	entries = frappe.get_all(
		"AO Stock Ledger Entry",
		filters={"item": item},
		fields=["name", "quantity_change", "voucher_type", "voucher_line", "is_reversal", "voucher_no"],
		order_by="creation, name",
	)
	originals = {}
	for sequence, entry in enumerate(entries, start=1):
		values = {"sequence": sequence, "kind": "Receipt" if entry.quantity_change > 0 else "Issue"}
		if entry.is_reversal:
			values["source_entry"] = originals.get((entry.voucher_no, entry.voucher_line))
		else:
			originals[(entry.voucher_no, entry.voucher_line)] = entry.name
			if entry.quantity_change > 0:
				unit_cost = cost
				if entry.voucher_type == "AO Opening Stock":
					unit_cost = to_decimal(
						frappe.db.get_value("AO Opening Stock Line", entry.voucher_line, "unit_cost")
					)
				value = round_half_up(multiply(to_decimal(entry.quantity_change), unit_cost))
				values["value_change"] = float(value)
		frappe.db.set_value("AO Stock Ledger Entry", entry.name, values, update_modified=False)


def add_item_row(item: str) -> None:
	"""Sum an item up as the ledger stands; its recosting puts value and layers right."""
	table, stock = frappe.qb.DocType("AO Stock Ledger Entry"), frappe.qb.DocType("AO Item Stock")
	on_hand, value, sequence, last, first = (
		frappe.qb.from_(table)
		.select(
			Sum(table.quantity_change),
			Sum(table.value_change),
			Max(table.sequence),
			Max(table.posting_date),
			Min(table.posting_date),
		)
		.where(table.item == item)
		.run()
	)[0]
	columns = ("item", "on_hand", "value", "last_sequence", "last_date", "recost_from")
	row = (*make_standard_values(), item, on_hand, value, sequence, last, first)
	frappe.qb.into(stock).columns(*STANDARD_COLUMNS, *columns).insert(row).run()
