"""AO Stock Layer: what is left of a receipt, with its value. Kept by allorders_qb.stock.layers alone."""

import frappe

from allorders_qb.stock.guards import ComputedDocument


class AOStockLayer(ComputedDocument):
	pass


def on_doctype_update() -> None:
	"""Index an item's open layers in the order in which they are used up, and each by the entry it is of."""
	frappe.db.add_index("AO Stock Layer", ["item", "is_shortage", "posting_date", "sequence"], "item_order")
	frappe.db.add_unique("AO Stock Layer", ["item", "entry"], "one_layer_per_entry")
