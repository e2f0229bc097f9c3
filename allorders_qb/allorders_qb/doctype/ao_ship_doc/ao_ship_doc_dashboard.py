"""Connections of an AO Ship Doc."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "voucher_no",
		"non_standard_fieldnames": {
			"AO Customer Return": "ship_doc",
			"AO Payment": "ship_doc",
			"AO Payment Application": "ship_doc",
		},
		"internal_links": {"AO Sales Order": ["lines", "sales_order"]},
		"transactions": [
			{"label": _("Orders"), "items": ["AO Sales Order"]},
			{"label": _("Paid"), "items": ["AO Payment", "AO Payment Application"]},
			{"label": _("Returned"), "items": ["AO Customer Return"]},
			{"label": _("Stock"), "items": ["AO Stock Ledger Entry"]},
		],
	}
