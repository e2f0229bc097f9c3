"""AO Vendor Bill Landed Cost: freight or duty that a carrier bills."""

from frappe.model.document import Document


class AOVendorBillLandedCost(Document):
	pass
