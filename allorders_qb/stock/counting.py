"""Opening quantities: what was counted when the company started here."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.checks import find_item_faults, read_items
from allorders_qb.stock.movements import Movement
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity

COST_PLACES = 7


def prepare_count(opening_stock: Document) -> list[str]:
	"""Round and complete the lines of an AO Opening Stock; return a sentence for each thing that is wrong."""
	default_location = frappe.get_cached_doc("AO Settings").default_location
	reasons = []
	for row in opening_stock.lines:
		row.location = row.location or default_location
		try:
			row.quantity = float(to_decimal(row.quantity, QUANTITY_PLACES))
			row.unit_cost = float(to_decimal(row.unit_cost, COST_PLACES))
		except ValueError:
			reasons.append(_("Row {0}: quantity and unit cost must be numbers.").format(row.idx))
	if reasons:
		return reasons
	items = read_items(opening_stock.lines)
	locations = _read_locations({row.location for row in opening_stock.lines if row.location})
	for row in opening_stock.lines:
		reasons += _find_number_faults(row)
		reasons += find_item_faults(row, items.get(row.item))
		reasons += _find_location_faults(row, locations.get(row.location))
	return reasons


def build_movements(opening_stock: Document) -> list[Movement]:
	"""Return one movement into stock for each counted line."""
	return [
		Movement(
			item=row.item,
			location=row.location,
			quantity=to_decimal(row.quantity, QUANTITY_PLACES),
			posting_date=getdate(opening_stock.posting_date),
			voucher_type=opening_stock.doctype,
			voucher_no=opening_stock.name,
			voucher_line=row.name,
			value=round_half_up(
				multiply(to_decimal(row.quantity, QUANTITY_PLACES), to_decimal(row.unit_cost, COST_PLACES))
			),
		)
		for row in opening_stock.lines
	]


def _read_locations(names: set[str]) -> dict[str, frappe._dict]:
	found = frappe.get_all(
		"AO Location",
		filters={"name": ("in", sorted(names) or [""])},
		fields=["name", "inactive"],
		order_by="name asc",
	)
	return {row.name: row for row in found}


def _find_number_faults(row: Document) -> list[str]:
	faults = []
	if to_decimal(row.quantity) <= 0:
		faults.append(
			_("Row {0}: the quantity of {1} must be more than zero; it is {2}.").format(
				row.idx, row.item, format_quantity(to_decimal(row.quantity))
			)
		)
	if to_decimal(row.unit_cost) < 0:
		faults.append(_("Row {0}: the unit cost of {1} cannot be negative.").format(row.idx, row.item))
	return faults


def _find_location_faults(row: Document, location: frappe._dict | None) -> list[str]:
	if location and location.inactive:
		return [
			_("Row {0}: location {1} is inactive. Make it active again, or choose another.").format(
				row.idx, row.location
			)
		]
	return []
