"""The step of a synchronization that reads QuickBooks' own stock, where it counts too, and proposes the cost true-up, by setting."""

from datetime import timedelta

import frappe
from frappe.utils import get_datetime, getdate, now_datetime

from allorders_qb.sync import true_up
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.counted_stock.differences import find_differences
from allorders_qb.sync.counted_stock.proposing import explain_unsettled
from allorders_qb.sync.counted_stock.reading import read_stock
from allorders_qb.sync.counted_stock.shown import READING, is_shown, store_reading
from allorders_qb.sync.links import LINK
from allorders_qb.sync.mode_change.records import explain_no_true_up
from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.runs.run_rows import FULL

READ_AGAIN_AFTER = timedelta(hours=24)


def read_counted_stock(context: RunContext) -> None:
	"""Read it where something was sent since it was last read, once a day, and with every full synchronization. Commits."""
	if not is_shown() or not (context.run.kind == FULL or is_due(context.realm_id)):
		return
	settings = frappe.get_cached_doc(SETTINGS)
	store_reading(read_stock(context.client, context.realm_id, getdate()), getdate())
	context.check_lease()
	if settings.true_up_at_synchronization:
		_propose(context, settings)
		context.check_lease()


def is_due(realm_id: str) -> bool:
	"""Whether QuickBooks' stock may be another than when it was last read, or that was a day ago."""
	last = frappe.get_all(READING, pluck="read_at", order_by="read_at desc", limit=1)
	if not last or get_datetime(last[0]) + READ_AGAIN_AFTER < now_datetime():
		return True
	filters = {
		"realm_id": realm_id,
		"reference_doctype": ("in", list(POSTING_TYPES)),
		"modified": (">", last[0]),
	}
	return bool(frappe.get_all(LINK, filters=filters, pluck="name", order_by="modified desc", limit=1))


def _propose(context: RunContext, settings: object) -> None:
	day = true_up.find_open_date(getdate())
	if reason := explain_no_true_up() or explain_unsettled(day):
		context.note_error(reason, true_up.TRUE_UP)
		return
	found = find_differences(context.client, context.realm_id, settings, day)
	if found.explained:
		has_draft = bool(
			frappe.get_all(true_up.TRUE_UP, filters={"docstatus": 0}, limit=1, order_by="creation")
		)
		true_up.store_draft(found)
		context.count(true_up.TRUE_UP, **{"updated" if has_draft else "created": 1})
