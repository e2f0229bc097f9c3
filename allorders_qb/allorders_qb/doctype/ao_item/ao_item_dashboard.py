"""Connections of an AO Item."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "item",
		"transactions": [
			{"label": _("Sales"), "items": ["AO Sales Order", "AO Ship Doc"]},
			{"label": _("Purchasing"), "items": ["AO Purchase Order", "AO Receiver"]},
			{"label": _("Stock"), "items": ["AO Stock Ledger Entry", "AO Opening Stock"]},
		],
	}
