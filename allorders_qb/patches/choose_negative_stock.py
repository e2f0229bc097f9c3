"""AO Settings: the switch "Warn When Stock Goes Below Zero" has become a choice of three."""

import frappe


def execute() -> None:
	singles = frappe.qb.DocType("Singles")
	found = (
		frappe.qb.from_(singles)
		.select(singles.value)
		.where((singles.doctype == "AO Settings") & (singles.field == "warn_on_negative_stock"))
		.run()
	)
	if found:
		choice = "Warn" if int(found[0][0] or 0) else "Allow"
		frappe.db.set_single_value("AO Settings", "negative_stock", choice)
