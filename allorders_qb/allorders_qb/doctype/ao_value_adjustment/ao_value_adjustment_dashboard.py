"""Connections of an AO Value Adjustment."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "voucher_no",
		"transactions": [{"label": _("Stock"), "items": ["AO Stock Ledger Entry"]}],
	}
