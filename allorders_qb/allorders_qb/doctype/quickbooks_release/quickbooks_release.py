"""A document that waits for a second person, or was released by one. Written by the sync room alone."""

import frappe
from frappe.model.document import Document


class QuickBooksRelease(Document):
	pass


def on_doctype_update() -> None:
	"""One row a document, whoever asks for it at once."""
	frappe.db.add_unique("QuickBooks Release", ["reference_doctype", "reference_name"], "one_release")
