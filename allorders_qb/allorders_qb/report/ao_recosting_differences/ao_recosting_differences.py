"""What was posted for each document against what it costs by now, where a later document has changed that."""

import frappe
from frappe import _

from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.inventory import COUNTED
from allorders_qb.sync.mode_change.records import explain_no_true_up
from allorders_qb.sync.true_up import list_differences


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None]:
	"""Return columns and rows: the document, what its posting did to an account, what our ledger says by now, the difference; and
	a message where QuickBooks has to be read for that, or where a change of the inventory mode lies between.
	"""
	columns = [
		_make_column("posting_date", _("Date"), "Date"),
		_make_column("reference_doctype", _("Document Type"), "Link", "DocType"),
		{**_make_column("reference_name", _("Document"), "Dynamic Link", "reference_doctype"), "width": 180},
		{**_make_column("value_account", _("On Account"), "Link", "QuickBooks Account"), "width": 180},
		_make_column("posted_value", _("Posted"), "Currency"),
		_make_column("current_value", _("By Now"), "Currency"),
		_make_column("difference", _("Difference"), "Currency"),
		{**_make_column("account", _("Against"), "Link", "QuickBooks Account"), "width": 180},
	]
	if reason := explain_no_true_up():
		return columns, [], reason
	rows = [{**found.show(), "posting_date": found.posting_date} for found in list_differences()]
	return columns, rows, _explain_counted()


def _explain_counted() -> str | None:
	if frappe.get_cached_doc(SETTINGS).inventory_mode != COUNTED:
		return None
	return _(
		"QuickBooks counts too, and values by itself. Make Cost True-Up reads its value and lists what ours differs by, document by document."
	)


def _make_column(fieldname: str, label: str, fieldtype: str, options: str | None = None) -> dict:
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": fieldtype,
		"options": options,
		"width": 130,
	}
