"""Create > Purchase Order on a sales order: what its customer is still owed, ordered from a vendor and linked to it."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment import orders
from allorders_qb.fulfilment.arithmetic import SUBMITTED, ZERO
from allorders_qb.fulfilment.buying_entry import fill_header, fill_new_lines, read_buying_items
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.ship_doc_maker import read_target
from allorders_qb.fulfilment.shipping import SALES
from allorders_qb.fulfilment.vendor_prices import find_preferred_vendors, list_vendors
from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES

NEVER_BOUGHT = frozenset({"Service", "Other Charge"})


def build_purchase_order(order_name: str, target: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Purchase Order of what a sales order needs and is not on order for it yet, rounded up to whole
	purchase units.

	The vendor is that of `target` (an unsaved purchase order to add it to), else the preferred one of the first item. Raises
	frappe.ValidationError, saying why, when nothing can be ordered.
	"""
	purchase_order = read_target(target) or frappe.new_doc("AO Purchase Order")
	purchase_order.set("lines", [row for row in purchase_order.lines if row.item])
	order = orders.read_orders(SALES, [order_name])[order_name]
	if order.docstatus != SUBMITTED or order.is_closed:
		refuse([_("{0} is not open, so nothing is bought for it.").format(order_name)], _("Cannot Purchase"))
	needs = compute_needs(order, purchase_order)
	if not needs:
		refuse(
			[_("Everything on {0} is shipped, or on order for it already.").format(order_name)],
			_("Nothing to Purchase"),
		)
	items = {line.item for line in order.lines.values() if line.name in needs}
	vendor = purchase_order.vendor or choose_vendor(order, needs)
	if not vendor:
		refuse(
			[
				_(
					"No item of {0} has a preferred vendor. Enter one under Vendors on the item, or start from a purchase order and use Get Items From."
				).format(order_name)
			],
			_("Vendor Missing"),
		)
	vendors = list_vendors(items)
	wanted = [
		line
		for line in order.lines.values()
		if line.name in needs and vendor in (vendors.get(line.item) or {vendor})
	]
	if not wanted:
		refuse(
			[_("Nothing that {0} needs is bought from {1}.").format(order_name, vendor)],
			_("Nothing to Purchase"),
		)
	purchase_order.vendor = vendor
	fill_header(purchase_order, {"location": frappe.db.get_value("AO Sales Order", order_name, "location")})
	for line in wanted:
		purchase_order.append(
			"lines",
			{"item": line.item, "sales_order": order_name, "sales_order_line": line.name, "quantity": 1},
		)
	fill_new_lines(purchase_order, read_buying_items(items))
	for row in purchase_order.lines:
		if row.sales_order_line in needs:
			units = needs[row.sales_order_line] / (to_decimal(row.conversion) or Decimal(1))
			whole = units.to_integral_value(rounding=ROUND_CEILING) if row.conversion != 1 else units
			row.quantity = float(whole)
	return purchase_order


def compute_needs(order: orders.Order, purchase_order: Document) -> dict[str, Decimal]:
	"""Return by line what is not shipped and not on order for it, less what the purchase order at hand holds already."""
	linked = read_linked(list(order.lines), drafts=True)
	for row in purchase_order.lines:
		if row.sales_order_line and row.is_new():
			linked[row.sales_order_line] = linked.get(row.sales_order_line, ZERO) + to_decimal(
				row.quantity
			) * to_decimal(row.conversion or 1)
	never = {
		item
		for item, record in read_buying_items(line.item for line in order.lines.values()).items()
		if record.item_type in NEVER_BOUGHT
	}
	needs = {
		line.name: line.fulfilment.remaining - linked.get(line.name, ZERO)
		for line in order.lines.values()
		if line.item not in never
	}
	return {name: quantity for name, quantity in needs.items() if quantity > ZERO}


def read_linked(sales_order_lines: list[str], drafts: bool = False) -> dict[str, Decimal]:
	"""Return by line of sales orders how much has been ordered for it, in stock units; of a closed order what came of it."""
	if not sales_order_lines:
		return {}
	header, line = frappe.qb.DocType("AO Purchase Order"), frappe.qb.DocType("AO Purchase Order Line")
	rows = (
		frappe.qb.from_(line)
		.join(header)
		.on(header.name == line.parent)
		.select(line.sales_order_line, line.stock_quantity, line.received_quantity, header.is_closed)
		.where(line.sales_order_line.isin(sorted(sales_order_lines)))
		.where(header.docstatus.isin([0, 1] if drafts else [1]))
		.orderby(line.name)
	).run(as_dict=True)
	linked: dict[str, Decimal] = {}
	for row in rows:
		quantity = to_decimal(row.received_quantity if row.is_closed else row.stock_quantity, QUANTITY_PLACES)
		linked[row.sales_order_line] = linked.get(row.sales_order_line, ZERO) + quantity
	return linked


def choose_vendor(order: orders.Order, needs: dict[str, Decimal]) -> str | None:
	"""Return the preferred vendor of the first line that has one."""
	preferred = find_preferred_vendors({line.item for line in order.lines.values()})
	return next(
		(
			preferred[line.item]
			for line in order.lines.values()
			if line.name in needs and line.item in preferred
		),
		None,
	)


def check_sales_orders(purchase_order: Document) -> None:
	"""Refuse a line for a sales order that does not have its item; name the row."""
	rows = frappe.get_all(
		"AO Sales Order Line",
		filters={
			"parent": (
				"in",
				sorted({row.sales_order for row in purchase_order.lines if row.sales_order}) or [""],
			)
		},
		fields=["name", "parent", "item"],
		order_by="parent, idx",
	)
	reasons = []
	for row in purchase_order.lines:
		if not row.sales_order:
			row.sales_order_line = None
			continue
		fitting = [line.name for line in rows if line.parent == row.sales_order and line.item == row.item]
		if not fitting:
			reasons.append(
				_("Row {0}: {1} is not on {2}. Empty For Sales Order, or choose another.").format(
					row.idx, row.item, row.sales_order
				)
			)
		elif row.sales_order_line not in fitting:
			row.sales_order_line = fitting[0]
	refuse(reasons, _("Not Possible for This Order"))
