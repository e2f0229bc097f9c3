"""Settings of orders and shipping. What concerns QuickBooks is in QuickBooks Settings."""

from frappe.model.document import Document


class AOSettings(Document):
	pass
