"""What a synchronization did to one list."""

from frappe.model.document import Document


class QuickBooksSyncRunList(Document):
	pass
