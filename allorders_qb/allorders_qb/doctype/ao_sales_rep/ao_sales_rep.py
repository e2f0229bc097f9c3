"""Somebody who sells."""

from frappe.model.document import Document


class AOSalesRep(Document):
	pass
