"""QuickBooks Item Stock: what QuickBooks had of an item when its stock was last read. Written by the synchronization alone."""

from frappe.model.document import Document


class QuickBooksItemStock(Document):
	pass
