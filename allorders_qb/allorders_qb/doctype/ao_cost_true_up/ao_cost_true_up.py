"""AO Cost True-Up: what earlier documents cost by now, less what was posted for them. Submitted, it changes the books alone, never
the stock."""

from frappe.model.document import Document

from allorders_qb.money import to_decimal

STATUS = ("Draft", "Posted", "Cancelled")


class AOCostTrueUp(Document):
	def validate(self) -> None:
		self.status = STATUS[self.docstatus]
		self.add_up()

	def add_up(self) -> None:
		"""Work out what it changes the books by, in home currency."""
		decided = (row.unexplained for row in self.items if row.account)
		booked = [*(line.difference for line in self.lines), *decided]
		self.total_difference = float(sum(to_decimal(amount, 2) for amount in booked))

	def before_cancel(self) -> None:
		self.status = STATUS[self.docstatus]
