"""AO Receiver: goods from a vendor. A draft is in transit; submitted means received, and moves stock."""

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment import billing, buying_entry, goods, orders, receiving, sources, vendor_returning
from allorders_qb.fulfilment.access import require_permission
from allorders_qb.fulfilment.party_document import PartyDocument
from allorders_qb.fulfilment.receiving import PURCHASES
from allorders_qb.stock import guards, ledger


class AOReceiver(PartyDocument):
	def validate(self) -> None:
		receiving.fill_settings(self)
		header = receiving.get_order_header(self) if self.is_new() else None
		buying_entry.prepare_buying_document(self, header)
		buying_entry.set_due_date(self, self.vendor_invoice_date or self.posting_date)
		orders.check_orders(PURCHASES, self)
		receiving.set_values(self)
		self.status = receiving.STATUS[self.docstatus]
		for row in self.lines:
			row.update({"billed_quantity": 0, "billed_cost": 0, "returned_quantity": 0})
		for cost in self.landed_costs:
			cost.update({"is_billed": 0, "billed_amount": 0})

	def before_submit(self) -> None:
		goods.require_location(
			self, _("Row {0}: {1} is counted in stock. Say in Receive At at which location it comes in.")
		)

	def on_submit(self) -> None:
		receiving.record_receipt(self)

	def before_cancel(self) -> None:
		for kind in (billing.BILLED, vendor_returning.RECEIVED):
			sources.refuse_cancel_of_taken(kind, self)
		billing.refuse_cancel_of_billed_freight(self)
		self.status = receiving.STATUS[self.docstatus]

	def on_cancel(self) -> None:
		orders.record_filling(PURCHASES, self, sign=-1)
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)


@frappe.whitelist()
def make_vendor_return(source_name: str, target_doc: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Vendor Return of what can still go back; see fulfilment.vendor_returning."""
	require_permission("AO Receiver", "read", source_name)
	require_permission("AO Vendor Return", "create")
	return vendor_returning.build_vendor_return(source_name, target_doc)


@frappe.whitelist()
def make_vendor_bill(source_name: str, target_doc: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Vendor Bill of what is not billed yet; see fulfilment.billing."""
	require_permission("AO Receiver", "read", source_name)
	require_permission("AO Vendor Bill", "create")
	return billing.build_vendor_bill(source_name, target_doc)
