"""AO Vendor Bill Line: goods received before that a vendor bills."""

from frappe.model.document import Document


class AOVendorBillLine(Document):
	pass
