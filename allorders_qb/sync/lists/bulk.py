"""Many QuickBooks records that are new here, taken over at once: the documents that ``apply`` makes one by one, written in
a few statements.

Each document goes through its defaults, its naming and its checks; left out are the notices of a single save (versions,
realtime, after-save hooks). Whatever is not plainly new (a name that is taken, a parent that is not here yet, a value that
is refused) is given back, for the ordinary way to deal with and to report.
"""

import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import frappe

from allorders_qb.sync.links import LINK, insert_links, make_link
from allorders_qb.sync.lists import conflicts
from allorders_qb.sync.lists.agreement import compare, dump_agreed, taking_over
from allorders_qb.sync.lists.apply import build_new, find_reason_to_skip
from allorders_qb.sync.lists.definitions import ListDefinition
from allorders_qb.sync.lists.naming import LONGEST
from allorders_qb.sync.matching.gate import list_left_alone
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.registry import LIST_ROLE

FEW = 50
"""Fewer than this come the ordinary way, with all that the site hangs on a new record (notifications, assignments)."""

SAVEPOINT = "quickbooks_bulk"


def take_new(definition: ListDefinition, remotes: list[dict], around: Surroundings) -> list[dict]:
	"""Make the records that are plainly new here, with their links; those that are not are given back.

	``remotes`` are QuickBooks' objects of that list. Does not commit.
	"""
	if len(remotes) < FEW:
		return remotes
	plain, rest = _pick_plain(definition, remotes, around)
	plain.sort(key=lambda pair: _get_level(pair[1]))
	for _level, group in groupby(plain, key=lambda pair: _get_level(pair[1])):
		rest += _make(definition, list(group), around)
	return rest


def _get_level(remote: dict) -> int:
	return int(remote.get("Level") or 0)


def _pick_plain(
	definition: ListDefinition, remotes: list[dict], around: Surroundings
) -> tuple[list[tuple[str, dict]], list[dict]]:
	"""(our name, object) of those that nothing here knows or is called like, and the others."""
	ids = [str(remote["Id"]) for remote in remotes if remote.get("status") != "Deleted"]
	known = _list_known(LINK, around.realm_id, definition.entity, ids)
	known |= _list_known(conflicts.CONFLICT, around.realm_id, definition.entity, ids)
	known |= list_left_alone(around.realm_id, definition.doctype, ids)
	named: dict[str, tuple[str, dict]] = {}
	rest = []
	for remote in remotes:
		quickbooks_id = str(remote["Id"])
		if (
			remote.get("status") == "Deleted"
			or quickbooks_id in known
			or find_reason_to_skip(definition, remote)
		):
			rest.append(remote)
			continue
		wanted = definition.read_back(remote, around.company)[definition.name_field]
		name = make_plain(wanted)[:LONGEST]
		if not name or _fold(name) in named:
			rest.append(remote)
		else:
			named[_fold(name)] = (name, remote)
	for holder in _list_holders(definition.doctype, [name for name, _remote in named.values()]):
		if taken := named.pop(_fold(holder), None):
			rest.append(taken[1])
	return list(named.values()), rest


def _list_known(doctype: str, realm_id: str, entity: str, ids: list[str]) -> set[str]:
	return set(
		frappe.get_all(
			doctype,
			filters={"realm_id": realm_id, "entity": entity, "quickbooks_id": ("in", [*ids, ""])},
			pluck="quickbooks_id",
			order_by="creation",
		)
	)


def _list_holders(doctype: str, names: list[str]) -> Iterable[str]:
	return frappe.get_all(doctype, filters={"name": ("in", [*names, ""])}, pluck="name", order_by="name")


def _fold(name: str) -> str:
	"""Names that fold alike may be one name for the database, which knows neither accents nor capitals."""
	letters = unicodedata.normalize("NFKD", name.strip().casefold())
	return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _make(definition: ListDefinition, pairs: list[tuple[str, dict]], around: Surroundings) -> list[dict]:
	docs, links, rest = [], [], []
	defaults = frappe.new_doc(definition.doctype, as_dict=True)
	for name, remote in pairs:
		try:
			doc, link = _build(definition, name, remote, around, defaults)
			docs.append(doc.get_valid_dict(convert_dates_to_str=True))
			links.append(link)
		except Exception:
			# One by one it meets the same trouble, which is told there.
			frappe.clear_last_message()
			rest.append(remote)
	frappe.db.savepoint(SAVEPOINT)
	try:
		_insert(definition.doctype, docs)
		insert_links(links)
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		# Somebody has just made one of them, or the database takes two names for one.
		frappe.db.rollback(save_point=SAVEPOINT)
		return [remote for _name, remote in pairs]
	return rest


def _build(
	definition: ListDefinition, name: str, remote: dict, around: Surroundings, defaults: dict
) -> tuple[Any, dict]:
	"""The checked document and the fields of its link, neither in the database yet."""
	doc, values = build_new(definition, name, remote, around)
	with taking_over():
		_check(doc, defaults)
	agreed = compare(doc, remote, values, around).agreed
	return doc, make_link(
		around.realm_id,
		doc.doctype,
		doc.name,
		LIST_ROLE,
		definition.entity,
		remote,
		agreed=dump_agreed(agreed),
	)


def _check(doc: Any, defaults: dict) -> None:
	"""What ``Document.insert`` does before it writes; what a document refers to was looked up just now."""
	doc.set("__islocal", True)
	doc.update_if_missing(defaults)
	doc.set_user_and_timestamp()
	doc.set_docstatus()
	doc.check_if_latest()
	doc.run_method("before_insert")
	doc.set_new_name()
	doc.flags.in_insert = True
	doc.run_before_save_methods()
	doc._validate()
	doc.set_docstatus()
	doc.flags.in_insert = False


def _insert(doctype: str, records: list[dict]) -> None:
	if records:
		columns = frappe.get_meta(doctype).get_valid_columns()
		frappe.db.bulk_insert(
			doctype, columns, [[record.get(column) for column in columns] for record in records]
		)
