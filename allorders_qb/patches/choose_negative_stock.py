"""AO Settings: the switch "Warn When Stock Goes Below Zero" has become a choice of three."""

import frappe


def execute() -> None:
	warned = frappe.db.get_value(
		"Singles", {"doctype": "AO Settings", "field": "warn_on_negative_stock"}, "value"
	)
	if warned is not None:
		frappe.db.set_single_value("AO Settings", "negative_stock", "Warn" if int(warned) else "Allow")
