"""A currency of the QuickBooks company, as last read."""

from frappe.model.document import Document


class QuickBooksCurrency(Document):
	pass
