"""AO Purchase Order Line: an item ordered from a vendor."""

from frappe.model.document import Document


class AOPurchaseOrderLine(Document):
	pass
