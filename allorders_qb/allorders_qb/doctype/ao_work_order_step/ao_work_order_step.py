"""A step of an AO Work Order."""

from frappe.model.document import Document


class AOWorkOrderStep(Document):
	pass
