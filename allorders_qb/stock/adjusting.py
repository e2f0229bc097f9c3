"""Adjusting quantities (after a count, a loss, a find) and values, each by a document."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.checks import (
	find_inactive_location,
	find_item_faults,
	find_repeated,
	read_items,
	round_field,
)
from allorders_qb.stock.costs import COST_PLACES, value_at_current_cost
from allorders_qb.stock.ledger import read_balances, record_movements
from allorders_qb.stock.movements import Movement
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity

COUNTED = "Counted"
NEW_VALUE = "New Value"
ZERO = Decimal(0)


def prepare_quantities(adjustment: Document) -> list[str]:
	"""Round and complete an AO Quantity Adjustment; return a sentence for each thing that is wrong.

	A counted line's change is what the count differs by from what is on hand at this moment.
	"""
	reasons = find_inactive_location(adjustment.location, _("Location"))
	items = read_items(adjustment.lines)
	on_hand = read_balances({(row.item, adjustment.location): ZERO for row in adjustment.lines})
	for row in adjustment.lines:
		item = items.get(row.item)
		row.unit = item.unit if item else None
		before = on_hand[(row.item, adjustment.location)]
		row.on_hand = float(before)
		round_field(row, "unit_cost", COST_PLACES, reasons)
		counted = round_field(row, "counted_quantity", QUANTITY_PLACES, reasons)
		if adjustment.reason == COUNTED:
			row.quantity_change = float(counted - before)
			if counted < ZERO:
				reasons.append(
					_("Row {0}: {1} cannot be counted as {2}; a count is zero or more.").format(
						row.idx, row.item, format_quantity(counted)
					)
				)
		elif not round_field(row, "quantity_change", QUANTITY_PLACES, reasons):
			reasons.append(_("Row {0}: say by how many {1} changes, up or down.").format(row.idx, row.item))
		reasons += find_item_faults(row, item)
	return reasons + find_repeated(adjustment.lines)


def list_countable(location: str) -> list[dict]:
	"""Return item, unit and on_hand of every active item that is, or was, at a location, by item."""
	balance, item = frappe.qb.DocType("AO Stock Balance"), frappe.qb.DocType("AO Item")
	return (
		frappe.qb.from_(balance)
		.join(item)
		.on(item.name == balance.item)
		.select(balance.item, item.unit, balance.on_hand)
		.where((balance.location == location) & (item.inactive == 0))
		.orderby(balance.item)
		.run(as_dict=True)
	)


def record_quantities(adjustment: Document) -> None:
	"""Move what a submitted adjustment changes and write what it was worth onto its lines."""
	_lock_counted(adjustment)
	moved = record_movements(
		[
			Movement(
				item=row.item,
				location=adjustment.location,
				quantity=to_decimal(row.quantity_change, QUANTITY_PLACES),
				posting_date=getdate(adjustment.posting_date),
				voucher_type=adjustment.doctype,
				voucher_no=adjustment.name,
				voucher_line=row.name,
				value=_value_found(row),
			)
			for row in adjustment.lines
			if row.quantity_change
		]
	)
	_write_values(adjustment, {line: change.value for line, change in moved.items()})


def _lock_counted(adjustment: Document) -> None:
	"""Refuse a count that others have overtaken between looking and submitting: its change would be another."""
	if adjustment.reason != COUNTED:
		return
	table = frappe.qb.DocType("AO Stock Balance")
	rows = (
		frappe.qb.from_(table)
		.select(table.item, table.on_hand)
		.where(table.location == adjustment.location)
		.where(table.item.isin([row.item for row in adjustment.lines]))
		.orderby(table.item)
		.for_update()
		.run(as_dict=True)
	)
	now = {row.item: to_decimal(row.on_hand, QUANTITY_PLACES) for row in rows}
	for row in adjustment.lines:
		if now.get(row.item, ZERO) != to_decimal(row.on_hand, QUANTITY_PLACES):
			frappe.throw(
				_("Row {0}: {1} has moved while this was being submitted. Submit it again.").format(
					row.idx, row.item
				),
				title=_("Stock Has Moved"),
			)


def _value_found(row: Document) -> Decimal:
	"""Return what found units are worth: at the cost that was entered, else at that of the oldest on hand."""
	quantity = to_decimal(row.quantity_change, QUANTITY_PLACES)
	if quantity <= ZERO:
		return ZERO
	if row.unit_cost:
		return round_half_up(multiply(quantity, to_decimal(row.unit_cost, COST_PLACES)))
	return value_at_current_cost(row.item, quantity)


def prepare_values(adjustment: Document) -> list[str]:
	"""Round and complete an AO Value Adjustment; return a sentence for each thing that is wrong."""
	reasons: list[str] = []
	items = read_items(adjustment.lines)
	stocks = _read_stocks(adjustment)
	for row in adjustment.lines:
		stock = stocks.get(row.item) or frappe._dict(on_hand=0, value=0)
		row.on_hand, row.value = stock.on_hand, stock.value
		new_value = round_field(row, "new_value", 2, reasons)
		if adjustment.entered_as == NEW_VALUE:
			row.value_change = float(new_value - to_decimal(stock.value, 2))
		else:
			row.new_value = float(to_decimal(stock.value, 2) + round_field(row, "value_change", 2, reasons))
		if not row.value_change:
			reasons.append(_("Row {0}: the value of {1} does not change.").format(row.idx, row.item))
		if to_decimal(row.on_hand) <= ZERO:
			reasons.append(
				_("Row {0}: there is no {1} on hand that could be worth more or less.").format(
					row.idx, row.item
				)
			)
		elif to_decimal(row.new_value) < ZERO:
			reasons.append(
				_("Row {0}: {1} is worth {2}; it cannot become less than nothing.").format(
					row.idx, row.item, to_decimal(row.value, 2)
				)
			)
		reasons += find_item_faults(row, items.get(row.item))
	return reasons + find_repeated(adjustment.lines)


def _read_stocks(adjustment: Document) -> dict[str, frappe._dict]:
	"""Return quantity and value by item; locked when the document is being submitted."""
	table = frappe.qb.DocType("AO Item Stock")
	query = (
		frappe.qb.from_(table)
		.select(table.item, table.on_hand, table.value)
		.where(table.item.isin([row.item for row in adjustment.lines] or [""]))
		.orderby(table.item)
	)
	if adjustment.docstatus == 1:
		query = query.for_update()
	return {row.item: row for row in query.run(as_dict=True)}


def record_values(adjustment: Document) -> None:
	"""Change the value of what is on hand, over all of it."""
	record_movements(
		[
			Movement(
				item=row.item,
				location=None,
				quantity=ZERO,
				posting_date=getdate(adjustment.posting_date),
				voucher_type=adjustment.doctype,
				voucher_no=adjustment.name,
				voucher_line=row.name,
				value=to_decimal(row.value_change, 2),
			)
			for row in adjustment.lines
		]
	)
	_write_values(adjustment, {row.name: to_decimal(row.value_change, 2) for row in adjustment.lines})


def _write_values(adjustment: Document, values: dict[str, Decimal]) -> None:
	for row in adjustment.lines:
		row.db_set("value_change", float(values.get(row.name, ZERO)), update_modified=False)
	adjustment.db_set("total_value_change", float(sum(values.values(), ZERO)), update_modified=False)
