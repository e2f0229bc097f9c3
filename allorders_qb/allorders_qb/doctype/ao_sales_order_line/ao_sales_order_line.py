"""A line of an AO Sales Order."""

from frappe.model.document import Document


class AOSalesOrderLine(Document):
	pass
