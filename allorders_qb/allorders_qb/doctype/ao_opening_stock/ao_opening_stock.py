"""AO Opening Stock: what was on the shelves at the start. Submitted, it moves stock; it never posts anywhere."""

from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.stock import counting, guards, ledger


class AOOpeningStock(Document):
	def validate(self) -> None:
		refuse(counting.prepare_count(self), _("Please Check the Lines"))

	def on_submit(self) -> None:
		ledger.record_movements(counting.build_movements(self))

	def on_cancel(self) -> None:
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)
