"""Connections of an AO Item."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "item",
		"transactions": [
			{"label": _("Sales"), "items": ["AO Sales Order", "AO Ship Doc", "AO Customer Return"]},
			{"label": _("Purchasing"), "items": ["AO Purchase Order", "AO Receiver", "AO Vendor Return"]},
			{
				"label": _("Stock"),
				"items": [
					"AO Work Order",
					"AO Quantity Adjustment",
					"AO Opening Stock",
					"AO Stock Ledger Entry",
				],
			},
		],
	}
