"""Connections of an AO Vendor."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "vendor",
		"transactions": [
			{
				"label": _("Purchasing"),
				"items": ["AO Purchase Order", "AO Receiver", "AO Vendor Bill", "AO Vendor Return"],
			}
		],
	}
