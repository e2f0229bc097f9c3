"""Create > Receiver: the receiver of what a purchase order still expects, not saved yet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc

from allorders_qb.fulfilment import order_rest, orders
from allorders_qb.fulfilment.buying_entry import UNIT_COST
from allorders_qb.fulfilment.entry import set_totals
from allorders_qb.fulfilment.receiving import PURCHASES
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.ship_doc_maker import read_target
from allorders_qb.money import round_half_up, to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES

NEVER_COPIED = (
	"posting_date", "due_date", "subtotal", "tax_total", "total", "total_cost", "naming_series", "status", "vendor_note",
	"private_note", "vendor_invoice_number",
)  # fmt: skip
"""Header fields that a document never takes from the one it follows."""


def build_receiver(order_name: str, target: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Receiver with what is left to receive of an order.

	`target` is an unsaved receiver to add the order to (its header then stays). Raises frappe.ValidationError, saying why,
	when nothing can be received, nothing is left, or the order does not go with `target`.
	"""
	receiver = read_target(target)
	order = orders.read_orders(PURCHASES, [order_name])[order_name]
	order_rest.refuse_order_state(PURCHASES, order)
	rows = [row for row in receiver.lines if row.item] if receiver else []
	order_rest.refuse_mixture(PURCHASES, order, receiver, rows)
	left = order_rest.compute_left(PURCHASES, order, rows)
	if not left:
		refuse([_("Nothing is left to receive on {0}.").format(order_name)], _("Nothing to Receive"))
	if receiver:
		receiver.set("lines", rows)
	result = map_lines(
		("AO Purchase Order", "AO Purchase Order Line"),
		order_name,
		("AO Receiver", "AO Receiver Line", "purchase_order"),
		left,
		receiver,
		keep_header=bool(rows),
	)
	set_totals(result, UNIT_COST, Decimal(0))
	order_rest.announce_drafts(PURCHASES, order_name)
	return result


def map_lines(
	source: tuple[str, str],
	source_name: str,
	document: tuple[str, str, str],
	left: dict[str, Decimal],
	target: Document | None,
	keep_header: bool,
) -> Document:
	"""Return a document with one row per line of a source that has something left, in purchase units.

	`source` is the DocType and that of its lines; `document` those of the new document, and the field in which its row names
	the source. `left` is in stock units, by the name of the source's row.
	"""

	def set_quantity(line: Document, row: Document, _parent: Document) -> None:
		stock_quantity = left[line.name]
		conversion = to_decimal(line.conversion) or Decimal(1)
		row.quantity = float(round_half_up(stock_quantity / conversion, QUANTITY_PLACES))
		row.stock_quantity = float(stock_quantity)

	doctype, line_doctype, source_field = document
	meta = frappe.get_meta(doctype)
	not_copied = [
		df.fieldname
		for df in meta.fields
		if df.fieldname in NEVER_COPIED or (keep_header and target.get(df.fieldname))
	]
	header: dict[str, Any] = {"doctype": doctype, "field_no_map": not_copied}
	return get_mapped_doc(
		source[0],
		source_name,
		{
			source[0]: header,
			source[1]: {
				"doctype": line_doctype,
				"field_map": {"parent": source_field, "name": f"{source_field}_line"},
				"field_no_map": ["amount", "cost_amount", "landed_cost", "goods_cost", "tax_amount"],
				"condition": lambda line: line.name in left,
				"postprocess": set_quantity,
			},
		},
		target,
	)
