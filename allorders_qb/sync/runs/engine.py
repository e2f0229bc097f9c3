"""Carries synchronizations out, one after the other: takes the lease, chooses a run, does its steps, writes its end.

A run whose worker vanished is known by the lease: whoever holds it and still sees one *Running* sees a dead one. It is
marked *Continued*, and a run of the same kind does what it had left. So is one that QuickBooks interrupted, later.
"""

import os
import socket
import uuid

import frappe
from frappe import _
from frappe.utils import now_datetime

from allorders_qb.qbo.faults import Refused
from allorders_qb.sync.connection import explain_not_ready, get_connection, get_realm_id, get_timing
from allorders_qb.sync.runs import run_rows
from allorders_qb.sync.runs.context import RunContext, RunLost, RunStopped
from allorders_qb.sync.runs.interruptions import sort_interruption
from allorders_qb.sync.runs.lease import release_lease, take_lease
from allorders_qb.sync.runs.steps import Step, get_steps
from allorders_qb.sync.runs.summary import summarize

MAX_DEATHS = 5
"""So often a run whose worker vanished is continued by itself."""

MAX_ATTEMPTS = 50
"""So often one that QuickBooks interrupted is."""

DEADLOCK_TRIES = 3


def carry_out_runs() -> list[str]:
	"""Carry out every run that is to be done now; their names. Returns at once where another worker is at it.

	Safe to call at any time, from any process; commits as it goes.
	"""
	carried_out = []
	while True:
		name = carry_out_next()
		if not name:
			return carried_out
		carried_out.append(name)


def carry_out_next() -> str | None:
	"""Carry out one run; its name, or None where there is none to do, or none may be done now."""
	realm_id = get_realm_id()
	if explain_not_ready(get_connection(realm_id)):
		return None
	owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
	fence = take_lease(realm_id, owner, get_timing().lease)
	if not fence:
		return None
	try:
		run = choose_run(realm_id)
		if not run:
			return None
		_carry_out(RunContext(run, owner, fence))
		return run.name
	except RunLost as lost:
		frappe.logger("allorders_qb").warning(
			f"Lost the lease of the synchronization {lost}; another has it."
		)
		return None
	finally:
		frappe.db.rollback()
		release_lease(realm_id, fence)
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  the next one may begin


def has_runs(realm_id: str) -> bool:
	"""Whether a worker would find a run to do, or to take over."""
	return bool(run_rows.find_runs(realm_id, *run_rows.OPEN_STATUSES) or run_rows.find_due(realm_id))


def choose_run(realm_id: str) -> frappe._dict | None:
	"""The run to carry out now, by who holds the lease: the rest of a dead one, the oldest that is queued, the rest of
	an interrupted one. Commits."""
	for dead in run_rows.find_runs(realm_id, run_rows.RUNNING):
		continuing = _continue(dead, deaths=dead.deaths + 1)
		if continuing:
			return continuing
	queued = run_rows.find_runs(realm_id, run_rows.QUEUED)
	if queued:
		return queued[0]
	for due in run_rows.find_due(realm_id):
		continuing = _continue(due, deaths=due.deaths)
		if continuing:
			return continuing
	return None


def _continue(run: frappe._dict, deaths: int) -> frappe._dict | None:
	"""A new run for what an unfinished one had left; None where it is not to be continued. Commits."""
	gives_up = deaths > MAX_DEATHS or run.attempt >= MAX_ATTEMPTS
	name = None
	if gives_up:
		run_rows.change_run(
			run.name,
			status=run_rows.FAILED,
			continue_at=None,
			deaths=deaths,
			finished_at=now_datetime(),
			summary=_(
				"It stopped {0} times before it was done and is not continued any more. Look into the Error Log."
			).format(run.attempt + 1),
		)
	elif _is_overtaken(run):
		run_rows.change_run(run.name, continue_at=None)
	else:
		name = run_rows.insert_run(
			realm_id=run.realm_id,
			kind=run.kind,
			trigger=run.trigger,
			started_by=run.started_by,
			scope=run.scope,
			continues=run.name,
			steps_done=run.steps_done,
			attempt=run.attempt + 1,
			deaths=deaths,
		)
		run_rows.change_run(run.name, status=run_rows.CONTINUED, continue_at=None)
		if run.status == run_rows.RUNNING:
			run_rows.change_run(
				run.name,
				finished_at=now_datetime(),
				summary=_("Its worker stopped before it was done; another run went on where it was."),
			)
	frappe.db.commit()  # nosemgrep: frappe-manual-commit  what was taken over must be seen as such
	return run_rows.find_runs(run.realm_id, run_rows.QUEUED, name=name)[0] if name else None


def _is_overtaken(run: frappe._dict) -> bool:
	"""Whether a later run has done all that this one had left."""
	return run.status == run_rows.FAILED and bool(
		run_rows.find_runs(
			run.realm_id,
			run_rows.FINISHED,
			run_rows.FINISHED_WITH_ERRORS,
			kind=run.kind,
			scope=run.scope,
			creation=(">", run.creation),
		)
	)


def _carry_out(context: RunContext) -> None:
	run_rows.change_run(
		context.run.name,
		status=run_rows.RUNNING,
		started_at=context.started_at,
		lease_owner=context.owner,
		fence=context.fence,
	)
	try:
		context.check_lease()
		_do_steps(context)
	except RunLost:
		raise
	except RunStopped as stopped:
		frappe.db.rollback()
		context.finish(
			run_rows.STOPPED,
			_("{0} stopped it. What it had done stays done.").format(frappe.utils.get_fullname(str(stopped))),
		)
	except Exception as error:
		frappe.db.rollback()
		interruption = sort_interruption(context.realm_id, error)
		context.finish(run_rows.FAILED, interruption.reason, continue_at=interruption.continue_at)
	else:
		context.finish(
			run_rows.FINISHED_WITH_ERRORS if context.error_count else run_rows.FINISHED,
			summarize(context),
			percent=100,
			progress_text=None,
			step=None,
		)
	finally:
		context.close()


def _do_steps(context: RunContext) -> None:
	steps = get_steps(context.run.kind)
	total = sum(step.weight for step in steps)
	begins = 0.0
	for step in steps:
		ends = begins + 100 * step.weight / total
		if not context.is_done(step.name):
			context.enter(step, begins, ends)
			_do_step(context, step)
			context.mark_done(step.name)
			context.check_lease()
		begins = ends


def _do_step(context: RunContext, step: Step) -> None:
	"""Carry out a step; once more where only the token was refused, and where the database gave way to others."""
	renewed = False
	for tries_left in reversed(range(DEADLOCK_TRIES)):
		try:
			step.carry_out(context)
			return
		except Refused as refusal:
			if not refusal.fault.refreshable or renewed:
				raise
			renewed = True
			frappe.db.rollback()
			context.renew_token(rejected=context.client.access_token)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()
			if not tries_left:
				raise
