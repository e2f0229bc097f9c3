"""Connections of an AO Location."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "location",
		"transactions": [
			{"label": _("Stock"), "items": ["AO Stock Balance", "AO Stock Ledger Entry"]},
			{"label": _("Sales"), "items": ["AO Ship Doc", "AO Sales Order"]},
		],
	}
