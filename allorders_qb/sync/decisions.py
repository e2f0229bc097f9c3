"""What a person decides about a row: try again, link what QuickBooks has, send all the same, or never send.

Every function takes the row under its lock, refuses what is not its to decide, and leaves a note in the
document's timeline of who decided what.
"""

import frappe
from frappe import _

from allorders_qb.qbo.faults import QuickBooksError
from allorders_qb.sync import rows
from allorders_qb.sync.call_log import CallLog
from allorders_qb.sync.connection import (
	ConnectionNotReady,
	get_company_profile,
	get_connection,
	get_realm_id,
	get_timing,
	open_client,
)
from allorders_qb.sync.links import get_ids
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.payments.records import allow_move, give_up
from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.registry import PARTY_REFS, POSTING_TYPES, get_role
from allorders_qb.sync.sender import Sender
from allorders_qb.sync.status import refresh_status
from allorders_qb.sync.wake import wake_after_commit
from allorders_qb.sync.wording import name_entity


def retry(row_name: str) -> str:
	"""Try a row again now; a sentence on what happens. Does not commit."""
	row = _lock_row(row_name)
	if row.status == rows.QUEUED:
		values = {"next_attempt_at": None, "waits_for_synchronization": 0}
		message = _("It is sent now.")
	elif row.status == rows.ATTENTION and row.possibly_stored:
		# It may be there already: it is looked for again before it is sent again.
		values = {"status": rows.UNKNOWN, "next_attempt_at": None, "candidate_id": None, "sends": 1}
		message = _("QuickBooks is searched again, then it is sent if it is not there.")
	elif row.status == rows.ATTENTION:
		values = {
			"status": rows.QUEUED,
			"next_attempt_at": None,
			"reason": None,
			"candidate_id": None,
			"refusals": 0,
			# Nothing of it is in any company: it is built anew, for the one that is connected now.
			"payload": None,
			"request_id": None,
			"realm_id": get_realm_id(),
		}
		message = _("It is sent again now.")
	else:
		frappe.throw(_("There is nothing to try again: this entry is {0}.").format(_(row.status)))
	rows.change_where(row.name, {"status": row.status}, {**values, "trigger": "Retry"})
	refresh_status(row.reference_doctype, row.reference_name)
	wake_after_commit()
	return message


def remove(row_name: str) -> str:
	"""Take a row out of the queue that has never left; a sentence on what that means. Does not commit.

	Refused for what is in QuickBooks, or may be: that would hide it, not undo it.
	"""
	row = _lock_row(row_name)
	if rows.is_locked(row) or row.status not in rows.OPEN_STATUSES:
		frappe.throw(
			_("{0} {1} is in QuickBooks, or may be, or was never needed there; its entry stays.").format(
				_(row.reference_doctype), row.reference_name
			),
			title=_("Not Removed"),
		)
	if row.operation == rows.APPLY:
		give_up(row)
		rows.delete_rows([row.name])
		_note(row, _("left the payment in QuickBooks where it is"))
		refresh_status(row.reference_doctype, row.reference_name)
		return _("{0} stays in QuickBooks as it is.").format(row.reference_name)
	rows.delete_rows([row.name, *_list_others(row)])
	_note(row, _("took it out of the QuickBooks queue"))
	refresh_status(row.reference_doctype, row.reference_name)
	if row.reference_doctype in POSTING_TYPES:
		return _("{0} is Not Sent now; it goes when somebody presses its button, or with Send All.").format(
			row.reference_name
		)
	return _("QuickBooks keeps {0} as it knows it until it is changed again, or a document needs it.").format(
		row.reference_name
	)


def _list_others(row: frappe._dict) -> list[str]:
	"""The rows of the document's other roles, which go with it; refused where one of them is in QuickBooks, or may be."""
	if row.reference_doctype not in POSTING_TYPES:
		return []
	found = rows.get_rows(row.reference_doctype, row.reference_name, for_update=True)
	others = [other for other in found if other.name != row.name]
	for other in others:
		if rows.is_locked(other):
			frappe.throw(
				_(
					"The {0} of {1} is in QuickBooks, or may be, and its {2} belongs to it; its entry stays."
				).format(
					_(get_role(row.reference_doctype, other.role).label),
					row.reference_name,
					_(get_role(row.reference_doctype, row.role).label),
				),
				title=_("Not Removed"),
			)
	return [other.name for other in others]


def move_payment(row_name: str) -> str:
	"""Take a payment from where QuickBooks has applied it, for the invoice that it is for. Does not commit."""
	row = _lock_row(row_name)
	if row.status != rows.ATTENTION or row.operation != rows.APPLY:
		frappe.throw(_("Only a payment that waits to be applied can be moved."))
	allow_move(row)
	_note(row, _("had the payment moved in QuickBooks to the invoice that it is for"))
	return retry(row_name)


def send_all_the_same(row_name: str) -> str:
	"""The look-alike in QuickBooks is something else: send this document as well. Does not commit."""
	row = _lock_row(row_name)
	if (
		row.status != rows.ATTENTION
		or row.reference_doctype not in POSTING_TYPES
		or row.operation in rows.WITHOUT_LINK
	):
		frappe.throw(_("Only a document that waits for a decision can be sent all the same."))
	values = {
		"confirmed_anew": 1,
		"candidate_id": None,
		"next_attempt_at": None,
		"reason": None,
		"trigger": "Retry",
	}
	values.update({"status": rows.UNKNOWN, "sends": 1} if row.possibly_stored else {"status": rows.QUEUED})
	rows.change_where(row.name, {"status": rows.ATTENTION}, values)
	_note(
		row,
		_("decided that {0} {1} in QuickBooks is something else, and to send this one as well").format(
			name_entity(row.entity), row.candidate_id or ""
		),
	)
	refresh_status(row.reference_doctype, row.reference_name)
	wake_after_commit()
	return _("It is sent now, although QuickBooks has one with this number.")


def link_existing(row_name: str, quickbooks_id: str) -> str:
	"""What QuickBooks has under that id *is* this document or record: link it, send nothing. Commits.

	Reads it first; refuses one that does not exist, is linked to another record of ours, or is another party's.
	"""
	row = rows.get_row(row_name)
	if row.status != rows.ATTENTION or row.operation in rows.WITHOUT_LINK:
		frappe.throw(
			_("Only an entry that waits for a decision can be linked; this one is {0}.").format(_(row.status))
		)
	realm_id = get_realm_id()
	log = CallLog(realm_id)
	try:
		client = open_client(realm_id, on_call=log)
		remote = client.read(row.entity, quickbooks_id).data
	except (ConnectionNotReady, QuickBooksError) as error:
		frappe.throw(make_plain(str(error)), title=_("Not Linked"))
	_check_party(row, remote)
	# Not committed before all is stored: a link that fails must leave the row to the person, not to a worker.
	rows.lock_document(row.reference_doctype, row.reference_name)
	held = rows.take(row.name, rows.ATTENTION, row.fence, f"user:{frappe.session.user}", get_timing().lease)
	if not held:
		frappe.throw(_("Somebody else has just decided about this entry; look again."))
	around = Surroundings(realm_id, get_company_profile(get_connection(realm_id)))
	sender = Sender(client, around, get_timing(), log)
	sender.record(held, remote, adopted=1, linked_by=frappe.session.user)
	if held.row.status != rows.SENT:
		frappe.throw(held.row.reason, title=_("Not Linked"))
	_note(held.row, _("linked it to {0} {1} of QuickBooks").format(name_entity(row.entity), quickbooks_id))
	wake_after_commit()
	return _("Linked to {0} {1} of QuickBooks.").format(name_entity(row.entity), quickbooks_id)


def _check_party(row: frappe._dict, remote: dict) -> None:
	"""A transaction of another customer or vendor is not this document, whatever its number."""
	if row.reference_doctype not in POSTING_TYPES:
		return
	doctype, _slash, name = (row.party or "").partition("/")
	linked = get_ids(get_realm_id(), doctype, [name]).get(name)
	theirs = remote.get(PARTY_REFS.get(row.entity, "")) or {}
	if linked and theirs.get("value") != linked:
		frappe.throw(
			_("{0} {1} of QuickBooks is of {2}, not of {3}.").format(
				name_entity(row.entity),
				make_plain(remote.get("DocNumber")) or remote["Id"],
				make_plain(theirs.get("name")) or "",
				name,
			),
			title=_("Not Linked"),
		)


def never_send(doctype: str, name: str, reason: str) -> None:
	"""Keep a submitted document out of QuickBooks for good, with a reason. Does not commit."""
	if not reason.strip():
		frappe.throw(_("Say why {0} never goes to QuickBooks.").format(name), title=_("Reason Missing"))
	rows.lock_document(doctype, name)
	found = rows.get_rows(doctype, name, for_update=True)
	if any(rows.is_locked(row) for row in found):
		frappe.throw(
			_("{0} is in QuickBooks, or may be; it can't be kept out any more.").format(name),
			title=_("In QuickBooks"),
		)
	rows.delete_rows([row.name for row in found])
	frappe.db.set_value(
		doctype,
		name,
		{"never_send": 1, "never_send_reason": make_plain(reason.strip())},
		update_modified=False,
	)
	_note(
		frappe._dict(reference_doctype=doctype, reference_name=name),
		_("set it to Never Send: {0}").format(reason),
	)
	refresh_status(doctype, name)


def allow_sending(doctype: str, name: str) -> None:
	"""Take a document's Never Send back; it is sent when somebody presses its button. Does not commit."""
	frappe.db.set_value(doctype, name, {"never_send": 0, "never_send_reason": None}, update_modified=False)
	_note(frappe._dict(reference_doctype=doctype, reference_name=name), _("took Never Send back"))
	refresh_status(doctype, name)


def _lock_row(row_name: str) -> frappe._dict:
	"""The row as last committed, locked with its document until the transaction ends."""
	row = rows.get_row(row_name)
	rows.lock_document(row.reference_doctype, row.reference_name)
	return rows.get_row(row_name, for_update=True)


def _note(row: frappe._dict, text: str) -> None:
	comment = frappe.get_doc(
		{
			"doctype": "Comment",
			"comment_type": "Info",
			"reference_doctype": row.reference_doctype,
			"reference_name": row.reference_name,
			"comment_email": frappe.session.user,
			"comment_by": frappe.utils.get_fullname(frappe.session.user),
			"content": frappe.utils.escape_html(text),
		}
	)
	comment.flags.ignore_permissions = True
	comment.insert()
