"""AO Received Not Billed: goods that are here, and whose vendor's bill is still to come."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import flt

from allorders_qb.fulfilment.receiving import BILL_LATER
from allorders_qb.stock.quantities import QUANTITY_PLACES


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict], list[dict]]:
	"""Return columns and a row for each line that is not billed in full, oldest first; `filters` may hold vendor.

	Quantities are in stock units, what they were received at in home money.
	"""
	wanted = {"docstatus": 1, "billing": BILL_LATER}
	if filters and filters.get("vendor"):
		wanted["vendor"] = filters["vendor"]
	receivers = {
		row.name: row
		for row in frappe.get_list(
			"AO Receiver", filters=wanted, fields=["name", "vendor", "posting_date"], limit=0, order_by="name"
		)
	}
	lines = frappe.get_all(
		"AO Receiver Line",
		filters={"parent": ("in", list(receivers) or [""])},
		fields=["parent", "item", "unit", "stock_quantity", "billed_quantity", "goods_cost", "billed_cost"],
		order_by="parent, idx",
	)
	rows = [
		{
			"receiver": line.parent,
			"vendor": receivers[line.parent].vendor,
			"posting_date": receivers[line.parent].posting_date,
			"item": line.item,
			"quantity": flt(line.stock_quantity - line.billed_quantity, QUANTITY_PLACES),
			"unit": line.unit,
			"cost": flt(line.goods_cost - line.billed_cost, 2),
		}
		for line in lines
		if line.stock_quantity > line.billed_quantity
	]
	return list_columns(), sorted(rows, key=lambda row: row["posting_date"])


def list_columns() -> list[dict]:
	return [
		_make_column("posting_date", _("Received On"), "Date", 110),
		_make_column("receiver", _("Receiver"), "Link", 150, "AO Receiver"),
		_make_column("vendor", _("Vendor"), "Link", 200, "AO Vendor"),
		_make_column("item", _("Item"), "Link", 140, "AO Item"),
		{**_make_column("quantity", _("Not Billed"), "Float", 110), "disable_total": 1},
		_make_column("unit", _("Unit"), "Data", 80),
		_make_column("cost", _("Received At"), "Currency", 130),
	]


def _make_column(fieldname: str, label: str, fieldtype: str, width: int, options: str | None = None) -> dict:
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": fieldtype,
		"options": options,
		"width": width,
	}
