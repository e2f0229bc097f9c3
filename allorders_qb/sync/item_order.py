"""Where QuickBooks counts too, what moves the same item leaves in the order of our ledger.

QuickBooks values what it gets in the order of dates and then of arrival, so an issue must not overtake the receipt it lives on.
Each row waits for the one before it of each of its items (``blocked_by``), never for all of them: when that is done, it alone
wakes up. Source: ``accounting.md`` 2 of the design notes.
"""

import frappe
from frappe.query_builder import Order
from frappe.query_builder.functions import Min

from allorders_qb.mapping.dispatch import Posting, list_items
from allorders_qb.mapping.posting import AdjustmentDocument
from allorders_qb.stock.entries import ENTRY
from allorders_qb.stock.rows import STANDARD_COLUMNS, make_standard_values
from allorders_qb.sync import rows

QUEUE_ITEM = rows.QUEUE_ITEM


def moves_stock(posting: Posting) -> bool:
	"""Whether QuickBooks counts goods with it."""
	return isinstance(posting, AdjustmentDocument) or bool(getattr(posting, "moves_stock", False))


def note_items(row_name: str, doctype: str, name: str, posting: Posting) -> bool:
	"""Write down which items a new row moves, each with its first place in the ledger; whether it moves any. Does not commit."""
	if not moves_stock(posting):
		return False
	entry = frappe.qb.DocType(ENTRY)
	places = (
		frappe.qb.from_(entry)
		.select(entry.item, Min(entry.sequence))
		.where((entry.voucher_type == doctype) & (entry.voucher_no == name) & (entry.is_reversal == 0))
		.where(entry.item.isin(sorted(list_items(posting))))
		.groupby(entry.item)
		.orderby(entry.item)
		.run()
	)
	if places:
		table = frappe.qb.DocType(QUEUE_ITEM)
		values = [(*make_standard_values(), row_name, item, int(sequence)) for item, sequence in places]
		(
			frappe.qb.into(table)
			.columns(*STANDARD_COLUMNS, "queue_entry", "item", "sequence")
			.insert(*values)
			.run()
		)
	return bool(places)


def find_predecessor(row_name: str, name: str) -> frappe._dict | None:
	"""The row of another document (``name`` is its own) that moves one of the same items right before this one and is still on
	its way, or None: ``name``, ``reference_doctype``, ``reference_name`` and ``item``.

	What waits for a synchronization was told to wait, and holds up nothing.
	"""
	mine, theirs = frappe.qb.DocType(QUEUE_ITEM), frappe.qb.DocType(QUEUE_ITEM).as_("theirs")
	entry = frappe.qb.DocType(rows.QUEUE)
	found = (
		frappe.qb.from_(mine)
		.join(theirs)
		.on((theirs.item == mine.item) & (theirs.sequence < mine.sequence))
		.join(entry)
		.on(entry.name == theirs.queue_entry)
		.select(entry.name, entry.reference_doctype, entry.reference_name, theirs.item)
		.where((mine.queue_entry == row_name) & (entry.reference_name != name))
		.where(entry.status.isin(list(rows.OPEN_STATUSES)) & (entry.waits_for_synchronization == 0))
		.orderby(theirs.sequence, order=Order.desc)
		.limit(1)
		.run(as_dict=True)
	)
	return found[0] if found else None


def forget_items(row_name: str) -> None:
	"""A row that is done holds up nothing any more. Does not commit."""
	frappe.db.delete(QUEUE_ITEM, {"queue_entry": row_name})
