"""What people do in QuickBooks itself: the API's operations without its tokens, limits and faults to order, and merging."""

from __future__ import annotations

from typing import Any

from qbo_emulator import operations
from qbo_emulator.entities import BY_SEGMENT
from qbo_emulator.entities.base import Entity
from qbo_emulator.faults import refuse_business
from qbo_emulator.records import build_row
from qbo_emulator.store import Change, Id, Row
from qbo_emulator.work import Work, load_body

OPERATIONS = ("create", "update", "delete", "void", "merge", "touch")
MERGED_BY = {
	"Customer": ("CustomerRef", "EntityRef", "ParentRef"),
	"Vendor": ("VendorRef", "EntityRef", "PayeeRef"),
}
"""Entities that can be merged, and the references to them; Customer, Vendor and Employee share their Ids."""


class OrderError(ValueError):
	"""An order that cannot be understood; the sentence says what to send."""


def act(work: Work, order: Any) -> tuple[Entity, str]:
	"""Do what a person does and return the entity and the record's JSON text. Raises OrderError or Fault.

	``order`` is {"entity", "operation", "body"}. An update is sparse unless it says otherwise, and works on the
	current version unless a SyncToken is sent; a merge names ``Id`` and the record ``into`` which it goes.
	"""
	if not isinstance(order, dict) or set(order) - {"entity", "operation", "body"}:
		raise OrderError("Send an object with entity, operation and body.")
	name, operation, body = order.get("entity"), order.get("operation"), order.get("body", {})
	if not isinstance(name, str) or name.lower() not in BY_SEGMENT:
		raise OrderError(
			f"entity is one of: {', '.join(sorted(entity.name for entity in BY_SEGMENT.values()))}."
		)
	if operation not in OPERATIONS:
		raise OrderError(f"operation is one of: {', '.join(OPERATIONS)}.")
	if not isinstance(body, dict):
		raise OrderError("body is an object.")
	entity = BY_SEGMENT[name.lower()]
	if operation == "create":
		if body.get("Id"):
			raise OrderError("A record to create has no Id.")
		return entity, operations.run(work, entity, "create", body)[1]
	row = operations.read_row(work, entity, body.get("Id", ""))
	if operation == "touch":
		return entity, operations.dump_row(entity, touch(work, entity, row))
	if operation == "merge":
		return entity, operations.dump_row(entity, merge(work, entity, row, body.get("into")))
	document = {"SyncToken": str(row.sync_token), **body}
	if operation == "update":
		document = {"sparse": True, **document}
	return entity, operations.run(work, entity, operation, document)[1]


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
	"""Merge a customer or vendor into another: everything of the one becomes the other's, and the one is gone."""
	if entity.name not in MERGED_BY:
		raise OrderError(f"Only {' and '.join(MERGED_BY)} can be merged here.")
	winner = operations.read_row(work, entity, into)
	if winner.id == loser.id:
		raise OrderError("A record cannot be merged into itself.")
	if load_body(winner.body).get("CurrencyRef") != load_body(loser.body).get("CurrencyRef"):
		raise refuse_business("Names in different currencies cannot be merged")
	key, store = work.company.key, work.store
	name = load_body(winner.body)["DisplayName"]
	for row in list_referring(work, loser.id, MERGED_BY[entity.name]):
		document = load_body(row.body)
		replace_references(
			document, str(loser.id), {"value": str(winner.id), "name": name}, MERGED_BY[entity.name]
		)
		party = {"party": winner.id} if row.party == loser.id else {}
		store_again(work, BY_SEGMENT[row.entity.lower()], row, document, party)
	store.execute("UPDATE posting SET party = ? WHERE company = ? AND party = ?", (winner.id, key, loser.id))
	store.add_to_balance(key, entity.name, winner.id, loser.balance or 0)
	if entity.name == "Customer":
		store.add_to_total(key, entity.name, winner.id, loser.total or 0)
	store.free_name(key, entity.name, loser.id)
	store.remove(loser, work.now)
	# of the two only the merge is told, naming both
	store.changes = [
		change for change in store.changes if (change.entity, change.id) != (entity.name, loser.id)
	]
	saved = touch(work, entity, operations.read_row(work, entity, winner.id))
	store.note_change(Change(key, entity.name, winner.id, "Merge", loser.id))
	return saved


def list_referring(work: Work, identifier: Id, names: tuple[str, ...]) -> list[Row]:
	"""Return the records that refer to a name, whatever they are."""
	found: dict[tuple[str, Id], Row] = {}
	# the text narrows the search; the properties decide
	pattern = f'%"value":"{identifier}"%'
	rows = work.store.execute(
		"SELECT entity, id FROM object WHERE company = ? AND body LIKE ?", (work.company.key, pattern)
	).fetchall()
	for entity, other in rows:
		row = work.store.get(work.company.key, entity, other)
		if row is not None and replace_references(load_body(row.body), str(identifier), {}, names):
			found[(entity, other)] = row
	return list(found.values())


def replace_references(value: Any, old: str, new: dict[str, str], names: tuple[str, ...]) -> bool:
	"""Point every such reference of a document to another record, in place. Returns whether there was one."""
	found = False
	if isinstance(value, list):
		return any([replace_references(item, old, new, names) for item in value])
	if not isinstance(value, dict):
		return False
	for key, item in value.items():
		if key in names and isinstance(item, dict) and str(item.get("value")) == old:
			item.update(new)
			found = True
		else:
			found = replace_references(item, old, new, names) or found
	return found
