"""AO Landed Cost: freight or duty on a receiver."""

from frappe.model.document import Document


class AOLandedCost(Document):
	pass
