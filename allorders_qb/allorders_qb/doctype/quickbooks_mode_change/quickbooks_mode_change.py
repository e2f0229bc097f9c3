"""A change of the inventory mode: checked as a draft, begun by submitting it, carried out by a synchronization of its own."""

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.sync.mode_change import course


class QuickBooksModeChange(Document):
	def validate(self) -> None:
		course.fill(self)

	def before_submit(self) -> None:
		course.check_again(self)

	def on_submit(self) -> None:
		course.begin(self)

	def before_update_after_submit(self) -> None:
		frappe.throw(_("{0} is begun; nothing of it can be changed by hand.").format(self.name))

	def before_cancel(self) -> None:
		frappe.throw(
			_(
				"{0} is begun and can't be cancelled. When it is done, change the mode back in the same way."
			).format(self.name),
			title=_("Not Cancelled"),
		)
