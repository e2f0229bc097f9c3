"""Payment terms of the QuickBooks company, as last read."""

from frappe.model.document import Document


class QuickBooksTerm(Document):
	pass
