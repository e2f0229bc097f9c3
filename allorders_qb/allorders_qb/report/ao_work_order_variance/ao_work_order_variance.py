"""AO Work Order Variance: what each finished work order cost here and in QuickBooks, where QuickBooks counts too."""

import frappe
from frappe import _
from frappe.utils import add_months, getdate

from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.counted_stock.variances import WORK_ORDER, Variance, list_variances
from allorders_qb.sync.inventory import COUNTED
from allorders_qb.sync.mode_change.records import explain_no_true_up


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None]:
	"""Return columns, rows and a message where there is nothing to compare; `filters` may hold from_date, to_date and work_order.

	QuickBooks is read. Without dates: the last month, or the day of the work order.
	"""
	filters = frappe._dict(filters or {})
	if frappe.get_cached_doc(SETTINGS).inventory_mode != COUNTED:
		return (
			list_columns(),
			[],
			_("QuickBooks has no cost of its own: it keeps values alone, and they are ours."),
		)
	if reason := explain_no_true_up():
		return list_columns(), [], reason
	day = frappe.db.get_value(WORK_ORDER, filters.work_order, "posting_date") if filters.work_order else None
	start = getdate(filters.from_date or day or add_months(getdate(), -1))
	end = getdate(filters.to_date or day)
	return list_columns(), [show(one) for one in list_variances(start, end, filters.work_order)], None


def show(one: Variance) -> dict:
	"""Return a work order's row; without QuickBooks' figures, and with the reason, where it is not there as it was sent."""
	row = {
		"posting_date": one.order.posting_date,
		"work_order": one.order.name,
		"item": one.order.item,
		"quantity": one.order.quantity,
		"our_components": float(one.ours.components),
		"our_product": float(one.ours.product),
	}
	if not one.is_there:
		return {**row, "note": one.order.quickbooks_reason or _(one.order.quickbooks_status)}
	return {
		**row,
		"quickbooks_components": float(one.theirs.components),
		"quickbooks_product": float(one.theirs.product),
		"variance": float(one.variance),
		"booked": float(one.booked),
		"to_book": float(one.variance - one.booked),
	}


def list_columns() -> list[dict]:
	money = {
		"our_components": _("Components"),
		"quickbooks_components": _("Components in QuickBooks"),
		"our_product": _("Product"),
		"quickbooks_product": _("Product in QuickBooks"),
		"variance": _("Variance"),
		"booked": _("Trued Up"),
		"to_book": _("To True Up"),
	}
	return [
		{"fieldname": "posting_date", "label": _("Date"), "fieldtype": "Date", "width": 100},
		{
			"fieldname": "work_order",
			"label": _("Work Order"),
			"fieldtype": "Link",
			"options": WORK_ORDER,
			"width": 140,
		},
		{"fieldname": "item", "label": _("Item"), "fieldtype": "Link", "options": "AO Item", "width": 140},
		{"fieldname": "quantity", "label": _("Quantity"), "fieldtype": "Float", "width": 90},
		*(
			{"fieldname": name, "label": label, "fieldtype": "Currency", "width": 130}
			for name, label in money.items()
		),
		{"fieldname": "note", "label": _("Not Compared Because"), "fieldtype": "Data", "width": 260},
	]
