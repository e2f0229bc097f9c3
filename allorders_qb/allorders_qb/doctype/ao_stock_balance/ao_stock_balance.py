"""AO Stock Balance: what is on hand per item and location. Moved by allorders_qb.stock.ledger alone."""

import frappe
from frappe.model.document import Document

from allorders_qb.stock.guards import refuse_foreign_writer


class AOStockBalance(Document):
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
	"""One row per item and location: what makes the ledger's atomic addition possible."""
	frappe.db.add_unique("AO Stock Balance", ["item", "location"], "unique_item_location")
