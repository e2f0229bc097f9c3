"""Who goes into the queue, and when: written in the same transaction as the document it is about."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from allorders_qb.mapping.dispatch import Posting
from allorders_qb.sync import release, rows
from allorders_qb.sync.connection import SETTINGS, get_company_profile, get_connection, get_realm_id
from allorders_qb.sync.item_order import find_predecessor, note_items
from allorders_qb.sync.links import get_link
from allorders_qb.sync.lists.rules import may_send
from allorders_qb.sync.matching import gate
from allorders_qb.sync.needs import get_missing_records, get_needed_records
from allorders_qb.sync.postings import read_postings
from allorders_qb.sync.registry import LIST_ROLE, LIST_TYPES, PARTY_REFS, POSTING_TYPES, Role, get_role
from allorders_qb.sync.status import refresh_status, show_queued
from allorders_qb.sync.wake import wake_after_commit
from allorders_qb.sync.wording import name_entity

ON_SUBMIT = "On Submit"
BY_BUTTON = "By Button"
AT_SYNCHRONIZATION = "At Synchronization"

SUBMIT = "Submit"
"""The trigger of a document's rows that are written while it is being submitted."""

NEEDED = "Needed By a Document"
"""The trigger of a list record's row that a document needs."""

CHANGE = "Change"
"""The trigger of a list record's row that nobody needs but itself."""

POSTER_ROLES = {"QuickBooks Poster", "QuickBooks Manager", "System Manager"}


def get_rule(doctype: str) -> str:
	"""When documents of this type leave, by QuickBooks Settings; on submit where nothing is set."""
	for row in frappe.get_cached_doc(SETTINGS).posting_rules:
		if row.document_type == doctype:
			return row.rule
	return ON_SUBMIT


def may_post(user: str | None = None) -> bool:
	"""Whether this user's documents may leave at once. Others' wait for the next synchronization."""
	return bool(POSTER_ROLES.intersection(frappe.get_roles(user or frappe.session.user)))


def queue_submitted(doc: Any) -> None:
	"""Put a document that has just been submitted into the queue, as its posting rule says."""
	rule = get_rule(doc.doctype)
	if release.is_asked_for() and not doc.get("never_send"):
		release.ask_for_release(doc)
		refresh_status(doc.doctype, doc.name)
		return
	if doc.get("never_send") or rule == BY_BUTTON:
		refresh_status(doc.doctype, doc.name)
		return
	waits = rule == AT_SYNCHRONIZATION or not may_post()
	queue_document(doc, trigger=SUBMIT, waits=waits)


def queue_released(doctype: str, name: str) -> bool:
	"""Put a document that a second person has just released on its way, as the rule of its type says; whether it is."""
	rule = get_rule(doctype)
	if rule == BY_BUTTON:
		refresh_status(doctype, name)
		return False
	doc = frappe.get_doc(doctype, name)
	return bool(queue_document(doc, trigger="Release", waits=rule == AT_SYNCHRONIZATION))


def queue_available(doctype: str, name: str) -> bool:
	"""*Send All*: put a document into the queue if it is still available and not sent; whether it was. Does not commit."""
	if not rows.lock_document(doctype, name):
		return False
	# Read under the lock: it may have been cancelled, kept out or sent by its button since it was chosen.
	doc = frappe.get_doc(doctype, name, for_update=True)
	if doc.docstatus != 1 or doc.get("never_send") or release.is_waiting(doctype, name):
		return False
	if rows.get_rows(doctype, name, for_update=True):
		return False
	return bool(queue_document(doc, trigger="Synchronization"))


def queue_document(doc: Any, trigger: str, waits: bool = False) -> list[str]:
	"""Write a row per role that a submitted document has, each behind the one before, and one for each list record it
	needs that QuickBooks does not have yet. Rows that exist already are not written again. Returns the names of the
	document's new rows.
	"""
	postings = read_postings(doc)
	realm_id, missing = _find_missing(postings.values())
	queue_needed_records(missing, waits, realm_id)
	values = {
		"realm_id": realm_id,
		"waits_for_synchronization": cint(waits),
		"reason": _explain_wait() if waits else None,
		"triggered_by": frappe.session.user,
		"trigger": trigger,
	}
	# A document that is just being submitted has no rows. The unique index alone would not see a row of a later generation.
	known = {} if trigger == SUBMIT else _read_known(doc)
	new = _make_rows(doc, postings, known, values)
	are_first = rows.insert_rows(new)
	if not are_first:
		new = _make_rows(doc, postings, _read_known(doc), values)
		rows.insert_rows(new)
	for row in new:
		noted = note_items(row["name"], doc.doctype, doc.name, postings[row["role"]])
		if noted and not row["blocked_by"] and (ahead := find_predecessor(row["name"], doc.name)):
			rows.change_where(row["name"], {"status": rows.QUEUED}, {"blocked_by": ahead.name})
	if new and are_first and trigger == SUBMIT:
		show_queued(doc, new[0]["reason"])
	else:
		refresh_status(doc.doctype, doc.name)
	if not waits:
		wake_after_commit()
	return [row["name"] for row in new]


def _read_known(doc: Any) -> dict[str, str]:
	"""The names of a document's rows by role, of whatever generation; they stay locked until the transaction ends."""
	return {row.role: row.name for row in rows.get_rows(doc.doctype, doc.name, for_update=True)}


def _make_rows(
	doc: Any, postings: Mapping[str, Posting], known: Mapping[str, str], values: Mapping[str, Any]
) -> list[dict[str, Any]]:
	"""The rows of a document's roles that have none yet (``known``: names of rows by role), each behind the one before."""
	new, before = [], None
	for role in (get_role(doc.doctype, name) for name in postings):
		if role.name in known:
			before = known[role.name]
			continue
		new.append(
			rows.make_row(
				reference_doctype=doc.doctype,
				reference_name=doc.name,
				role=role.name,
				operation="Create",
				entity=role.entity,
				party=_get_party(doc, role),
				blocked_by=before,
				**values,
			)
		)
		before = new[-1]["name"]
	return new


def _get_party(doc: Any, role: Role) -> str | None:
	"""Whose transaction it is: those of one party keep their order. A journal or an adjustment is nobody's."""
	posting_type = POSTING_TYPES[doc.doctype]
	if role.entity not in PARTY_REFS or not posting_type.party_field:
		return None
	return f"{posting_type.party_doctype}/{doc.get(posting_type.party_field)}"


def list_missing(postings: Iterable[Posting]) -> list[tuple[str, str]]:
	"""The list records (DocType, name) that must go to QuickBooks before these postings can."""
	return _find_missing(postings)[1]


def _find_missing(postings: Iterable[Posting]) -> tuple[str | None, list[tuple[str, str]]]:
	"""The company's realm id (None where none was ever connected), and what ``list_missing`` says."""
	connection = get_connection()
	realm_id = connection.name if connection else get_realm_id()
	company = get_company_profile(connection) if connection and connection.preferences else None
	return realm_id, get_missing_records(realm_id, get_needed_records(postings, company))


def _explain_wait() -> str:
	if may_post():
		return _("Waits for the next synchronization.")
	return _("Waits for the next synchronization: {0} may not send to QuickBooks.").format(
		frappe.utils.get_fullname(frappe.session.user)
	)


def queue_needed_record(doctype: str, name: str, waits: bool = False) -> str | None:
	"""``queue_needed_records`` for one list record; the name of its open row."""
	return queue_needed_records([(doctype, name)], waits, get_realm_id())[0]


def queue_needed_records(
	needed: Sequence[tuple[str, str]], waits: bool, realm_id: str | None
) -> list[str | None]:
	"""Make sure that a row is on its way for each list record (DocType, name) that a document needs; the names of the open
	rows, None where somebody else has just written one.

	A row that waits for a synchronization is released when the document does not wait.
	"""
	names: dict[tuple[str, str], str | None] = {}
	new = []
	for record, found in rows.get_rows_of(needed).items():
		row = next((row for row in found if row.status in rows.OPEN_STATUSES), None)
		if not row:
			new.append(_make_list_row(*record, NEEDED, waits, realm_id, found))
			continue
		names[record] = row.name
		if row.waits_for_synchronization and not waits:
			rows.change_where(
				row.name, {"waits_for_synchronization": 1}, {"waits_for_synchronization": 0, "reason": None}
			)
	are_all = rows.insert_rows(new)
	for row in new:
		if are_all or rows.insert_rows([row]):
			names[row["reference_doctype"], row["reference_name"]] = row["name"]
	return [names.get(record) for record in needed]


def queue_changed_record(doc: Any) -> None:
	"""Put a new or changed list record into the queue, where its list goes to QuickBooks and a company is connected.

	It goes at once where the settings and the user's rights say so, else with the next synchronization; a new one that
	need not go at once goes with the first document that needs it. What comes *from* QuickBooks is not sent back.
	"""
	if frappe.flags.from_quickbooks or not get_realm_id() or not may_send(doc.doctype):
		return
	at_once = cint(frappe.get_cached_doc(SETTINGS).send_list_changes)
	link = get_link(get_realm_id(), doc.doctype, doc.name, LIST_ROLE)
	if not link and (not at_once or gate.is_left_alone(get_realm_id(), doc.doctype, doc.name)):
		return
	waits = not at_once or not may_post()
	for row in rows.get_rows(doc.doctype, doc.name, for_update=True):
		if row.status == rows.ATTENTION and not row.possibly_stored:
			rows.change_where(
				row.name,
				{"status": rows.ATTENTION},
				{
					"status": rows.QUEUED,
					"reason": None,
					"next_attempt_at": None,
					"waits_for_synchronization": cint(waits),
				},
			)
			break
		if row.status == rows.QUEUED and not row.payload:
			break
	else:
		if doc.get("inactive") and not link:
			return
		_insert_list_row(doc.doctype, doc.name, CHANGE, waits)
	if not waits:
		wake_after_commit()


def queue_records(doctype: str, names: Iterable[str], trigger: str) -> int:
	"""Have many list records compared with QuickBooks and sent where they differ; how many were not on their way yet."""
	queued = 0
	for name in names:
		if not any(row.status in rows.OPEN_STATUSES for row in rows.get_rows(doctype, name)):
			queued += bool(_insert_list_row(doctype, name, trigger, waits=not may_post()))
	wake_after_commit()
	return queued


def _insert_list_row(doctype: str, name: str, trigger: str, waits: bool) -> str | None:
	row = _make_list_row(doctype, name, trigger, waits, get_realm_id(), rows.get_rows(doctype, name))
	return row["name"] if rows.insert_rows([row]) else None


def _make_list_row(
	doctype: str, name: str, trigger: str, waits: bool, realm_id: str | None, found: Iterable[Any]
) -> dict[str, Any]:
	"""A new row of a list record, behind those it has (``found``)."""
	return rows.make_row(
		reference_doctype=doctype,
		reference_name=name,
		role=LIST_ROLE,
		operation="Save",
		entity=LIST_TYPES[doctype].entity,
		# Two changes of one record leave one after the other.
		party=f"{LIST_ROLE}/{doctype}/{name}",
		realm_id=realm_id,
		generation=1 + max((row.generation for row in found), default=0),
		waits_for_synchronization=cint(waits),
		reason=_explain_wait() if waits else None,
		triggered_by=frappe.session.user,
		trigger=trigger,
	)


def send_waiting(doctype: str | None = None, name: str | None = None) -> int:
	"""Release every row that waits for a synchronization, or those of one document type, or of one document; how many.

	Does not commit.
	"""
	filters = {"waits_for_synchronization": 1, "status": rows.QUEUED}
	if doctype:
		filters["reference_doctype"] = doctype
	if name:
		filters["reference_name"] = name
	released = 0
	for row in frappe.get_all(
		rows.QUEUE,
		filters=filters,
		fields=["name", "reference_doctype", "reference_name"],
		order_by="creation",
	):
		rows.lock_document(row.reference_doctype, row.reference_name)
		if rows.change_where(
			row.name, {"waits_for_synchronization": 1}, {"waits_for_synchronization": 0, "reason": None}
		):
			released += 1
			refresh_status(row.reference_doctype, row.reference_name)
	wake_after_commit()
	return released


def refuse_if_locked(doc: Any) -> None:
	"""Refuse to cancel what is in QuickBooks or may be. Locks the document's rows until the transaction ends,
	so that no worker can take one in between."""
	for row in rows.get_rows(doc.doctype, doc.name, for_update=True):
		if rows.is_locked(row):
			frappe.throw(_explain_lock(doc, row), title=_("In QuickBooks"))


def _explain_lock(doc: Any, row: frappe._dict) -> str:
	if row.status == rows.SENT:
		number = frappe.db.get_value(
			"QuickBooks Link",
			{"reference_doctype": doc.doctype, "reference_name": doc.name, "role": row.role},
			"doc_number",
		)
		return _(
			"{0} can't be cancelled: QuickBooks holds it as {1} {2}. Correct it there: void it, or enter a credit memo."
		).format(doc.name, name_entity(row.entity), number or "")
	if row.status == rows.SENDING:
		return _(
			"{0} can't be cancelled: it is being sent to QuickBooks right now. Wait a moment and look again."
		).format(doc.name)
	return _(
		"{0} can't be cancelled: it was sent to QuickBooks and no clear answer has come back, so it may be there. {1}"
	).format(doc.name, row.reason or "")


def remove_rows_of(doc: Any) -> None:
	"""Take a cancelled document's rows out of the queue, in the same transaction."""
	found = rows.get_rows(doc.doctype, doc.name, for_update=True)
	locked = [row for row in found if rows.is_locked(row)]
	if locked:
		frappe.throw(_explain_lock(doc, locked[0]), title=_("In QuickBooks"))
	rows.delete_rows([row.name for row in found])
	release.forget_release(doc.doctype, doc.name)
	refresh_status(doc.doctype, doc.name)
