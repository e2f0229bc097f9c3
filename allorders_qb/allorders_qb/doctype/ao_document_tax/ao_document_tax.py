"""AO Document Tax: what one rate comes to on a document. Computed; see fulfilment.taxing."""

from frappe.model.document import Document


class AODocumentTax(Document):
	pass
