"""What an item has, and what is asked of it, per location. Reads only."""

from __future__ import annotations

import frappe
from frappe.query_builder.functions import Sum

from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES

DRAFT, SUBMITTED = 0, 1


def get_stock_levels(item: str) -> dict[str, float | list[dict[str, str | float]]]:
	"""Return what the item's form shows.

	`locations`: one row per location that has or had any, with `on_hand` and `committed` (on ship docs not yet
	submitted); `on_hand`, `committed`: their sums; `required`: ordered and not yet shipped, at any location.
	"""
	on_hand = _read_on_hand(item)
	committed = _read_committed(item)
	locations = [
		{"location": name, "on_hand": on_hand.get(name, 0.0), "committed": committed.get(name, 0.0)}
		for name in sorted({*on_hand, *committed})
	]
	return {
		"locations": locations,
		"on_hand": _add_up(on_hand),
		"committed": _add_up(committed),
		"required": _read_required(item),
	}


def _add_up(quantities: dict[str, float]) -> float:
	return float(sum(to_decimal(quantity, QUANTITY_PLACES) for quantity in quantities.values()))


def _read_on_hand(item: str) -> dict[str, float]:
	balance = frappe.qb.DocType("AO Stock Balance")
	rows = (
		frappe.qb.from_(balance)
		.select(balance.location, balance.on_hand)
		.where(balance.item == item)
		.orderby(balance.location)
	).run()
	return {location: float(quantity) for location, quantity in rows}


def _read_committed(item: str) -> dict[str, float]:
	header, line = frappe.qb.DocType("AO Ship Doc"), frappe.qb.DocType("AO Ship Doc Line")
	rows = (
		frappe.qb.from_(line)
		.join(header)
		.on(header.name == line.parent)
		.select(header.location, Sum(line.quantity))
		.where(line.item == item)
		.where(header.docstatus == DRAFT)
		.groupby(header.location)
		.orderby(header.location)
	).run()
	return {location or "": float(quantity) for location, quantity in rows}


def _read_required(item: str) -> float:
	header, line = frappe.qb.DocType("AO Sales Order"), frappe.qb.DocType("AO Sales Order Line")
	rows = (
		frappe.qb.from_(line)
		.join(header)
		.on(header.name == line.parent)
		.select(Sum(line.quantity - line.shipped_quantity))
		.where(line.item == item)
		.where(header.docstatus == SUBMITTED)
		.where(header.is_closed == 0)
		.where(line.quantity > line.shipped_quantity)
	).run()
	return float(rows[0][0] or 0)
