"""A line of an AO Customer Return; `ship_doc_line` is the row name of the ship doc line it takes back from."""

from frappe.model.document import Document


class AOCustomerReturnLine(Document):
	pass
