"""What a unit of an item costs now: the oldest that is there, else the latest that came, else its purchase cost. Reads only."""

from __future__ import annotations

from decimal import Decimal

import frappe

from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES

COST_PLACES = 7


def find_current_cost(item: str) -> tuple[Decimal, Decimal]:
	"""Return (units, value in home currency): so many units of the item are worth so much. Never 0 units."""
	layer = frappe.get_all(
		"AO Stock Layer",
		filters={"item": item, "is_shortage": 0},
		fields=["quantity", "value"],
		order_by="posting_date, sequence",
		limit=1,
	)
	if layer:
		return to_decimal(layer[0].quantity, QUANTITY_PLACES), to_decimal(layer[0].value, 2)
	last = frappe.db.get_value(
		"AO Item Stock", {"item": item}, ["last_cost_quantity", "last_cost_value"], as_dict=True
	)
	if last and last.last_cost_quantity:
		return to_decimal(last.last_cost_quantity, QUANTITY_PLACES), to_decimal(last.last_cost_value, 2)
	return Decimal(1), to_decimal(frappe.db.get_value("AO Item", item, "purchase_cost"))


def value_at_current_cost(item: str, quantity: Decimal) -> Decimal:
	"""Return what so many units are worth at the item's current cost, to the cent."""
	units, value = find_current_cost(item)
	return round_half_up(multiply(value, quantity) / units)
