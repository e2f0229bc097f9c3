"""AO Vendor: whom we buy from."""

from frappe.model.document import Document


class AOVendor(Document):
	pass
