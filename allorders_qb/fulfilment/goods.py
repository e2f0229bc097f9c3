"""What a document moves onto or off the shelves, and what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.money import to_decimal
from allorders_qb.stock.movements import STOCKED_ITEM_TYPES, Moved, Movement
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


def require_location(document: Document, sentence: str) -> None:
	"""Refuse goods that are counted where the document names no location; `sentence` takes row and item."""
	if document.location:
		return
	stocked = list_stocked_items({row.item for row in document.lines})
	refuse(
		[sentence.format(row.idx, row.item) for row in document.lines if row.item in stocked],
		_("Location Missing"),
	)


def build_movements(ship_doc: Document) -> list[Movement]:
	"""Return one movement out of the ship doc's location for each of its lines with an item that is counted."""
	stocked = list_stocked_items({row.item for row in ship_doc.lines})
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
		for row in ship_doc.lines
		if row.item in stocked
	]


def write_costs(document: Document, moved: Mapping[str, Moved]) -> None:
	"""Write onto a document's lines what their goods cost (home currency), and the sum onto the document."""
	total = Decimal(0)
	for row in document.lines:
		cost = abs(moved[row.name].value) if row.name in moved else Decimal(0)
		total += cost
		if cost:
			row.db_set("cost_amount", float(cost), update_modified=False)
	document.db_set("total_cost", float(total), update_modified=False)
