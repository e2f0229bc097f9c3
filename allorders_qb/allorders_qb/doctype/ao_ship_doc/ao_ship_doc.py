"""AO Ship Doc: goods for a customer. A draft is committed; submitted means shipped, and moves stock."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.fulfilment import (
	accounts,
	entry,
	goods,
	orders,
	paid_at_sale,
	paying,
	payment_maker,
	returning,
	shipping,
	sources,
)
from allorders_qb.fulfilment.access import require_permission
from allorders_qb.fulfilment.arithmetic import SHIP_DOC_STATUS
from allorders_qb.fulfilment.party_document import PartyDocument
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.shipping import SALES
from allorders_qb.stock import guards, ledger


class AOShipDoc(PartyDocument):
	def validate(self) -> None:
		terms = self.terms
		entry.prepare_document(self, order_header=shipping.get_order_header(self) if self.is_new() else None)
		if self.terms != terms:
			before = self.get_doc_before_save()
			# A tick that was not there before is of this very save: it was entered.
			is_entered = not before or before.paid_at_sale != self.paid_at_sale
			paid_at_sale.fill_from_terms(self, None if is_entered else before.terms)
		self.set_due_date()
		if self.paid_at_sale:
			faults = accounts.find_account_faults(self, "payment_account", accounts.DEPOSIT_TYPES)
			refuse(faults, _("Please Check"))
		orders.check_orders(SALES, self)
		self.status = SHIP_DOC_STATUS[self.docstatus]

	def before_submit(self) -> None:
		goods.require_location(
			self, _("Row {0}: {1} is counted in stock. Say in Ship From which location it leaves.")
		)
		paying.invoice_deposited(self)

	def on_submit(self) -> None:
		orders.record_filling(SALES, self)
		goods.write_costs(self, ledger.record_movements(goods.build_movements(self)))

	def before_cancel(self) -> None:
		sources.refuse_cancel_of_taken(returning.SHIPPED, self)
		self.status = SHIP_DOC_STATUS[self.docstatus]

	def on_cancel(self) -> None:
		orders.record_filling(SALES, self, sign=-1)
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)

	def set_due_date(self) -> None:
		"""Fill an empty due date from the terms; refuse one before the ship date."""
		if not self.due_date:
			self.due_date = entry.find_due_date(self.posting_date, self.terms)
		if self.due_date and getdate(self.due_date) < getdate(self.posting_date):
			refuse(
				[_("The due date {0} is before the ship date {1}.").format(self.due_date, self.posting_date)],
				_("Please Check"),
			)


@frappe.whitelist()
def make_customer_return(source_name: str, target_doc: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Customer Return of what can still come back; see fulfilment.returning."""
	require_permission("AO Ship Doc", "read", source_name)
	require_permission("AO Customer Return", "create")
	return returning.build_customer_return(source_name, target_doc)


@frappe.whitelist()
def get_paid_at_sale(
	terms: str, orders: str | list, entered: str | dict | None = None, former_terms: str | None = None
) -> dict:
	"""Return what a ship doc of these sales orders says of its money under its new terms; see paid_at_sale.choose_values."""
	require_permission("AO Ship Doc", "create")
	return paid_at_sale.choose_values(
		terms, frappe.parse_json(orders), frappe.parse_json(entered or {}), former_terms
	)


@frappe.whitelist()
def make_payment(source_name: str, target_doc: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Payment of what is not paid yet of the ship doc; see fulfilment.payment_maker."""
	require_permission("AO Ship Doc", "read", source_name)
	require_permission("AO Payment", "create")
	return payment_maker.build_payment("ship_doc", source_name, target_doc)
