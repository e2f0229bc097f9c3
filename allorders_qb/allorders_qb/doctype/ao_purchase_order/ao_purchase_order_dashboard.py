"""Connections of an AO Purchase Order."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "purchase_order",
		"internal_links": {"AO Sales Order": ["lines", "sales_order"]},
		"transactions": [
			{"label": _("Received"), "items": ["AO Receiver"]},
			{"label": _("Ordered For"), "items": ["AO Sales Order"]},
		],
	}
