"""A synchronization of selected records: what of them waits is sent (``pulling`` then reads QuickBooks' side)."""

import frappe
from frappe.utils import now_datetime

from allorders_qb.sync import queue, rows, triggers
from allorders_qb.sync.registry import LIST_TYPES, POSTING_TYPES
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.runs.flush import note_outcome, send_due


def send_selected(context: RunContext) -> None:
	"""Send the selected documents, as their button does, and what waits of the selected list records."""
	began = now_datetime()
	for doctype, name in context.scope.get("records", []):
		if doctype in POSTING_TYPES:
			_record(context, doctype, name)
		elif doctype in LIST_TYPES:
			queue.send_waiting(doctype, name)
		context.check_lease()
	send_due(context)
	note_outcome(context, began)


def _record(context: RunContext, doctype: str, name: str) -> None:
	frappe.db.savepoint("quickbooks_sync_record")
	try:
		outcome = triggers.record_document(doctype, name, "Synchronization")
	except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError) as error:
		frappe.db.rollback(save_point="quickbooks_sync_record")
		frappe.clear_last_message()
		context.note_error(frappe.utils.strip_html(str(error)), doctype, name)
		return
	if not outcome.ok and not rows.get_rows(doctype, name):
		# What has a row and needs a person is noted with the rest, once the queue has been worked on.
		context.note_error(outcome.message, doctype, name)
