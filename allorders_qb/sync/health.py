"""How the connection is doing: what an administrator wants to know before it becomes a problem, sign by sign."""

from dataclasses import asdict, dataclass

import frappe
from frappe import _
from frappe.utils import cint, format_datetime, get_datetime, now_datetime, pretty_date
from frappe.utils.scheduler import is_scheduler_disabled

from allorders_qb.sync import inbox, rows
from allorders_qb.sync.connection import (
	CONNECTED,
	CONNECTION,
	SETTINGS,
	explain_not_ready,
	get_connection,
)
from allorders_qb.sync.pacing import get_usage
from allorders_qb.sync.runs import run_rows

GOOD, WARNING, BAD, UNKNOWN = "Good", "Warning", "Bad", "Unknown"

WARN_DAYS = (14, 7, 1)
"""Days before the authorization ends at which the managers get a mail."""

OLD_HOURS = 4
"""A row that has waited so long is worth a look."""


@dataclass(frozen=True)
class Sign:
	"""One fact about the connection; ``doctype`` and ``filters`` are the list behind its number, if it has one."""

	key: str
	label: str
	state: str
	sentence: str
	doctype: str | None = None
	filters: dict | None = None


def get_signs() -> list[dict]:
	"""Every sign, in the order in which they are shown; only the first where no company is connected."""
	connection = get_connection()
	signs = [_look_at_connection(connection)]
	if connection and connection.status == CONNECTED:
		signs += [
			_look_at_authorization(connection),
			_look_at_queue(),
			_look_at_runs(connection.realm_id),
			_look_at_notifications(connection.realm_id),
			_look_at_scheduler(),
			_look_at_pace(connection.realm_id),
		]
	return [asdict(sign) for sign in signs]


def _look_at_connection(connection: frappe._dict | None) -> Sign:
	label = _("Connection")
	if not connection:
		return Sign("connection", label, UNKNOWN, explain_not_ready(None))
	problem = explain_not_ready(connection)
	if not problem:
		return Sign("connection", label, GOOD, connection.company_name or connection.realm_id)
	return Sign("connection", label, WARNING if connection.status == CONNECTED else BAD, problem)


def count_days_left(connection: frappe._dict) -> int | None:
	"""Whole days until the authorization ends, by whichever of its two ends comes first; None where neither is known."""
	ends = [
		get_datetime(moment)
		for moment in (connection.refresh_token_expires_at, connection.refresh_token_hard_expires_at)
		if moment
	]
	return max((min(ends) - now_datetime()).days, 0) if ends else None


def _look_at_authorization(connection: frappe._dict) -> Sign:
	label, days = _("Authorization"), count_days_left(connection)
	if days is None:
		return Sign("authorization", label, UNKNOWN, _("QuickBooks has not said how long it lasts."))
	state = GOOD if days > WARN_DAYS[0] else WARNING if days > WARN_DAYS[1] else BAD
	sentence = _("{0} days left.").format(days)
	if state != GOOD:
		sentence += " " + _("Press Connect Again in QuickBooks Settings before it ends.")
	return Sign("authorization", label, state, sentence)


def _look_at_queue() -> Sign:
	label = _("Queue")
	moving = {"status": ("in", (rows.QUEUED, rows.SENDING, rows.UNKNOWN))}
	attention = frappe.db.count(rows.QUEUE, {"status": rows.ATTENTION})
	waiting = frappe.db.count(rows.QUEUE, moving)
	if not waiting and not attention:
		return Sign("queue", label, GOOD, _("Empty: everything that was to be sent is in QuickBooks."))
	oldest = frappe.get_all(rows.QUEUE, filters=moving, pluck="creation", order_by="creation", limit=1)
	parts = []
	if waiting:
		parts.append(_("{0} waiting, the oldest since {1}.").format(waiting, format_datetime(oldest[0])))
	if attention:
		parts.append(_("{0} need a person's decision.").format(attention))
	hours = (now_datetime() - get_datetime(oldest[0])).total_seconds() / 3600 if oldest else 0
	state = BAD if attention else WARNING if hours >= OLD_HOURS else GOOD
	statuses = [rows.ATTENTION] if attention else list(moving["status"][1])
	return Sign("queue", label, state, " ".join(parts), rows.QUEUE, {"status": ["in", statuses]})


def _look_at_runs(realm_id: str) -> Sign:
	label = _("Last Synchronization")
	last = run_rows.get_last_finished(realm_id, (run_rows.SINCE_LAST, run_rows.FULL))
	if not last:
		return Sign("runs", label, UNKNOWN, _("There has been none yet. Press Sync Now."))
	state = GOOD if last.status == run_rows.FINISHED else WARNING
	sentence = f"{pretty_date(last.finished_at or last.started_at)}: {_(last.status)}."
	return Sign("runs", label, state, sentence, run_rows.RUN, {"name": last.name})


def _look_at_notifications(realm_id: str) -> Sign:
	label = _("Notifications")
	if not inbox.get_verifier_token():
		return Sign(
			"notifications",
			label,
			UNKNOWN,
			_("Not set up: changes in QuickBooks arrive with the next synchronization."),
		)
	last = frappe.db.get_value(CONNECTION, realm_id, "last_webhook_at")
	sentence = _("The last one came {0}.").format(pretty_date(last)) if last else _("None has come yet.")
	return Sign("notifications", label, GOOD if last else UNKNOWN, sentence, inbox.INBOX, {})


def _look_at_scheduler() -> Sign:
	label = _("Scheduler")
	if is_scheduler_disabled(verbose=False):
		return Sign(
			"scheduler",
			label,
			BAD,
			_(
				"Off: nothing is synchronized by the clock, and what a wake-up missed stays. Run bench enable-scheduler."
			),
		)
	minutes = cint(frappe.get_cached_doc(SETTINGS).sync_every_minutes)
	sentence = (
		_("On, synchronizes every {0} minutes.").format(minutes)
		if minutes
		else _("On, synchronizes by hand.")
	)
	return Sign("scheduler", label, GOOD, sentence)


def _look_at_pace(realm_id: str) -> Sign:
	label = _("Requests")
	usage = get_usage(realm_id)
	if not usage:
		return Sign("pace", label, UNKNOWN, _("No pace is set."))
	if usage.used is None:
		return Sign(
			"pace", label, WARNING, _("Redis does not answer; each worker keeps a slow pace by itself.")
		)
	return Sign("pace", label, GOOD, _("{0} of {1} in the last minute.").format(usage.used, usage.permitted))


def warn_of_expiry() -> int | None:
	"""Once a day: tell the QuickBooks Managers by mail when the authorization ends in 14, 7 and 1 days, once each.

	Returns at which of these the mail was sent; None where there was nothing to tell.
	"""
	connection = get_connection()
	if not connection or connection.status != CONNECTED:
		return None
	days = count_days_left(connection)
	mark = min((limit for limit in WARN_DAYS if days is not None and days <= limit), default=None)
	warned = cint(frappe.db.get_value(CONNECTION, connection.realm_id, "warned_at_days"))
	if mark is None:
		if warned:
			frappe.db.set_value(CONNECTION, connection.realm_id, "warned_at_days", 0, update_modified=False)
		return None
	if warned and warned <= mark:
		return None
	_send_warning(connection, days)
	frappe.db.set_value(CONNECTION, connection.realm_id, "warned_at_days", mark, update_modified=False)
	return mark


def _send_warning(connection: frappe._dict, days: int) -> None:
	company = connection.company_name or connection.realm_id
	recipients = list_managers()
	if not recipients:
		frappe.logger("allorders_qb").warning(
			f"The authorization for {company} ends in {days} days, and no QuickBooks Manager has an e-mail address."
		)
		return
	frappe.sendmail(
		recipients=recipients,
		subject=_("QuickBooks: the authorization for {0} ends in {1} days").format(company, days),
		message=_(
			'All Orders may write into {0} for {1} more days. Press <b>Connect Again</b> in <a href="{2}">QuickBooks Settings</a> before then; nothing is lost if you do it later, but nothing is sent until you do.'
		).format(frappe.utils.escape_html(company), days, frappe.utils.get_url_to_form(SETTINGS, SETTINGS)),
	)


def list_managers() -> list[str]:
	"""E-mail addresses of enabled users with the role QuickBooks Manager."""
	names = frappe.get_all(
		"Has Role",
		filters={"role": "QuickBooks Manager", "parenttype": "User"},
		pluck="parent",
		distinct=True,
		order_by="parent",
	)
	found = frappe.get_all(
		"User", filters={"name": ("in", names or [""]), "enabled": 1}, pluck="email", order_by="name"
	)
	return [email for email in found if email and "@" in email]
