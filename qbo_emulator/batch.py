"""Batch: up to 30 writes and queries in one request. Rules: Intuit's batch page; what it leaves open is a knob.

Items are independent of each other: each sees the company as it stood before the batch, and one that is refused
leaves the others alone. All that succeed are committed at once, together with the answer to repeat.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from qbo_emulator import operations
from qbo_emulator.entities import BY_SEGMENT, NOT_EMULATED
from qbo_emulator.entities.base import Entity
from qbo_emulator.faults import Fault, refuse_missing
from qbo_emulator.query.parser import Statement, parse_statement
from qbo_emulator.query.runner import find_entity, run
from qbo_emulator.records import dump_json
from qbo_emulator.work import Work

MAX_ITEMS = 30
MAX_OBJECTS = 1000
"""Objects that the answer to one batch may hold, those of its queries included."""
MAX_BID_WITH_REQUESTID = 10
ITEM_KEYS = frozenset({"bId", "operation", "optionsData"})
OPERATIONS = ("create", "update", "delete")
TOO_LARGE = "10100"


@dataclass
class BatchItem:
	"""One item. ``fault`` is what is wrong with it by itself; the others are worked on all the same."""

	bid: str
	operation: str = ""
	entity_name: str = ""
	entity: Entity | None = None
	body: dict[str, Any] = field(default_factory=dict)
	statement: Statement | None = None
	fault: Fault | None = None
	result: str = ""
	entity_id: str | None = None
	objects: int = 0

	def describe(self) -> dict[str, str | None]:
		"""Return what ordered faults match on; the word batch tells an item from a request."""
		return {
			"batch": "item",
			"bId": self.bid,
			"entity": self.entity_name,
			"operation": self.operation,
		}

	def dump(self) -> dict[str, Any]:
		"""Return the item as the journal shows it."""
		return {
			"bId": self.bid,
			"operation": self.operation,
			"entity": self.entity_name,
			"entity_id": self.entity_id,
			"code": self.fault.code if self.fault else None,
		}


def read_items(body: dict[str, Any], has_requestid: bool) -> list[BatchItem]:
	"""Return the items of a batch. Raises 400 when it is empty, 1040 above 30, and for bIds 2020, 2030 or 2130."""
	unknown = [name for name in body if name != "BatchItemRequest"]
	if unknown:
		raise Fault("2010", f"Property Name:{unknown[0][:100]} is unsupported or invalid", unknown[0][:100])
	raw = body.get("BatchItemRequest")
	if not raw:
		raise Fault("400", "Batch Request is Empty")
	if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
		raise Fault("2010", "Property Name:BatchItemRequest is unsupported or invalid", "BatchItemRequest")
	if len(raw) > MAX_ITEMS:
		raise Fault("1040", f"A batch holds at most {MAX_ITEMS} items, this one has {len(raw)}.")
	items = [read_item(item) for item in raw]
	seen: set[str] = set()
	for item in items:
		if not item.bid:
			raise refuse_missing("bId")
		if item.bid in seen:
			raise Fault("2030", f"The bId {item.bid[:60]} occurs twice in the batch", "bId")
		if has_requestid and len(item.bid) > MAX_BID_WITH_REQUESTID:
			raise Fault(
				"2130", f"With a requestid, a bId has at most {MAX_BID_WITH_REQUESTID} characters", "bId"
			)
		seen.add(item.bid)
	return items


def read_item(raw: dict[str, Any]) -> BatchItem:
	bid = raw.get("bId") or ""
	if not isinstance(bid, (str, int)) or isinstance(bid, bool):
		raise Fault("2010", "Property Name:bId is unsupported or invalid", "bId")
	item = BatchItem(str(bid))
	try:
		read_content(item, raw)
	except Fault as fault:
		item.fault = fault
	return item


def read_content(item: BatchItem, raw: dict[str, Any]) -> None:
	"""Read what the item asks for. Raises 2000, 2010, 2020, 4000, 4001 or 500."""
	names = [name for name in raw if name not in ITEM_KEYS]
	if len(names) != 1:
		raise Fault("2010", "A batch item holds one entity or one Query", "BatchItemRequest")
	name, content = names[0], raw[names[0]]
	if name == "Query":
		if not isinstance(content, str):
			raise Fault("2010", "Property Name:Query is unsupported or invalid", "Query")
		item.operation = "query"
		item.statement = parse_statement(content)
		item.entity_name = item.statement.entity
		item.entity_name = find_entity(item.statement.entity).name
		return
	item.entity_name = name[:60]
	item.operation = read_operation(raw)
	if name.lower() in NOT_EMULATED:
		raise Fault("500", f"{name} is not emulated yet.", "Operation")
	if name.lower() not in BY_SEGMENT:
		raise Fault("2000", f"Unsupported object name: {name[:60]}")
	item.entity = BY_SEGMENT[name.lower()]
	item.entity_name = item.entity.name
	if not isinstance(content, dict):
		raise Fault("2010", f"Property Name:{name[:60]} is unsupported or invalid", name[:60])
	item.body = content
	if item.operation == "create" and str(content.get("Id") or "0") != "0":
		item.operation = "update"


def read_operation(raw: dict[str, Any]) -> str:
	"""Return create, update, delete, or void: the operation update with optionsData "void"."""
	operation, options = raw.get("operation"), raw.get("optionsData") or ""
	if operation in (None, ""):
		raise refuse_missing("operation")
	if not isinstance(operation, str) or not isinstance(options, str):
		raise Fault("2010", "Property Name:operation is unsupported or invalid", "operation")
	if operation.lower() not in OPERATIONS:
		raise operations.refuse_operation(operation[:40])
	return "void" if operation.lower() == "update" and options.lower() == "void" else operation.lower()


class BatchRun:
	"""The work on one batch, inside the caller's transaction.

	``start_work`` gives each item a Work of its own; ``find_fault`` returns the fault ordered for an item, if any.
	"""

	def __init__(
		self,
		items: list[BatchItem],
		start_work: Callable[[], Work],
		find_fault: Callable[[BatchItem], Fault | None],
	) -> None:
		self.items = items
		self.start_work = start_work
		self.find_fault = find_fault

	def run(self, stamp: str) -> str:
		"""Do the work and return the body of the answer. Queries go first: they see the company as it was."""
		for item in self.items:
			item.fault = item.fault or self.find_fault(item)
		queries = [item for item in self.items if item.statement is not None]
		writes = [item for item in self.items if item.statement is None]
		left = MAX_OBJECTS - len(writes)
		for item in queries:
			self.try_item(item, self.run_query)
			if item.objects > left:
				item.fault = Fault(
					TOO_LARGE, f"The answer to a batch holds at most {MAX_OBJECTS} objects", "Query"
				)
				continue
			left -= item.objects
		for item in writes:
			self.try_item(item, self.run_write)
		return self.build_answer(stamp)

	def try_item(self, item: BatchItem, do: Callable[[BatchItem], None]) -> None:
		if item.fault:
			return
		try:
			do(item)
		except Fault as fault:
			item.fault = fault

	def run_query(self, item: BatchItem) -> None:
		assert item.statement is not None
		answer = run(self.start_work(), item.statement)
		item.objects = int(json.loads(answer).get("maxResults", 0))
		item.result = f'"QueryResponse":{answer}'

	def run_write(self, item: BatchItem) -> None:
		"""Do a write that is undone by itself when it is refused, and hide what it made from the items after it."""
		assert item.entity is not None
		work = self.start_work()
		with work.store.savepoint():
			identifier, text = operations.run(work, item.entity, item.operation, item.body)
		item.entity_id = str(identifier)
		item.result = f'"{item.entity.name}":{text}'
		if item.operation == "create":
			work.store.hidden.add((work.company.key, item.entity.name, identifier))

	def build_answer(self, stamp: str) -> str:
		reversed_order = self.start_work().company.knobs["batch_answer_order"] == "reversed"
		texts = []
		for item in reversed(self.items) if reversed_order else self.items:
			result = item.result
			if item.fault:
				result = f'"Fault":{dump_json(item.fault.build_body(stamp)["Fault"])}'
			texts.append(f'{{{result},"bId":{dump_json(item.bid)}}}')
		return f'{{"BatchItemResponse":[{",".join(texts)}],"time":"{stamp}"}}'
