"""What comes in from vendors: receivers and their purchase orders, and what the goods are worth.

A draft is in transit; submitted it is received: the goods come into stock at home money, at the receiver's rate, with the
tax that is part of the cost and with freight and duty. What `orders` does for receivers, and what is said of it, is here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.fulfilment import orders
from allorders_qb.fulfilment.arithmetic import (
	CANCELLED,
	DRAFT,
	ORDER_PARTIALLY_RECEIVED,
	SUBMITTED,
	ZERO,
	share_amount,
)
from allorders_qb.fulfilment.buying_entry import read_buying_items
from allorders_qb.fulfilment.entry import read_fields
from allorders_qb.fulfilment.landed_cost import BY_WEIGHT, BearingLine, spread_cost
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.ledger import record_movements
from allorders_qb.stock.movements import STOCKED_ITEM_TYPES, Movement
from allorders_qb.stock.quantities import QUANTITY_PLACES

STATUS = {DRAFT: "In Transit", SUBMITTED: "Received", CANCELLED: "Cancelled"}
BILL_NOW, BILL_LATER = "Bill Now", "Bill Later"
HEADER_FIELDS = ("terms", "currency", "exchange_rate", "location", "department", "prices_are")


def say(name: str) -> str:
	"""Return a sentence about receiving on purchase orders."""
	return {
		"missing": _("Row {0}: purchase order {1} does not exist."),
		"other_party": _(
			"Row {0}: {1} is an order from {2}; this receiver is of {3}. Receive it on a receiver of its own."
		),
		"other_currency": _(
			"Row {0}: {1} is in {2}; this receiver is in {3}. Receive it on a receiver of its own."
		),
		"draft": _("Row {0}: {1} is still a draft. Submit the order before receiving on it."),
		"closed": _("Row {0}: {1} is closed. Reopen the order to receive what is left of it."),
		"too_much": _(
			"Row {0}: {1} of {2} is more than the {3} left to receive on {4} (ordered {5}, received {6}{7}). "
			"Lower the quantity, or receive the rest in a row without a purchase order."
		),
		"filled": _("{0} is received in full, and so it is closed already."),
		"moved": _(
			"{0} cannot be cancelled: it was received on {1}. Cancel that first, or close the order instead."
		),
		"cannot": _("Cannot Receive"),
		"cannot_draft": _("{0} is still a draft. Submit the order before receiving on it."),
		"cannot_cancelled": _("{0} is cancelled; nothing can be received on it."),
		"cannot_closed": _("{0} is closed. Reopen the order to receive what is left of it."),
		"another_party": _("Another Vendor"),
		"mixed_party": _("{0} is an order from {1}; this receiver is of {2}."),
		"mixed_currency": _("{0} is in {1}; this receiver is in {2}."),
		"drafts": _("{0} is also on receivers that are not submitted yet: {1}."),
	}[name]


def get_tolerance() -> Decimal:
	"""Return how many percent more than was ordered may be received."""
	return to_decimal(frappe.get_cached_doc("AO Settings").over_receipt_percent)


PURCHASES = orders.OrderKind(
	doctype="AO Purchase Order",
	party_field="vendor",
	quantity_field="stock_quantity",
	filled_field="received_quantity",
	percent_field="percent_received",
	partial_status=ORDER_PARTIALLY_RECEIVED,
	document="AO Receiver",
	order_field="purchase_order",
	moved_field="stock_quantity",
	say=say,
	tolerance=get_tolerance,
)


def get_order_header(receiver: Document) -> dict[str, Any] | None:
	"""Return the header fields of the first order a receiver fills; None when it fills none."""
	first = next(iter(orders.list_order_names(PURCHASES, receiver)), None)
	return read_fields("AO Purchase Order", first, HEADER_FIELDS) if first else None


def fill_settings(receiver: Document) -> None:
	"""Take from AO Settings what a new receiver does not say: when it is billed, and what becomes of its tax."""
	settings = frappe.get_cached_doc("AO Settings")
	if receiver.is_new() and not receiver.billing:
		receiver.tax_in_cost = receiver.tax_in_cost or settings.purchase_tax_in_cost
	receiver.billing = receiver.billing or settings.billing or BILL_NOW


def set_values(receiver: Document) -> None:
	"""Compute what each line is worth in home money, and what of freight and duty it bears. Refuses what cannot be spread."""
	set_goods_costs(receiver)
	items = read_buying_items(row.item for row in receiver.lines)
	bearing = list_bearing_lines(receiver, items)
	refuse(find_landed_cost_faults(receiver, items, bearing), _("Please Check Freight and Duty"))
	landed = dict.fromkeys((row.name for row in receiver.lines), ZERO)
	for cost in receiver.landed_costs:
		for name, share in spread_cost(to_decimal(cost.amount, 2), cost.spread_by, bearing).items():
			landed[name] += share
	for row in receiver.lines:
		row.landed_cost = float(landed[row.name])
		row.cost_amount = float(to_decimal(row.goods_cost, 2) + landed[row.name])
	receiver.landed_total = float(sum(landed.values(), ZERO))
	receiver.total_cost = float(sum((to_decimal(row.cost_amount, 2) for row in receiver.lines), ZERO))


def set_goods_costs(document: Document) -> None:
	"""Compute what a vendor's lines cost in home money, at the document's rate, with the tax that is part of the cost."""
	taxes = share_tax(document)
	rate = to_decimal(document.exchange_rate) or Decimal(1)
	for row in document.lines:
		row.tax_amount = float(to_decimal(row.tax_amount, 2) + taxes[row.idx])
		row.goods_cost = float(round_half_up(multiply(compute_worth(row), rate)))


def compute_worth(row: Document) -> Decimal:
	"""Return what a vendor's line costs in the document's currency: before tax, and the tax that is part of the cost."""
	return to_decimal(row.net_amount, 2) + to_decimal(row.tax_amount, 2)


def share_tax(document: Document) -> dict[int, Decimal]:
	"""Return by row what of the document's tax its lines bear, in its currency: nothing where it is recoverable, or where its
	tax codes say what becomes of it."""
	tax = to_decimal(document.tax_total, 2) if document.get("tax_in_cost") else ZERO
	return share_amount(tax, {row.idx: to_decimal(row.amount, 2) for row in document.lines})


def list_bearing_lines(receiver: Document, items: dict[str, frappe._dict]) -> list[BearingLine]:
	"""Return the lines of goods that are counted: they bear freight and duty. Rows without a name get one."""
	for row in receiver.lines:
		if not row.name:
			row.set_new_name()
	return [
		BearingLine(
			row.name,
			to_decimal(row.goods_cost, 2),
			to_decimal(row.stock_quantity, QUANTITY_PLACES),
			to_decimal(items[row.item].weight),
		)
		for row in receiver.lines
		if row.item in items and items[row.item].item_type in STOCKED_ITEM_TYPES
	]


def find_landed_cost_faults(
	receiver: Document, items: dict[str, frappe._dict], bearing: list[BearingLine]
) -> list[str]:
	"""Return why freight and duty cannot be spread, a sentence each."""
	reasons = []
	rows = {row.name: row for row in receiver.lines}
	for cost in receiver.landed_costs:
		cost.amount = float(to_decimal(cost.amount, 2))
		if cost.amount <= 0:
			reasons.append(
				_("Freight and duty, row {0}: the amount of {1} must be more than zero; it is {2}.").format(
					cost.idx, cost.description, cost.amount
				)
			)
		if not bearing:
			reasons.append(
				_(
					"Freight and duty, row {0}: nothing here is counted in stock, so nothing can bear {1}. Bill it apart."
				).format(cost.idx, cost.description)
			)
		if cost.spread_by == BY_WEIGHT:
			reasons += [
				_(
					"Row {0}: {1} has no weight, by which {2} is spread. Enter it on the item, or spread by value or quantity."
				).format(rows[line.name].idx, rows[line.name].item, cost.description)
				for line in bearing
				if line.weight <= ZERO
			]
	return reasons


def record_receipt(receiver: Document) -> None:
	"""Count a submitted receiver on its orders, and bring its goods into stock."""
	orders.record_filling(PURCHASES, receiver)
	record_movements(build_movements(receiver))


def build_movements(receiver: Document) -> list[Movement]:
	"""Return one movement into the receiver's location for each of its lines with an item that is counted."""
	items = read_buying_items(row.item for row in receiver.lines)
	return [
		Movement(
			item=row.item,
			location=receiver.location,
			quantity=to_decimal(row.stock_quantity, QUANTITY_PLACES),
			posting_date=getdate(receiver.posting_date),
			voucher_type=receiver.doctype,
			voucher_no=receiver.name,
			voucher_line=row.name,
			value=to_decimal(row.cost_amount, 2),
		)
		for row in receiver.lines
		if items[row.item].item_type in STOCKED_ITEM_TYPES
	]
