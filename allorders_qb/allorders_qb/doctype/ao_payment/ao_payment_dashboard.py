"""Connections of an AO Payment."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "payment",
		"internal_links": {
			"AO Sales Order": ["lines", "sales_order"],
			"AO Ship Doc": ["lines", "ship_doc"],
		},
		"transactions": [
			{"label": _("Received For"), "items": ["AO Sales Order", "AO Ship Doc"]},
			{"label": _("In QuickBooks"), "items": ["AO Payment Application"]},
		],
	}
