"""One row of what Send All lets through; a document goes where any row does."""

from frappe.model.document import Document


class QuickBooksSendAllFilter(Document):
	pass
