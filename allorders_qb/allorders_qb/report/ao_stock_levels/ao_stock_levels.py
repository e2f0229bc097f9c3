"""AO Stock Levels: what there is of each item at each location, and what is asked of it."""

from typing import Any

import frappe
from frappe import _

from allorders_qb.stock.quantities_shown import SHOWN, read_quantities, to_floats


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict], list[dict]]:
	"""Return columns and rows; `filters` may hold item, location and only_deficient."""
	filters = frappe._dict(filters or {})
	places = read_quantities([filters.item] if filters.item else None, filters.location or None)
	names = dict(frappe.get_all("AO Item", fields=["name", "item_name"], order_by="name", as_list=True))
	rows = [
		{"item": item, "item_name": names.get(item), "location": location or None, **to_floats(quantities)}
		for (item, location), quantities in sorted(places.items())
		if not filters.only_deficient or quantities.deficiency
	]
	return list_columns(), rows


def list_columns() -> list[dict]:
	labels = {
		"on_hand": _("On Hand"),
		"available": _("Available"),
		"committed": _("Committed"),
		"reserved": _("Reserved"),
		"required": _("Required"),
		"on_order": _("On Order"),
		"in_production": _("In Production"),
		"deficiency": _("Deficiency"),
	}
	return [
		{"fieldname": "item", "label": _("Item"), "fieldtype": "Link", "options": "AO Item", "width": 160},
		{"fieldname": "item_name", "label": _("Item Name"), "fieldtype": "Data", "width": 180},
		{
			"fieldname": "location",
			"label": _("Location"),
			"fieldtype": "Link",
			"options": "AO Location",
			"width": 130,
		},
		*({"fieldname": name, "label": labels[name], "fieldtype": "Float", "width": 105} for name in SHOWN),
	]
