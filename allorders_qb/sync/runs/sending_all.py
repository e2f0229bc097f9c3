"""Step 3 of a synchronization: with Send All, what is available and unsent is queued and sent."""

import frappe
from frappe import _

from allorders_qb.sync import send_all
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.runs.flush import note_outcome, send_due


def send_everything(context: RunContext) -> None:
	"""Queue what the switches and the filters let through, then send it. Without the switches: nothing."""
	began = frappe.utils.now_datetime()
	going = [
		candidate
		for group in send_all.GROUPS
		if send_all.is_on(group)
		for candidate in send_all.list_going(group)
	]
	if not going:
		return
	with context.portion(0, 0.3):
		_queue(context, going)
	with context.portion(0.3, 1):
		send_due(context)
	note_outcome(context, began)


def _queue(context: RunContext, going: list) -> None:
	for number, candidate in enumerate(going, 1):
		frappe.db.savepoint("quickbooks_send_all")
		try:
			send_all.queue_going(candidate)
		except (frappe.ValidationError, frappe.DoesNotExistError) as error:
			frappe.db.rollback(save_point="quickbooks_send_all")
			frappe.clear_last_message()
			context.note_error(frappe.utils.strip_html(str(error)), candidate.doctype, candidate.name)
		context.report(_("Queueing what is available"), number, len(going))
		# After each, so that no two documents are locked at once.
		context.check_lease()
