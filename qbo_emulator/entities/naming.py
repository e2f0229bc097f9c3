"""Names of list records: unique in their space, joined with their parents, and renamed when made inactive."""

from __future__ import annotations

import re
from typing import Any

from qbo_emulator.faults import Fault
from qbo_emulator.store import parse_id
from qbo_emulator.work import Work

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
