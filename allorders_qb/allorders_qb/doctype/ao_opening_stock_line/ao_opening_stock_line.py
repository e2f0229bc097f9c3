"""A counted quantity of an AO Opening Stock."""

from frappe.model.document import Document


class AOOpeningStockLine(Document):
	pass
