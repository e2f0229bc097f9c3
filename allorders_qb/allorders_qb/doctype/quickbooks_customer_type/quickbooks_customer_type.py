"""A customer type of the QuickBooks company, as last read."""

from frappe.model.document import Document


class QuickBooksCustomerType(Document):
	pass
