"""The documents' side of QuickBooks: send, keep out, and say why a document is, or is not, there."""

import frappe
from frappe import _

from allorders_qb.api.permissions import MANAGERS, POSTERS, has_any_role, require_any_role, require_readable
from allorders_qb.qbo.environments import web_link
from allorders_qb.sync import decisions, release, rows, triggers
from allorders_qb.sync.connection import choose_environment, get_connection
from allorders_qb.sync.lists.conflicts import count_open
from allorders_qb.sync.queue import may_post
from allorders_qb.sync.registry import LIST_TYPES, POSTING_TYPES
from allorders_qb.sync.status import NOT_SENT, get_state, show_link
from allorders_qb.sync.wording import name_entity

MAX_SELECTED = 500


def _check_posting(doctype: str) -> None:
	if doctype not in POSTING_TYPES:
		frappe.throw(_("{0} is never recorded in QuickBooks.").format(_(doctype)), exc=frappe.ValidationError)
	require_any_role(POSTERS)


@frappe.whitelist(methods=["POST"])
def record(doctype: str, name: str) -> dict:
	"""The button (Invoice, …): send one document now. Returns ``name``, ``ok`` and a sentence."""
	_check_posting(doctype)
	require_readable(doctype, name)
	outcome = triggers.record_document(doctype, name, "Button")
	return {"name": outcome.name, "ok": outcome.ok, "message": outcome.message}


@frappe.whitelist(methods=["POST"])
def record_selected(doctype: str, names: list[str] | str) -> list[dict]:
	"""*Record Selected Items in QuickBooks*: each document by itself; one that is refused does not stop the rest."""
	_check_posting(doctype)
	selected = frappe.parse_json(names)
	if len(selected) > MAX_SELECTED:
		frappe.throw(_("Select at most {0} documents at a time.").format(MAX_SELECTED))
	results = []
	for name in selected:
		frappe.db.savepoint("quickbooks_record_selected")
		try:
			require_readable(doctype, name)
			outcome = triggers.record_document(doctype, name, "List")
		except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError) as error:
			frappe.db.rollback(save_point="quickbooks_record_selected")
			frappe.clear_last_message()
			outcome = triggers.Outcome(name, False, frappe.utils.strip_html(str(error)))
		results.append({"name": outcome.name, "ok": outcome.ok, "message": outcome.message})
	return results


@frappe.whitelist(methods=["POST"])
def never_send(doctype: str, name: str, reason: str) -> None:
	"""Keep a submitted document out of QuickBooks, with a reason."""
	_check_posting(doctype)
	require_readable(doctype, name)
	decisions.never_send(doctype, name, reason)


@frappe.whitelist(methods=["POST"])
def allow_sending(doctype: str, name: str) -> None:
	"""Take Never Send back."""
	_check_posting(doctype)
	require_readable(doctype, name)
	decisions.allow_sending(doctype, name)


@frappe.whitelist(methods=["GET", "POST"])
def get_quickbooks_state(doctype: str, name: str) -> dict:
	"""Why it is, or is not, in QuickBooks, in one sentence; with links to what is there, and what may be done."""
	if doctype not in POSTING_TYPES and doctype not in LIST_TYPES:
		frappe.throw(_("{0} is never recorded in QuickBooks.").format(_(doctype)), exc=frappe.ValidationError)
	require_readable(doctype, name)
	state = get_state(doctype, name)
	posts = doctype in POSTING_TYPES
	decides = has_any_role(POSTERS)
	row = state.row or frappe._dict()
	awaits_release = state.status == NOT_SENT and posts and release.is_waiting(doctype, name)
	return {
		"status": state.status,
		"sentence": state.sentence,
		"links": [show_link(link) for link in state.links],
		"locked": state.locked,
		"button": triggers.get_button(doctype) if posts else None,
		"may_post": may_post(),
		"submits_draft": bool(frappe.get_cached_doc("AO Settings").invoice_submits_draft) if posts else False,
		"queue_entry": row.name if decides else None,
		"candidate_id": row.candidate_id if has_any_role(MANAGERS) else None,
		"candidate_url": _get_candidate_url(row) if decides else None,
		"entity": name_entity(row.entity) if row.entity else None,
		"records": state.records,
		"may_move": row.operation == rows.APPLY and has_any_role(MANAGERS),
		"posts": posts,
		"awaits_release": awaits_release,
		"may_release": awaits_release and decides and release.may_release(doctype, name),
		"conflicts": 0 if posts else count_open(doctype, name),
	}


def _get_candidate_url(row: frappe._dict) -> str | None:
	if not row.candidate_id:
		return None
	connection = get_connection(row.realm_id)
	if not connection:
		return None
	environment = choose_environment(connection.environment, connection.emulator_url)
	return web_link(environment, connection.realm_id, row.entity, row.candidate_id)
