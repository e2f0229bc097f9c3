"""An account of the QuickBooks company's chart, as last read."""

from frappe.model.document import Document


class QuickBooksAccount(Document):
	pass
