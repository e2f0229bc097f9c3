"""AO Value Adjustment: what stock is worth, corrected. Submitted, it changes values and no quantity."""

from frappe import _

from allorders_qb.fulfilment.accounts import ADJUSTMENT_TYPES, find_account_faults
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.stock import adjusting
from allorders_qb.stock.stock_document import StockDocument


class AOValueAdjustment(StockDocument):
	done_status = "Adjusted"

	def validate(self) -> None:
		faults = find_account_faults(self, "account", ADJUSTMENT_TYPES)
		refuse(faults + adjusting.prepare_values(self), _("Please Check the Lines"))
		self.set_status()

	def on_submit(self) -> None:
		adjusting.record_values(self)
