"""Settings of orders and shipping. What concerns QuickBooks is in QuickBooks Settings."""

from frappe.model.document import Document

from allorders_qb.fulfilment import paid_at_sale


class AOSettings(Document):
	def validate(self) -> None:
		paid_at_sale.check_paid_terms(self)
