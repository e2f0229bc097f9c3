"""AO Quantity Adjustment: what is on hand, corrected. Submitted, it moves stock."""

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment.access import require_permission
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.stock import adjusting, guards, ledger

STATUS = ("Draft", "Adjusted", "Cancelled")


class AOQuantityAdjustment(Document):
	def validate(self) -> None:
		refuse(adjusting.prepare_quantities(self), _("Please Check the Lines"))
		self.status = STATUS[self.docstatus]

	def on_submit(self) -> None:
		adjusting.record_quantities(self)

	def before_cancel(self) -> None:
		self.status = STATUS[self.docstatus]

	def on_cancel(self) -> None:
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)


@frappe.whitelist()
def get_count_sheet(location: str) -> list[dict]:
	"""Return a line for every active item that is, or was, at a location: item, unit, on_hand."""
	require_permission("AO Stock Balance", "read")
	return adjusting.list_countable(location)
