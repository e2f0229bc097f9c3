"""Batches: up to 30 independent operations in one request, each with an answer of its own.

A batch is no transaction: QuickBooks answers HTTP 200, and each item is stored or refused by itself. Nothing an item
makes is visible to another item of the same batch, and their order is not to be relied upon.
Source: Intuit's "Batch operations" page; request ids (36 characters, item ids of 10) from Intuit's blog on `requestid`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from allorders_qb.qbo.answers import Answer
from allorders_qb.qbo.calls import CallRecord
from allorders_qb.qbo.entities import find_entity
from allorders_qb.qbo.faults import OutcomeUnknown, QuickBooksError, classify_answer, word_silence

MAX_ITEMS = 30
MAX_BATCH_REQUEST_ID = 36
MAX_ITEM_ID = 10
OPERATIONS = ("create", "update", "delete", "void", "query")


@dataclass(frozen=True)
class BatchItem:
	"""One operation of a batch.

	`item_id`: unique in its batch, 1 to 10 characters. `body`: the frozen JSON text of the object, which goes as it is; of a
	query, the statement. `operation`: one of OPERATIONS.
	"""

	item_id: str
	operation: str
	entity: str
	body: str

	@property
	def is_reading(self) -> bool:
		return self.operation == "query"


def check_batch(items: Sequence[BatchItem], request_id: str | None) -> None:
	"""Raise ValueError for a batch that QuickBooks would refuse, or that could not be told apart afterwards."""
	if not 1 <= len(items) <= MAX_ITEMS:
		raise ValueError(f"A batch holds 1 to {MAX_ITEMS} items, got {len(items)}.")
	if len({item.item_id for item in items}) < len(items):
		raise ValueError("Two items of one batch have the same id.")
	for item in items:
		_check_item(item)
	if request_id is None and all(item.is_reading for item in items):
		return
	if not request_id or len(request_id) > MAX_BATCH_REQUEST_ID:
		raise ValueError(
			f"A batch needs a request id of 1 to {MAX_BATCH_REQUEST_ID} characters, got {request_id!r}."
		)


def _check_item(item: BatchItem) -> None:
	if not 1 <= len(item.item_id) <= MAX_ITEM_ID:
		raise ValueError(f"An item's id has 1 to {MAX_ITEM_ID} characters, got {item.item_id!r}.")
	if item.operation not in OPERATIONS:
		raise ValueError(f"QuickBooks has no batch operation {item.operation!r}.")
	entity = find_entity(item.entity)
	if item.is_reading:
		return
	if not entity.writable:
		raise ValueError(f"All Orders does not write {entity.name} in QuickBooks.")
	if item.operation == "delete" and not entity.deletable:
		raise ValueError(f"QuickBooks does not delete {entity.name}; make it inactive instead.")
	if item.operation == "void" and entity.void_params is None:
		raise ValueError(f"QuickBooks has no void for {entity.name}.")


def word_batch(items: Iterable[BatchItem]) -> str:
	"""Return the JSON text of a batch request; each item's own text stands in it byte for byte."""
	return '{"BatchItemRequest":[' + ",".join(_word_item(item) for item in items) + "]}"


def _word_item(item: BatchItem) -> str:
	item_id = json.dumps(item.item_id)
	if item.is_reading:
		return f'{{"bId":{item_id},"Query":{json.dumps(item.body)}}}'
	operation = '"update","optionsData":"void"' if item.operation == "void" else f'"{item.operation}"'
	return f'{{"bId":{item_id},"operation":{operation},"{item.entity}":{item.body}}}'


def read_batch(
	items: Iterable[BatchItem], results: Iterable[Any], call: CallRecord
) -> dict[str, Answer | QuickBooksError]:
	"""Return, by item id, each item's Answer, or the error (Refused, OutcomeUnknown) that the same answer to a single request
	would have raised. `results`: the BatchItemResponse list; `call`: the request it came with.

	A query's Answer holds the QueryResponse. An item without an answer, with two, or without what it asked for is
	OutcomeUnknown.
	"""
	answers: dict[str, list[dict]] = {}
	for result in results:
		if isinstance(result, dict):
			answers.setdefault(str(result.get("bId")), []).append(result)
	return {item.item_id: _read_item(item, answers.get(item.item_id, []), call) for item in items}


def _read_item(item: BatchItem, found: list[dict], call: CallRecord) -> Answer | QuickBooksError:
	if len(found) != 1:
		count = "more than once" if found else "not at all"
		return _word_unknown(item, call, f"QuickBooks answered this part of a batch {count}")
	try:
		result = classify_answer(
			call.status or 0, found[0], intuit_tid=call.intuit_tid, reading=item.is_reading
		)
	except QuickBooksError as error:
		return error
	expected = "QueryResponse" if item.is_reading else item.entity
	data = result.get(expected)
	if isinstance(data, dict) and (item.is_reading or data.get("Id")):
		return Answer(item.entity, data, call.status or 0, call.intuit_tid, call.duration)
	return _word_unknown(item, call, f"QuickBooks answered without the {expected} that was asked for")


def _word_unknown(item: BatchItem, call: CallRecord, happened: str) -> OutcomeUnknown:
	return OutcomeUnknown(
		word_silence(happened, item.is_reading), status=call.status, intuit_tid=call.intuit_tid
	)
