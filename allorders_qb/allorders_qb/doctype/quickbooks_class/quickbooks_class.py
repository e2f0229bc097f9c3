"""A class of the QuickBooks company, as last read."""

from frappe.model.document import Document


class QuickBooksClass(Document):
	pass
