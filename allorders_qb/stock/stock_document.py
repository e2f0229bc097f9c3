"""What a document that does nothing but move stock is: a status, and a cancel that reverses its movements."""

from __future__ import annotations

from frappe.model.document import Document

from allorders_qb.stock import guards, ledger


class StockDocument(Document):
	"""A submittable document whose movements are reversed when it is cancelled. ``done_status`` is what it is called once it
	is submitted; None where it has no status."""

	done_status: str | None = None

	def set_status(self) -> None:
		if self.done_status:
			self.status = ("Draft", self.done_status, "Cancelled")[self.docstatus]

	def before_cancel(self) -> None:
		self.set_status()

	def on_cancel(self) -> None:
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)
