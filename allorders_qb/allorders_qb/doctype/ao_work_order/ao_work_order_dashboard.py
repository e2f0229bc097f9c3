"""Connections of an AO Work Order."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "voucher_no",
		"non_standard_fieldnames": {"AO Work Order": "split_from"},
		"internal_links": {"AO Sales Order": "sales_order"},
		"transactions": [
			{"label": _("Orders"), "items": ["AO Sales Order", "AO Work Order"]},
			{"label": _("Stock"), "items": ["AO Stock Ledger Entry"]},
		],
	}
