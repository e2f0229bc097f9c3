"""A row of an AO Payment: the sales order or the ship doc that so much of it is for."""

from frappe.model.document import Document


class AOPaymentLine(Document):
	pass
