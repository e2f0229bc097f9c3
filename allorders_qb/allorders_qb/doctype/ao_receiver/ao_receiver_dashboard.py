"""Connections of an AO Receiver."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "voucher_no",
		"non_standard_fieldnames": {"AO Vendor Bill": "receiver", "AO Vendor Return": "receiver"},
		"internal_links": {"AO Purchase Order": ["lines", "purchase_order"]},
		"transactions": [
			{"label": _("Orders"), "items": ["AO Purchase Order"]},
			{"label": _("Billed and Returned"), "items": ["AO Vendor Bill", "AO Vendor Return"]},
			{"label": _("Stock"), "items": ["AO Stock Ledger Entry"]},
		],
	}
