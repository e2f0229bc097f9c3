"""What every document that moves stock checks of its lines: stocked items, active records, numbers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.money import to_decimal
from allorders_qb.stock.movements import STOCKED_ITEM_TYPES

ITEM_FIELDS = ("name", "inactive", "item_type", "unit", "purchase_cost")


def read_items(rows: Iterable[Document]) -> dict[str, frappe._dict]:
	"""Return what stock needs to know of the lines' items, by item; one query."""
	codes = sorted({row.item for row in rows if row.item})
	found = frappe.get_all(
		"AO Item", filters={"name": ("in", codes or [""])}, fields=list(ITEM_FIELDS), order_by="name"
	)
	return {item.name: item for item in found}


def round_field(row: Document, field: str, places: int, reasons: list[str]) -> Decimal:
	"""Round a number of a line to what is stored and return it; note a reason where it is none."""
	try:
		number = to_decimal(row.get(field), places)
	except ValueError:
		reasons.append(
			_("Row {0}: {1} is not a number that can be used as {2}.").format(
				row.idx, row.get(field), _(row.meta.get_label(field))
			)
		)
		return Decimal(0)
	row.set(field, float(number))
	return number


def find_item_faults(row: Document, item: frappe._dict | None) -> list[str]:
	"""Return why a line's item cannot move in stock, a sentence each."""
	if item is None:
		return []
	faults = []
	if item.item_type not in STOCKED_ITEM_TYPES:
		faults.append(
			_("Row {0}: {1} is of type {2}, which is not counted in stock.").format(
				row.idx, row.item, _(item.item_type)
			)
		)
	if item.inactive:
		faults.append(
			_("Row {0}: item {1} is inactive. Make it active again, or take the row out.").format(
				row.idx, row.item
			)
		)
	return faults


def find_repeated(rows: Iterable[Document]) -> list[str]:
	"""Return a sentence for each item that stands in more than one row."""
	first: dict[str, int] = {}
	reasons = []
	for row in rows:
		if row.item in first:
			reasons.append(
				_("Row {0}: {1} stands in row {2} already. Put both into one row.").format(
					row.idx, row.item, first[row.item]
				)
			)
		first.setdefault(row.item, row.idx)
	return reasons


def find_inactive_location(name: str | None, label: str) -> list[str]:
	"""Return a sentence where a location is inactive."""
	if name and frappe.db.get_value("AO Location", name, "inactive"):
		return [_("{0} {1} is inactive. Make it active again, or choose another.").format(label, name)]
	return []
