"""AO Stock Balance: what is on hand per item and location. Moved by allorders_qb.stock.ledger alone."""

import frappe

from allorders_qb.stock.guards import ComputedDocument


class AOStockBalance(ComputedDocument):
	pass


def on_doctype_update() -> None:
	"""One row per item and location: what makes the ledger's atomic addition possible."""
	frappe.db.add_unique("AO Stock Balance", ["item", "location"], "unique_item_location")
