"""Matching the lists of both sides: what the page *Match Lists* shows and does."""

import frappe
from frappe.utils import cint

from allorders_qb.api.permissions import MANAGERS, require_any_role
from allorders_qb.sync.connection import explain_not_ready, get_connection, get_realm_id
from allorders_qb.sync.lists.rules import may_send, may_take
from allorders_qb.sync.matching import course, deciding, pages, summary
from allorders_qb.sync.matching.reading import list_matched
from allorders_qb.sync.runs import progress

LABELS = {"AO Customer": "Customers", "AO Vendor": "Vendors", "AO Item": "Items"}
"""What the page calls the lists, before translation."""


@frappe.whitelist(methods=["GET", "POST"])
def get_state() -> dict:
	"""``status``, ``company``, ``not_ready`` (a sentence or None), ``matched_at``, ``run`` (see ``runs.progress.describe``), the
	``lists`` with what may be decided in each, and the ``summary``."""
	require_any_role(MANAGERS)
	realm_id = get_realm_id()
	connection = get_connection(realm_id)
	if not connection:
		return {"status": None, "not_ready": explain_not_ready(None), "lists": []}
	state = course.get_course(realm_id)
	return {
		"status": state.matching_status or "",
		"company": state.company_name or realm_id,
		"not_ready": explain_not_ready(connection),
		"matched_at": state.matched_at,
		"confirmed_by": state.matching_confirmed_by
		and frappe.utils.get_fullname(state.matching_confirmed_by),
		"run": progress.describe(state.matching_run) if state.matching_run else None,
		"lists": [
			{
				"list_type": one.doctype,
				"label": LABELS[one.doctype],
				"may_take": may_take(one.doctype),
				"may_send": may_send(one.doctype),
			}
			for one in list_matched()
		],
		"summary": summary.summarize(realm_id),
	}


@frappe.whitelist(methods=["POST"])
def start_reading() -> dict:
	"""Read both sides, anew where that was done before. Returns what ``get_state`` returns."""
	require_any_role(MANAGERS)
	course.start_reading()
	return get_state()


@frappe.whitelist(methods=["POST"])
def go_on() -> dict:
	"""Go on with a reading or an import that was stopped. Returns what ``get_state`` returns."""
	require_any_role(MANAGERS)
	course.go_on()
	return get_state()


@frappe.whitelist(methods=["POST"])
def confirm() -> dict:
	"""Carry out what was decided. Returns what ``get_state`` returns."""
	require_any_role(MANAGERS)
	course.confirm()
	return get_state()


@frappe.whitelist(methods=["POST"])
def give_up() -> dict:
	"""End a later matching without doing anything. Returns what ``get_state`` returns."""
	require_any_role(MANAGERS)
	course.give_up()
	return get_state()


@frappe.whitelist(methods=["GET", "POST"])
def get_rows(
	list_type: str, filters: dict | str | None = None, start: int = 0, length: int = pages.PAGE
) -> dict:
	"""A page of one list; see ``sync.matching.pages.get_page``."""
	require_any_role(MANAGERS)
	return pages.get_page(get_realm_id(), list_type, _read_filters(filters), cint(start), cint(length))


@frappe.whitelist(methods=["POST"])
def decide(
	decision: str,
	names: list[str] | str | None = None,
	list_type: str | None = None,
	filters: dict | str | None = None,
) -> dict:
	"""Decide the same about these rows, or about all of a list that the filters let through. ``decided`` is how many it
	fitted; ``state`` as ``get_state``."""
	require_any_role(MANAGERS)
	if names:
		wanted = frappe.parse_json(names) if isinstance(names, str) else names
	else:
		wanted = pages.list_names(get_realm_id(), list_type or "", _read_filters(filters))
	return {"decided": deciding.decide(decision, wanted), "state": get_state()}


@frappe.whitelist(methods=["POST"])
def decide_rest(choices: dict | str, list_type: str | None = None) -> dict:
	"""Decide what is still open, by kind; see ``sync.matching.deciding.decide_rest``. Returns as ``decide`` does."""
	require_any_role(MANAGERS)
	chosen = frappe.parse_json(choices) if isinstance(choices, str) else choices
	return {"decided": deciding.decide_rest(get_realm_id(), chosen, list_type), "state": get_state()}


@frappe.whitelist(methods=["POST"])
def link_to(name: str, record: str) -> dict:
	"""Link the QuickBooks record of the row ``name`` to a record of ours. Returns what ``get_state`` returns."""
	require_any_role(MANAGERS)
	deciding.link_to(name, record)
	return get_state()


@frappe.whitelist(methods=["GET", "POST"])
def find_counterparts(name: str, search: str = "") -> list[dict]:
	"""What a row may be linked to on the other side; see ``sync.matching.pages.find_counterparts``."""
	require_any_role(MANAGERS)
	return pages.find_counterparts(get_realm_id(), name, search)


def _read_filters(filters: dict | str | None) -> dict[str, str]:
	read = frappe.parse_json(filters) if isinstance(filters, str) else filters
	return {key: str(value) for key, value in (read or {}).items() if value}
