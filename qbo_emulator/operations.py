"""Create, read, update, void, delete of any entity. Callers run the writing ones inside a transaction."""

from __future__ import annotations

from typing import Any

from qbo_emulator import stock
from qbo_emulator.entities.base import ENTITIES, Entity
from qbo_emulator.entities.naming import rename_below
from qbo_emulator.faults import Fault, SilentRefusal, refuse_missing
from qbo_emulator.fields import ABSENT
from qbo_emulator.records import ENVELOPE_KEYS, build_row, dump_json
from qbo_emulator.store import Change, Id, Row, parse_id
from qbo_emulator.work import Work, load_body

VOIDED = "voided"
"""The state of a transaction that was voided."""
UNSUPPORTED = "Operation {} is not supported."


def refuse_operation(operation: str) -> Fault:
	"""Return fault 500, as seen live for voids of entities that have none."""
	return Fault("500", UNSUPPORTED.format(operation), "Operation")


def refuse_void(entity: Entity) -> Fault:
	"""Return the answer to a void of an entity that has none, as seen live in August 2026.

	Most answer HTTP 400 with code 500; a Bill HTTP 200 with a SystemFault 10000; a JournalEntry HTTP 200 with an
	empty batch response, and nothing is changed.
	"""
	if entity.void_refusal == "crash":
		return Fault("10000", "java.lang.UnsupportedOperationException", status=200)
	if entity.void_refusal == "nothing":
		return SilentRefusal()
	return refuse_operation("void")


def read_row(work: Work, entity: Entity, identifier: Any) -> Row:
	"""Return a stored record. Raises 2030 for something that is no Id and 610 when it does not exist."""
	parsed = parse_id(identifier)
	if isinstance(parsed, str) and entity.name != "TaxCode":
		raise Fault("2030", f"Invalid ID : {str(identifier)[:60]}", "Id")
	row = work.store.get(work.company.key, entity.name, parsed)
	if row is None:
		detail = f"Object Not Found : {entity.name} {identifier} does not exist or was deleted."
		raise Fault("610", detail)
	return row


def dump_row(entity: Entity, row: Row) -> str:
	"""Return the JSON text a client gets for a record."""
	if not entity.renders:
		return row.body
	return dump_json(entity.render(row, load_body(row.body)))


def dump_asked(work: Work, entity: Entity, row: Row) -> str:
	"""Return the JSON text of a record, with what the request's ``include=`` asks for beyond it."""
	text = dump_row(entity, row)
	if not entity.includes & work.include:
		return text
	return dump_json(entity.add_included(work, load_body(text)))


def clean(work: Work, entity: Entity, body: dict[str, Any]) -> dict[str, Any]:
	"""Return the properties that were sent, cleaned. Raises 2010 and the 20xx of bad values."""
	lenient = work.company.knobs["unknown_properties"] == "ignored"
	cleaned = entity.schema.read(body, "", lenient)
	return {} if cleaned is ABSENT else cleaned


def write(work: Work, entity: Entity, body: dict[str, Any]) -> Row:
	"""Create the record, or update it when an Id is sent. Returns the stored row."""
	cleaned = clean(work, entity, body)
	identifier = cleaned.get("Id", "0")
	if identifier == "0":
		known = entity.find_by_key(work, cleaned)
		if known is None:
			return create(work, entity, cleaned)
		previous = load_body(known.body)
		document = entity.prepare(work, strip_envelope(cleaned), previous)
		return save(work, entity, known.id, document, known, previous)
	return update(work, entity, identifier, cleaned, body)


def run(work: Work, entity: Entity, operation: str, body: dict[str, Any]) -> tuple[Id, str]:
	"""Do a create, update, void or delete; return the record's Id and the JSON text that answers it."""
	if operation == "delete":
		row = delete(work, entity, body)
		return row.id, dump_json({"status": "Deleted", "domain": "QBO", "Id": str(row.id)})
	row = void(work, entity, body) if operation == "void" else write(work, entity, body)
	return row.id, dump_row(entity, row)


def create(work: Work, entity: Entity, cleaned: dict[str, Any]) -> Row:
	if "create" not in entity.operations:
		raise refuse_operation("create")
	document = entity.prepare(work, strip_envelope(cleaned), None)
	identifier = work.store.take_number(work.company.key, entity.sequence)
	row = save(work, entity, identifier, document, None, None)
	follow_ups = entity.list_follow_ups(work, row, document)
	for name, body in follow_ups:
		write(work, ENTITIES[name], body)
	return read_row(work, entity, identifier) if follow_ups else row


def update(work: Work, entity: Entity, identifier: str, cleaned: dict[str, Any], body: dict[str, Any]) -> Row:
	"""Update in full (what is left out becomes empty) or sparsely (what is left out stays)."""
	if "update" not in entity.operations:
		raise refuse_operation("update")
	row = read_row(work, entity, identifier)
	check_sync_token(row, cleaned)
	entity.check_update(cleaned)
	previous = load_body(row.body)
	sent = strip_envelope(cleaned)
	if cleaned.get("sparse"):
		merged = {**strip_envelope(previous), **sent}
		if work.company.knobs["sparse_empty_clears"]:
			for name, value in body.items():
				if value in (None, ""):
					merged.pop(name, None)
	else:
		merged = sent
	document = entity.prepare(work, merged, previous)
	if row.state == VOIDED and document.get("TotalAmt"):
		row.state = ""  # amounts bring it back
	return save(work, entity, row.id, document, row, previous)


def void(work: Work, entity: Entity, body: dict[str, Any]) -> Row:
	"""Set a transaction to zero but keep it."""
	if "void" not in entity.operations:
		raise refuse_void(entity)
	row, document = find_current(work, entity, body)
	entity.release(work, row, document)
	row.state = VOIDED
	work.store.note_change(Change(work.company.key, entity.name, row.id, "Void"))
	return save(work, entity, row.id, entity.blank(document), row, document)


def delete(work: Work, entity: Entity, body: dict[str, Any]) -> Row:
	"""Remove a transaction for good. List records have no delete: they are made inactive."""
	if "delete" not in entity.operations:
		raise refuse_operation("delete")
	row, document = find_current(work, entity, body)
	entity.check_delete(work, clean(work, entity, body))
	entity.release(work, row, document)
	entity.undo_effects(work, row, document)
	stock.settle(work)
	work.store.remove(row, work.now)
	return row


def find_current(work: Work, entity: Entity, body: dict[str, Any]) -> tuple[Row, dict[str, Any]]:
	"""Return the record that a void or delete names by Id and SyncToken. Raises 2020, 610 or 5010."""
	cleaned = clean(work, entity, body)
	if cleaned.get("Id", "0") == "0":
		raise refuse_missing("Id")
	row = read_row(work, entity, cleaned["Id"])
	check_sync_token(row, cleaned)
	return row, load_body(row.body)


def check_sync_token(row: Row, cleaned: dict[str, Any]) -> None:
	"""Raise 2020 without a SyncToken and 5010 with one that is not the current one."""
	if "SyncToken" not in cleaned:
		raise refuse_missing("SyncToken")
	if cleaned["SyncToken"] != str(row.sync_token):
		raise Fault("5010")


def save(
	work: Work,
	entity: Entity,
	identifier: Any,
	document: dict[str, Any],
	row: Row | None,
	previous: dict | None,
) -> Row:
	"""Store a document with its effects on names, ledger and balances."""
	if row is not None and previous is not None:
		entity.undo_effects(work, row, previous)
	company = work.company
	current = work.store.get(company.key, entity.name, row.id) if row is not None else None
	if current is not None and row is not None:
		current.state = row.state
	further = entity.complete(work, identifier, document, current is None)
	columns = {**entity.build_columns(document), **further}
	saved = build_row(
		company.key, company.zone, entity.name, identifier, document, columns, work.now, current
	)
	if current is None:
		work.store.insert(saved)
	else:
		work.store.replace(saved)
	if entity.name_space:
		name = entity.get_unique_name(document)
		work.store.take_name(company.key, entity.name_space, name, entity.name, identifier)
	if entity.nested_by and previous is not None:
		rename_below(work, entity, saved, document, previous)
	entity.record_effects(work, saved, document, previous)
	stock.settle(work)
	if entity.name == "Preferences":
		company.load_preferences()
	return work.store.get(company.key, entity.name, identifier) or saved


def strip_envelope(document: dict[str, Any]) -> dict[str, Any]:
	"""Return a document without the keys that every record carries."""
	return {name: value for name, value in document.items() if name not in ENVELOPE_KEYS}
