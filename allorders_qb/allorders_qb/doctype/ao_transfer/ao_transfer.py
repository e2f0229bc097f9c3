"""AO Transfer: goods moved between locations. Submitted, it moves stock; it never posts anywhere."""

from frappe import _

from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.stock import ledger, transferring
from allorders_qb.stock.stock_document import StockDocument


class AOTransfer(StockDocument):
	done_status = "Moved"

	def validate(self) -> None:
		refuse(transferring.prepare_transfer(self), _("Please Check the Lines"))
		self.set_status()

	def on_submit(self) -> None:
		ledger.record_movements(transferring.build_movements(self))
