"""Labour, subcontracted work or overhead of an AO Work Order."""

from frappe.model.document import Document


class AOWorkOrderCost(Document):
	pass
