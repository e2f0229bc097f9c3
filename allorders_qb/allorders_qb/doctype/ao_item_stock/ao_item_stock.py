"""AO Item Stock: what an item is in all. Kept by allorders_qb.stock.layers alone; locking it orders all movements of its item."""

import frappe

from allorders_qb.stock.guards import ComputedDocument


class AOItemStock(ComputedDocument):
	pass


def on_doctype_update() -> None:
	"""One row per item."""
	frappe.db.add_unique("AO Item Stock", ["item"], "unique_item")
