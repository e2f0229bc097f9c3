"""Create > Ship Doc: the ship doc of what an order still needs, not saved yet."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc

from allorders_qb.fulfilment import shipping
from allorders_qb.fulfilment.arithmetic import CANCELLED, DRAFT, SUBMITTED, ZERO, share_amount
from allorders_qb.fulfilment.entry import find_due_date, set_totals
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES

COMPUTED_FIELDS = ["subtotal", "freight", "total"]


def build_ship_doc(order_name: str, target: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Ship Doc with what is left to ship of an order, its header and its remaining freight.

	`target` is an unsaved ship doc to add the order to (its header then stays). Raises frappe.ValidationError,
	saying why, when the order cannot be shipped, has nothing left, or does not go with `target`.
	"""
	ship_doc = read_target(target)
	order = shipping.read_orders([order_name])[order_name]
	refuse_order_state(order)
	rows = [row for row in ship_doc.lines if row.item] if ship_doc else []
	refuse_mixture(order, ship_doc, rows)
	left = compute_left(order, rows)
	if not left:
		refuse(
			[_("Nothing is left to ship on {0}.").format(order_name)],
			_("Nothing to Ship"),
		)
	if ship_doc:
		ship_doc.set("lines", rows)
	result = map_order(order_name, left, ship_doc, keep_header=bool(rows))
	result.freight = float(to_decimal(result.freight if rows else 0) + compute_freight_left(order_name))
	result.due_date = result.due_date or find_due_date(result.posting_date, result.terms)
	set_totals(result)
	announce_drafts(order_name)
	return result


def read_target(target: Document | dict | str | None) -> Document | None:
	"""Return the ship doc to add to as a document; a client sends it as JSON."""
	if not target or isinstance(target, Document):
		return target or None
	return frappe.get_doc(json.loads(target) if isinstance(target, str) else target)


def refuse_order_state(order: shipping.Order) -> None:
	"""Refuse an order that is a draft, cancelled, or closed by hand."""
	if order.docstatus == DRAFT:
		refuse(
			[_("{0} is still a draft. Submit the order before shipping it.").format(order.name)],
			_("Cannot Ship"),
		)
	if order.docstatus == CANCELLED:
		refuse([_("{0} is cancelled; it cannot be shipped.").format(order.name)], _("Cannot Ship"))
	if order.is_closed:
		refuse(
			[_("{0} is closed. Reopen the order to ship what is left of it.").format(order.name)],
			_("Cannot Ship"),
		)


def refuse_mixture(order: shipping.Order, ship_doc: Document | None, rows: list[Document]) -> None:
	"""Refuse to add an order to a ship doc of another customer or currency."""
	if not ship_doc:
		return
	if ship_doc.customer and ship_doc.customer != order.customer:
		refuse(
			[
				_("{0} is an order of {1}; this ship doc goes to {2}.").format(
					order.name, order.customer, ship_doc.customer
				)
			],
			_("Another Customer"),
		)
	if rows and ship_doc.currency and ship_doc.currency != order.currency:
		refuse(
			[
				_("{0} is in {1}; this ship doc is in {2}.").format(
					order.name, order.currency, ship_doc.currency
				)
			],
			_("Another Currency"),
		)


def compute_left(order: shipping.Order, rows: list[Document]) -> dict[str, Decimal]:
	"""Return what each order line has left, by row name, less what the ship doc at hand holds already."""
	held: dict[str, Decimal] = defaultdict(Decimal)
	for row in rows:
		if row.sales_order_line:
			held[row.sales_order_line] += to_decimal(row.quantity, QUANTITY_PLACES)
	left = {line.name: line.fulfilment.remaining - held[line.name] for line in order.lines.values()}
	return {name: quantity for name, quantity in left.items() if quantity > ZERO}


def map_order(
	order_name: str, left: dict[str, Decimal], ship_doc: Document | None, keep_header: bool
) -> Document:
	"""Return the ship doc with one row per order line that has something left."""

	def set_quantity(source: Document, row: Document, order: Document) -> None:
		row.quantity = float(left[source.name])

	header: dict[str, Any] = {"doctype": "AO Ship Doc", "field_no_map": COMPUTED_FIELDS}
	if keep_header:
		header["field_no_map"] = [
			df.fieldname for df in frappe.get_meta("AO Ship Doc").fields if ship_doc.get(df.fieldname)
		] + COMPUTED_FIELDS
	return get_mapped_doc(
		"AO Sales Order",
		order_name,
		{
			"AO Sales Order": header,
			"AO Sales Order Line": {
				"doctype": "AO Ship Doc Line",
				"field_map": {"parent": "sales_order", "name": "sales_order_line"},
				"field_no_map": ["amount"],
				"condition": lambda source: source.name in left,
				"postprocess": set_quantity,
			},
		},
		ship_doc,
	)


def compute_freight_left(order_name: str) -> Decimal:
	"""Return the order's freight less what its submitted ship docs have charged; never below zero.

	The freight of a ship doc over several orders counts for each in proportion to the orders' own freight.
	"""
	ordered = to_decimal(frappe.db.get_value("AO Sales Order", order_name, "freight"), 2)
	ship_docs = shipping.list_ship_docs(order_name, SUBMITTED)
	if not ordered or not ship_docs:
		return ordered
	header, line = frappe.qb.DocType("AO Ship Doc"), frappe.qb.DocType("AO Ship Doc Line")
	order = frappe.qb.DocType("AO Sales Order")
	rows = (
		frappe.qb.from_(line)
		.join(header)
		.on(header.name == line.parent)
		.join(order)
		.on(order.name == line.sales_order)
		.select(
			header.name, header.freight, order.name.as_("sales_order"), order.freight.as_("order_freight")
		)
		.distinct()
		.where(header.name.isin(ship_docs))
		.orderby(header.name, order.name)
	).run(as_dict=True)
	charged: dict[str, Decimal] = {}
	weights: dict[str, dict[str, Decimal]] = defaultdict(dict)
	for row in rows:
		charged[row.name] = to_decimal(row.freight, 2)
		weights[row.name][row.sales_order] = to_decimal(row.order_freight, 2)
	spent = sum((share_amount(charged[name], weights[name])[order_name] for name in charged), ZERO)
	return max(ordered - spent, ZERO)


def announce_drafts(order_name: str) -> None:
	"""Mention ship docs that are still drafts: they have committed some of the same units."""
	drafts = shipping.list_ship_docs(order_name, DRAFT)
	if drafts:
		frappe.msgprint(
			_("{0} is also on ship docs that are not submitted yet: {1}.").format(
				order_name, ", ".join(drafts)
			),
			indicator="orange",
			alert=True,
		)
