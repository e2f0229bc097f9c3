"""Change data capture: what has changed in QuickBooks since a moment, of several entities in one request.

At most 1000 objects come back, shared by all entities, without a second page; the look-back is 30 days.
Source: Intuit's "Change data capture" page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allorders_qb.qbo.calls import CallRecord
from allorders_qb.qbo.entities import find_entity
from allorders_qb.qbo.faults import OutcomeUnknown, classify_answer, word_silence

MAX_CHANGES = 1000
NOT_CAPTURED = frozenset({"JournalCode", "TimeActivity", "TaxAgency", "TaxCode", "TaxRate"})


@dataclass(frozen=True)
class Changes:
	"""What one capture brought.

	`objects`: by entity, the objects as they are now, in QuickBooks' order; a deleted one is only
	{"status": "Deleted", "Id": …, "MetaData": {"LastUpdatedTime": …}}. Each asked entity is a key.
	`time`: the moment of the answer, as QuickBooks wrote it.
	"""

	objects: dict[str, list[dict]]
	time: str

	@property
	def count(self) -> int:
		return sum(len(found) for found in self.objects.values())

	@property
	def is_cut_off(self) -> bool:
		"""Whether there may be more than what came: read each entity by update time and id instead."""
		return self.count >= MAX_CHANGES


def check_captured(entities: Sequence[str]) -> None:
	"""Raise ValueError for no entity, an unknown one, one named twice, or one that QuickBooks does not capture."""
	if not entities or len(set(entities)) < len(entities):
		raise ValueError(f"Name each entity to capture once, and at least one; got {list(entities)}.")
	for entity in entities:
		if find_entity(entity).name in NOT_CAPTURED:
			raise ValueError(f"QuickBooks does not capture changes of {entity}; query it instead.")


def read_changes(entities: Sequence[str], result: dict, call: CallRecord) -> Changes:
	"""Return the changes a CDC answer holds; `call`: the request it came with.

	Raises Refused for a fault inside it, OutcomeUnknown where it does not say of which moment it is.
	"""
	objects: dict[str, list[dict]] = {entity: [] for entity in entities}
	for response in result["CDCResponse"]:
		classify_answer(call.status or 0, response, intuit_tid=call.intuit_tid, reading=True)
		for group in response.get("QueryResponse") or []:
			_take_group(objects, group)
	moment = result.get("time")
	if not isinstance(moment, str) or not moment:
		raise OutcomeUnknown(
			word_silence("QuickBooks sent changes without saying of which moment they are", reading=True),
			status=call.status,
			intuit_tid=call.intuit_tid,
		)
	return Changes(objects, moment)


def _take_group(objects: dict[str, list[dict]], group: Any) -> None:
	if not isinstance(group, dict):
		return
	for entity, found in group.items():
		if isinstance(found, list) and entity in objects:
			objects[entity].extend(row for row in found if isinstance(row, dict))
