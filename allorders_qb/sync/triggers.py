"""The button and the list action: send these documents now, with an answer for each."""

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from allorders_qb.sync import decisions, queue, release, rows
from allorders_qb.sync.postings import read_postings
from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.sync.status import get_state, refresh_status
from allorders_qb.sync.wake import wake_after_commit


@dataclass(frozen=True)
class Outcome:
	"""What became of one document: ``ok`` is whether it is on its way or there; ``message`` is a sentence."""

	name: str
	ok: bool
	message: str


def record_document(doctype: str, name: str, trigger: str) -> Outcome:
	"""Put one document on its way to QuickBooks, as its button does. Does not commit.

	Pressing twice, or from two places at once, does it once: the document's row is locked meanwhile.
	"""
	if not rows.lock_document(doctype, name):
		frappe.throw(_("{0} {1} does not exist.").format(_(doctype), name), exc=frappe.DoesNotExistError)
	# Read under the lock: what this transaction saw before may have been cancelled or kept out meanwhile.
	doc = frappe.get_doc(doctype, name, for_update=True)
	if doc.docstatus == 2:
		return Outcome(name, False, _("{0} is cancelled.").format(name))
	if doc.get("never_send"):
		return Outcome(name, False, _("{0} is set to Never Send: {1}").format(name, doc.never_send_reason))
	if doc.docstatus == 0:
		refusal = _submit_draft(doc)
		if refusal:
			return Outcome(name, False, refusal)
	found = rows.get_rows(doctype, name, for_update=True)
	if not found:
		if release.is_waiting(doctype, name):
			refresh_status(doctype, name)
			return Outcome(name, False, f"{name}: {release.explain_wait(doctype, name)}")
		if not queue.queue_document(doc, trigger):
			return Outcome(name, False, f"{name}: {get_state(doctype, name).sentence}")
		return Outcome(name, True, _("{0} is on its way to QuickBooks.").format(name))
	return _push_rows(doc, found)


def _submit_draft(doc: Any) -> str | None:
	if not frappe.get_cached_doc("AO Settings").invoice_submits_draft:
		return _("{0} is still a draft: submit it first, that is when it has shipped.").format(doc.name)
	doc.check_permission("submit")
	doc.submit()
	return None


def _push_rows(doc: Any, found: list[frappe._dict]) -> Outcome:
	moved = False
	for doctype, name in queue.list_missing(read_postings(doc).values()):
		queue.queue_needed_record(doctype, name)
	for row in found:
		if row.status == rows.QUEUED:
			rows.change_where(
				row.name,
				{"status": rows.QUEUED},
				{"waits_for_synchronization": 0, "next_attempt_at": None},
			)
			moved = True
		elif row.status == rows.ATTENTION:
			decisions.retry(row.name)
			moved = True
	refresh_status(doc.doctype, doc.name)
	if moved:
		wake_after_commit()
		return Outcome(doc.name, True, _("{0} is on its way to QuickBooks.").format(doc.name))
	state = get_state(doc.doctype, doc.name)
	return Outcome(doc.name, state.status not in (rows.UNKNOWN,), f"{doc.name}: {state.sentence}")


def get_button(doctype: str) -> str:
	"""The label of the button that sends documents of this type."""
	return POSTING_TYPES[doctype].button
