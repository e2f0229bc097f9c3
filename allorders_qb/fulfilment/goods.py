"""What leaves the shelves when a ship doc is submitted."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.money import to_decimal
from allorders_qb.stock.movements import STOCKED_ITEM_TYPES, Movement
from allorders_qb.stock.quantities import QUANTITY_PLACES


def list_stocked_items(codes: set[str]) -> set[str]:
	"""Return those of the items that are counted per location; one query."""
	return set(
		frappe.get_all(
			"AO Item",
			filters={"name": ("in", sorted(codes)), "item_type": ("in", sorted(STOCKED_ITEM_TYPES))},
			pluck="name",
			order_by="name asc",
		)
	)


def build_movements(ship_doc: Document) -> list[Movement]:
	"""Return one movement out of the ship doc's location for each of its lines with an item that is counted.

	Raises frappe.ValidationError, naming the row, when there is such a line but no location to take it from.
	"""
	stocked = list_stocked_items({row.item for row in ship_doc.lines})
	rows = [row for row in ship_doc.lines if row.item in stocked]
	if rows and not ship_doc.location:
		refuse(
			[
				_("Row {0}: {1} is counted in stock. Say in Ship From which location it leaves.").format(
					rows[0].idx, rows[0].item
				)
			],
			_("Location Missing"),
		)
	return [
		Movement(
			item=row.item,
			location=ship_doc.location,
			quantity=-to_decimal(row.quantity, QUANTITY_PLACES),
			posting_date=getdate(ship_doc.posting_date),
			voucher_type=ship_doc.doctype,
			voucher_no=ship_doc.name,
			voucher_line=row.name,
		)
		for row in rows
	]
