"""A kind of customer."""

from frappe.model.document import Document


class AOCustomerType(Document):
	pass
