"""A list record on its way to QuickBooks: what is sent of it, and what the answer means for it."""

from typing import Any

import frappe
from frappe import _

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.vendor import is_unsent_tax_id
from allorders_qb.sync import queue, rows
from allorders_qb.sync.links import LinkTaken, get_ids, get_link, get_owner_of, load_object, store_link
from allorders_qb.sync.lists import conflicts
from allorders_qb.sync.lists.agreement import compare, get_base, get_sent_base, reconcile
from allorders_qb.sync.lists.definitions import LISTS
from allorders_qb.sync.lists.rules import may_send
from allorders_qb.sync.payloads import Surroundings, build_record
from allorders_qb.sync.registry import LIST_ROLE

SAVEPOINT = "quickbooks_list_answer"


def explain_kept(doctype: str) -> str | None:
	"""Why records of this list do not go to QuickBooks, by its direction; None where they do."""
	if may_send(doctype):
		return None
	return _(
		"By the list rules of QuickBooks Settings {0} is not sent to QuickBooks. Make it there and synchronize, or change the rule."
	).format(_(doctype))


def get_missing_parent(doc: Any, realm_id: str) -> str | None:
	"""The parent of a customer that QuickBooks does not have yet, and must get first."""
	parent = doc.get("parent_customer")
	if not parent or get_ids(realm_id, doc.doctype, [parent]):
		return None
	return parent


def build_save(doc: Any, link: frappe._dict | None, around: Surroundings) -> dict | None:
	"""The request that brings what is changed here to QuickBooks; None where there is nothing to say.

	Holds only what differs from what was agreed, without the fields that a person still has to decide. Opens and closes
	conflicts on the way. Raises ``MappingError``.
	"""
	if not link:
		return build_record(doc, around, None)
	if not link.snapshot:
		raise MappingError(
			f"{doc.name} was linked to another record of QuickBooks, which is read with the next synchronization first."
		)
	current = load_object(link.snapshot)
	current["SyncToken"] = link.sync_token
	merged = compare(doc, current, get_base(link, around), around)
	held_back = {
		row.fieldname
		for row in conflicts.find_open(doc.doctype, doc.name, conflicts.NAME_TAKEN, fields=["fieldname"])
	}
	changed = set(merged.pending) - held_back
	if doc.doctype == "AO Vendor" and is_unsent_tax_id(doc.tax_id or ""):
		changed.add("tax_id")
	if not changed:
		return None
	return build_record(doc, around, current, changed)


def take_answer(row: frappe._dict, remote: dict, around: Surroundings, **link_values: Any) -> bool:
	"""Store what QuickBooks holds of a record after a request, or that a person has linked; merge it into ours.

	Returns whether more is to be sent. Raises ``LinkTaken``; a database that gave way raises as well. What cannot be taken
	over for any other reason is reported and taken again by the next synchronization. Does not commit.
	"""
	doctype, name = row.reference_doctype, row.reference_name
	rows.lock_document(doctype, name)
	entity = LISTS[doctype].entity
	owner = get_owner_of(around.realm_id, entity, str(remote["Id"]), for_update=True)
	if owner and (owner.reference_doctype, owner.reference_name) != (doctype, name):
		raise LinkTaken(
			_("{0} {1} of QuickBooks is already linked to {2} {3}.").format(
				entity, remote["Id"], _(owner.reference_doctype), owner.reference_name
			)
		)
	link = get_link(around.realm_id, doctype, name, LIST_ROLE)
	if link and link.quickbooks_id == str(remote["Id"]) and is_older(remote, link):
		# A capture has brought something newer meanwhile, and with it what this answer says.
		return False
	payload = load_object(row.payload) if row.payload and not link_values.get("linked_by") else None
	base = get_sent_base(doctype, payload, link, around) if payload else get_base(link or {}, around)
	frappe.db.savepoint(SAVEPOINT)
	try:
		doc = frappe.get_doc(doctype, name, for_update=True)
		return bool(reconcile(doc, remote, base, around, tell_apart=True, **link_values).pending)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError, LinkTaken):
		raise
	except Exception as error:
		# The answer in hand is stored whatever our own rules say to it.
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		store_link(around.realm_id, doctype, name, LIST_ROLE, entity, remote, **link_values)
		report_not_taken(around.realm_id, entity, remote, error, doctype, name)
		return False


def report_not_taken(
	realm_id: str, entity: str, remote: dict, error: Exception, doctype: str, name: str | None = None
) -> str:
	"""Tell that what QuickBooks has could not be taken over; it is tried again at each synchronization. The sentence."""
	sentence = _("{0} “{1}” of QuickBooks could not be taken over: {2}").format(
		_(entity),
		remote.get("DisplayName")
		or remote.get("FullyQualifiedName")
		or remote.get("Name")
		or remote.get("Id"),
		frappe.utils.strip_html(str(error)) or type(error).__name__,
	)
	conflicts.report(
		conflicts.NOT_TAKEN, realm_id, entity, str(remote["Id"]), sentence, list_type=doctype, record=name
	)
	return sentence


def is_older(remote: dict, link: frappe._dict) -> bool:
	"""Whether a QuickBooks object is an earlier state than the one that was last seen."""
	return _count_token(remote.get("SyncToken")) < _count_token(link.sync_token)


def _count_token(token: Any) -> int:
	return int(token) if str(token or "").isdigit() else 0


def queue_rest(doc: Any) -> None:
	"""What differs from QuickBooks and is to go there goes as any change of the record does."""
	queue.queue_changed_record(doc)
