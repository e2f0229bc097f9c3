"""How far a synchronization is, and how things stand: what the desk shows."""

import frappe
from frappe import _

from allorders_qb.sync import rows
from allorders_qb.sync.connection import explain_not_ready, get_connection
from allorders_qb.sync.matching.gate import is_waiting
from allorders_qb.sync.runs import run_rows

FIELDS = (
	"name",
	"kind",
	"trigger",
	"status",
	"step",
	"percent",
	"progress_text",
	"summary",
	"started_at",
	"finished_at",
	"duration",
	"error_count",
	"continue_at",
)
COUNTS = (
	"list_type",
	"read",
	"created",
	"updated",
	"deactivated",
	"conflicts",
	"changed_there",
	"sent",
	"errors",
)


def describe(name: str) -> dict:
	"""The fields of ``FIELDS``, ``is_open``, ``counts`` (rows of ``COUNTS``) and ``continued_by`` (a name, or None)."""
	run = frappe.db.get_value(run_rows.RUN, name, FIELDS, as_dict=True)
	if not run:
		frappe.throw(_("There is no synchronization {0}.").format(name), exc=frappe.DoesNotExistError)
	run.is_open = run.status in run_rows.OPEN_STATUSES
	run.counts = frappe.get_all(
		"QuickBooks Sync Run List", filters={"parent": name}, fields=list(COUNTS), order_by="idx"
	)
	run.continued_by = frappe.db.get_value(run_rows.RUN, {"continues": name}, "name")
	if run.status == run_rows.QUEUED:
		run.progress_text = explain_not_ready(get_connection()) or _("It begins in a moment.")
	return run


def get_overview() -> dict:
	"""``current`` and ``last`` (see ``describe``; None where there is none), ``queued``, ``attention``, and
	``not_ready`` (a sentence on why QuickBooks can't be asked, or None), ``matching`` (whether the lists of both sides have
	to be matched first)."""
	connection = get_connection()
	realm_id = connection.realm_id if connection else None
	current = run_rows.find_runs(realm_id, run_rows.RUNNING) or run_rows.find_runs(realm_id, run_rows.QUEUED)
	last = run_rows.get_last_finished(realm_id, (run_rows.SINCE_LAST, run_rows.FULL))
	moving = (rows.QUEUED, rows.SENDING, rows.UNKNOWN)
	return {
		"current": describe(current[0].name) if current else None,
		"last": last,
		"queued": frappe.db.count(rows.QUEUE, {"status": ("in", moving)}),
		"attention": frappe.db.count(rows.QUEUE, {"status": rows.ATTENTION}),
		"not_ready": explain_not_ready(connection),
		"matching": bool(realm_id and is_waiting(realm_id)),
	}
