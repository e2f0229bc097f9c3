"""AO Quantity Adjustment: what is on hand, corrected. Submitted, it moves stock."""

import frappe
from frappe import _

from allorders_qb.fulfilment.access import require_permission
from allorders_qb.fulfilment.accounts import ADJUSTMENT_TYPES, find_account_faults
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.stock import adjusting
from allorders_qb.stock.stock_document import StockDocument


class AOQuantityAdjustment(StockDocument):
	done_status = "Adjusted"

	def validate(self) -> None:
		faults = find_account_faults(self, "account", ADJUSTMENT_TYPES)
		refuse(faults + adjusting.prepare_quantities(self), _("Please Check the Lines"))
		self.set_status()

	def on_submit(self) -> None:
		adjusting.record_quantities(self)


@frappe.whitelist()
def get_count_sheet(location: str) -> list[dict]:
	"""Return a line for every active item that is, or was, at a location: item, unit, on_hand."""
	require_permission("AO Stock Balance", "read")
	return adjusting.list_countable(location)
