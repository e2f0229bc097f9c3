"""AO Opening Stock: what was on the shelves at the start. Submitted, it moves stock; it never posts anywhere."""

from frappe import _

from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.stock import counting, ledger
from allorders_qb.stock.stock_document import StockDocument


class AOOpeningStock(StockDocument):
	def validate(self) -> None:
		refuse(counting.prepare_count(self), _("Please Check the Lines"))

	def on_submit(self) -> None:
		ledger.record_movements(counting.build_movements(self))
