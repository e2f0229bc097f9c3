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

from allorders_qb.fulfilment import order_rest, orders, paid_at_sale
from allorders_qb.fulfilment.arithmetic import SUBMITTED, ZERO, share_amount
from allorders_qb.fulfilment.entry import find_due_date, set_totals
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.shipping import SALES
from allorders_qb.money import to_decimal

COMPUTED_FIELDS = ["subtotal", "freight", "total"]


def build_ship_doc(order_name: str, target: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Ship Doc with what is left to ship of an order, its header and its remaining freight.

	`target` is an unsaved ship doc to add the order to (its header then stays). Raises frappe.ValidationError,
	saying why, when the order cannot be shipped, has nothing left, or does not go with `target`.
	"""
	ship_doc = read_target(target)
	order = orders.read_orders(SALES, [order_name])[order_name]
	order_rest.refuse_order_state(SALES, order)
	rows = [row for row in ship_doc.lines if row.item] if ship_doc else []
	order_rest.refuse_mixture(SALES, order, ship_doc, rows)
	left = order_rest.compute_left(SALES, order, rows)
	if not left:
		refuse(
			[_("Nothing is left to ship on {0}.").format(order_name)],
			_("Nothing to Ship"),
		)
	if ship_doc:
		ship_doc.set("lines", rows)
	former_terms = ship_doc.terms if ship_doc else None
	result = map_order(order_name, left, ship_doc, keep_header=bool(rows))
	result.freight = float(to_decimal(result.freight if rows else 0) + compute_freight_left(order_name))
	if not rows:
		paid_at_sale.fill_from_terms(result, former_terms)
	result.due_date = result.due_date or find_due_date(result.posting_date, result.terms)
	set_totals(result)
	order_rest.announce_drafts(SALES, order_name)
	return result


def read_target(target: Document | dict | str | None) -> Document | None:
	"""Return the ship doc to add to as a document; a client sends it as JSON."""
	if not target or isinstance(target, Document):
		return target or None
	return frappe.get_doc(json.loads(target) if isinstance(target, str) else target)


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
	ship_docs = orders.list_documents(SALES, order_name, SUBMITTED)
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
