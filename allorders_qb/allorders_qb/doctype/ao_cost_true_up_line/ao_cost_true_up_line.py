"""One document of an AO Cost True-Up."""

from frappe.model.document import Document


class AOCostTrueUpLine(Document):
	pass
