"""Step 1 of a synchronization: what waits for it is released, and the queue is emptied."""

import time

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from allorders_qb.sync import rows
from allorders_qb.sync.connection import explain_not_ready, get_connection
from allorders_qb.sync.queue import send_waiting
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.runs.interruptions import RunInterrupted
from allorders_qb.sync.worker import drain

SLICE_SECONDS = 5
"""A drain is asked to come back this often, so that the lease is renewed and progress is seen."""

BUDGET_SECONDS = 1800
"""A run goes on to its next step after this long, though the queue is not empty; workers go on with it."""


def flush_queue(context: RunContext) -> None:
	"""Release what waits for a synchronization, then send until nothing is due any more or the time is up."""
	began = frappe.utils.now_datetime()
	send_waiting()
	context.check_lease()
	send_due(context)
	note_outcome(context, began)


def send_due(context: RunContext, budget_seconds: int = BUDGET_SECONDS) -> None:
	"""Have the queue emptied. Raises ``RunInterrupted`` when the connection comes to rest before it is empty."""
	ends_at = time.monotonic() + budget_seconds
	total = count_due()
	while rows.has_work():
		drain(SLICE_SECONDS)
		left = count_due()
		total = max(total, left)
		context.report(_("Sending what is queued"), total - left, total)
		context.check_lease()
		if explain_not_ready(get_connection(context.realm_id)):
			raise RunInterrupted(context.run.name)
		if time.monotonic() >= ends_at:
			return


def count_due() -> int:
	"""How many rows are on their way: queued and not waiting for a synchronization or for a date of their own."""
	row = frappe.qb.DocType(rows.QUEUE)
	found = (
		frappe.qb.from_(row)
		.select(Count("*"))
		.where(
			(row.waits_for_synchronization == 0)
			& (row.status.isin([rows.QUEUED, rows.SENDING, rows.UNKNOWN]))
			& (row.next_attempt_at.isnull() | (row.next_attempt_at <= frappe.utils.now_datetime()))
		)
		.run()
	)
	return found[0][0]


def note_outcome(context: RunContext, since) -> None:
	"""Count what QuickBooks has taken since that moment, and note what needs a person or is still unknown."""
	row = frappe.qb.DocType(rows.QUEUE)
	sent = (
		frappe.qb.from_(row)
		.select(row.reference_doctype, Count("*").as_("number"))
		.where((row.status == rows.SENT) & (row.answered_at >= since))
		.groupby(row.reference_doctype)
		.orderby(row.reference_doctype)
		.run(as_dict=True)
	)
	for found in sent:
		context.count(found.reference_doctype, sent=found.number)
	stuck = frappe.get_all(
		rows.QUEUE,
		filters={"status": ("in", (rows.ATTENTION, rows.UNKNOWN)), "modified": (">=", since)},
		fields=["reference_doctype", "reference_name", "reason", "status"],
		order_by="creation",
	)
	for entry in stuck:
		context.note_error(entry.reason or _(entry.status), entry.reference_doctype, entry.reference_name)
