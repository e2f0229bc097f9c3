"""Merging two records of a list, as people do in QuickBooks: everything of the one becomes the other's, and the one is gone."""

from __future__ import annotations

from typing import Any

from qbo_emulator import operations
from qbo_emulator.entities import BY_SEGMENT
from qbo_emulator.entities.base import Entity
from qbo_emulator.entities.naming import rename_below
from qbo_emulator.faults import refuse_business
from qbo_emulator.party import merge_balances
from qbo_emulator.records import build_row
from qbo_emulator.store import Change, Id, Row
from qbo_emulator.work import Work, load_body

PARENT = "ParentRef"
MERGED_BY = {
	"Customer": ("CustomerRef", "EntityRef", "Entity", PARENT),
	"Vendor": ("VendorRef", "EntityRef", "Entity", "PayeeRef", "PrefVendorRef"),
	"Item": ("ItemRef", "GroupItemRef", "EntityRef"),
	"Account": (
		"AccountRef", "IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef", "ItemAccountRef", "DepositToAccountRef",
		"ARAccountRef", "APAccountRef", "DiscountAccountRef", "BankAccountRef", "CCAccountRef", "AdjustAccountRef",
		"FromAccountRef", "ToAccountRef", "EntityRef", PARENT,
	),
	"Class": ("ClassRef", PARENT),
	"Department": ("DepartmentRef", PARENT),
}  # fmt: skip
"""Entities that can be merged, and the references to them; Customer, Vendor and Employee share their Ids."""
PARTY_COLUMNS = (("posting", "party"), ("stock_move", "party"), ("link", "party"), ("link", "payer_party"))
COLUMNS = {
	"Customer": PARTY_COLUMNS,
	"Vendor": PARTY_COLUMNS,
	"Item": (("posting", "item"),),
	"Account": (
		("posting", "account"),
		("stock_move", "asset"),
		("stock_move", "expense"),
		("stock_move", "offset"),
	),
}
"""Columns beside the records that hold their Ids."""


class NotMergeable(ValueError):
	"""Two records that cannot be merged; the sentence says why."""


def touch(work: Work, entity: Entity, row: Row) -> Row:
	"""Give a record its next version without changing anything: an opened form that was saved as it was."""
	return store_again(work, entity, row, load_body(row.body), {})


def store_again(
	work: Work, entity: Entity, row: Row, document: dict[str, Any], columns: dict[str, Any]
) -> Row:
	kept = {
		name: getattr(row, name)
		for name in ("active", "name", "doc_number", "txn_date", "due_date", "party", "total")
	}
	saved = build_row(
		row.company, work.company.zone, entity.name, row.id, document, {**kept, **columns}, work.now, row
	)
	work.store.replace(saved)
	return saved


def merge(work: Work, entity: Entity, loser: Row, into: Any) -> Row:
	"""Merge a record into another of its list and return that one. Raises NotMergeable, or Fault by the API's rules."""
	if entity.name not in MERGED_BY:
		raise NotMergeable(f"Only these can be merged here: {', '.join(MERGED_BY)}.")
	winner = operations.read_row(work, entity, into)
	if winner.id == loser.id:
		raise NotMergeable("A record cannot be merged into itself.")
	kept, lost = load_body(winner.body), load_body(loser.body)
	check_alike(work, entity, loser, kept, lost)
	key, store = work.company.key, work.store
	if entity.name in ("Customer", "Vendor"):
		merge_balances(work, entity.name, loser, winner)
	if entity.nested_by:
		rename_below(work, entity, winner, kept, lost)
	name = kept["DisplayName"] if "DisplayName" in kept else kept["FullyQualifiedName"]
	for row in list_referring(work, entity, loser.id):
		document = load_body(row.body)
		replace_references(
			document, entity.name, str(loser.id), {"value": str(winner.id), "name": name}, row.entity
		)
		is_party = entity.name in ("Customer", "Vendor") and row.party == loser.id
		store_again(
			work, BY_SEGMENT[row.entity.lower()], row, document, {"party": winner.id} if is_party else {}
		)
	for table, column in COLUMNS.get(entity.name, ()):
		store.execute(
			f"UPDATE {table} SET {column} = ? WHERE company = ? AND {column} = ?", (winner.id, key, loser.id)
		)
	if entity.name not in ("Customer", "Vendor"):
		store.add_to_balance(key, entity.name, winner.id, loser.balance or 0)
	store.free_name(key, entity.name, loser.id)
	store.remove(loser, work.now)
	# of the two only the merge is told, naming both
	store.changes = [
		change for change in store.changes if (change.entity, change.id) != (entity.name, loser.id)
	]
	saved = touch(work, entity, operations.read_row(work, entity, winner.id))
	store.note_change(Change(key, entity.name, winner.id, "Merge", loser.id))
	return saved


def check_alike(work: Work, entity: Entity, loser: Row, kept: dict[str, Any], lost: dict[str, Any]) -> None:
	"""Raise 6000 for two currencies, two types, items that are tracked, and accounts that QuickBooks itself posts to."""
	if kept.get("CurrencyRef") != lost.get("CurrencyRef"):
		raise refuse_business("Names in different currencies cannot be merged")
	for name in ("Type", "AccountType"):
		if kept.get(name) != lost.get(name):
			raise refuse_business(f"A {lost.get(name)} cannot be merged into a {kept.get(name)}", name)
	if entity.name == "Item" and lost["Type"] not in ("Service", "NonInventory"):
		raise refuse_business(f"Items of the type {lost['Type']} cannot be merged", "Type")
	if entity.name == "Account" and str(loser.id) in work.company.definition["account_roles"].values():
		raise refuse_business(f"{lost['Name']} is an account that QuickBooks posts to by itself", "Id")


def list_referring(work: Work, entity: Entity, identifier: Id) -> list[Row]:
	"""Return the records that refer to a record, whatever they are."""
	found: list[Row] = []
	# the text narrows the search; the properties decide
	pattern = f'%"value":"{identifier}"%'
	rows = work.store.execute(
		"SELECT entity, id FROM object WHERE company = ? AND body LIKE ? ORDER BY pk",
		(work.company.key, pattern),
	).fetchall()
	for name, other in rows:
		row = work.store.get(work.company.key, name, other)
		if row and replace_references(load_body(row.body), entity.name, str(identifier), {}, name):
			found.append(row)
	return found


def replace_references(value: Any, kind: str, old: str, new: dict[str, str], owner: str) -> bool:
	"""Point every reference of ``owner``'s document to a record to another one, in place; return whether there was one.

	A ParentRef refers to the owner's own list; a reference that says its type is taken by its word.
	"""
	if isinstance(value, list):
		return any([replace_references(item, kind, old, new, owner) for item in value])
	if not isinstance(value, dict):
		return False
	found = False
	for key, item in value.items():
		if is_reference(key, item, kind, old, owner):
			item.update(new)
			found = True
		else:
			found = replace_references(item, kind, old, new, owner) or found
	return found


def is_reference(key: str, item: Any, kind: str, old: str, owner: str) -> bool:
	if key not in MERGED_BY[kind] or not isinstance(item, dict) or str(item.get("value")) != old:
		return False
	if key == PARENT:
		return owner == kind
	if key == "EntityRef" and kind not in ("Customer", "Vendor"):
		return item.get("type") == kind
	return str(item.get("type", kind)).lower() == kind.lower()  # a deposit's Entity says CUSTOMER
