"""Where a row of the queue stands, what it waits for, and where a person can mend what is wrong with it."""

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS, explain_not_ready, get_connection
from allorders_qb.sync.links import get_links_of
from allorders_qb.sync.status import explain_row

PLACES = {
	"Freight Item": ("AO Settings", "AO Settings"),
	"Discount Item": ("AO Settings", "AO Settings"),
	"Income Account": (SETTINGS, SETTINGS),
	"Expense Account": (SETTINGS, SETTINGS),
	"Inventory Mode": (SETTINGS, SETTINGS),
	"Start of Inventory": (SETTINGS, SETTINGS),
	"Inventory Asset Account": (SETTINGS, SETTINGS),
	"Cost of Goods Account": (SETTINGS, SETTINGS),
	"Adjustment Account": (SETTINGS, SETTINGS),
	"Scrap Account": (SETTINGS, SETTINGS),
	"Inventory Cost Difference Account": (SETTINGS, SETTINGS),
	"Purchase Variance Account": (SETTINGS, SETTINGS),
	"Manufacturing Clearing Account": (SETTINGS, SETTINGS),
	"Labour Account": (SETTINGS, SETTINGS),
	"Subcontract Account": (SETTINGS, SETTINGS),
	"Overhead Account": (SETTINGS, SETTINGS),
	"Landed Cost Clearing Account": (SETTINGS, SETTINGS),
	"Received Not Billed Account": (SETTINGS, SETTINGS),
	"Deposit Account": (SETTINGS, SETTINGS),
	"Refund Account": (SETTINGS, SETTINGS),
}
"""Where a field is that is not, or not only, on the document itself."""


def get_advice(row: frappe._dict) -> dict:
	"""``sentence`` (why it is where it is), ``ahead`` (how many rows go before it, None where it does not move), and
	``links``: what to open, each with ``label``, ``doctype`` and ``name``."""
	sentence = explain_row(row, row.status, get_links_of(row.reference_doctype, row.reference_name))
	return {
		"sentence": sentence,
		"ahead": _count_ahead(row)
		if row.status == rows.QUEUED and not row.waits_for_synchronization
		else None,
		"links": _list_links(row),
	}


def _count_ahead(row: frappe._dict) -> int:
	table = frappe.qb.DocType(rows.QUEUE)
	return (
		frappe.qb.from_(table)
		.select(Count(table.name))
		.where(table.status.isin([rows.QUEUED, rows.SENDING, rows.UNKNOWN]))
		.where(table.waits_for_synchronization == 0)
		.where((table.creation < row.creation) | ((table.creation == row.creation) & (table.name < row.name)))
		.run()[0][0]
	)


def _list_links(row: frappe._dict) -> list[dict]:
	links = [(_("Open {0}").format(row.reference_name), row.reference_doctype, row.reference_name)]
	if row.status not in rows.OPEN_STATUSES:
		return _show(links)
	if row.fault_field in PLACES:
		doctype, name = PLACES[row.fault_field]
		links.append((_("Set {0} in {1}").format(_(row.fault_field), _(doctype)), doctype, name))
	if row.blocked_by:
		blocker = frappe.db.get_value(
			rows.QUEUE, row.blocked_by, ["name", "reference_name", "status"], as_dict=True
		)
		if blocker and blocker.status in rows.OPEN_STATUSES:
			links.append(
				(_("What It Waits For: {0}").format(blocker.reference_name), rows.QUEUE, blocker.name)
			)
	older = rows.get_older_of_party(row) if row.status == rows.QUEUED else None
	if older:
		links.append(
			(_("Goes First: {0}").format(older.reference_name), older.reference_doctype, older.reference_name)
		)
	if explain_not_ready(get_connection()):
		links.append((_("QuickBooks Settings"), SETTINGS, SETTINGS))
	return _show(links)


def _show(links: list[tuple[str, str, str]]) -> list[dict]:
	return [{"label": label, "doctype": doctype, "name": name} for label, doctype, name in links]
