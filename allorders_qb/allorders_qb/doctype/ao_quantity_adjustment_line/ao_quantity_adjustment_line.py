"""A line of an AO Quantity Adjustment."""

from frappe.model.document import Document


class AOQuantityAdjustmentLine(Document):
	pass
