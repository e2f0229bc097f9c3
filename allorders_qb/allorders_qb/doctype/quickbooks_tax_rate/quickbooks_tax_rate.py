"""A sales tax rate of the QuickBooks company, as last read."""

from frappe.model.document import Document


class QuickBooksTaxRate(Document):
	pass
