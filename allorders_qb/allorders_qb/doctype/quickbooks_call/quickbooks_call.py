"""One request to QuickBooks and its answer, secrets masked: the auditor's copy. Written by the sync room alone."""

import frappe
from frappe.model.document import Document
from frappe.query_builder import Interval
from frappe.query_builder.functions import Now


class QuickBooksCall(Document):
	@staticmethod
	def clear_old_logs(days: int = 180) -> None:
		"""Called by Log Settings. Calls that met with an error are kept twice as long."""
		table = frappe.qb.DocType("QuickBooks Call")
		frappe.db.delete(table, (table.creation < Now() - Interval(days=days)) & table.error.isnull())
		frappe.db.delete(table, table.creation < Now() - Interval(days=2 * days))
