"""One client for one QuickBooks company: python-quickbooks with its seams overridden.

What is ours: timeouts, a session that knows whether anything was sent, the JSON text sent byte for byte, numbers read as
Decimal, faults classified by code, status and body, a record of every call, no refresh behind one's back.
A client belongs to one thread.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import requests
from quickbooks import QuickBooks

from allorders_qb.qbo.calls import CallRecord, hand_over, mask_secrets
from allorders_qb.qbo.entities import find_entity
from allorders_qb.qbo.faults import NotSent, OutcomeUnknown, QuickBooksError, classify_answer, word_silence
from allorders_qb.qbo.wire import TRANSPORT_ERRORS, BearerAuth, SendingMark, open_session
from allorders_qb.statements import MAX_RESULTS, word_select

MINOR_VERSION = 75
# QuickBooks itself gives a request up after 120 seconds; whoever waits less than that learns less.
TIMEOUT = (5.0, 130.0)
MAX_REQUEST_ID = 50
MAX_PAGE_RESTARTS = 5
USER_AGENT = "allorders_qb (python-quickbooks)"
_READINGS = ("read", "query")
_TOKEN = re.compile(r"[\x21-\x7e]+\Z")


@dataclass(frozen=True)
class Answer:
	"""What QuickBooks returned for one object: `data` is the object itself, its numbers as Decimal; duration in seconds."""

	entity: str
	data: dict
	status: int
	intuit_tid: str | None
	duration: float


@dataclass(frozen=True)
class _Subject:
	"""What the current request is about, and the key without which its answer is no success."""

	entity: str | None
	operation: str
	expected: str | None


class QuickBooksClient(QuickBooks):
	"""Speaks to one company (`realm_id`) of the QuickBooks at `base_url`, with an access token it never renews by itself.

	`timeout` is (connect, read) in seconds. `on_call` gets a CallRecord after every request, and must not raise.
	`pacer` is called before every request and may wait. Every method raises NotSent, OutcomeUnknown or Refused.
	"""

	_BUSINESS_OBJECTS = [*QuickBooks._BUSINESS_OBJECTS, "InventoryAdjustment"]

	def __new__(cls, *_args: Any, realm_id: str, **_kwargs: Any) -> QuickBooksClient:
		return super().__new__(cls, company_id=realm_id, minorversion=MINOR_VERSION)

	def __init__(
		self,
		*,
		base_url: str,
		realm_id: str,
		access_token: str,
		timeout: tuple[float, float] = TIMEOUT,
		on_call: Callable[[CallRecord], None] | None = None,
		pacer: Callable[[], None] | None = None,
	) -> None:
		self.realm_id = realm_id
		self.sandbox = False
		self.api_url_v3 = self.sandbox_api_url_v3 = f"{base_url.rstrip('/')}/v3"
		self.access_token = access_token
		self.timeout = timeout
		self.on_call = on_call
		self.pacer = pacer
		self._mark = SendingMark()
		self.session = open_session(base_url, self._mark)
		self._subject: _Subject | None = None
		self._last: CallRecord | None = None

	def __enter__(self) -> QuickBooksClient:
		return self

	def __exit__(self, *_exception: object) -> None:
		self.close()

	def close(self) -> None:
		"""Close the kept connections."""
		self.session.close()

	# What callers use ------------------------------------------------------------------------------------------

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

	def get_company_info(self) -> dict:
		"""Return the CompanyInfo object (name, country, address)."""
		return self.read("CompanyInfo", self.realm_id).data

	def get_preferences(self) -> dict:
		"""Return the Preferences object (numbering, shipping, tax, currency, closing date)."""
		with self._about("Preferences", "read", "Preferences"):
			return self.get(f"{self.api_url}/company/{self.company_id}/preferences")["Preferences"]

	# The library's seams ---------------------------------------------------------------------------------------

	def make_request(
		self,
		request_type: str,
		url: str,
		request_body: Any = None,
		content_type: str = "application/json",
		params: Mapping[str, Any] | None = None,
		file_path: str | None = None,
		file_bytes: bytes | None = None,
		request_id: str | None = None,
	) -> dict:
		"""Send one request and return its JSON object, numbers as Decimal."""
		if file_path or file_bytes:
			raise ValueError("This client does not send attachments.")
		sent = {**(params or {}), "minorversion": self.minorversion}
		if request_id:
			sent["requestid"] = request_id
		headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
		if request_body:
			headers["Content-Type"] = content_type
		body = request_body or None
		started = time.monotonic()
		response: requests.Response | None = None
		error: BaseException | None = None
		try:
			response = self.process_request(request_type, url, headers=headers, params=sent, data=body)
			result = classify_answer(
				response.status_code,
				_parse_json(response.content),
				_decode(response.content),
				response.headers,
				response.headers.get("intuit_tid"),
				self._is_reading(),
			)
			self._check_shape(result, response)
			return result
		except BaseException as caught:
			error = caught
			raise
		finally:
			self._keep_record(request_type, url, request_id, body, response, started, error)

	def process_request(
		self,
		request_type: str,
		url: str,
		headers: Mapping[str, str] | None = None,
		params: Mapping[str, Any] | None = None,
		data: Any = None,
	) -> requests.Response:
		"""Send one request and return the answer, whatever it says; raise NotSent or OutcomeUnknown when none came."""
		if not _TOKEN.match(self.access_token or ""):
			raise NotSent(
				"The stored access token cannot be read, so nothing was sent. "
				"Open QuickBooks Settings and press Connect to QuickBooks."
			)
		if self.pacer:
			self.pacer()
		self._mark.begun = False
		try:
			return self.session.request(
				request_type,
				url,
				headers=dict(headers or {}),
				params=params,
				data=data.encode("utf-8") if isinstance(data, str) else data,
				auth=BearerAuth(self.access_token),
				timeout=self.timeout,
				allow_redirects=False,
			)
		except TRANSPORT_ERRORS as error:
			raise self._explain_transport(error) from error

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
		last = self._last
		return Answer(
			entity=entity,
			data=results[entity],
			status=last.status if last and last.status else 0,
			intuit_tid=last.intuit_tid if last else None,
			duration=last.duration if last else 0.0,
		)

	def _check_shape(self, result: dict, response: requests.Response) -> None:
		"""Raise OutcomeUnknown when HTTP 200 came without what was asked for: silence is not success."""
		expected = self._subject.expected if self._subject else None
		if expected is None:
			return
		data = result.get(expected)
		if isinstance(data, dict) and (data.get("Id") or expected == "QueryResponse"):
			return
		raise OutcomeUnknown(
			word_silence(
				f"QuickBooks answered without the {expected} that was asked for", self._is_reading()
			),
			status=response.status_code,
			intuit_tid=response.headers.get("intuit_tid"),
		)

	def _explain_transport(self, error: BaseException) -> QuickBooksError:
		cause = _describe_cause(error)
		if not self._mark.begun:
			return NotSent(
				f"QuickBooks could not be reached ({cause}). Nothing was sent; it is tried again by itself. "
				"If this stays, check the way to the internet and the address in QuickBooks Settings."
			)
		return OutcomeUnknown(word_silence(f"QuickBooks did not answer ({cause})", self._is_reading()))

	def _is_reading(self) -> bool:
		return self._subject is not None and self._subject.operation in _READINGS

	@contextmanager
	def _about(self, entity: str | None, operation: str, expected: str | None) -> Iterator[None]:
		before, self._subject = self._subject, _Subject(entity, operation, expected)
		try:
			yield
		finally:
			self._subject = before

	def _keep_record(
		self,
		method: str,
		url: str,
		request_id: str | None,
		body: Any,
		response: requests.Response | None,
		started: float,
		error: BaseException | None,
	) -> None:
		subject = self._subject or _Subject(None, method.lower(), None)
		known = (self.access_token,)
		self._last = CallRecord(
			method=method,
			path=urlsplit(url).path,
			entity=subject.entity,
			operation=subject.operation,
			request_id=request_id,
			request_body=mask_secrets(body, known) if body else None,
			status=response.status_code if response is not None else None,
			response_body=mask_secrets(_decode(response.content), known) if response is not None else None,
			intuit_tid=response.headers.get("intuit_tid") if response is not None else None,
			duration=time.monotonic() - started,
			error=mask_secrets(str(error) or type(error).__name__, known) if error else None,
		)
		hand_over(self._last, self.on_call)


def _parse_json(content: bytes) -> Any:
	"""Return the parsed body, fractions as Decimal; None when it is not JSON."""
	try:
		return json.loads(content, parse_float=Decimal, parse_constant=_refuse_constant)
	except (ValueError, RecursionError):
		return None


def _refuse_constant(name: str) -> None:
	raise ValueError(f"{name} is not a JSON number")


def _decode(content: bytes) -> str:
	return content.decode("utf-8", "replace")


def _describe_cause(error: BaseException) -> str:
	"""Return the innermost reason of a transport error in a few words."""
	if isinstance(error, requests.ConnectTimeout):
		return "connecting took too long"
	if isinstance(error, requests.Timeout):
		return "the answer took too long"
	seen: list[BaseException] = []
	current: BaseException | None = error
	while current is not None and current not in seen:
		seen.append(current)
		reason = getattr(current, "reason", None)
		args = [argument for argument in current.args if isinstance(argument, BaseException)]
		current = reason if isinstance(reason, BaseException) else args[-1] if args else current.__cause__
	last = seen[-1]
	return f"{type(last).__name__}: {last}" if str(last) else type(last).__name__
