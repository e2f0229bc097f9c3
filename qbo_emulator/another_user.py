"""What people do in QuickBooks itself: the API's operations without its tokens, limits and faults to order, and merging."""

from __future__ import annotations

from typing import Any

from qbo_emulator import operations
from qbo_emulator.entities import BY_SEGMENT
from qbo_emulator.entities.base import Entity
from qbo_emulator.merging import NotMergeable, merge, touch
from qbo_emulator.work import Work

OPERATIONS = ("create", "update", "delete", "void", "merge", "touch")


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
		try:
			return entity, operations.dump_row(entity, merge(work, entity, row, body.get("into")))
		except NotMergeable as error:
			raise OrderError(str(error)) from None
	document = {"SyncToken": str(row.sync_token), **body}
	if operation == "update":
		document = {"sparse": True, **document}
	return entity, operations.run(work, entity, operation, document)[1]
