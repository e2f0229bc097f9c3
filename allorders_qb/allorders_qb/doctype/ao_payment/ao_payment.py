"""AO Payment: money received from a customer. Submitted means received; it is recorded in QuickBooks unapplied, and applied
to the invoices it is for when they are there."""

import frappe

from allorders_qb.fulfilment import paying, payment_maker
from allorders_qb.fulfilment.access import require_permission
from allorders_qb.fulfilment.party_document import PartyDocument


class AOPayment(PartyDocument):
	def validate(self) -> None:
		paying.prepare_payment(self)
		self.status = paying.STATUS[self.docstatus]

	def before_cancel(self) -> None:
		self.status = paying.STATUS[self.docstatus]


@frappe.whitelist()
def get_open_amount(field: str, name: str) -> float:
	"""Return what is not paid yet of a sales order or a ship doc, by the row's field that names it."""
	require_permission(paying.PURPOSES[field], "read", name)
	return float(payment_maker.get_open_amount(field, name))
