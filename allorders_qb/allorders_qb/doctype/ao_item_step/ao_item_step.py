"""A step in which an assembly is made."""

from frappe.model.document import Document


class AOItemStep(Document):
	pass
