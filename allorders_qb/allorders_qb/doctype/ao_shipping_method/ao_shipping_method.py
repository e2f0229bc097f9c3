"""A way to ship: a carrier, or the customer's own van."""

from frappe.model.document import Document


class AOShippingMethod(Document):
	pass
