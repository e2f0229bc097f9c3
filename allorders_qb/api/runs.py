"""Synchronizations: start, follow, stop."""

import frappe
from frappe import _

from allorders_qb.api.permissions import MANAGERS, require_any_role
from allorders_qb.sync.runs import progress, run_rows
from allorders_qb.sync.runs.start import request_stop, start_run


@frappe.whitelist(methods=["POST"])
def sync_now() -> dict:
	"""*Sync Now*: what has changed since the last time, both ways. Returns what ``get_progress`` returns."""
	require_any_role(MANAGERS)
	return progress.describe(start_run(run_rows.SINCE_LAST, trigger="Button"))


@frappe.whitelist(methods=["POST"])
def sync_fully() -> dict:
	"""*Full Sync*: every list is read anew. Returns what ``get_progress`` returns."""
	require_any_role(MANAGERS)
	return progress.describe(start_run(run_rows.FULL, trigger="Button"))


@frappe.whitelist(methods=["POST"])
def stop(run: str) -> str:
	"""Stop a synchronization; a sentence on when."""
	require_any_role(MANAGERS)
	return request_stop(run)


@frappe.whitelist(methods=["GET", "POST"])
def get_progress(run: str) -> dict:
	"""How far one run is: name, kind, status, step, percent, text, summary, counts by list, and the run that went on
	where it stopped (``continued_by``)."""
	_require_sight()
	return progress.describe(run)


@frappe.whitelist(methods=["GET", "POST"])
def get_overview() -> dict:
	"""For the workspace: the run that is under way, the last one, what waits, and what may be done."""
	_require_sight()
	return progress.get_overview()


def _require_sight() -> None:
	if not frappe.has_permission(run_rows.RUN, "read"):
		frappe.throw(_("You may not see synchronizations."), exc=frappe.PermissionError)
