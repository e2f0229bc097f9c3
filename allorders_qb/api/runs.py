"""Synchronizations: start, follow, stop."""

import frappe
from frappe import _

from allorders_qb.api.permissions import MANAGERS, POSTERS, require_any_role, require_readable
from allorders_qb.sync.registry import LIST_TYPES, POSTING_TYPES
from allorders_qb.sync.runs import choices, progress, run_rows
from allorders_qb.sync.runs.start import request_stop, start_run

MAX_SELECTED = 500


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
def sync_lists(lists: list[str] | str, since: str | None = None) -> dict:
	"""*Sync Lists…*: these lists (DocTypes), what has changed in QuickBooks since that date (all, where there is none)."""
	require_any_role(MANAGERS)
	selected = frappe.parse_json(lists) if isinstance(lists, str) else lists
	known = {row["list_type"] for row in choices.list_lists()}
	if not selected or set(selected) - known:
		frappe.throw(
			_("Choose at least one list, of: {0}.").format(", ".join(sorted(_(one) for one in known)))
		)
	since = str(frappe.utils.getdate(since)) if since else None
	return progress.describe(
		start_run(run_rows.SELECTED_LISTS, trigger="Button", lists=selected, since=since)
	)


@frappe.whitelist(methods=["POST"])
def sync_records(doctype: str, names: list[str] | str) -> dict:
	"""*Sync This*: these records or documents, both ways. Returns what ``get_progress`` returns."""
	require_any_role(POSTERS)
	if doctype not in LIST_TYPES and doctype not in POSTING_TYPES:
		frappe.throw(_("{0} is never recorded in QuickBooks.").format(_(doctype)))
	selected = frappe.parse_json(names) if isinstance(names, str) else names
	if not 0 < len(selected) <= MAX_SELECTED:
		frappe.throw(_("Select between 1 and {0} records.").format(MAX_SELECTED))
	for name in selected:
		require_readable(doctype, name)
	return progress.describe(
		start_run(run_rows.SELECTED_RECORDS, trigger="Form", records=[(doctype, name) for name in selected])
	)


@frappe.whitelist(methods=["GET", "POST"])
def get_lists() -> list[dict]:
	"""The lists that *Sync Lists…* offers: ``list_type`` and ``label``."""
	require_any_role(MANAGERS)
	return choices.list_lists()


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
