"""One record of either side while the lists are matched. Written by sync.matching alone."""

import frappe
from frappe.model.document import Document


class QuickBooksMatch(Document):
	pass


def on_doctype_update() -> None:
	"""A record of ours is proposed for one of theirs, and each of theirs stands there once; pages come by state and name."""
	frappe.db.add_unique(
		"QuickBooks Match", ["realm_id", "list_type", "side", "record"], "one_proposal_per_record"
	)
	frappe.db.add_unique("QuickBooks Match", ["realm_id", "list_type", "quickbooks_id"], "one_row_per_twin")
	frappe.db.add_index("QuickBooks Match", ["list_type", "state", "title"], "pages_by_state")
