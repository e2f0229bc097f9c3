"""One record of QuickBooks' lists taken over: found by its id, else by its name, else made.

Nothing here commits; ``pull`` makes each record a transaction of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from allorders_qb.mapping.item import NEVER_ITEMS
from allorders_qb.sync import rows
from allorders_qb.sync.links import get_link, get_links_of, get_owner_of, load_object
from allorders_qb.sync.lists import conflicts
from allorders_qb.sync.lists.agreement import get_base, reconcile, set_path, taking_over
from allorders_qb.sync.lists.definitions import BY_ENTITY, LISTS, ListDefinition
from allorders_qb.sync.lists.gone import report_gone
from allorders_qb.sync.lists.naming import NameHeld, choose_name
from allorders_qb.sync.lists.ours import MissingReference, write_values
from allorders_qb.sync.lists.rules import may_take
from allorders_qb.sync.lists.saving import is_older, queue_rest
from allorders_qb.sync.matching.gate import list_left_alone
from allorders_qb.sync.mirrors import BY_DOCTYPE
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.registry import LIST_ROLE

UNCHANGED = "Unchanged"
CREATED = "Created"
UPDATED = "Updated"
DEACTIVATED = "Deactivated"
SKIPPED = "Skipped"
WAITING = "Waiting"

DEEPEST = 5
"""Levels of customers below one another that QuickBooks has."""

UNSURE = (rows.SENDING, rows.UNKNOWN)

Fetch = Callable[[str, str], dict[str, Any] | None]
"""(our DocType, QuickBooks Id) -> the object read anew, or None where our mirror of that list has been read anew."""


@dataclass(frozen=True)
class Outcome:
	"""What became of one QuickBooks record; ``name`` is ours where there is one, ``message`` a sentence or empty."""

	kind: str
	doctype: str
	name: str | None = None
	conflicts: int = 0
	message: str = ""


def apply_remote(
	realm_id: str,
	entity: str,
	remote: dict[str, Any],
	*,
	around: Surroundings,
	fetch: Fetch | None = None,
	again: bool = False,
	tell_apart: bool = False,
	depth: int = 0,
) -> Outcome:
	"""Take over one object as QuickBooks gives it (a deleted one's is its Id and status). Does not commit.

	``fetch`` brings what it refers to and we do not have. With ``again`` it is taken although we have seen this state of
	it before; with ``tell_apart`` a name that is another record's here does not stop it. Raises ``naming.NameHeld``,
	``ours.MissingReference``, and what saving a document raises: then nothing of it may be committed.
	"""
	definition = BY_ENTITY[entity]
	owner = get_owner_of(realm_id, entity, str(remote["Id"]))
	if remote.get("status") == "Deleted":
		return _apply_deletion(realm_id, definition, owner, str(remote["Id"]))
	if not owner and (
		reason := find_reason_to_skip(definition, remote) or _explain_left_alone(realm_id, definition, remote)
	):
		return Outcome(SKIPPED, definition.doctype, message=reason)
	if owner and not again and str(remote.get("SyncToken") or "0") == owner.sync_token:
		return Outcome(UNCHANGED, definition.doctype, owner.reference_name)
	for _attempt in range(DEEPEST + len(definition.references)):
		frappe.db.savepoint("quickbooks_apply")
		try:
			if owner:
				return _apply_to_linked(definition, owner, remote, around, again, tell_apart)
			return _apply_to_unlinked(realm_id, definition, remote, around, tell_apart)
		except MissingReference as missing:
			frappe.db.rollback(save_point="quickbooks_apply")
			if not fetch or depth >= DEEPEST:
				raise
			_bring(missing, realm_id, around, fetch, depth)
	raise MissingReference(definition.doctype, str(remote["Id"]))


def _bring(missing: MissingReference, realm_id: str, around: Surroundings, fetch: Fetch, depth: int) -> None:
	"""Have what a record refers to here: the parent of a customer, or a list of QuickBooks' own read anew."""
	found = fetch(missing.doctype, missing.quickbooks_id)
	if missing.doctype in LISTS:
		if not found:
			raise missing
		apply_remote(
			realm_id, LISTS[missing.doctype].entity, found, around=around, fetch=fetch, depth=depth + 1
		)
		if not get_owner_of(realm_id, LISTS[missing.doctype].entity, missing.quickbooks_id):
			raise missing
	elif missing.doctype in BY_DOCTYPE and not around.find_mirrored(missing.doctype, missing.quickbooks_id):
		raise missing


def _apply_deletion(
	realm_id: str, definition: ListDefinition, owner: frappe._dict | None, quickbooks_id: str
) -> Outcome:
	if not owner:
		return Outcome(UNCHANGED, definition.doctype)
	told = report_gone(realm_id, definition.entity, quickbooks_id)
	return Outcome(UNCHANGED, definition.doctype, owner.reference_name, conflicts=int(told))


def find_reason_to_skip(definition: ListDefinition, remote: dict[str, Any]) -> str:
	"""Why a record that we do not have is not made here, or "" where it is."""
	if definition.entity == "Item" and remote.get("Type") in NEVER_ITEMS:
		return _("{0} “{1}” is no item here.").format(_(remote["Type"]), remote.get("Name"))
	if not may_take(definition.doctype):
		return _("By its list rule, {0} is not taken over from QuickBooks.").format(_(definition.doctype))
	if remote.get("Active") in (False, "false"):
		return _("It is inactive in QuickBooks, and was never here.")
	return ""


def _explain_left_alone(realm_id: str, definition: ListDefinition, remote: dict[str, Any]) -> str:
	if list_left_alone(realm_id, definition.doctype, [str(remote["Id"])]):
		return _("It was left alone when the lists were matched.")
	return ""


def _apply_to_linked(
	definition: ListDefinition,
	owner: frappe._dict,
	remote: dict[str, Any],
	around: Surroundings,
	again: bool,
	tell_apart: bool,
) -> Outcome:
	doctype, name = owner.reference_doctype, owner.reference_name
	if not rows.lock_document(doctype, name):
		return Outcome(SKIPPED, doctype, name, message=_("{0} {1} is no more.").format(_(doctype), name))
	# Read under the lock: an answer may have been stored since.
	link = get_owner_of(around.realm_id, definition.entity, str(remote["Id"]), for_update=True)
	if not link or link.reference_name != name:
		return Outcome(WAITING, doctype, name)
	if is_older(remote, link) or (not again and str(remote.get("SyncToken") or "0") == link.sync_token):
		return Outcome(UNCHANGED, doctype, name)
	doc = frappe.get_doc(doctype, name, for_update=True)
	was_inactive = bool(doc.inactive)
	done = reconcile(doc, remote, get_base(link, around), around, tell_apart=tell_apart)
	if done.pending:
		queue_rest(done.doc)
	kind = UPDATED if done.changed else UNCHANGED
	if done.changed and done.doc.inactive and not was_inactive:
		kind = DEACTIVATED
	return Outcome(kind, doctype, done.doc.name, done.conflicts)


def _apply_to_unlinked(
	realm_id: str, definition: ListDefinition, remote: dict[str, Any], around: Surroundings, tell_apart: bool
) -> Outcome:
	wanted = definition.read_back(remote, around.company)[definition.name_field]
	tell_apart = tell_apart or conflicts.is_kept_apart(realm_id, definition.entity, str(remote["Id"]))
	try:
		name = choose_name(definition.doctype, remote, wanted, tell_apart=tell_apart)
	except NameHeld as held:
		return _apply_to_namesake(realm_id, definition, remote, around, held)
	return _create(definition, name, remote, around)


def _create(definition: ListDefinition, name: str, remote: dict[str, Any], around: Surroundings) -> Outcome:
	doc, values = build_new(definition, name, remote, around)
	with taking_over():
		doc.insert()
	done = reconcile(doc, remote, values, around)
	return Outcome(CREATED, definition.doctype, doc.name, done.conflicts)


def build_new(
	definition: ListDefinition, name: str, remote: dict[str, Any], around: Surroundings
) -> tuple[Any, dict[str, str]]:
	"""The unsaved document that a QuickBooks record becomes here, and the neutral values both sides begin with.

	Raises ``ours.MissingReference``.
	"""
	values = definition.read_back(remote, around.company)
	doc = frappe.new_doc(definition.doctype)
	doc.set(definition.name_field, name)
	write_values(doc, values, around)
	if definition.doctype == "AO Vendor":
		doc.tax_id = remote.get("TaxIdentifier")
	if definition.doctype == "AO Item":
		path = str(remote.get("FullyQualifiedName") or "")
		doc.category = path.rpartition(":")[0][:140] or None
		if name == path:
			doc.quickbooks_fully_qualified_name = path
		else:
			set_path(doc, remote)
	doc.flags.ignore_permissions = True
	return doc, values


def _apply_to_namesake(
	realm_id: str,
	definition: ListDefinition,
	remote: dict[str, Any],
	around: Surroundings,
	held: NameHeld,
) -> Outcome:
	"""A record of ours has the name of one that is new to us: the same, made on both sides, or made again there."""
	doctype, name = definition.doctype, held.holder
	rows.lock_document(doctype, name)
	link = get_link(realm_id, doctype, name, LIST_ROLE)
	if link:
		return _report_made_again(definition, link, remote, held)
	if get_links_of(doctype, name):
		raise held
	if any(
		row.status in UNSURE or row.possibly_stored for row in rows.get_rows(doctype, name, for_update=True)
	):
		# What we see may be what is being sent at this moment: its answer, or the search after it, will link it.
		return Outcome(WAITING, doctype, name)
	doc = frappe.get_doc(doctype, name, for_update=True)
	# Never agreed on anything: what only one side has is taken from there, the rest is a person's.
	done = reconcile(doc, remote, {}, around)
	if done.pending or any(row.status == rows.ATTENTION for row in rows.get_rows(doctype, name)):
		queue_rest(done.doc)
	return Outcome(UPDATED, doctype, done.doc.name, done.conflicts)


def _report_made_again(
	definition: ListDefinition, link: frappe._dict, remote: dict[str, Any], held: NameHeld
) -> Outcome:
	"""QuickBooks has a new record under the name of one of ours whose twin is inactive there."""
	twin = load_object(link.snapshot) if link.snapshot else {}
	if str(twin.get("Active")) not in ("False", "false"):
		raise held
	told = conflicts.report(
		conflicts.MADE_AGAIN,
		link.realm_id,
		definition.entity,
		str(remote["Id"]),
		_(
			"QuickBooks has a new {0} named like {1}, whose own one is inactive there. Link {1} to the new one, or keep the two apart."
		).format(_(definition.entity), link.reference_name),
		definition.doctype,
		link.reference_name,
		theirs=str(remote["Id"]),
		base=link.quickbooks_id,
	)
	return Outcome(WAITING, definition.doctype, link.reference_name, conflicts=int(told))
