"""Connections of an AO Sales Order."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "sales_order",
		"transactions": [
			{"label": _("Fulfilment"), "items": ["AO Ship Doc"]},
			{"label": _("Paid"), "items": ["AO Payment"]},
			{"label": _("Made or Bought for It"), "items": ["AO Purchase Order", "AO Work Order"]},
		],
	}
