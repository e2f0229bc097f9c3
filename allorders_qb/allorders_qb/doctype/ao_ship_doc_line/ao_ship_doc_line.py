"""A line of an AO Ship Doc; `sales_order_line` is the row name of the order line it fills."""

from frappe.model.document import Document


class AOShipDocLine(Document):
	pass
