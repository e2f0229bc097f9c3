"""Ship docs and their orders. The only writer of shipped quantities, and of an order's status and percentage.

Submitting (or cancelling) a ship doc locks the rows of its orders and their lines, in the order of their names,
before anything is compared: two ship docs submitted at the same moment cannot ship the same units twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from pypika.terms import Case

from allorders_qb.fulfilment.arithmetic import (
	CANCELLED,
	DRAFT,
	SUBMITTED,
	Fulfilment,
	compute_order_status,
	compute_percent_shipped,
)
from allorders_qb.fulfilment.entry import BILL_TO_FIELDS, DEFAULT_FIELDS, SHIP_TO_FIELDS, read_fields
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity

HEADER_FIELDS = (
	*DEFAULT_FIELDS,
	*BILL_TO_FIELDS,
	*SHIP_TO_FIELDS,
	"exchange_rate",
	"po_number",
	"location",
)


@dataclass
class OrderLine:
	"""A line of an order as it stands in the database; quantities in the item's unit."""

	name: str
	idx: int
	item: str
	ordered: Decimal
	shipped: Decimal

	@property
	def fulfilment(self) -> Fulfilment:
		return Fulfilment(self.ordered, self.shipped)


@dataclass
class Order:
	"""An order as it stands in the database, with its lines by row name."""

	name: str
	customer: str
	currency: str
	docstatus: int
	is_closed: bool
	status: str
	lines: dict[str, OrderLine] = field(default_factory=dict)

	@property
	def fulfilments(self) -> list[Fulfilment]:
		return [line.fulfilment for line in self.lines.values()]


def read_orders(names: Iterable[str], lock: bool = False) -> dict[str, Order]:
	"""Return orders by name, in two queries; with `lock` their rows stay ours until the transaction ends.

	A locking read sees what others have committed meanwhile, which a plain read in a running transaction does not.
	"""
	wanted = sorted(set(names))
	if not wanted:
		return {}
	order, line = frappe.qb.DocType("AO Sales Order"), frappe.qb.DocType("AO Sales Order Line")
	order_query = (
		frappe.qb.from_(order)
		.select(order.name, order.customer, order.currency, order.docstatus, order.is_closed, order.status)
		.where(order.name.isin(wanted))
		.orderby(order.name)
	)
	line_query = (
		frappe.qb.from_(line)
		.select(line.parent, line.name, line.idx, line.item, line.quantity, line.shipped_quantity)
		.where(line.parent.isin(wanted))
		.orderby(line.parent, line.idx)
	)
	if lock:
		order_query, line_query = order_query.for_update(), line_query.for_update()
	orders = {
		row.name: Order(row.name, row.customer, row.currency, row.docstatus, bool(row.is_closed), row.status)
		for row in order_query.run(as_dict=True)
	}
	for row in line_query.run(as_dict=True):
		orders[row.parent].lines[row.name] = OrderLine(
			row.name,
			row.idx,
			row.item,
			to_decimal(row.quantity, QUANTITY_PLACES),
			to_decimal(row.shipped_quantity, QUANTITY_PLACES),
		)
	return orders


def get_order_header(ship_doc: Document) -> dict[str, Any] | None:
	"""Return the header fields of the first order a ship doc fills; None when it fills none."""
	first = next((row.sales_order for row in ship_doc.lines if row.sales_order), None)
	return read_fields("AO Sales Order", first, HEADER_FIELDS) if first else None


def check_orders(ship_doc: Document) -> None:
	"""Refuse a ship doc that does not fit its orders; when it is being submitted, over-shipping too.

	A draft may hold more than is left (it is only committed). Being submitted, the orders are locked first.
	"""
	for row in ship_doc.lines:
		if not row.sales_order:
			row.sales_order_line = None
	shipping_now = ship_doc.docstatus == SUBMITTED
	orders = read_orders((row.sales_order for row in ship_doc.lines if row.sales_order), lock=shipping_now)
	reasons = []
	for row in ship_doc.lines:
		if row.sales_order:
			reason = find_order_fault(row, ship_doc, orders.get(row.sales_order))
			if reason:
				reasons.append(reason)
	if shipping_now and not reasons:
		reasons = find_over_shipping(ship_doc, orders)
	refuse(reasons, _("Not Possible for This Order"))


def find_order_fault(row: Document, ship_doc: Document, order: Order | None) -> str | None:
	"""Return why a line cannot be shipped against the order it names, or None. Fills in an omitted order line."""
	if order is None:
		return _("Row {0}: sales order {1} does not exist.").format(row.idx, row.sales_order)
	if order.customer != ship_doc.customer:
		return _(
			"Row {0}: {1} is an order of {2}; this ship doc goes to {3}. Ship it on a ship doc of its own."
		).format(row.idx, order.name, order.customer, ship_doc.customer)
	if order.currency != ship_doc.currency:
		return _("Row {0}: {1} is in {2}; this ship doc is in {3}. Ship it on a ship doc of its own.").format(
			row.idx, order.name, order.currency, ship_doc.currency
		)
	return find_state_fault(row, order) or find_line_fault(row, order)


def find_state_fault(row: Document, order: Order) -> str | None:
	"""Return why the order cannot be shipped now, or None."""
	if order.docstatus == DRAFT:
		return _("Row {0}: {1} is still a draft. Submit the order before shipping it.").format(
			row.idx, order.name
		)
	if order.docstatus == CANCELLED:
		return _("Row {0}: {1} is cancelled. Take the row out, or choose another order.").format(
			row.idx, order.name
		)
	if order.is_closed:
		return _("Row {0}: {1} is closed. Reopen the order to ship what is left of it.").format(
			row.idx, order.name
		)
	return None


def find_line_fault(row: Document, order: Order) -> str | None:
	"""Return why the row does not match the order line it names, or None. Fills in an omitted order line."""
	if not row.sales_order_line:
		candidates = [line for line in order.lines.values() if line.item == row.item]
		if not candidates:
			return _("Row {0}: {1} is not on {2}.").format(row.idx, row.item, order.name)
		if len(candidates) > 1:
			return _(
				"Row {0}: {1} is on several lines of {2}. Take the row out and use Get Items From to choose."
			).format(row.idx, row.item, order.name)
		row.sales_order_line = candidates[0].name
	line = order.lines.get(row.sales_order_line)
	if line is None:
		return _(
			"Row {0}: its order line is not a line of {1}. Take the row out and use Get Items From."
		).format(row.idx, order.name)
	if line.item != row.item:
		return _("Row {0}: {1} ordered {2} on that line, not {3}.").format(
			row.idx, order.name, line.item, row.item
		)
	return None


def find_over_shipping(ship_doc: Document, orders: dict[str, Order]) -> list[str]:
	"""Return a sentence for each row that ships more than its order line has left."""
	reasons = []
	for row in ship_doc.lines:
		if not row.sales_order:
			continue
		line = orders[row.sales_order].lines[row.sales_order_line]
		quantity = to_decimal(row.quantity, QUANTITY_PLACES)
		remaining = line.fulfilment.remaining
		if quantity > remaining:
			reasons.append(
				_(
					"Row {0}: {1} of {2} is more than the {3} left to ship on {4} (ordered {5}, shipped {6})."
				).format(
					row.idx,
					format_quantity(quantity),
					row.item,
					format_quantity(remaining),
					row.sales_order,
					format_quantity(line.ordered),
					format_quantity(line.shipped),
				)
			)
		# Two rows for one order line share what is left of it.
		line.shipped += quantity
	return reasons


def record_shipment(ship_doc: Document) -> None:
	"""Add a submitted ship doc's quantities to its orders and bring their status up to date."""
	_move_shipped_quantities(ship_doc, Decimal(1))


def undo_shipment(ship_doc: Document) -> None:
	"""Take a cancelled ship doc's quantities off its orders again."""
	_move_shipped_quantities(ship_doc, Decimal(-1))


def _move_shipped_quantities(ship_doc: Document, sign: Decimal) -> None:
	changes: dict[str, Decimal] = defaultdict(Decimal)
	for row in ship_doc.lines:
		if row.sales_order:
			changes[row.sales_order_line] += sign * to_decimal(row.quantity, QUANTITY_PLACES)
	orders = read_orders((row.sales_order for row in ship_doc.lines if row.sales_order), lock=True)
	changed = []
	for order in orders.values():
		for line in order.lines.values():
			if line.name in changes:
				line.shipped += changes[line.name]
				changed.append(line)
	write_shipped_quantities(changed)
	for order in orders.values():
		write_order_status(order)


def write_shipped_quantities(lines: list[OrderLine]) -> None:
	"""Store the shipped quantity of locked order lines, in one statement."""
	if not lines:
		return
	table = frappe.qb.DocType("AO Sales Order Line")
	shipped = Case()
	for line in lines:
		shipped = shipped.when(table.name == line.name, float(line.shipped))
	(
		frappe.qb.update(table)
		.set(table.shipped_quantity, shipped.else_(table.shipped_quantity))
		.where(table.name.isin([line.name for line in lines]))
	).run()


def write_order_status(order: Order) -> None:
	"""Compute and store status and percentage of a locked order."""
	frappe.db.set_value(
		"AO Sales Order",
		order.name,
		{
			"status": compute_order_status(order.docstatus, order.is_closed, order.fulfilments),
			"percent_shipped": float(compute_percent_shipped(order.fulfilments)),
			"is_closed": int(order.is_closed),
		},
	)


def close_order(name: str) -> None:
	"""Close a submitted order by hand: nothing more is shipped on it until it is reopened.

	Raises frappe.ValidationError, saying why, when there is nothing to close.
	"""
	order = read_orders([name], lock=True)[name]
	if order.docstatus != SUBMITTED:
		refuse([_("{0} is not a submitted order; only those can be closed.").format(name)], _("Cannot Close"))
	if order.is_closed:
		refuse([_("{0} is closed already.").format(name)], _("Cannot Close"))
	if not any(line.remaining for line in order.fulfilments):
		refuse([_("{0} is shipped in full, and so it is closed already.").format(name)], _("Cannot Close"))
	order.is_closed = True
	write_order_status(order)
	frappe.get_doc("AO Sales Order", name).add_comment("Info", _("closed this order"))


def reopen_order(name: str) -> None:
	"""Reopen an order that was closed by hand; its status follows from what has been shipped."""
	order = read_orders([name], lock=True)[name]
	if order.docstatus != SUBMITTED or not order.is_closed:
		refuse(
			[_("{0} was not closed by hand, so there is nothing to reopen.").format(name)], _("Cannot Reopen")
		)
	order.is_closed = False
	write_order_status(order)
	frappe.get_doc("AO Sales Order", name).add_comment("Info", _("reopened this order"))


def refuse_cancel_of_shipped(order_name: str) -> None:
	"""Refuse to cancel an order that goods have left on, naming its ship docs."""
	order = read_orders([order_name], lock=True)[order_name]
	if not any(line.shipped for line in order.lines.values()):
		return
	ship_docs = ", ".join(list_ship_docs(order_name, SUBMITTED))
	refuse(
		[
			_(
				"{0} cannot be cancelled: it was shipped on {1}. Cancel that first, or close the order instead."
			).format(order_name, ship_docs or _("a ship doc"))
		],
		_("Cannot Cancel"),
	)


def list_ship_docs(order_name: str, docstatus: int) -> list[str]:
	"""Return the names of the ship docs (of one docstatus) with lines of this order, in order."""
	line = frappe.qb.DocType("AO Ship Doc Line")
	rows = (
		frappe.qb.from_(line)
		.select(line.parent)
		.distinct()
		.where(line.sales_order == order_name)
		.where(line.docstatus == docstatus)
		.orderby(line.parent)
	).run()
	return [name for (name,) in rows]
