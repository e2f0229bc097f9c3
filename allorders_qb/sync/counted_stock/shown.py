"""QuickBooks' own quantity and value beside ours, as last read, and the documents that explain why they differ."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Order
from frappe.query_builder.functions import Sum
from frappe.utils import getdate, now_datetime

from allorders_qb.qbo.reports import Stock
from allorders_qb.stock.entries import ENTRY
from allorders_qb.stock.rows import STANDARD_COLUMNS, make_standard_values
from allorders_qb.sync.asking import ask_quickbooks
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.counted_stock.our_side import SETTLED
from allorders_qb.sync.counted_stock.reading import read_stock
from allorders_qb.sync.inventory import COUNTED
from allorders_qb.sync.registry import POSTING_TYPES

READING = "QuickBooks Item Stock"
COLUMNS = ("item", "quantity", "value", "day", "read_at")
MAX_SHOWN = 20


def is_shown() -> bool:
	"""Whether QuickBooks has quantities of its own."""
	return frappe.get_cached_doc(SETTINGS).inventory_mode == COUNTED


def read_now() -> int:
	"""Read QuickBooks' stock of this moment; of how many items. Commits; throws why it cannot be read."""
	day = getdate()
	stock = ask_quickbooks(
		lambda client, realm_id: read_stock(client, realm_id, day), _("Stock in QuickBooks")
	)
	store_reading(stock, day)
	return len(stock)


def store_reading(stock: Mapping[str, Stock], day: date) -> None:
	"""Keep what was read, by item, in the place of what was read before. Does not commit."""
	read_at = now_datetime()
	frappe.db.delete(READING)
	rows = [
		(*make_standard_values(), item, float(stock[item].quantity), float(stock[item].value), day, read_at)
		for item in sorted(stock)
	]
	if rows:
		frappe.qb.into(frappe.qb.DocType(READING)).columns(*STANDARD_COLUMNS, *COLUMNS).insert(*rows).run()


def get_readings(items: Iterable[str] | None = None) -> dict[str, frappe._dict]:
	"""What was last read of these items, or of all: quantity, value, day and read_at, by item."""
	filters = {} if items is None else {"item": ("in", sorted(set(items)) or [""])}
	rows = frappe.get_all(READING, filters=filters, fields=list(COLUMNS), order_by="item")
	return {row.item: row for row in rows}


def show_item(item: str) -> dict[str, Any] | None:
	"""QuickBooks' quantity and value of an item, ours beside, and what of ours is not there as it should be; None where QuickBooks
	does not count, or was never read."""
	reading = get_readings([item]).get(item) if is_shown() else None
	if not reading:
		return None
	ours = frappe.db.get_value("AO Item Stock", {"item": item}, ["on_hand", "value"], as_dict=True)
	return {
		"quantity": reading.quantity,
		"value": reading.value,
		"read_at": reading.read_at,
		"our_quantity": ours.on_hand if ours else 0,
		"our_value": ours.value if ours else 0,
		"unsent": list_unsent(item),
	}


def list_unsent(item: str) -> list[dict[str, Any]]:
	"""The documents that moved an item and that QuickBooks does not have as they are, the latest first: doctype, name, quantity and
	the sentence why. At most 20, and only those that the user may read."""
	entry = frappe.qb.DocType(ENTRY)
	found: list[dict[str, Any]] = []
	for doctype in POSTING_TYPES:
		if not frappe.has_permission(doctype, "read"):
			continue
		table = frappe.qb.DocType(doctype)
		rows = (
			frappe.qb.from_(entry)
			.join(table)
			.on(table.name == entry.voucher_no)
			.select(
				table.name,
				table.posting_date,
				table.quickbooks_status,
				table.quickbooks_reason,
				Sum(entry.quantity_change).as_("quantity"),
			)
			.where((entry.item == item) & (entry.voucher_type == doctype) & (table.docstatus == 1))
			.where(table.quickbooks_status.isnull() | table.quickbooks_status.notin(list(SETTLED)))
			.groupby(table.name, table.posting_date, table.quickbooks_status, table.quickbooks_reason)
			.orderby(table.posting_date, table.name, order=Order.desc)
			.run(as_dict=True)
		)
		names = [row.name for row in rows]
		readable = set(
			frappe.get_list(
				doctype,
				filters={"name": ("in", names)},
				pluck="name",
				order_by="posting_date desc, name desc",
				limit=MAX_SHOWN,
			)
			if names
			else ()
		)
		found += [
			{
				"doctype": doctype,
				"name": row.name,
				"posting_date": row.posting_date,
				"quantity": row.quantity,
				"reason": row.quickbooks_reason or row.quickbooks_status,
			}
			for row in rows
			if row.name in readable
		]
	return sorted(found, key=lambda one: (str(one["posting_date"]), one["name"]), reverse=True)[:MAX_SHOWN]
