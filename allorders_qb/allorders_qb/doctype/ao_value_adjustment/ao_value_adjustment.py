"""AO Value Adjustment: what stock is worth, corrected. Submitted, it changes values and no quantity."""

from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.stock import adjusting, guards, ledger

STATUS = ("Draft", "Adjusted", "Cancelled")


class AOValueAdjustment(Document):
	def validate(self) -> None:
		refuse(adjusting.prepare_values(self), _("Please Check the Lines"))
		self.status = STATUS[self.docstatus]

	def on_submit(self) -> None:
		adjusting.record_values(self)

	def before_cancel(self) -> None:
		self.status = STATUS[self.docstatus]

	def on_cancel(self) -> None:
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)
