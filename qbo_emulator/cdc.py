"""Change data capture: what changed since a moment, of several entities at once. Rules: Intuit's page of that name.

30 days back, 1,000 objects shared by all entities, no paging. Inactive list records come as they are; deleted ones
as tombstones after the others of their entity. What Intuit leaves open is a knob.
"""

from __future__ import annotations

import math

from qbo_emulator.clock import format_stamp, parse_stamp
from qbo_emulator.entities import BY_SEGMENT, NOT_EMULATED
from qbo_emulator.entities.base import Entity
from qbo_emulator.faults import Fault, refuse_missing
from qbo_emulator.operations import dump_row
from qbo_emulator.query.runner import build_source
from qbo_emulator.records import dump_json
from qbo_emulator.store import COLUMN_LIST, Row
from qbo_emulator.work import Work

MAX_OBJECTS = 1000
MAX_AGE = 30 * 86400
EXCLUDED = frozenset({"JournalCode", "TimeActivity", "TaxAgency", "TaxCode", "TaxRate"})
"""Documented as not supported."""
EXCLUDED_SEGMENTS = frozenset(name.lower() for name in EXCLUDED)


def find_entities(names: str) -> list[Entity]:
	"""Return the entities of a list separated by commas. Raises 2000, 2020, or 500 for what is not emulated."""
	found: list[Entity] = []
	for name in (part.strip() for part in names.split(",")):
		if not name:
			continue
		if name.lower() in EXCLUDED_SEGMENTS:
			raise Fault("2000", f"Change data capture does not support {name}", "entities")
		if name.lower() in NOT_EMULATED:
			raise Fault("500", f"{name} is not emulated yet.", "Operation")
		if name.lower() not in BY_SEGMENT:
			raise Fault("2000", f"Unsupported object name: {name[:60]}", "entities")
		entity = BY_SEGMENT[name.lower()]
		if entity not in found:
			found.append(entity)
	if not found:
		raise refuse_missing("entities")
	return found


def find_start(work: Work, text: str) -> float:
	"""Return the moment from which changes are wanted. Raises 2020, 2060, or by knob 2060 beyond 30 days."""
	if not text.strip():
		raise refuse_missing("changedSince")
	try:
		# a plus sign that was not encoded arrives as a blank
		since = parse_stamp(text.strip().replace(" ", "+"), work.company.zone)
	except ValueError:
		raise Fault("2060", f"Invalid date in changedSince: {text[:40]}", "changedSince") from None
	oldest = work.now - MAX_AGE
	if since >= oldest:
		return since
	if work.company.knobs["cdc_beyond_30_days"] == "refused":
		raise Fault("2060", "changedSince must lie within the last 30 days", "changedSince")
	return oldest


def capture(work: Work, parameters: dict[str, str]) -> str:
	"""Return the JSON text of ``CDCResponse`` for the parameters entities and changedSince."""
	entities = find_entities(parameters.get("entities", ""))
	since = find_start(work, parameters.get("changedSince", ""))
	# times of change are whole seconds, so both readings of "since" become "from this second on"
	inclusive = work.company.knobs["cdc_inclusive"]
	first = math.ceil(since) if inclusive else math.floor(since) + 1
	left = MAX_OBJECTS
	groups = []
	for entity in entities:
		texts = list_changed(work, entity, first, left)
		texts += list_deleted(work, entity, first, left - len(texts))
		left -= len(texts)
		groups.append(
			f'{{"{entity.name}":[{",".join(texts)}],"startPosition":1,"maxResults":{len(texts)}}}'
			if texts
			else "{}"
		)
	return f'[{{"QueryResponse":[{",".join(groups)}]}}]'


def get_direction(work: Work) -> str:
	return "DESC" if work.company.knobs["cdc_order"] == "newest_first" else "ASC"


def list_changed(work: Work, entity: Entity, first: int, limit: int) -> list[str]:
	"""Return the texts of the records that changed, in the order of their changes."""
	source, values = build_source(work, entity, work.company.knobs["cdc_lags"])
	direction = get_direction(work)
	cursor = work.store.execute(
		f"SELECT {COLUMN_LIST} FROM {source} WHERE updated >= ? ORDER BY updated {direction}, id {direction} LIMIT ?",
		(*values, first, limit),
	)
	return [dump_row(entity, Row(*row)) for row in cursor]


def list_deleted(work: Work, entity: Entity, first: int, limit: int) -> list[str]:
	"""Return tombstones in the order of the deletions."""
	lag = work.company.knobs["query_lag_ms"] / 1000 if work.company.knobs["cdc_lags"] else 0
	direction = get_direction(work)
	cursor = work.store.execute(
		"SELECT id, deleted FROM tombstone WHERE company = ? AND entity = ? AND deleted >= ? AND deleted <= ?"
		f" ORDER BY deleted {direction}, id {direction} LIMIT ?",
		(work.company.key, entity.name, first, work.now - lag, limit),
	)
	return [
		dump_json(
			{
				"domain": "QBO",
				"status": "Deleted",
				"Id": str(identifier),
				"MetaData": {"LastUpdatedTime": format_stamp(deleted, work.company.zone)},
			}
		)
		for identifier, deleted in cursor
	]
