"""A line of an AO Value Adjustment."""

from frappe.model.document import Document


class AOValueAdjustmentLine(Document):
	pass
