"""One change that QuickBooks has notified us of. Written by sync.inbox alone."""

import frappe
from frappe.model.document import Document
from frappe.query_builder import Interval
from frappe.query_builder.functions import Now


class QuickBooksInboxEvent(Document):
	@staticmethod
	def clear_old_logs(days: int = 30) -> None:
		"""Called by Log Settings. What has not been looked at yet stays."""
		table = frappe.qb.DocType("QuickBooks Inbox Event")
		frappe.db.delete(table, (table.creation < Now() - Interval(days=days)) & (table.status != "New"))


def on_doctype_update() -> None:
	"""Index what a worker looks for: what is new, oldest first."""
	frappe.db.add_index("QuickBooks Inbox Event", ["status", "creation"], "status_creation")
