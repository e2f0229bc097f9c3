"""Who is right about one field of a list where both sides have changed it."""

from frappe.model.document import Document


class QuickBooksFieldOwner(Document):
	pass
