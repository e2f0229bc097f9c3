"""A component of an AO Work Order:  what it takes, or gives back when something is taken apart."""

from frappe.model.document import Document


class AOWorkOrderComponent(Document):
	pass
