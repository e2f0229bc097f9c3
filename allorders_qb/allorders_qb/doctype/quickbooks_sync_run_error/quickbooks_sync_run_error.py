"""One record that a synchronization could not do, and why."""

from frappe.model.document import Document


class QuickBooksSyncRunError(Document):
	pass
