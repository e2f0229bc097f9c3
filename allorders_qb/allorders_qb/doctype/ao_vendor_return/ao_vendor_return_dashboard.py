"""Connections of an AO Vendor Return."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "voucher_no",
		"internal_links": {"AO Receiver": ["lines", "receiver"]},
		"transactions": [
			{"label": _("Received"), "items": ["AO Receiver"]},
			{"label": _("Stock"), "items": ["AO Stock Ledger Entry"]},
		],
	}
