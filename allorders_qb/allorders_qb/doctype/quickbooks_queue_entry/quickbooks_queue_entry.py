"""One thing to be sent to QuickBooks: one role of one document, or one list record. Written by the sync room alone."""

import frappe
from frappe.model.document import Document


class QuickBooksQueueEntry(Document):
	pass


def on_doctype_update() -> None:
	"""One row per document, role, operation and generation, whoever asks for it at once; and the order of work."""
	frappe.db.add_unique(
		"QuickBooks Queue Entry",
		["reference_doctype", "reference_name", "role", "operation", "generation"],
		"one_row_per_role",
	)
	frappe.db.add_index(
		"QuickBooks Queue Entry", ["status", "waits_for_synchronization", "creation"], "due_in_order"
	)
	frappe.db.add_index("QuickBooks Queue Entry", ["party", "status", "creation"], "party_in_order")
	frappe.db.add_index(
		"QuickBooks Queue Entry",
		[
			"party",
			"status",
			"waits_for_synchronization",
			"waits_for_period",
			"blocked_by",
			"creation",
		],
		"holding_up",
	)
