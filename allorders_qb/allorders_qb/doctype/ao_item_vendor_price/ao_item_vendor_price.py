"""AO Item Vendor Price: what a vendor asks for an item."""

from frappe.model.document import Document


class AOItemVendorPrice(Document):
	pass
