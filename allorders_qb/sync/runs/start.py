"""Starting a synchronization: a row is written, and a worker is woken once it is committed."""

import json

import frappe
from frappe import _

from allorders_qb import jobs
from allorders_qb.sync.connection import CONNECTED, explain_not_ready, get_connection, get_realm_id
from allorders_qb.sync.runs import lease, run_rows

ENGINE = "allorders_qb.sync.runs.engine.carry_out_runs"
RUN_TIMEOUT = 4 * 3600
"""Seconds; a run that takes longer is ended by the job queue and continued by the next."""

JOB_IDS = ("quickbooks_run", "quickbooks_run_next")
"""Two, because a job that has started may have looked for runs before this one was written."""

JOINING = ("Button", "Timer", "First Login")
"""Who asks only that a synchronization takes place, and is content with one that is under way."""


def start_run(
	kind: str,
	*,
	trigger: str,
	lists: list[str] | None = None,
	since: str | None = None,
	records: list[tuple[str, str]] | None = None,
) -> str:
	"""Have a synchronization carried out: the name of its run. Does not commit; a worker is woken after the commit.

	``kind`` and ``trigger`` as in QuickBooks Sync Run; ``lists`` (DocTypes) and ``since`` (a date, or None for all) for
	selected lists, ``records`` (DocType, name) for selected records. One that is queued for the same, or is under way
	where that is enough, is joined instead. Throws where no company is connected.
	"""
	realm_id = get_realm_id()
	connection = get_connection(realm_id)
	if not connection or connection.status != CONNECTED:
		frappe.throw(explain_not_ready(connection), title=_("Not Connected"))
	scope = _write_scope(lists, since, records)
	name = _find_same(realm_id, kind, scope, trigger) or run_rows.insert_run(
		realm_id=realm_id,
		kind=kind,
		trigger=trigger,
		scope=scope,
		started_by=frappe.session.user,
	)
	wake_after_commit()
	return name


def _write_scope(lists, since, records) -> str:
	scope = {
		"lists": sorted(lists or []),
		"since": since,
		"records": sorted([doctype, name] for doctype, name in records or []),
	}
	return json.dumps({key: value for key, value in scope.items() if value}, sort_keys=True)


def _find_same(realm_id: str, kind: str, scope: str, trigger: str) -> str | None:
	queued = run_rows.find_runs(realm_id, run_rows.QUEUED, kind=kind, scope=scope)
	if queued:
		return queued[0].name
	if trigger in JOINING and kind == run_rows.SINCE_LAST and lease.is_running(realm_id):
		running = run_rows.find_runs(
			realm_id, run_rows.RUNNING, kind=("in", (run_rows.SINCE_LAST, run_rows.FULL))
		)
		if running:
			return running[-1].name
	return None


def wake_after_commit() -> None:
	"""Have a worker look for runs once the current transaction is committed; once per transaction."""
	jobs.wake_after_commit("quickbooks_runs_wake_registered", wake_runs)


def wake_runs() -> bool:
	"""Have a worker look for runs to carry out; whether Redis took it. The scheduler's tick finds what is missed."""
	return jobs.ask_redis(lambda: jobs.enqueue_first_free(ENGINE, JOB_IDS, "long", RUN_TIMEOUT))


def request_stop(name: str) -> str:
	"""Ask a run to stop at its next point of commit; one that has not begun never does. A sentence. Does not commit."""
	run = frappe.db.get_value(run_rows.RUN, name, ["name", "status"], as_dict=True, for_update=True)
	if not run or run.status not in run_rows.OPEN_STATUSES:
		frappe.throw(_("This synchronization is over; there is nothing to stop."))
	values = {"stop_requested_by": frappe.session.user}
	if run.status == run_rows.QUEUED:
		run_rows.change_run(name, **values, status=run_rows.STOPPED, summary=_("Stopped before it began."))
		return _("Stopped before it began.")
	run_rows.change_run(name, **values)
	return _("It stops after what it is doing at this moment.")
