"""A payment method of the QuickBooks company, as last read."""

from frappe.model.document import Document


class QuickBooksPaymentMethod(Document):
	pass
