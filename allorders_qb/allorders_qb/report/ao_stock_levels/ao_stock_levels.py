"""AO Stock Levels: what there is of each item at each location, and what is asked of it."""

from typing import Any

import frappe
from frappe import _

from allorders_qb.stock.quantities_shown import SHOWN, read_quantities, to_floats
from allorders_qb.sync.counted_stock import shown


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
	if not shown.is_shown():
		return list_columns(), rows
	readings = shown.get_readings()
	for row in rows:
		reading = readings.get(row["item"]) or {}
		row.update(quickbooks_quantity=reading.get("quantity"), quickbooks_read_at=reading.get("read_at"))
	return [*list_columns(), *list_quickbooks_columns()], rows


def list_quickbooks_columns() -> list[dict]:
	"""What QuickBooks counts: of all locations together, as last read."""
	return [
		{
			"fieldname": "quickbooks_quantity",
			"label": _("In QuickBooks, All Locations"),
			"fieldtype": "Float",
			"width": 130,
		},
		{"fieldname": "quickbooks_read_at", "label": _("Read At"), "fieldtype": "Datetime", "width": 150},
	]


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
