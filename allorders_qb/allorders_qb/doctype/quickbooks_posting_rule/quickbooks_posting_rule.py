"""When documents of one type leave for QuickBooks."""

from frappe.model.document import Document


class QuickBooksPostingRule(Document):
	pass
