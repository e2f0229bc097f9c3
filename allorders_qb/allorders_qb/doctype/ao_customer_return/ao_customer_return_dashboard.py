"""Connections of an AO Customer Return."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "voucher_no",
		"internal_links": {"AO Ship Doc": ["lines", "ship_doc"]},
		"transactions": [
			{"label": _("Shipped"), "items": ["AO Ship Doc"]},
			{"label": _("Stock"), "items": ["AO Stock Ledger Entry"]},
		],
	}
