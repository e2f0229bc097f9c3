"""AO Cost True-Up: what earlier documents cost by now, less what was posted for them. Submitted, it changes the books alone, never
the stock."""

from frappe.model.document import Document

from allorders_qb.money import to_decimal

STATUS = ("Draft", "Posted", "Cancelled")


class AOCostTrueUp(Document):
	def validate(self) -> None:
		self.status = STATUS[self.docstatus]
		self.total_difference = float(sum(to_decimal(line.difference, 2) for line in self.lines))

	def before_cancel(self) -> None:
		self.status = STATUS[self.docstatus]
