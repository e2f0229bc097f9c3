"""A component of an assembly, for one of it."""

from frappe.model.document import Document


class AOItemComponent(Document):
	pass
