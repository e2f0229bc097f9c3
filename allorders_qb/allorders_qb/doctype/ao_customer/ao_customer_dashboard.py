"""Connections of an AO Customer."""

from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "customer",
		"transactions": [{"label": _("Sales"), "items": ["AO Sales Order", "AO Ship Doc", "AO Payment"]}],
	}
