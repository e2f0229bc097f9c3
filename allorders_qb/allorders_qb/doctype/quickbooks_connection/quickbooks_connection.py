"""The authorization to one QuickBooks company, and how it is doing. Written by the sync room alone."""

from frappe.model.document import Document


class QuickBooksConnection(Document):
	pass
