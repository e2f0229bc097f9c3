"""AO Receiver Line: an item that came in."""

from frappe.model.document import Document


class AOReceiverLine(Document):
	pass
