"""Ship docs and their orders: what `orders` does for them, and what is said of it."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment import orders
from allorders_qb.fulfilment.arithmetic import ORDER_PARTIALLY_SHIPPED
from allorders_qb.fulfilment.entry import BILL_TO_FIELDS, DEFAULT_FIELDS, SHIP_TO_FIELDS, read_fields

HEADER_FIELDS = (
	*DEFAULT_FIELDS,
	*BILL_TO_FIELDS,
	*SHIP_TO_FIELDS,
	"exchange_rate",
	"po_number",
	"location",
	"prices_are",
)


def say(name: str) -> str:
	"""Return a sentence about shipping on sales orders."""
	return {
		"missing": _("Row {0}: sales order {1} does not exist."),
		"other_party": _(
			"Row {0}: {1} is an order of {2}; this ship doc goes to {3}. Ship it on a ship doc of its own."
		),
		"other_currency": _(
			"Row {0}: {1} is in {2}; this ship doc is in {3}. Ship it on a ship doc of its own."
		),
		"draft": _("Row {0}: {1} is still a draft. Submit the order before shipping it."),
		"closed": _("Row {0}: {1} is closed. Reopen the order to ship what is left of it."),
		"too_much": _(
			"Row {0}: {1} of {2} is more than the {3} left to ship on {4} (ordered {5}, shipped {6})."
		),
		"filled": _("{0} is shipped in full, and so it is closed already."),
		"moved": _(
			"{0} cannot be cancelled: it was shipped on {1}. Cancel that first, or close the order instead."
		),
		"cannot": _("Cannot Ship"),
		"cannot_draft": _("{0} is still a draft. Submit the order before shipping it."),
		"cannot_cancelled": _("{0} is cancelled; it cannot be shipped."),
		"cannot_closed": _("{0} is closed. Reopen the order to ship what is left of it."),
		"another_party": _("Another Customer"),
		"mixed_party": _("{0} is an order of {1}; this ship doc goes to {2}."),
		"mixed_currency": _("{0} is in {1}; this ship doc is in {2}."),
		"drafts": _("{0} is also on ship docs that are not submitted yet: {1}."),
	}[name]


SALES = orders.OrderKind(
	doctype="AO Sales Order",
	party_field="customer",
	quantity_field="quantity",
	filled_field="shipped_quantity",
	percent_field="percent_shipped",
	partial_status=ORDER_PARTIALLY_SHIPPED,
	document="AO Ship Doc",
	order_field="sales_order",
	moved_field="quantity",
	say=say,
)


def get_order_header(ship_doc: Document) -> dict[str, Any] | None:
	"""Return the header fields of the first order a ship doc fills; None when it fills none."""
	first = next(iter(orders.list_order_names(SALES, ship_doc)), None)
	return read_fields("AO Sales Order", first, HEADER_FIELDS) if first else None
