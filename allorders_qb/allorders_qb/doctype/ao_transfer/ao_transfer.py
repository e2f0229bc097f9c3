"""AO Transfer: goods moved between locations. Submitted, it moves stock; it never posts anywhere."""

from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.stock import guards, ledger, transferring

STATUS = ("Draft", "Moved", "Cancelled")


class AOTransfer(Document):
	def validate(self) -> None:
		refuse(transferring.prepare_transfer(self), _("Please Check the Lines"))
		self.status = STATUS[self.docstatus]

	def on_submit(self) -> None:
		ledger.record_movements(transferring.build_movements(self))

	def before_cancel(self) -> None:
		self.status = STATUS[self.docstatus]

	def on_cancel(self) -> None:
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)
