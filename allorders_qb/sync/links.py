"""What of ours is what of theirs: one QuickBooks Link per local record and role, in both directions unique."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import now
from pypika.terms import Criterion

from allorders_qb.mapping.payload import dump_payload
from allorders_qb.sync.plain import make_plain

LINK = "QuickBooks Link"


class LinkTaken(Exception):
	"""The QuickBooks record already belongs to another record of ours. The message names both."""


def get_link(realm_id: str, doctype: str, name: str, role: str) -> frappe._dict | None:
	"""The link of one role of a local record in that company, or None."""
	link = frappe.qb.DocType(LINK)
	found = _select_links(doctype, name).where((link.realm_id == realm_id) & (link.role == role)).limit(1)
	return next(iter(found.run(as_dict=True)), None)


def get_links_of(doctype: str, name: str) -> list[frappe._dict]:
	"""Every link of a local record, in any company."""
	return _select_links(doctype, name).run(as_dict=True)


def _select_links(doctype: str, name: str) -> Any:
	link = frappe.qb.DocType(LINK)
	return (
		frappe.qb.from_(link)
		.select(link.star)
		.where((link.reference_doctype == doctype) & (link.reference_name == name))
		.orderby(link.creation)
	)


def get_ids(realm_id: str, doctype: str, names: list[str]) -> dict[str, str]:
	"""Local name -> QuickBooks Id, for those of ``names`` that are linked."""
	if not names:
		return {}
	link = frappe.qb.DocType(LINK)
	found = (
		frappe.qb.from_(link)
		.select(link.reference_name, link.quickbooks_id)
		.where(
			(link.realm_id == realm_id)
			& (link.reference_doctype == doctype)
			& link.reference_name.isin(sorted(set(names)))
		)
		.orderby(link.creation)
		.run()
	)
	return dict(found)


def list_linked(realm_id: str, records: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
	"""Those of ``records`` (DocType, name) that have a counterpart in that company; one query."""
	names: dict[str, set[str]] = {}
	for doctype, name in records:
		names.setdefault(doctype, set()).add(name)
	if not names:
		return set()
	link = frappe.qb.DocType(LINK)
	wanted = Criterion.any(
		(link.reference_doctype == doctype) & link.reference_name.isin(sorted(some))
		for doctype, some in names.items()
	)
	found = (
		frappe.qb.from_(link)
		.select(link.reference_doctype, link.reference_name)
		.where((link.realm_id == realm_id) & wanted)
		.orderby(link.reference_doctype, link.reference_name)
		.run()
	)
	# The database may take two names for one that differ to us.
	return set(found).intersection(records)


def get_owner_of(
	realm_id: str, entity: str, quickbooks_id: str, for_update: bool = False
) -> frappe._dict | None:
	"""The link of whatever of ours has that QuickBooks record for its twin, or None.

	With ``for_update`` as last committed, and locked until the transaction ends.
	"""
	table = frappe.qb.DocType(LINK)
	query = (
		frappe.qb.from_(table)
		.select(table.star)
		.where(
			(table.realm_id == realm_id)
			& (table.entity == entity)
			& (table.quickbooks_id == str(quickbooks_id))
		)
	)
	found = (query.for_update() if for_update else query).run(as_dict=True)
	return found[0] if found else None


def store_link(
	realm_id: str,
	doctype: str,
	name: str,
	role: str,
	entity: str,
	remote: dict[str, Any],
	**values,
) -> str:
	"""Write or renew the link from what QuickBooks returned (needs Id and SyncToken). Does not commit.

	Raises ``LinkTaken`` where that QuickBooks record is another local record's.
	"""
	owner = frappe.db.get_value(
		LINK,
		{"realm_id": realm_id, "entity": entity, "quickbooks_id": str(remote["Id"])},
		["name", "reference_doctype", "reference_name", "role"],
		as_dict=True,
	)
	if owner and (owner.reference_doctype, owner.reference_name, owner.role) != (doctype, name, role):
		raise LinkTaken(
			_("{0} {1} of QuickBooks is already linked to {2} {3}.").format(
				entity, remote["Id"], _(owner.reference_doctype), owner.reference_name
			)
		)
	fields = {**describe_twin(entity, remote), **values}
	existing = get_link(realm_id, doctype, name, role)
	if existing:
		frappe.db.set_value(LINK, existing.name, fields)
		return existing.name
	link = frappe.get_doc(
		{
			"doctype": LINK,
			"realm_id": realm_id,
			"reference_doctype": doctype,
			"reference_name": name,
			"role": role,
			**fields,
		}
	)
	link.flags.ignore_permissions = True
	link.flags.ignore_links = True
	return link.insert().name


def make_link(
	realm_id: str, doctype: str, name: str, role: str, entity: str, remote: dict[str, Any], **values: Any
) -> dict[str, Any]:
	"""The columns of a new link, for ``insert_links``."""
	moment, user = now(), frappe.session.user
	return {
		"name": frappe.generate_hash(length=10),
		"owner": user,
		"modified_by": user,
		"creation": moment,
		"modified": moment,
		"realm_id": realm_id,
		"reference_doctype": doctype,
		"reference_name": name,
		"role": role,
		**describe_twin(entity, remote),
		**values,
	}


def insert_links(links: list[dict[str, Any]]) -> None:
	"""Write new links in one statement. Does not commit; a link that is there already is a duplicate entry for the database."""
	if links:
		columns, empty = frappe.get_meta(LINK).get_valid_columns(), frappe.new_doc(LINK).get_valid_dict()
		frappe.db.bulk_insert(
			LINK, columns, [[link.get(column, empty.get(column)) for column in columns] for link in links]
		)


def describe_twin(entity: str, remote: dict[str, Any]) -> dict[str, str | None]:
	"""The fields of a link that QuickBooks' object fills."""
	return {
		"entity": entity,
		"quickbooks_id": str(remote["Id"]),
		"sync_token": str(remote.get("SyncToken") or "0"),
		"doc_number": make_plain(
			remote.get("DocNumber") or remote.get("DisplayName") or remote.get("Name") or remote["Id"]
		),
		"snapshot": dump_payload(remote),
	}


def load_object(text: str) -> dict[str, Any]:
	"""A stored payload or QuickBooks object, its fractions as Decimal again."""
	return json.loads(text, parse_float=Decimal)
