"""An item whose quantity a row of the queue moves in QuickBooks too, and its place in the ledger. Written by the sync room alone."""

import frappe
from frappe.model.document import Document


class QuickBooksQueueItem(Document):
	pass


def on_doctype_update() -> None:
	"""What moves the same item before or after a row; and what a row moves."""
	frappe.db.add_index("QuickBooks Queue Item", ["item", "sequence"], "item_in_order")
	frappe.db.add_index("QuickBooks Queue Item", ["queue_entry"], "of_a_row")
