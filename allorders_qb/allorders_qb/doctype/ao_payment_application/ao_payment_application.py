"""What of a payment settles which invoice in QuickBooks. Written by the sync room alone."""

import frappe
from frappe.model.document import Document


class AOPaymentApplication(Document):
	pass


def on_doctype_update() -> None:
	"""A payment's applications are numbered, whoever plans one at once."""
	frappe.db.add_unique("AO Payment Application", ["payment", "number"], "one_application_per_number")
