"""A line of an AO Transfer."""

from frappe.model.document import Document


class AOTransferLine(Document):
	pass
