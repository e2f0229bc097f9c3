"""Labour, subcontracted work or overhead that one assembly takes."""

from frappe.model.document import Document


class AOItemProductionCost(Document):
	pass
