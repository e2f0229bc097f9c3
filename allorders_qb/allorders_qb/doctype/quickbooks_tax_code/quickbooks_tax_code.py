"""A sales tax code of the QuickBooks company, as last read."""

from frappe.model.document import Document


class QuickBooksTaxCode(Document):
	pass
