"""Bringing a list record and its twin to agree: the merge, with what it needs read and what comes of it stored.

Callers hold the record's lock (``rows.lock_document``) and commit. What QuickBooks sent is stored only together with what
it did to our record, so that a crash leaves both as they were.
"""

import json
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from allorders_qb.mapping.item import is_counterpart
from allorders_qb.mapping.merge import ALL_ORDERS, Difference, Merged, merge
from allorders_qb.mapping.neutral import is_same
from allorders_qb.mapping.people import DELETED_SUFFIX
from allorders_qb.sync.links import load_object, store_link
from allorders_qb.sync.lists import conflicts
from allorders_qb.sync.lists.definitions import LISTS
from allorders_qb.sync.lists.naming import NameHeld, choose_name, rename
from allorders_qb.sync.lists.ours import UNKNOWN, read_fixed, read_ours, show_value, write_values
from allorders_qb.sync.lists.rules import get_owners, may_take
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.registry import LIST_ROLE


@dataclass(frozen=True)
class Reconciled:
	"""What became of it: the document (perhaps under a new name), whether it was changed, what is to be sent of it, and
	how many conflicts were opened."""

	doc: Any
	changed: bool
	pending: frozenset[str]
	conflicts: int


@contextmanager
def taking_over():
	"""Within, what is saved comes from QuickBooks and is not sent back there."""
	before, frappe.flags.from_quickbooks = frappe.flags.from_quickbooks, True
	try:
		yield
	finally:
		frappe.flags.from_quickbooks = before


def get_base(link: Mapping[str, Any], around: Surroundings) -> dict[str, str]:
	"""What both sides last agreed on; for a link from before this was kept, what QuickBooks last answered."""
	if link.get("agreed"):
		return json.loads(link["agreed"])
	if not link.get("snapshot"):
		return {}
	return LISTS[link["reference_doctype"]].read_back(load_object(link["snapshot"]), around.company)


def compare(doc: Any, remote: Mapping[str, Any], base: Mapping[str, str], around: Surroundings) -> Merged:
	"""What comes of both sides' changes since ``base``, by the list's direction and its fields' owners. Changes nothing."""
	definition = LISTS[doc.doctype]
	theirs = definition.read_back(remote, around.company)
	ours = read_ours(doc, around, str(remote["Id"]))
	if (
		doc.doctype == "AO Item"
		and not ours["description"]
		and theirs["description"] in (doc.item_name, doc.name)
	):
		# What a new item without a description was sent with.
		theirs["description"] = ""
	if ours.get("customer_type", "").startswith(UNKNOWN):
		# A type of our own, which QuickBooks can't be given: it stays here, whatever is there.
		ours["customer_type"] = theirs["customer_type"] = base.get("customer_type", "")
	base = {**_tell_apart_fixed(doc, base, ours, theirs), **base}
	if not may_take(doc.doctype):
		theirs = {fieldname: base.get(fieldname, value) for fieldname, value in theirs.items()}
		base = theirs
	owners = {**get_owners(doc.doctype), **dict.fromkeys(read_fixed(doc), ALL_ORDERS)}
	return merge(definition.fields, base, ours, theirs, owners)


def _tell_apart_fixed(
	doc: Any, base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]
) -> dict[str, str]:
	"""What is never copied and differs where two records meet for the first time: ours is the base, so it is reported."""
	found = {}
	if (
		"item_type" in theirs
		and theirs["item_type"]
		and not is_counterpart(doc.item_type, theirs["item_type"])
	):
		found["item_type"] = ours["item_type"]
	currencies = {side.get("currency") or "" for side in (ours, theirs)}
	if len(currencies) == 2 and "" not in currencies:
		found["currency"] = ours["currency"]
	return found


def reconcile(
	doc: Any,
	remote: Mapping[str, Any],
	base: Mapping[str, str],
	around: Surroundings,
	tell_apart: bool = False,
	**link_values: Any,
) -> Reconciled:
	"""Merge QuickBooks' record into ours and store the link. Does not commit.

	Raises ``ours.MissingReference``, ``naming.NameHeld`` (where the holder is linked as well, unless ``tell_apart``),
	``links.LinkTaken``, and whatever saving the document raises.
	"""
	definition = LISTS[doc.doctype]
	merged = compare(doc, remote, base, around)
	agreed, differences = dict(merged.agreed), list(merged.conflicts)
	new_name, name_taken = None, None
	if definition.name_field in merged.taken:
		wanted = merged.taken[definition.name_field]
		try:
			new_name = choose_name(doc.doctype, remote, wanted, own=doc.name, tell_apart=tell_apart)
		except NameHeld as held:
			if held.linked:
				raise
			name_taken = str(held)
			before = base.get(definition.name_field)
			differences.append(Difference(definition.name_field, before, doc.name, wanted))
			agreed.pop(definition.name_field)
			if before is not None:
				agreed[definition.name_field] = before
	values = {name: value for name, value in merged.taken.items() if name != definition.name_field}
	with taking_over():
		changed = save_taken(doc, values, remote, around)
		if new_name and new_name != doc.name:
			doc, changed = rename(doc, new_name), True
	store_link(
		around.realm_id,
		doc.doctype,
		doc.name,
		LIST_ROLE,
		definition.entity,
		remote,
		agreed=dump_agreed(agreed),
		**link_values,
	)
	opened = conflicts.note_differences(
		doc, definition.entity, str(remote["Id"]), differences, around, name_taken
	)
	_report(doc, str(remote["Id"]), definition, merged.reported, around)
	return Reconciled(doc, changed, merged.pending, opened + len(merged.reported))


def dump_agreed(agreed: Mapping[str, str]) -> str:
	"""What both sides agree on, as a link keeps it."""
	return json.dumps(agreed, ensure_ascii=False, sort_keys=True)


def save_taken(doc: Any, values: dict[str, str], remote: Mapping[str, Any], around: Surroundings) -> bool:
	"""Write values into the document and save it where that changes anything; whether it did. Callers are ``taking_over``."""
	changed = take_values(doc, values, remote, around)
	if changed:
		doc.flags.ignore_permissions = True
		doc.save()
	return changed


def take_values(doc: Any, values: dict[str, str], remote: Mapping[str, Any], around: Surroundings) -> bool:
	"""Write values, and what is only noted of QuickBooks' record, into the document; whether that changes it. Saves nothing."""
	write_values(doc, values, around)
	changed = bool(values)
	if doc.doctype == "AO Item":
		changed |= set_path(doc, remote)
	if doc.doctype == "AO Vendor" and remote.get("TaxIdentifier") and doc.tax_id != remote["TaxIdentifier"]:
		# Masked: from here on ours is too.
		doc.tax_id, changed = remote["TaxIdentifier"], True
	return changed


def set_path(doc: Any, remote: Mapping[str, Any]) -> bool:
	"""Note an item's name with those it stands below; whether it is new."""
	path = make_plain(str(remote.get("FullyQualifiedName") or "").removesuffix(DELETED_SUFFIX))
	known = doc.quickbooks_fully_qualified_name or ""
	# One that is called by its path keeps it: its own name is the last part of it.
	if path in ("", known) or (":" not in path and not known) or known == doc.name:
		return False
	doc.quickbooks_fully_qualified_name = path
	return True


def _report(doc: Any, quickbooks_id: str, definition: Any, differences: Any, around: Surroundings) -> None:
	for difference in differences:
		currency = difference.fieldname == "currency"
		before, after = (
			show_value(definition, difference.fieldname, value, around)
			for value in (difference.base, difference.theirs)
		)
		sentence = (
			_(
				"QuickBooks has {0} in {2} now, not in {1}. Its currency here stays; make a new record if it is right."
			)
			if currency
			else _(
				"QuickBooks has {0} as {2} now, not as {1}. Its type here stays; look whether its accounts and stock are right."
			)
		).format(doc.name, before, after)
		conflicts.report(
			conflicts.CURRENCY_CHANGED if currency else conflicts.TYPE_CHANGED,
			around.realm_id,
			definition.entity,
			quickbooks_id,
			sentence,
			doc.doctype,
			doc.name,
			field_label=definition.get_field(difference.fieldname).label,
			base_shown=before,
			theirs_shown=after,
		)


def get_sent_base(
	doctype: str, payload: Mapping[str, Any], link: Mapping[str, Any] | None, around: Surroundings
) -> dict[str, str]:
	"""The base of the merge of a request's answer: what was agreed before it, and on top of that what it said."""
	definition = LISTS[doctype]
	if not link:
		said = definition.read_back(payload, around.company)
		return {
			field.fieldname: said[field.fieldname]
			for field in definition.fields
			if said[field.fieldname] or not (field.silent or field.reported)
		}
	before = load_object(link["snapshot"])
	after = {**before, **payload} if payload.get("sparse") else payload
	was, becomes = (definition.read_back(remote, around.company) for remote in (before, after))
	said = {
		field.fieldname: becomes[field.fieldname]
		for field in definition.fields
		if not is_same(field.kind, was[field.fieldname], becomes[field.fieldname])
	}
	return {**get_base(link, around), **said}
