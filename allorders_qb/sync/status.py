"""What a document says about QuickBooks: its status, and why it is, or is not, there, in one sentence.

The only writer of the QuickBooks fields of a document.
"""

from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, format_datetime, format_time, formatdate, get_datetime, now_datetime

from allorders_qb.fulfilment.receiving import BILL_LATER
from allorders_qb.qbo.environments import web_link
from allorders_qb.sync import release, rows
from allorders_qb.sync.connection import (
	SETTINGS,
	choose_environment,
	explain_not_ready,
	get_connection,
)
from allorders_qb.sync.inventory import NOT_CHOSEN, get_mode
from allorders_qb.sync.links import get_links_of
from allorders_qb.sync.payments.records import PAYMENT
from allorders_qb.sync.payments.wording import describe_payment, explain_application
from allorders_qb.sync.postings import read_postings
from allorders_qb.sync.registry import LIST_TYPES, POSTING_TYPES, get_role
from allorders_qb.sync.wording import name_entity

NOT_SENT = "Not Sent"
DIFFERS = "Sent – Differs"
NEVER_SEND = "Never Send"

CHANGED_THERE = {
	"Deleted": "Deleted in QuickBooks",
	"Voided": "Voided in QuickBooks",
	"Edited": "Edited in QuickBooks",
}
"""Status by what ``compare`` has found to have become of a transaction."""

STATE_FIELDS = ("docstatus", "posting_date", "never_send", "never_send_reason")
"""What of a document says why it has no rows."""

WORST_FIRST = (
	rows.ATTENTION,
	rows.UNKNOWN,
	rows.SENDING,
	rows.QUEUED,
	*CHANGED_THERE.values(),
	DIFFERS,
	rows.SENT,
	rows.NOT_NEEDED,
)


@dataclass
class State:
	"""What a document knows of itself and QuickBooks; ``sentence`` is for a person."""

	status: str
	sentence: str
	links: list[frappe._dict] = field(default_factory=list)
	"""What of it is in QuickBooks: its QuickBooks Links. ``show_link`` makes one presentable."""
	locked: bool = False
	row: frappe._dict | None = None
	"""The row that matters most, if any."""
	records: bool = True
	"""Whether there is anything of it to record, as QuickBooks Settings stand."""


def get_state(doctype: str, name: str) -> State:
	"""The state of a posting document or list record, as the database shows it now."""
	if doctype in POSTING_TYPES:
		return _get_document_state(doctype, name)
	return _get_record_state(doctype, name)


def _get_document_state(doctype: str, name: str) -> State:
	found, links = rows.get_rows(doctype, name), get_links_of(doctype, name)
	if not found:
		doc = frappe.db.get_value(doctype, name, STATE_FIELDS, as_dict=True)
		status, sentence, records = _explain_without_rows(doctype, name, doc)
		return State(status, sentence, links=_sort_by_role(doctype, links), records=records)
	worst, row = _find_worst(found, links)
	links = _sort_by_role(doctype, links)
	locked = any(rows.is_locked(one) for one in found)
	return State(worst, _explain_roles(doctype, found, row, worst, links), links, locked, row)


def _find_worst(found: list[frappe._dict], links: list[frappe._dict]) -> tuple[str, frappe._dict]:
	"""The status of a document that has rows, and the row it has it from."""
	by_status = {_judge_row(row, links): row for row in reversed(found)}
	worst = next(status for status in WORST_FIRST if status in by_status)
	return worst, by_status[worst]


def _explain_roles(
	doctype: str, found: list[frappe._dict], row: frappe._dict, worst: str, links: list[frappe._dict]
) -> str:
	"""One sentence for all roles of a document: what is in QuickBooks of it, and where its worst role stands."""
	sentence = explain_row(row, worst, links)
	if row.operation == rows.APPLY and worst != rows.SENT:
		return explain_application(row, worst, sentence, links)
	if doctype == PAYMENT and worst == rows.SENT:
		return describe_payment(found[0].reference_name, links[0])
	if len(found) == 1:
		return sentence
	labels = {role.name: _(role.label) for role in POSTING_TYPES[doctype].roles}
	there = [
		link for link in links if any(one.role == link.role and one.status == rows.SENT for one in found)
	]
	if worst == rows.SENT:
		others = ", ".join(f"{labels[link.role]} {link.doc_number or ''}".strip() for link in there[1:])
		first = explain_row(next(one for one in found if one.role == there[0].role), worst, links)
		return _("{0} Also there: {1}.").format(first, others) if others else first
	sent = [link for link in there if link.role != row.role]
	if not sent:
		return _("{0}: {1}").format(labels[row.role], sentence)
	heading = _("{0} {1} is in QuickBooks").format(labels[sent[0].role], sent[0].doc_number or "")
	its = labels[row.role].lower()
	if worst == rows.ATTENTION and not row.possibly_stored:
		return _("{0}; its {1} was refused: {2}").format(heading, its, row.reason or sentence)
	return _("{0}; its {1}: {2}").format(heading, its, sentence)


def _sort_by_role(doctype: str, links: list[frappe._dict]) -> list[frappe._dict]:
	order = [role.name for role in POSTING_TYPES[doctype].roles]
	return sorted(links, key=lambda link: order.index(link.role))


def _judge_row(row: frappe._dict, links: list[frappe._dict]) -> str:
	"""The status of one row, and where it was sent, what has become of it."""
	link = next((link for link in links if link.role == row.role), None)
	if row.status != rows.SENT or not link:
		return row.status
	if link.quickbooks_state:
		return CHANGED_THERE[link.quickbooks_state]
	return DIFFERS if link.difference else rows.SENT


def _explain_without_rows(doctype: str, name: str, doc: frappe._dict) -> tuple[str, str, bool]:
	"""Status, sentence, and whether there is anything to record."""
	if doc.docstatus == 2:
		return "", _("Cancelled; it never went to QuickBooks."), True
	if cint(doc.never_send):
		reason = doc.never_send_reason or _("no reason was given")
		return NEVER_SEND, _("Never goes to QuickBooks: {0}").format(reason), True
	if doc.docstatus == 0:
		return "", _("Not in QuickBooks: it is a draft, it has not happened yet."), True
	if release.is_waiting(doctype, name):
		return NOT_SENT, _("Not in QuickBooks: {0}").format(release.explain_wait(doctype, name)), True
	if kept := explain_nothing(doctype, name, doc.posting_date):
		return NOT_SENT, _("Not in QuickBooks: {0}").format(kept), False
	button = _(POSTING_TYPES[doctype].button)
	return NOT_SENT, _("Not in QuickBooks: nobody has pressed {0} yet.").format(button), True


def explain_nothing(doctype: str, name: str, posting_date: Any) -> str | None:
	"""Why a submitted document has nothing to record; None where it has."""
	if kept := explain_without_mode(doctype, posting_date):
		return kept
	doc = frappe.get_doc(doctype, name)
	if read_postings(doc):
		return None
	if doc.get("billing") == BILL_LATER:
		return _("it is billed later, and its vendor bill goes there instead.")
	return _("there is nothing of it to record there, as QuickBooks Settings stand.")


def explain_without_mode(doctype: str, posting_date: Any) -> str | None:
	"""Why a document has nothing to record while no inventory mode holds for its date; None where it has."""
	if not POSTING_TYPES[doctype].needs_mode:
		return None
	settings = frappe.get_cached_doc(SETTINGS)
	if get_mode(settings, posting_date) != NOT_CHOSEN:
		return None
	if not settings.inventory_mode or settings.inventory_mode == NOT_CHOSEN:
		return _("no inventory mode is chosen in QuickBooks Settings, so stock is not recorded there.")
	return _("it is dated before {0}, the start of inventory there; the opening stock contains it.").format(
		formatdate(settings.inventory_start_date)
	)


def _get_record_state(doctype: str, name: str) -> State:
	found = rows.get_rows(doctype, name)
	links = get_links_of(doctype, name)
	open_rows = [row for row in found if row.status in rows.OPEN_STATUSES]
	if open_rows:
		row = min(open_rows, key=lambda one: WORST_FIRST.index(one.status))
		return State(row.status, explain_row(row, row.status, links), links, rows.is_locked(row), row)
	if links:
		return State(
			rows.SENT,
			_("In QuickBooks as {0} “{1}”.").format(name_entity(links[-1].entity), links[-1].doc_number),
			links,
			True,
		)
	return State(NOT_SENT, _("Not in QuickBooks yet: it goes there with the first document that needs it."))


def explain_row(row: frappe._dict, status: str, links: list[frappe._dict]) -> str:
	"""One sentence for a row: where it is, what it waits for, or what is wrong."""
	label = name_entity(row.entity or row.role)
	link = next((link for link in links if link.role == row.role), None)
	if status == rows.SENT:
		return _("In QuickBooks as {0} {1} since {2}.").format(
			label,
			link.doc_number if link else "",
			format_datetime(row.answered_at) if row.answered_at else "",
		)
	if status == DIFFERS:
		return _("In QuickBooks as {0} {1}, but it differs: {2}").format(
			label, link.doc_number if link else "", link.difference if link else ""
		)
	if status in CHANGED_THERE.values():
		return _explain_change(label, link)
	if status == rows.NOT_NEEDED:
		return row.reason or _("Nothing to record: all amounts are zero.")
	if status == rows.SENDING:
		return _("Being sent to QuickBooks right now.")
	if status == rows.ATTENTION:
		if row.possibly_stored:
			return _("Perhaps in QuickBooks: {0}").format(row.reason or "")
		return _("Not in QuickBooks: {0}").format(row.reason or _("it needs a person's decision."))
	if status == rows.UNKNOWN:
		return _("Perhaps in QuickBooks: {0}").format(row.reason or "").strip()
	return _explain_queued(row)


def _explain_change(label: str, link: frappe._dict) -> str:
	noted = format_datetime(link.state_noted_at)
	if link.quickbooks_state == "Deleted":
		return _("It was in QuickBooks as {0} {1} and has been deleted there (noted {2}).").format(
			label, link.doc_number, noted
		)
	if link.quickbooks_state == "Voided":
		return _("In QuickBooks as {0} {1}, but voided there (noted {2}).").format(
			label, link.doc_number, noted
		)
	return _("In QuickBooks as {0} {1}, but edited there (noted {2}): {3}").format(
		label, link.doc_number, noted, link.state_difference or ""
	)


def _explain_queued(row: frappe._dict) -> str:
	if cint(row.waits_for_synchronization):
		return row.reason or _("Waits for the next synchronization.")
	not_ready = explain_not_ready(get_connection(row.realm_id))
	if not_ready:
		return not_ready
	if row.blocked_by:
		blocker = frappe.db.get_value(
			rows.QUEUE,
			row.blocked_by,
			["reference_doctype", "reference_name", "role", "status", "reason"],
			as_dict=True,
		)
		if blocker and blocker.status in rows.OPEN_STATUSES and blocker.reference_name == row.reference_name:
			label = _(get_role(row.reference_doctype, blocker.role).label)
			return _("Waits for the {0} of the same document, which goes first.").format(label)
		if blocker and blocker.status in rows.OPEN_STATUSES:
			return (
				_("Waits for {0} {1}, which goes to QuickBooks first ({2}). {3}")
				.format(
					_(blocker.reference_doctype),
					blocker.reference_name,
					_(blocker.status),
					blocker.reason or "",
				)
				.strip()
			)
	if row.next_attempt_at and get_datetime(row.next_attempt_at) > now_datetime():
		return _("{0} Next attempt at {1}.").format(
			row.reason or _("Queued for QuickBooks."), format_time(row.next_attempt_at)
		)
	older = rows.get_older_of_party(row)
	if older:
		return (
			_("Waits for {0} of the same customer or vendor, which goes first ({1}). {2}")
			.format(older.reference_name, _(older.status), older.reason or "")
			.strip()
		)
	return _("Queued; a worker sends it to QuickBooks within a minute.")


def show_link(link: frappe._dict) -> dict:
	"""role, entity, id, number and url of a transaction (or record) in QuickBooks."""
	connection = get_connection(link.realm_id)
	environment = choose_environment(connection.environment, connection.emulator_url) if connection else None
	return {
		"role": link.role,
		"entity": link.entity,
		"label": name_entity(link.entity),
		"id": link.quickbooks_id,
		"number": link.doc_number or link.quickbooks_id,
		"url": web_link(environment, link.realm_id, link.entity, link.quickbooks_id) if environment else None,
	}


def refresh_status(doctype: str, name: str) -> None:
	"""Write a document's QuickBooks fields anew from its rows and links, and tell open forms. Does not commit.

	List records carry no such fields; their forms ask.
	"""
	if doctype in LIST_TYPES:
		_tell_forms(doctype, name)
		return
	doc = rows.lock_document(doctype, name, STATE_FIELDS)
	if not doc:
		return
	found = rows.get_rows(doctype, name, for_update=True)
	links = get_links_of(doctype, name)
	linked = {link.role for link in links}
	sent = (row for row in found if row.status == rows.SENT and row.operation not in rows.WITHOUT_LINK)
	if any(row.role not in linked for row in sent):
		# Sent since this transaction began: who stored that has written the fields, and knows more than we see.
		return
	links = _sort_by_role(doctype, links)
	first = links[0] if links else frappe._dict()
	if found:
		status, row = _find_worst(found, links)
		# A sentence about the connection would be wrong as soon as that changes.
		reason = (
			_say_queued(row.reason)
			if status == rows.QUEUED
			else _explain_roles(doctype, found, row, status, links)
		)
	else:
		status, reason, _records = _explain_without_rows(doctype, name, doc)
	values = {
		"quickbooks_status": status,
		"quickbooks_reason": reason,
		"quickbooks_id": first.quickbooks_id,
		"quickbooks_doc_number": first.doc_number,
		"quickbooks_tax": first.tax or 0,
		"quickbooks_total": first.total or 0,
	}
	meta = frappe.get_meta(doctype)
	frappe.db.set_value(
		doctype,
		name,
		{field: value for field, value in values.items() if meta.has_field(field)},
		update_modified=False,
	)
	_tell_forms(doctype, name)


def show_queued(doc: Any, reason: str | None) -> None:
	"""What ``refresh_status`` writes of a document that is just being submitted and has got its first rows, with nothing to
	look up: saving it holds it, those rows are all it has, and nothing of it is in QuickBooks. Does not commit.

	``reason`` is that of its first row. What Frappe has cached of the document it forgets at the end of saving.
	"""
	table = frappe.qb.DocType(doc.doctype)
	(
		frappe.qb.update(table)
		.set(table.quickbooks_status, rows.QUEUED)
		.set(table.quickbooks_reason, _say_queued(reason))
		.where(table.name == doc.name)
		.run()
	)
	_tell_forms(doc.doctype, doc.name)


def _say_queued(reason: str | None) -> str:
	return reason or _("Queued for QuickBooks.")


def _tell_forms(doctype: str, name: str) -> None:
	frappe.publish_realtime(
		"quickbooks_status",
		{"doctype": doctype, "name": name},
		doctype=doctype,
		docname=name,
		after_commit=True,
	)


def refresh_waiting_for(row_name: str) -> None:
	"""Refresh the documents whose rows wait for this one. Commits after each: no two are locked at once."""
	for waiting in frappe.get_all(
		rows.QUEUE,
		filters={"blocked_by": row_name},
		fields=["reference_doctype", "reference_name"],
		order_by="creation",
	):
		refresh_status(waiting.reference_doctype, waiting.reference_name)
		frappe.db.commit()  # nosemgrep: frappe-manual-commit
