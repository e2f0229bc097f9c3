"""One client for one QuickBooks company: what the rest of the app asks of QuickBooks, method by method.

A client belongs to one thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from allorders_qb.qbo.answers import Answer
from allorders_qb.qbo.batches import BatchItem, check_batch, read_batch, word_batch
from allorders_qb.qbo.calls import CallRecord
from allorders_qb.qbo.changes import Changes, check_captured, read_changes
from allorders_qb.qbo.entities import find_entity
from allorders_qb.qbo.faults import OutcomeUnknown, QuickBooksError, word_silence
from allorders_qb.qbo.transport import Transport
from allorders_qb.statements import MAX_RESULTS, word_select

__all__ = ["MAX_RESULTS", "Answer", "BatchItem", "CallRecord", "Changes", "QuickBooksClient"]

MAX_REQUEST_ID = 50
MAX_PAGE_RESTARTS = 5


class QuickBooksClient(Transport):
	"""Speaks to one company (`realm_id`) of the QuickBooks at `base_url`, with an access token it never renews by itself.

	`timeout` is (connect, read) in seconds. `on_call` gets a CallRecord after every request, and must not raise.
	`pacer(batch_items)` (0 for what is no batch) is held during every request; entering it may wait. Every method raises NotSent, OutcomeUnknown or Refused.
	"""

	def __enter__(self) -> QuickBooksClient:
		return self

	def __exit__(self, *_exception: object) -> None:
		self.close()

	def close(self) -> None:
		"""Close the kept connections."""
		self.session.close()

	def create(
		self, entity: str, body: str, request_id: str, params: Mapping[str, str] | None = None
	) -> Answer:
		"""Create one object from its frozen JSON text, which goes byte for byte. `params`: more query parameters."""
		return self._write("create", entity, body, request_id, params)

	def update(
		self, entity: str, body: str, request_id: str, params: Mapping[str, str] | None = None
	) -> Answer:
		"""Update one object; the JSON text carries Id, SyncToken and, for a sparse update, "sparse": true."""
		return self._write("update", entity, body, request_id, params)

	def void(self, entity: str, body: str, request_id: str) -> Answer:
		"""Void one transaction; the JSON text carries Id and SyncToken. ValueError where QuickBooks has no void for it."""
		params = find_entity(entity).void_params
		if params is None:
			raise ValueError(f"QuickBooks has no void for {entity}.")
		return self._write("void", entity, body, request_id, params)

	def delete(self, entity: str, body: str, request_id: str) -> Answer:
		"""Delete one transaction for good; the JSON text carries Id and SyncToken."""
		if not find_entity(entity).deletable:
			raise ValueError(f"QuickBooks does not delete {entity}; make it inactive instead.")
		return self._write("delete", entity, body, request_id, {"operation": "delete"})

	def read(self, entity: str, entity_id: str) -> Answer:
		"""Read one object by its id; Refused with `fault.is_missing` when it does not exist."""
		find_entity(entity)
		with self._about(entity, "read", entity):
			return self._take_answer(entity, self.get_single_object(entity, entity_id))

	def query(self, select: str, params: Mapping[str, str] | None = None) -> list[dict]:
		"""Run one statement and return its rows (at most 1000; QuickBooks gives 100 unless the statement says more)."""
		response = self._query(select, params)
		return next((rows for rows in response.values() if isinstance(rows, list)), [])

	def count(self, entity: str, where: str = "") -> int:
		"""Return how many objects there are; `where` is a WHERE text without the word."""
		clause = f" WHERE {where}" if where else ""
		return int(self._query(f"SELECT count(*) FROM {entity}{clause}").get("totalCount", 0))

	def query_all(self, entity: str, where: str = "", page: int = MAX_RESULTS) -> Iterator[dict]:
		"""Yield every object that matches, in the order of their ids, each once.

		Offset paging skips rows when the list shrinks meanwhile, so each page starts with the last row of the one before;
		where that row has moved, reading starts anew. Raises OutcomeUnknown when the list never holds still.
		"""
		if page < 2:
			raise ValueError(
				"A page must hold at least two rows: the first repeats the last of the page before."
			)
		seen: set[str] = set()
		for _attempt in range(MAX_PAGE_RESTARTS):
			start, last_id = 1, None
			while True:
				rows = self.query(word_select(entity, where, start=start, limit=page))
				if last_id is not None and (not rows or rows[0].get("Id") != last_id):
					break
				for row in rows:
					if row["Id"] not in seen:
						seen.add(row["Id"])
						yield row
				if len(rows) < page:
					return
				last_id = rows[-1]["Id"]
				start += len(rows) - 1
		raise OutcomeUnknown(
			f"The list of {entity} in QuickBooks changed again and again while it was read; try again later."
		)

	def cdc(self, entities: Sequence[str], changed_since: str) -> Changes:
		"""Return what has changed of these entities since a moment, given as QuickBooks wrote it ("2026-11-23T08:00:00-08:00").

		One request. Look at `is_cut_off`: beyond 1000 objects nothing more comes. Raises ValueError for what cannot be captured.
		"""
		check_captured(entities)
		with self._about(",".join(entities), "changes", "CDCResponse"):
			result = self.change_data_capture(",".join(entities), changed_since)
			return read_changes(entities, result, self._last_call)

	def batch(
		self, items: Sequence[BatchItem], request_id: str | None = None
	) -> dict[str, Answer | QuickBooksError]:
		"""Send up to 30 independent operations at once; return, by item id, each one's Answer or its error.

		Raises NotSent, OutcomeUnknown or Refused only for the batch as a whole (Refused: none of it was stored). A batch that
		writes needs a `request_id` of at most 36 characters. ValueError for a batch that QuickBooks would refuse.
		"""
		check_batch(items, request_id)
		kinds = sorted({item.entity for item in items})
		reading = all(item.is_reading for item in items)
		operation = "query" if reading else "batch"
		with self._about(",".join(kinds), operation, "BatchItemResponse", batch_items=len(items)):
			results = self.post(
				f"{self.api_url}/company/{self.company_id}/batch", word_batch(items), request_id=request_id
			)
			return read_batch(items, results["BatchItemResponse"], self._last_call)

	def report(self, name: str, params: Mapping[str, str] | None = None) -> dict:
		"""Return a report of that name ("InventoryValuationSummary") as QuickBooks words it; `params`: its dates and filters.

		One request. `qbo.reports` reads what is in it.
		"""
		with self._about(name, "report", "Header"):
			result = self.get_report(name, dict(params or {}))
		if result["Header"].get("ReportName") != name:
			raise OutcomeUnknown(word_silence(f"QuickBooks answered without the report {name}", reading=True))
		return result

	def read_time(self) -> str:
		"""Return QuickBooks' own time of this moment, as it writes it. One request."""
		with self._about("Department", "query", "QueryResponse"):
			moment = super().query("SELECT count(*) FROM Department", params={}).get("time")
		if not isinstance(moment, str) or not moment:
			raise OutcomeUnknown(
				word_silence("QuickBooks answered without saying of which moment it is", reading=True)
			)
		return moment

	def get_company_info(self) -> dict:
		"""Return the CompanyInfo object (name, country, address)."""
		return self.read("CompanyInfo", self.realm_id).data

	def get_preferences(self) -> dict:
		"""Return the Preferences object (numbering, shipping, tax, currency, closing date)."""
		with self._about("Preferences", "read", "Preferences"):
			return self.get(f"{self.api_url}/company/{self.company_id}/preferences")["Preferences"]

	# Inside ----------------------------------------------------------------------------------------------------

	def _write(
		self, operation: str, entity: str, body: str, request_id: str, params: Mapping[str, str] | None
	) -> Answer:
		if not find_entity(entity).writable:
			raise ValueError(f"All Orders does not write {entity} in QuickBooks.")
		if not request_id or len(request_id) > MAX_REQUEST_ID:
			raise ValueError(
				f"A write needs a request id of 1 to {MAX_REQUEST_ID} characters, got {request_id!r}."
			)
		with self._about(entity, operation, entity):
			results = self.create_object(entity, body, request_id=request_id, params=dict(params or {}))
			return self._take_answer(entity, results)

	def _query(self, statement: str, params: Mapping[str, str] | None = None) -> dict:
		words = statement.split()
		names = [after for word, after in zip(words, words[1:], strict=False) if word.lower() == "from"]
		with self._about(names[0] if names else None, "query", "QueryResponse"):
			return super().query(statement, params=dict(params or {}))["QueryResponse"]

	def _take_answer(self, entity: str, results: dict) -> Answer:
		call = self._last_call
		return Answer(entity, results[entity], call.status or 0, call.intuit_tid, call.duration)
