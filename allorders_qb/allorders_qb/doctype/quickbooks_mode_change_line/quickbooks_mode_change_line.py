"""One item of a change of the inventory mode: what leaves its old item in QuickBooks, and its new one."""

from frappe.model.document import Document


class QuickBooksModeChangeLine(Document):
	pass
