"""A department (QuickBooks calls it Location) of the QuickBooks company, as last read."""

from frappe.model.document import Document


class QuickBooksDepartment(Document):
	pass
