"""AO Stock Ledger Entry: one movement of stock. Added by allorders_qb.stock.ledger, changed by nobody."""

import frappe
from frappe.model.document import Document

from allorders_qb.stock.guards import refuse_foreign_writer


class AOStockLedgerEntry(Document):
	def before_insert(self) -> None:
		refuse_foreign_writer(self.doctype)

	def validate(self) -> None:
		refuse_foreign_writer(self.doctype)

	def before_change(self) -> None:
		refuse_foreign_writer(self.doctype)

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		refuse_foreign_writer(self.doctype)

	def on_trash(self) -> None:
		refuse_foreign_writer(self.doctype)


def on_doctype_update() -> None:
	"""Index what the ledger is asked for: the rows of a document, and an item at a location by date."""
	frappe.db.add_index("AO Stock Ledger Entry", ["voucher_type", "voucher_no"], "voucher_type_voucher_no")
	frappe.db.add_index(
		"AO Stock Ledger Entry", ["item", "location", "posting_date"], "item_location_posting_date"
	)
