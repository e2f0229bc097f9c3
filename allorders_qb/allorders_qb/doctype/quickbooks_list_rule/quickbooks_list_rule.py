"""In which direction one list is kept alike."""

from frappe.model.document import Document


class QuickBooksListRule(Document):
	pass
