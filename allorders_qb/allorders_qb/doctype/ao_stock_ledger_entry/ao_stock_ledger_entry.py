"""AO Stock Ledger Entry: one movement of stock. Added by allorders_qb.stock.ledger, changed by nobody."""

import frappe

from allorders_qb.stock.guards import ComputedDocument


class AOStockLedgerEntry(ComputedDocument):
	pass


def on_doctype_update() -> None:
	"""Index what the ledger is asked for: the rows of a document, an item at a location by date, an item's history in order,
	and what returns, reverses or revalues an entry."""
	frappe.db.add_index("AO Stock Ledger Entry", ["voucher_type", "voucher_no"], "voucher_type_voucher_no")
	frappe.db.add_index(
		"AO Stock Ledger Entry", ["item", "location", "posting_date"], "item_location_posting_date"
	)
	frappe.db.add_index("AO Stock Ledger Entry", ["item", "posting_date", "sequence"], "item_history")
	frappe.db.add_index("AO Stock Ledger Entry", ["source_entry"], "source_entry")
