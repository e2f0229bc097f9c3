"""Connections of an AO Ship Doc."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "voucher_no",
		"internal_links": {"AO Sales Order": ["lines", "sales_order"]},
		"transactions": [
			{"label": _("Orders"), "items": ["AO Sales Order"]},
			{"label": _("Stock"), "items": ["AO Stock Ledger Entry"]},
		],
	}
