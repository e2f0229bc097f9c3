"""When a synchronization begins by itself: every N minutes, and on the first login of the day. One place decides."""

from datetime import timedelta

import frappe
from frappe.utils import cint, get_datetime, getdate, now_datetime, today

from allorders_qb.jobs import ask_redis
from allorders_qb.sync.connection import SETTINGS, explain_not_ready, get_connection
from allorders_qb.sync.runs import run_rows
from allorders_qb.sync.runs.engine import has_runs
from allorders_qb.sync.runs.start import start_run, wake_runs

TICK = "allorders_qb.sync.runs.schedule.tick"
TICK_TIMEOUT = 60
FIRST_LOGIN = "First Login"
TIMER = "Timer"


def tick() -> None:
	"""Every minute, and after a login: begin what is due, and have a worker look after what was left behind.

	Commits through who calls it (a job). Does nothing while QuickBooks can't be asked.
	"""
	connection = get_connection()
	if explain_not_ready(connection):
		return
	if is_first_login_due(connection.realm_id):
		start_run(run_rows.SINCE_LAST, trigger=FIRST_LOGIN)
	elif is_timer_due(connection.realm_id):
		start_run(run_rows.SINCE_LAST, trigger=TIMER)
	elif has_runs(connection.realm_id):
		wake_runs()


def is_timer_due(realm_id: str) -> bool:
	"""Whether the last whole synchronization began longer ago than Settings say. Never where they say 0 minutes."""
	minutes = cint(frappe.get_cached_doc(SETTINGS).sync_every_minutes)
	if minutes <= 0 or run_rows.find_runs(realm_id, *run_rows.OPEN_STATUSES):
		return False
	last = frappe.get_all(
		run_rows.RUN,
		filters={"realm_id": realm_id, "kind": ("in", (run_rows.SINCE_LAST, run_rows.FULL))},
		pluck="creation",
		order_by="creation desc",
		limit=1,
	)
	return not last or get_datetime(last[0]) + timedelta(minutes=minutes) <= now_datetime()


def is_first_login_due(realm_id: str) -> bool:
	"""Whether somebody has logged in today and the synchronization that belongs to it has not been begun."""
	if not cint(frappe.get_cached_doc(SETTINGS).sync_on_first_login):
		return False
	begun = frappe.db.exists(
		run_rows.RUN, {"realm_id": realm_id, "trigger": FIRST_LOGIN, "creation": (">=", today())}
	)
	return not begun and bool(_get_last_login() and getdate(_get_last_login()) >= getdate())


def _get_last_login():
	found = frappe.get_all(
		"User", filters={"name": ("!=", "Guest")}, pluck="last_login", order_by="last_login desc", limit=1
	)
	return found[0] if found else None


def note_login(login_manager=None) -> None:
	"""On every login: have the tick look now instead of within a minute. A login neither fails nor waits for it."""
	try:
		if cint(frappe.get_cached_doc(SETTINGS).sync_on_first_login):
			frappe.db.after_commit.add(_tick_soon)
	except Exception:
		# Whatever is the matter with us, people get in; the tick meets the same trouble and reports it.
		frappe.logger("allorders_qb").exception("A login could not be noted for the first synchronization")


def _tick_soon() -> None:
	ask_redis(
		lambda: frappe.enqueue(
			TICK, queue="default", timeout=TICK_TIMEOUT, job_id="quickbooks_tick", deduplicate=True
		)
	)
