"""Names of list records: unique in their space, joined with their parents, and renamed when made inactive."""

from __future__ import annotations

import re
from typing import Any

from qbo_emulator.entities.base import Entity
from qbo_emulator.faults import Fault
from qbo_emulator.records import build_row, dump_json
from qbo_emulator.store import Row, parse_id
from qbo_emulator.work import Work, load_body

FORBIDDEN_IN_NAMES = ":\t\n\r"
DELETED_SUFFIX = re.compile(r" \(deleted(?: \d+)?\)$")
MAX_LEVEL = 4
"""Levels below the top; five in all."""
TAKEN_BY = {
	"person": "Another customer, vendor or employee is already using this \nname. Please use a different name.",
	"item": "Another product or service is already using this name. Please use a different name.",
}


def refuse_duplicate(space: str) -> Fault:
	"""Return fault 6240 for a name that another record of the space has."""
	by = TAKEN_BY.get(
		space, "Another record of this list is already using this name. Please use a different name."
	)
	return Fault("6240", f"The name supplied already exists. : {by}")


def check_free_name(work: Work, space: str, name: str, entity: str, identifier: Any) -> None:
	"""Raise 6240 when a record other than this one holds the name."""
	owner = work.store.find_name_owner(work.company.key, space, name)
	if owner and owner != (entity, None if identifier is None else parse_id(identifier)):
		raise refuse_duplicate(space)


def place_under_parent(
	work: Work, entity: str, document: dict[str, Any], name_field: str, previous: dict[str, Any] | None
) -> None:
	"""Set FullyQualifiedName and, below a parent, Level. Raises 2500, 610, 900 or 6180."""
	parent_reference = document.get("ParentRef")
	if not parent_reference:
		document["FullyQualifiedName"] = document[name_field]
		document.pop("Level", None)
		return
	if previous and str(parent_reference["value"]) == str(previous.get("Id")):
		raise Fault("900", f"{entity} {previous.get('Id')} cannot be its own parent", "ParentRef")
	row, parent = work.require(entity, parent_reference, "ParentRef")
	if previous and (parent["FullyQualifiedName"] + ":").startswith(previous["FullyQualifiedName"] + ":"):
		raise Fault(
			"700", f"{parent['FullyQualifiedName']} is below {previous['FullyQualifiedName']}", "ParentRef"
		)
	level = int(parent.get("Level", 0)) + 1
	if level > MAX_LEVEL:
		raise Fault("6180", "A record can be nested at most five levels deep", "ParentRef")
	document["Level"] = level
	document["ParentRef"] = {"value": str(row.id), "name": parent[name_field]}
	document["FullyQualifiedName"] = f"{parent['FullyQualifiedName']}:{document[name_field]}"


def rename_by_activity(
	work: Work, space: str | None, document: dict[str, Any], previous: dict[str, Any] | None, name_field: str
) -> None:
	"""Append " (deleted)" when a record becomes inactive, so that its name is free; strip it when it comes back."""
	if previous is None:
		document["Active"] = True
		return
	document.setdefault("Active", True)
	was_active = previous.get("Active", True)
	if was_active and not document["Active"]:
		base, suffix, count = document[name_field], " (deleted)", 0
		while space and work.store.find_name_owner(work.company.key, space, base + suffix):
			count += 1
			suffix = f" (deleted {count})"
		document[name_field] = base + suffix
	elif not was_active and document["Active"]:
		document[name_field] = DELETED_SUFFIX.sub("", document[name_field])


def rename_below(
	work: Work, entity: Entity, row: Row, document: dict[str, Any], previous: dict[str, Any]
) -> None:
	"""Give what stands below a renamed or moved record its new FullyQualifiedName and Level. Raises 6180.

	Whether that counts as a write of those records is not documented: the knob ``rename_touches_children``.
	"""
	old, new = previous["FullyQualifiedName"] + ":", document["FullyQualifiedName"] + ":"
	shift = int(document.get("Level", 0)) - int(previous.get("Level", 0))
	if old == new and not shift:
		return
	below = work.store.find(
		work.company.key,
		entity.name,
		"substr(json_extract(body, '$.FullyQualifiedName'), 1, ?) = ? AND id <> ?",
		(len(old), old, row.id),
	)
	for child in below:
		body = load_body(child.body)
		taken = entity.get_unique_name(body)
		body["FullyQualifiedName"] = new + body["FullyQualifiedName"][len(old) :]
		body["Level"] = int(body.get("Level", 0)) + shift
		if body["Level"] > MAX_LEVEL:
			raise Fault("6180", "A record can be nested at most five levels deep", "ParentRef")
		if body.get("ParentRef", {}).get("value") == str(row.id):
			body["ParentRef"]["name"] = document[entity.nested_by or "Name"]
		if entity.name_space and taken != entity.get_unique_name(body):
			unique = entity.get_unique_name(body)
			check_free_name(work, entity.name_space, unique, entity.name, child.id)
			work.store.take_name(work.company.key, entity.name_space, unique, entity.name, child.id)
		if work.company.knobs["rename_touches_children"]:
			columns = entity.build_columns(body)
			child = build_row(
				work.company.key, work.company.zone, entity.name, child.id, body, columns, work.now, child
			)
		else:
			child.body = dump_json(body)
			child.written = work.now
		work.store.replace(child)
