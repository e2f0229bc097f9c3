"""Which QuickBooks record is the twin of which of ours. Written by the sync room alone."""

import frappe
from frappe.model.document import Document


class QuickBooksLink(Document):
	pass


def on_doctype_update() -> None:
	"""A local role has one twin in a company, and a twin has one owner."""
	frappe.db.add_unique(
		"QuickBooks Link", ["realm_id", "reference_doctype", "reference_name", "role"], "one_twin_per_role"
	)
	frappe.db.add_unique("QuickBooks Link", ["realm_id", "entity", "quickbooks_id"], "one_owner_per_twin")
	frappe.db.add_index("QuickBooks Link", ["reference_doctype", "reference_name"], "links_of_a_record")
