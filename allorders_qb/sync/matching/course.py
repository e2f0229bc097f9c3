"""The course of a matching: it is read, decided, confirmed and carried out, stopped and gone on with by whoever may."""

import frappe
from frappe import _

from allorders_qb.sync.connection import CONNECTION, get_realm_id
from allorders_qb.sync.matching import summary
from allorders_qb.sync.matching.deciding import lock_deciding
from allorders_qb.sync.matching.gate import (
	FINISHED,
	IMPORT,
	IMPORTING,
	LEAVE_ALONE,
	LINK_THEM,
	MATCH,
	READING,
)
from allorders_qb.sync.runs import run_rows
from allorders_qb.sync.runs.start import start_run

KINDS = {READING: run_rows.MATCHING_READING, IMPORTING: run_rows.MATCHING_CARRYING_OUT}
FIELDS = ["matching_status", "matching_run", "matched_at", "matching_confirmed_by", "company_name"]


def get_course(realm_id: str, for_update: bool = False) -> frappe._dict:
	"""``matching_status``, ``matching_run`` (the latest of its synchronizations), ``matched_at``, ``company_name`` …"""
	course = frappe.db.get_value(CONNECTION, realm_id, FIELDS, as_dict=True, for_update=for_update)
	while course.matching_run and (
		following := frappe.db.get_value(run_rows.RUN, {"continues": course.matching_run}, "name")
	):
		course.matching_run = following
	return course


def start_reading() -> str:
	"""Read both sides anew; what was decided before is forgotten, but for what was left alone. The run's name.

	Does not commit. Throws where it is under way, or no company is connected.
	"""
	realm_id = _get_company()
	course = get_course(realm_id, for_update=True)
	if course.matching_status in KINDS and _is_at_work(course):
		frappe.throw(_("This is under way already; look at its progress."))
	if course.matching_status == IMPORTING:
		frappe.throw(_("What was confirmed is not done yet. Go on with it first."))
	return _start(realm_id, READING)


def confirm() -> str:
	"""Carry out what was decided. The run's name. Does not commit; throws where something is still open."""
	realm_id = lock_deciding()
	if still_open := summary.summarize(realm_id)["total"]["open"]:
		frappe.throw(
			_("{0} records are not decided yet. Decide them, or leave them alone.").format(still_open),
			title=_("Not Decided"),
		)
	_refuse_lost_parents(realm_id)
	frappe.db.set_value(
		CONNECTION, realm_id, "matching_confirmed_by", frappe.session.user, update_modified=False
	)
	return _start(realm_id, IMPORTING)


def go_on() -> str:
	"""Go on with what was stopped or failed. The run's name. Does not commit."""
	realm_id = _get_company()
	course = get_course(realm_id, for_update=True)
	if course.matching_status not in KINDS:
		frappe.throw(_("Nothing was stopped."))
	if _is_at_work(course):
		return course.matching_run
	return _start(realm_id, course.matching_status)


def give_up() -> None:
	"""End a matching that is not the first one, without doing anything. Does not commit."""
	realm_id = lock_deciding()
	if not get_course(realm_id).matched_at:
		frappe.throw(_("The first matching can't be left out: decide to leave everything alone instead."))
	frappe.db.delete(MATCH, {"realm_id": realm_id, "decision": ("!=", LEAVE_ALONE)})
	frappe.db.set_value(CONNECTION, realm_id, "matching_status", FINISHED, update_modified=False)


def _get_company() -> str:
	realm_id = get_realm_id()
	if not realm_id:
		frappe.throw(_("Connect a QuickBooks company first."), title=_("Not Connected"))
	return realm_id


def _is_at_work(course: frappe._dict) -> bool:
	status = course.matching_run and frappe.db.get_value(run_rows.RUN, course.matching_run, "status")
	return status in run_rows.OPEN_STATUSES


def _start(realm_id: str, status: str) -> str:
	name = start_run(KINDS[status], trigger="Button")
	frappe.db.set_value(
		CONNECTION, realm_id, {"matching_status": status, "matching_run": name}, update_modified=False
	)
	return name


def _refuse_lost_parents(realm_id: str) -> None:
	"""A customer comes only together with the one it stands below."""
	row, parent = frappe.qb.DocType(MATCH), frappe.qb.DocType(MATCH).as_("parent")
	found = (
		frappe.qb.from_(row)
		.join(parent)
		.on(
			(parent.realm_id == row.realm_id)
			& (parent.list_type == row.list_type)
			& (parent.quickbooks_id == row.parent_id)
		)
		.select(row.title, parent.title.as_("above"))
		.where(
			(row.realm_id == realm_id)
			& row.decision.isin([IMPORT, LINK_THEM])
			& (parent.decision == LEAVE_ALONE)
		)
		.orderby(row.title)
		.limit(1)
		.run(as_dict=True)
	)
	if found:
		frappe.throw(
			_(
				"“{0}” stands below “{1}” in QuickBooks, which is left alone. Import that too, or leave “{0}” alone."
			).format(found[0].title, found[0].above),
			title=_("Its Parent Is Missing"),
		)
