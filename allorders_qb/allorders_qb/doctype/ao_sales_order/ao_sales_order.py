"""AO Sales Order: what a customer has ordered. Submitted means approved and open; it never posts anywhere."""

import frappe
from frappe.model.document import Document

from allorders_qb.fulfilment import entry, orders, paying, payment_maker, purchase_maker, ship_doc_maker
from allorders_qb.fulfilment.access import require_permission
from allorders_qb.fulfilment.arithmetic import ORDER_CANCELLED, ORDER_DRAFT, ORDER_OPEN
from allorders_qb.fulfilment.party_document import PartyDocument
from allorders_qb.fulfilment.shipping import SALES


class AOSalesOrder(PartyDocument):
	def validate(self) -> None:
		entry.prepare_document(self)
		self.status = ORDER_OPEN if self.docstatus.is_submitted() else ORDER_DRAFT
		self.percent_shipped = 0
		self.is_closed = 0
		for row in self.lines:
			row.shipped_quantity = 0

	def before_cancel(self) -> None:
		orders.refuse_cancel_of_filled(SALES, self.name)
		self.status = ORDER_CANCELLED


@frappe.whitelist()
def make_ship_doc(source_name: str, target_doc: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Ship Doc with what is left to ship of the order; see fulfilment.ship_doc_maker."""
	require_permission("AO Sales Order", "read", source_name)
	require_permission("AO Ship Doc", "create")
	return ship_doc_maker.build_ship_doc(source_name, target_doc)


@frappe.whitelist()
def make_payment(source_name: str, target_doc: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Payment of what is not paid yet of the order, a deposit; see fulfilment.payment_maker."""
	require_permission("AO Sales Order", "read", source_name)
	require_permission("AO Payment", "create")
	return payment_maker.build_payment("sales_order", source_name, target_doc)


@frappe.whitelist()
def make_purchase_order(source_name: str, target_doc: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Purchase Order of what the order needs; see fulfilment.purchase_maker."""
	require_permission("AO Sales Order", "read", source_name)
	require_permission("AO Purchase Order", "create")
	return purchase_maker.build_purchase_order(source_name, target_doc)


@frappe.whitelist(methods=["GET", "POST"])
def get_deposits(name: str) -> dict[str, float]:
	"""Return what was received for an order and what of it is applied; see fulfilment.paying."""
	require_permission("AO Sales Order", "read", name)
	require_permission("AO Payment", "read")
	return paying.read_deposits(name)


@frappe.whitelist(methods=["POST"])
def close_sales_order(name: str) -> None:
	"""Close a submitted order by hand: nothing more is shipped on it."""
	require_permission("AO Sales Order", "submit", name)
	orders.close_order(SALES, name)


@frappe.whitelist(methods=["POST"])
def reopen_sales_order(name: str) -> None:
	"""Reopen an order that was closed by hand."""
	require_permission("AO Sales Order", "submit", name)
	orders.reopen_order(SALES, name)


@frappe.whitelist()
def get_line_defaults(item: str, customer: str | None, currency: str | None, exchange_rate: float) -> dict:
	"""Return description, unit, unit price and tax code for a new line, as the server would fill them in."""
	require_permission("AO Item", "read", item)
	header = frappe._dict(customer=customer, currency=currency, exchange_rate=exchange_rate)
	found = entry.read_items([item])
	return entry.LineContext(header).defaults_for(found[item]) if item in found else {}
