"""AO Purchase Order: what is ordered from a vendor. Submitted means approved and open; it never posts anywhere."""

import frappe
from frappe.model.document import Document

from allorders_qb.fulfilment import buying_entry, orders, purchase_maker, receiver_maker
from allorders_qb.fulfilment.access import require_permission
from allorders_qb.fulfilment.arithmetic import ORDER_CANCELLED, ORDER_DRAFT, ORDER_OPEN
from allorders_qb.fulfilment.party_document import PartyDocument
from allorders_qb.fulfilment.receiving import PURCHASES


class AOPurchaseOrder(PartyDocument):
	def validate(self) -> None:
		buying_entry.prepare_buying_document(self)
		purchase_maker.check_sales_orders(self)
		self.status = ORDER_OPEN if self.docstatus.is_submitted() else ORDER_DRAFT
		self.percent_received = 0
		self.is_closed = 0
		for row in self.lines:
			row.received_quantity = 0

	def before_cancel(self) -> None:
		orders.refuse_cancel_of_filled(PURCHASES, self.name)
		self.status = ORDER_CANCELLED


@frappe.whitelist()
def make_receiver(source_name: str, target_doc: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Receiver with what is left to receive of the order; see fulfilment.receiver_maker."""
	require_permission("AO Purchase Order", "read", source_name)
	require_permission("AO Receiver", "create")
	return receiver_maker.build_receiver(source_name, target_doc)


@frappe.whitelist(methods=["POST"])
def close_purchase_order(name: str) -> None:
	"""Close a submitted order by hand: nothing more is received on it."""
	require_permission("AO Purchase Order", "submit", name)
	orders.close_order(PURCHASES, name)


@frappe.whitelist(methods=["POST"])
def reopen_purchase_order(name: str) -> None:
	"""Reopen an order that was closed by hand."""
	require_permission("AO Purchase Order", "submit", name)
	orders.reopen_order(PURCHASES, name)


@frappe.whitelist()
def get_vendor_defaults(vendor: str) -> dict:
	"""Return terms, currency and address that a new document takes from its vendor."""
	require_permission("AO Vendor", "read", vendor)
	return buying_entry.get_vendor_defaults(vendor)


@frappe.whitelist()
def get_line_defaults(
	item: str,
	vendor: str | None,
	currency: str | None,
	exchange_rate: float,
	purchase_unit: str | None = None,
) -> dict:
	"""Return unit, conversion, cost, description and tax code for a new line, as the server would fill them in."""
	require_permission("AO Item", "read", item)
	header = frappe._dict(vendor=vendor, currency=currency, exchange_rate=exchange_rate)
	return buying_entry.get_line_defaults(item, header, purchase_unit)
