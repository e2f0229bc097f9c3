"""One synchronization with QuickBooks: what it read, sent and met with. Written by the sync room alone."""

import frappe
from frappe.model.document import Document
from frappe.query_builder import Interval
from frappe.query_builder.functions import Now

CHILDREN = ("QuickBooks Sync Run List", "QuickBooks Sync Run Error")


class QuickBooksSyncRun(Document):
	@staticmethod
	def clear_old_logs(days: int = 180) -> None:
		"""Called by Log Settings. What is not over stays."""
		run = frappe.qb.DocType("QuickBooks Sync Run")
		old = (run.creation < Now() - Interval(days=days)) & run.status.notin(["Queued", "Running"])
		for doctype in CHILDREN:
			names = frappe.qb.from_(run).select(run.name).where(old)
			frappe.db.delete(doctype, frappe.qb.DocType(doctype).parent.isin(names))
		frappe.db.delete(run, old)


def on_doctype_update() -> None:
	"""The runs of a company by state, in order: asked by every tick and every worker."""
	frappe.db.add_index("QuickBooks Sync Run", ["realm_id", "status", "creation"], "runs_in_order")
