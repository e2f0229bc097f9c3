"""What hooks.py points to: the documents' events, handed on. The same lines serve any document type."""

from typing import Any

import frappe
from frappe import _

from allorders_qb.sync import queue, release, rows
from allorders_qb.sync.limits import check_record
from allorders_qb.sync.links import get_links_of

QUICKBOOKS_FIELDS = (
	"quickbooks_status",
	"quickbooks_reason",
	"quickbooks_id",
	"quickbooks_doc_number",
	"quickbooks_tax",
	"quickbooks_total",
)


def validate_document(doc: Any, method: str | None = None) -> None:
	"""Before saving: nothing may be written into the QuickBooks fields, and what QuickBooks could not take is
	refused while it can still be changed."""
	protect_quickbooks_fields(doc)
	if doc.meta.has_field("never_send") and doc.never_send and not (doc.never_send_reason or "").strip():
		frappe.throw(
			_("Say in {0} why {1} never goes to QuickBooks.").format(
				_(doc.meta.get_label("never_send_reason")), doc.name or _(doc.doctype)
			),
			title=_("Reason Missing"),
		)
	check_record(doc)


def protect_quickbooks_fields(doc: Any, method: str | None = None) -> None:
	"""Restore the fields that only the synchronization writes, whatever a form, REST or an import sent."""
	before = None if doc.is_new() else doc.get_doc_before_save()
	for fieldname in QUICKBOOKS_FIELDS:
		if doc.meta.has_field(fieldname):
			doc.set(fieldname, before.get(fieldname) if before else None)


def protect_submitted(doc: Any, method: str | None = None) -> None:
	"""After submit only ``api.documents`` changes whether a document is ever sent."""
	protect_quickbooks_fields(doc)
	before = doc.get_doc_before_save()
	for fieldname in ("never_send", "never_send_reason"):
		if before and doc.meta.has_field(fieldname):
			doc.set(fieldname, before.get(fieldname))


def queue_document(doc: Any, method: str | None = None) -> None:
	"""On submit: into the queue, as the posting rule of its type says."""
	queue.queue_submitted(doc)


def queue_list_record(doc: Any, method: str | None = None) -> None:
	"""On a new or changed list record: into the queue."""
	queue.queue_changed_record(doc)


def refuse_merge_of_known(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
	"""Before a rename: two records that QuickBooks knows as two are not made one here."""
	if merge and get_links_of(doc.doctype, old) and get_links_of(doc.doctype, new):
		frappe.throw(
			_(
				"{0} and {1} are both in QuickBooks and can't be merged here. Make the one that is not used any more inactive instead."
			).format(old, new),
			title=_("In QuickBooks"),
		)


def queue_renamed_record(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
	"""After a rename: QuickBooks learns the new name like any other change."""
	queue.queue_changed_record(doc)


def refuse_cancel_of_locked(doc: Any, method: str | None = None) -> None:
	"""Before cancel: refused while the document is, or may be, in QuickBooks."""
	queue.refuse_if_locked(doc)


def remove_queued_rows(doc: Any, method: str | None = None) -> None:
	"""On cancel: what was still queued leaves the queue with it."""
	queue.remove_rows_of(doc)


def refuse_delete_of_known(doc: Any, method: str | None = None) -> None:
	"""Before delete: what QuickBooks knows, or may know, stays; what never left takes its rows with it."""
	if get_links_of(doc.doctype, doc.name):
		frappe.throw(
			_("{0} {1} is in QuickBooks and can't be deleted here. Make it inactive instead.").format(
				_(doc.doctype), doc.name
			)
			if doc.meta.has_field("inactive")
			else _("{0} {1} is in QuickBooks and can't be deleted here.").format(_(doc.doctype), doc.name),
			title=_("In QuickBooks"),
		)
	found = rows.get_rows(doc.doctype, doc.name, for_update=True)
	for row in found:
		if rows.is_locked(row) and row.status != rows.SENT:
			frappe.throw(
				_("{0} {1} is on its way to QuickBooks and can't be deleted now.").format(
					_(doc.doctype), doc.name
				),
				title=_("In QuickBooks"),
			)
	rows.delete_rows([row.name for row in found])
	release.forget_release(doc.doctype, doc.name)
