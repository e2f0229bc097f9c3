"""AO Vendor Return Line: an item that goes back."""

from frappe.model.document import Document


class AOVendorReturnLine(Document):
	pass
