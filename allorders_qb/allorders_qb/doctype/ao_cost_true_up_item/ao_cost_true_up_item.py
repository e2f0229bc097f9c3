"""One item of an AO Cost True-Up: our stock, QuickBooks', and what of the difference is explained."""

from frappe.model.document import Document


class AOCostTrueUpItem(Document):
	pass
