"""A difference between a list record and its twin in QuickBooks that a person decides. Written by the sync room alone."""

import frappe
from frappe.model.document import Document


class QuickBooksConflict(Document):
	pass


def on_doctype_update() -> None:
	"""A record's form asks for its open conflicts, and so does each merge."""
	frappe.db.add_index("QuickBooks Conflict", ["list_type", "record", "status"], "conflicts_of_a_record")
