"""AO Location: a place where stock is kept and from which it is shipped."""

from frappe.model.document import Document

from allorders_qb.stock.guards import refuse_merge_of_stocked


class AOLocation(Document):
	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		if merge:
			refuse_merge_of_stocked("location", old, new)
