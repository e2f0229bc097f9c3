"""The rows of the synchronizations: QuickBooks Sync Run is written here and by ``context`` alone."""

from typing import Any

import frappe

from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.times import is_past

RUN = "QuickBooks Sync Run"

SINCE_LAST = "Since Last"
FULL = "Full"
SELECTED_LISTS = "Selected Lists"
SELECTED_RECORDS = "Selected Records"
MATCHING_READING = "Matching: Reading"
MATCHING_CARRYING_OUT = "Matching: Carrying Out"
MODE_CHANGE = "Inventory Mode Change"

QUEUED = "Queued"
RUNNING = "Running"
FINISHED = "Finished"
FINISHED_WITH_ERRORS = "Finished with Errors"
CONTINUED = "Continued"
FAILED = "Failed"
STOPPED = "Stopped"

OPEN_STATUSES = (QUEUED, RUNNING)
TEXTS = ("summary", "progress_text")
"""Fields that may hold QuickBooks' own words."""

DESCRIPTION = ("name", "kind", "trigger", "status", "scope", "started_by", "realm_id", "attempt", "deaths")


def insert_run(**values: Any) -> str:
	"""Write a new run, queued unless ``values`` say otherwise; its name. Does not commit."""
	run = frappe.get_doc({"doctype": RUN, "status": QUEUED, **values})
	run.flags.ignore_permissions = True
	run.flags.ignore_links = True
	return run.insert().name


def change_run(name: str, **values: Any) -> None:
	"""Write fields of a run. Does not commit."""
	values = {field: make_plain(value) if field in TEXTS else value for field, value in values.items()}
	frappe.db.set_value(RUN, name, values)


def find_runs(realm_id: str, *statuses: str, **filters: Any) -> list[frappe._dict]:
	"""Runs of a company in these states, the oldest first."""
	return frappe.get_all(
		RUN,
		filters={"realm_id": realm_id, "status": ("in", statuses), **filters},
		fields=[*DESCRIPTION, "creation", "started_at", "continue_at", "steps_done", "continues"],
		order_by="creation asc",
	)


def find_due(realm_id: str) -> list[frappe._dict]:
	"""Runs that QuickBooks has interrupted and whose rest is due now, the oldest first."""
	interrupted = find_runs(realm_id, FAILED, continue_at=("is", "set"))
	return [run for run in interrupted if is_past(run.continue_at)]


def get_last_finished(realm_id: str, kinds: tuple[str, ...]) -> frappe._dict | None:
	"""The run of one of these kinds that has ended last, however it ended."""
	found = frappe.get_all(
		RUN,
		filters={
			"realm_id": realm_id,
			"kind": ("in", kinds),
			"status": ("in", (FINISHED, FINISHED_WITH_ERRORS, FAILED, STOPPED)),
		},
		fields=["name", "status", "summary", "started_at", "finished_at", "duration", "error_count"],
		order_by="creation desc",
		limit=1,
	)
	return found[0] if found else None
