"""What lies under the client: python-quickbooks' seams overridden, one request at a time.

What is ours: timeouts, a session that knows whether anything was sent, the JSON text sent byte for byte, numbers read as
Decimal, faults classified by code, status and body, a record of every call, no refresh behind one's back.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import requests
from quickbooks import QuickBooks

from allorders_qb.qbo.calls import CallRecord, hand_over, mask_secrets
from allorders_qb.qbo.faults import NotSent, OutcomeUnknown, QuickBooksError, classify_answer, word_silence
from allorders_qb.qbo.wire import TRANSPORT_ERRORS, BearerAuth, SendingMark, open_session

MINOR_VERSION = 75
# QuickBooks itself gives a request up after 120 seconds; whoever waits less than that learns less.
TIMEOUT = (5.0, 130.0)
USER_AGENT = "allorders_qb (python-quickbooks)"
_READINGS = ("read", "query", "changes", "report")
# Answers that are no single object: what stands under these keys carries no Id of its own.
_COLLECTIONS: dict[str, type] = {
	"QueryResponse": dict,
	"BatchItemResponse": list,
	"CDCResponse": list,
	"Header": dict,
}
_TOKEN = re.compile(r"[\x21-\x7e]+\Z")


@dataclass(frozen=True)
class _Subject:
	"""What the current request is about, and the key without which its answer is no success."""

	entity: str | None
	operation: str
	expected: str | None
	batch_items: int = 0
	"""How many operations it holds, if it is a batch."""


class Transport(QuickBooks):
	"""One company's connection: sends one request and returns its JSON object, or raises NotSent, OutcomeUnknown or Refused."""

	_BUSINESS_OBJECTS = [*QuickBooks._BUSINESS_OBJECTS, "InventoryAdjustment"]

	def __new__(cls, *_args: Any, realm_id: str, **_kwargs: Any) -> Transport:
		return super().__new__(cls, company_id=realm_id, minorversion=MINOR_VERSION)

	def __init__(
		self,
		*,
		base_url: str,
		realm_id: str,
		access_token: str,
		timeout: tuple[float, float] = TIMEOUT,
		on_call: Callable[[CallRecord], None] | None = None,
		pacer: Callable[[int], AbstractContextManager[None]] | None = None,
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
		self._last_call: CallRecord

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
		with self.pacer(self._subject.batch_items if self._subject else 0) if self.pacer else nullcontext():
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

	def _check_shape(self, result: dict, response: requests.Response) -> None:
		"""Raise OutcomeUnknown when HTTP 200 came without what was asked for: silence is not success."""
		expected = self._subject.expected if self._subject else None
		if expected is None:
			return
		data = result.get(expected)
		if isinstance(data, _COLLECTIONS.get(expected, dict)) and (
			expected in _COLLECTIONS or data.get("Id")
		):
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
	def _about(
		self, entity: str | None, operation: str, expected: str | None, batch_items: int = 0
	) -> Iterator[None]:
		before, self._subject = self._subject, _Subject(entity, operation, expected, batch_items)
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
		self._last_call = CallRecord(
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
		hand_over(self._last_call, self.on_call)


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
