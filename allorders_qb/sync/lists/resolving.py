"""What a person answers to a conflict, applied on both sides. Only callers that have checked the person's role come here."""

import json
from typing import Any

import frappe
from frappe import _

from allorders_qb.sync import rows
from allorders_qb.sync.connection import get_company_profile, get_connection, get_realm_id
from allorders_qb.sync.links import LINK, get_link, load_object
from allorders_qb.sync.lists import conflicts
from allorders_qb.sync.lists.agreement import get_base, taking_over
from allorders_qb.sync.lists.definitions import LISTS, ListDefinition
from allorders_qb.sync.lists.gone import relink
from allorders_qb.sync.lists.naming import NameHeld, choose_name, rename
from allorders_qb.sync.lists.ours import MissingReference, make_local
from allorders_qb.sync.lists.saving import queue_rest
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.registry import LIST_ROLE

ANSWERS = {
	conflicts.BOTH_CHANGED: (conflicts.KEEP_OURS, conflicts.TAKE_THEIRS, conflicts.ANOTHER_VALUE),
	conflicts.NAME_TAKEN: (conflicts.KEEP_OURS, conflicts.TAKE_THEIRS, conflicts.ANOTHER_VALUE),
	conflicts.MADE_AGAIN: (conflicts.LINK_TO_IT, conflicts.KEEP_APART),
	conflicts.TYPE_CHANGED: (conflicts.SEEN,),
	conflicts.CURRENCY_CHANGED: (conflicts.SEEN,),
	conflicts.GONE: (conflicts.SEEN,),
	conflicts.MERGED: (conflicts.SEEN,),
	conflicts.NOT_TAKEN: (conflicts.SEEN,),
}
"""What may be answered to each kind."""


def resolve(name: str, answer: str, another_value: str | None = None) -> str:
	"""Apply one answer here, and send what it means for QuickBooks; a sentence. Does not commit.

	``another_value`` is as the field shows it (a reference by its local name). Throws where the conflict is resolved
	already, the answer is none of its kind, or the record refuses the value.
	"""
	row = frappe.get_doc(conflicts.CONFLICT, name)
	if row.list_type and row.record:
		rows.lock_document(row.list_type, row.record)
	row = frappe.get_doc(conflicts.CONFLICT, name, for_update=True)
	if row.status != conflicts.OPEN:
		frappe.throw(_("This is decided already: {0}.").format(_(row.answer or row.status)))
	if answer not in ANSWERS[row.kind]:
		frappe.throw(
			_("Answer this with one of: {0}.").format(", ".join(_(one) for one in ANSWERS[row.kind]))
		)
	if row.kind in conflicts.OF_A_VALUE:
		_settle_value(row, answer, another_value)
	elif answer == conflicts.LINK_TO_IT:
		_link_to_it(row)
	elif answer == conflicts.KEEP_APART:
		_keep_apart(row)
	conflicts.close(row.name, answer, another_value if answer == conflicts.ANOTHER_VALUE else None)
	return _("{0}: {1}.").format(row.record or row.quickbooks_id, _(answer))


def _settle_value(row: Any, answer: str, another_value: str | None) -> None:
	definition = LISTS[row.list_type]
	realm_id = get_realm_id()
	around = Surroundings(realm_id, get_company_profile(get_connection(realm_id)))
	doc = frappe.get_doc(row.list_type, row.record, for_update=True)
	link = get_link(realm_id, row.list_type, row.record, LIST_ROLE)
	if not link or not link.snapshot:
		frappe.throw(_("{0} is not linked to QuickBooks any more; synchronize first.").format(row.record))
	remote = load_object(link.snapshot)
	# As QuickBooks has it now: it may have changed again since the conflict was opened.
	theirs = definition.read_back(remote, around.company)[row.fieldname]
	if answer == conflicts.TAKE_THEIRS:
		doc = _take_theirs(definition, doc, row.fieldname, theirs, remote, around)
	elif answer == conflicts.ANOTHER_VALUE:
		doc = _take_another(definition, doc, row.fieldname, another_value, around)
	agreed = {**get_base(link, around), row.fieldname: theirs}
	frappe.db.set_value(LINK, link.name, "agreed", json.dumps(agreed, ensure_ascii=False, sort_keys=True))
	if answer != conflicts.TAKE_THEIRS:
		queue_rest(doc)


def _take_theirs(
	definition: ListDefinition, doc: Any, fieldname: str, theirs: str, remote: dict, around: Surroundings
) -> Any:
	with taking_over():
		if fieldname == definition.name_field:
			try:
				return rename(doc, choose_name(doc.doctype, remote, theirs, own=doc.name))
			except NameHeld as held:
				frappe.throw(str(held), title=_("Name Taken"))
		try:
			doc.set(fieldname, make_local(definition, fieldname, theirs, around))
		except MissingReference:
			frappe.throw(
				_("What QuickBooks refers to is not here yet. Synchronize first, then decide."),
				title=_("Not Here Yet"),
			)
		_save(doc)
	return doc


def _take_another(
	definition: ListDefinition, doc: Any, fieldname: str, value: str | None, around: Surroundings
) -> Any:
	value = (value or "").strip()
	if not value:
		frappe.throw(_("Enter the value that both sides are to have."), title=_("Value Missing"))
	with taking_over():
		if fieldname == definition.name_field:
			if frappe.db.exists(doc.doctype, value):
				frappe.throw(_("There is a {0} {1} already.").format(_(doc.doctype), value))
			return rename(doc, value)
		doc.set(fieldname, value)
		_save(doc)
	return doc


def _save(doc: Any) -> None:
	doc.flags.ignore_permissions = True
	doc.save()


def _link_to_it(row: Any) -> None:
	"""Our record goes on with the new one; its inactive twin is let go."""
	link = get_link(row.realm_id, row.list_type, row.record, LIST_ROLE)
	owner = frappe.db.get_value(
		LINK,
		{"realm_id": row.realm_id, "entity": row.entity, "quickbooks_id": row.quickbooks_id},
		"reference_name",
	)
	if owner:
		frappe.throw(_("It is linked to {0} already.").format(owner))
	if not link:
		frappe.throw(_("{0} is not linked to QuickBooks any more; synchronize first.").format(row.record))
	relink(link, row.quickbooks_id, bool(frappe.db.get_value(row.list_type, row.record, "inactive")))


def _keep_apart(row: Any) -> None:
	"""The new one becomes a record of its own, told apart by its id, when the next synchronization reads it."""
	conflicts.report(
		conflicts.NOT_TAKEN,
		row.realm_id,
		row.entity,
		row.quickbooks_id,
		_("It is read with the next synchronization."),
		list_type=row.list_type,
	)
