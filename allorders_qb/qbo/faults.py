"""What QuickBooks refused, and what we can know after a call that went wrong.

Three errors, told apart exactly, because sending twice is the one unforgivable mistake:
`NotSent` (nothing left this machine), `OutcomeUnknown` (it may be stored), `Refused` (a definite answer: not stored).
Classified by code, status and body, never by a library's exception class.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from allorders_qb.qbo.codes import (
	ACCESS_RULE,
	KEYS_RULE,
	RULES,
	STATUS_RULES,
	THROTTLE_RULE,
	TOKEN_RULE,
	UNKNOWN_RULE,
	FaultClass,
	Rule,
)

__all__ = [
	"Fault",
	"FaultClass",
	"NotSent",
	"OutcomeUnknown",
	"QuickBooksError",
	"Refused",
	"classify_answer",
	"read_fault",
	"word_silence",
]

MAX_PAUSE_SECONDS = 60 * 60
# With several errors in one fault, the first class of this list decides; a duplicate only when nothing else is wrong.
_PRECEDENCE = (
	FaultClass.PAUSE,
	FaultClass.RETRY_LATER,
	FaultClass.NEEDS_PERSON,
	FaultClass.CONFLICT,
	FaultClass.DUPLICATE,
)
_GATEWAY_CODE = re.compile(r"errorCode=(\d+)")
_XML_ERROR = re.compile(r"<(?:\w+:)?Error\b([^>]*)>(.*?)</(?:\w+:)?Error>", re.DOTALL | re.IGNORECASE)
_XML_TYPE = re.compile(r'<(?:\w+:)?Fault\b[^>]*\btype="([^"]*)"', re.IGNORECASE)
_DUPLICATE_ID = re.compile(r"\bTxnId\s*=\s*(\d+)|\bId\s*=\s*(\d+)")
_DUPLICATE_TYPE = re.compile(r"\bTxnType\s*=\s*([A-Za-z]+)")


@dataclass(frozen=True)
class Fault:
	"""One refusal, as QuickBooks worded it and as we understand it.

	`pause_seconds`: how long to leave the company alone. `refreshable`: refresh the access token once and send the same
	again; only after that is it `reconnect`: a person must connect again. `duplicate_id`: what holds the number or name.
	"""

	code: str
	message: str
	detail: str
	element: str
	status: int
	intuit_tid: str | None
	fault_type: str
	fault_class: FaultClass
	pause_seconds: int
	refreshable: bool
	reconnect: bool
	unknown_outcome: bool
	happened: str
	remedy: str
	duplicate_id: str | None = None
	duplicate_type: str | None = None
	other_messages: tuple[str, ...] = ()

	@property
	def is_missing(self) -> bool:
		"""After a read: what was asked for does not exist. After a write: it, or something it refers to, is gone or inactive.

		QuickBooks words both alike ("… has been made inactive"), so only the caller knows which.
		"""
		return self.code == "610"

	def explain(self) -> str:
		"""Return what happened and what to do, in one or two sentences, with QuickBooks' own words."""
		happened = self.happened[0].upper() + self.happened[1:]
		if self.duplicate_id:
			happened += f" (by {self.duplicate_type or 'the record'} with id {self.duplicate_id})"
		said = "; ".join(text for text in (self.detail or self.message, *self.other_messages) if text)
		where = f", field {self.element}" if self.element else ""
		code = f"code {self.code}" if self.code else f"HTTP {self.status}"
		quoted = (
			f' QuickBooks said: "{" ".join(said.split())}" ({code}{where}).' if said else f" ({code}{where})"
		)
		return f"{happened}. {self.remedy}{quoted}"


class QuickBooksError(Exception):
	"""A call to QuickBooks that did not give what was asked. `str()` is a sentence for a person."""

	def explain(self) -> str:
		return str(self)


class NotSent(QuickBooksError):
	"""Nothing reached QuickBooks, so nothing is stored: it may be sent again as it is."""


class OutcomeUnknown(QuickBooksError):
	"""It may be stored or not: search before sending again. After a mere read it says only that no answer came.

	`status` and `intuit_tid` when an answer came; `fault` when it held one; `pause_seconds` when QuickBooks asked for time.
	"""

	def __init__(
		self,
		message: str,
		*,
		status: int | None = None,
		intuit_tid: str | None = None,
		fault: Fault | None = None,
		pause_seconds: int = 0,
	) -> None:
		super().__init__(message)
		self.status = status
		self.intuit_tid = intuit_tid
		self.fault = fault
		self.pause_seconds = pause_seconds


class Refused(QuickBooksError):
	"""A definite answer: this request stored nothing. See `fault`."""

	def __init__(self, fault: Fault) -> None:
		super().__init__(fault.explain())
		self.fault = fault

	@property
	def fault_class(self) -> FaultClass:
		return self.fault.fault_class


def read_fault(
	status: int,
	body: Any,
	text: str = "",
	headers: Mapping[str, str] | None = None,
	intuit_tid: str | None = None,
) -> Fault | None:
	"""Return the fault an answer carries, or None when it carries none.

	`body` is the parsed JSON (None when it is not JSON) and `text` the raw text, for the XML that the gateway sends at times.
	Understands `Fault` and the gateway's lower-case `fault`, at any HTTP status, 200 included.
	"""
	fault_type, errors = _list_errors(body, text)
	if not errors and status < 400:
		return None
	if not errors:
		errors = [{"code": "", "message": "", "detail": "", "element": ""}]
	ruled = [(error, _find_rule(error["code"], status, fault_type)) for error in errors]
	unknown = [pair for pair in ruled if pair[1].unknown_outcome]
	chosen, rule = (
		unknown[0] if unknown else min(ruled, key=lambda pair: _PRECEDENCE.index(pair[1].fault_class))
	)
	words = f"{chosen['message']} {chosen['detail']}"
	duplicate = _DUPLICATE_ID.search(words) if rule.fault_class is FaultClass.DUPLICATE else None
	duplicate_type = _DUPLICATE_TYPE.search(words) if duplicate else None
	return Fault(
		code=chosen["code"],
		message=chosen["message"],
		detail=chosen["detail"],
		element=chosen["element"],
		status=status,
		intuit_tid=intuit_tid,
		fault_type=fault_type,
		fault_class=rule.fault_class,
		pause_seconds=_read_pause(rule, headers),
		refreshable=rule.refreshable,
		reconnect=rule.reconnect,
		unknown_outcome=rule.unknown_outcome,
		happened=rule.happened,
		remedy=rule.remedy,
		duplicate_id=next((found for found in duplicate.groups() if found), None) if duplicate else None,
		duplicate_type=duplicate_type.group(1) if duplicate_type else None,
		other_messages=tuple(e["detail"] or e["message"] for e in errors if e is not chosen),
	)


def classify_answer(
	status: int,
	body: Any,
	text: str = "",
	headers: Mapping[str, str] | None = None,
	intuit_tid: str | None = None,
	reading: bool = False,
) -> dict:
	"""Return the JSON object of a good answer; raise Refused or OutcomeUnknown for any other.

	A server error, a redirect, a system fault and a body that cannot be read leave the outcome unknown. HTTP 200 is no
	proof of success: a Fault may come with it, and the caller must still see the entity it asked for. `reading` says that
	the request could not store anything, for the wording alone.
	"""
	fault = read_fault(status, body, text, headers, intuit_tid)
	happened = _find_silence(status, body, fault)
	if happened:
		raise OutcomeUnknown(
			word_silence(happened, reading),
			status=status,
			intuit_tid=intuit_tid,
			fault=fault,
			pause_seconds=_parse_retry_after(headers) or (fault.pause_seconds if fault else 0),
		)
	if fault:
		raise Refused(fault)
	return body


def word_silence(happened: str, reading: bool) -> str:
	"""Return what a person reads when QuickBooks' answer does not tell the outcome."""
	if reading:
		return f"{happened}. Nothing was to be stored; try again, or let it be tried again by itself."
	return f"{happened}, so it may have stored what was sent or not. It is searched before anything is sent again."


def _find_silence(status: int, body: Any, fault: Fault | None) -> str | None:
	"""Return why an answer does not tell whether anything was stored; None when it tells."""
	if status >= 500 or (fault and fault.unknown_outcome):
		words = " ".join((fault.detail or fault.message).split()) if fault else ""
		return f"QuickBooks had an error of its own (HTTP {status}{f', {words}' if words else ''})"
	if status == 408:
		return "QuickBooks gave up waiting for the request (HTTP 408)"
	if fault:
		return None
	if not 200 <= status < 300:
		return f"Something on the way to QuickBooks answered in its place (HTTP {status})"
	if not isinstance(body, dict):
		return "QuickBooks' answer could not be read"
	return None


def _list_errors(body: Any, text: str) -> tuple[str, list[dict[str, str]]]:
	"""Return the fault's type and its errors, each with code, message, detail and element as plain text."""
	fault = None
	if isinstance(body, dict):
		fault = body.get("Fault") or body.get("fault")
	if isinstance(fault, dict):
		entries = fault.get("Error") or fault.get("error") or [{}]
		if isinstance(entries, dict):
			entries = [entries]
		return str(fault.get("type") or ""), [
			_read_error(entry) for entry in entries if isinstance(entry, dict)
		]
	if body is None and "<" in text:
		found_type = _XML_TYPE.search(text)
		errors = [_read_xml_error(*match.groups()) for match in _XML_ERROR.finditer(text)]
		return (found_type.group(1) if found_type else ""), errors
	return "", []


def _read_error(entry: dict) -> dict[str, str]:
	lower = {str(key).lower(): value for key, value in entry.items()}
	message = str(lower.get("message") or "")
	code = str(lower.get("code") or "").strip()
	if not code:
		found = _GATEWAY_CODE.search(message)
		code = found.group(1) if found else ""
	return {
		"code": _normalise_code(code),
		"message": message,
		"detail": str(lower.get("detail") or ""),
		"element": str(lower.get("element") or ""),
	}


def _read_xml_error(attributes: str, content: str) -> dict[str, str]:
	def find(pattern: str, text: str) -> str:
		found = re.search(pattern, text, re.DOTALL | re.IGNORECASE)
		return found.group(1).strip() if found else ""

	return {
		"code": _normalise_code(find(r'\bcode="([^"]*)"', attributes)),
		"message": find(r"<(?:\w+:)?Message>(.*?)</", content),
		"detail": find(r"<(?:\w+:)?Detail>(.*?)</", content),
		"element": find(r'\belement="([^"]*)"', attributes),
	}


def _normalise_code(code: str) -> str:
	"""003200 and 3200 are one code."""
	return str(int(code)) if code.isascii() and code.isdigit() else code


def _find_rule(code: str, status: int, fault_type: str) -> Rule:
	if status == 429:
		return THROTTLE_RULE
	if code in RULES:
		return RULES[code]
	kind = fault_type.upper()
	if kind.startswith("AUTHENT"):
		return TOKEN_RULE
	if kind.startswith("AUTHORIZ"):
		return ACCESS_RULE if status == 401 else KEYS_RULE
	if kind.startswith("SYSTEM"):
		return RULES["10000"]
	if code:
		return UNKNOWN_RULE
	if status < 400:
		# HTTP 200 with a fault that says nothing is no refusal one could build on.
		return RULES["10000"]
	return STATUS_RULES.get(status, UNKNOWN_RULE)


def _read_pause(rule: Rule, headers: Mapping[str, str] | None) -> int:
	if rule is THROTTLE_RULE:
		return _parse_retry_after(headers) or rule.pause_seconds
	return rule.pause_seconds


def _parse_retry_after(headers: Mapping[str, str] | None) -> int:
	"""Return the seconds QuickBooks asks us to wait (1 second to 1 hour), 0 when it asks for none."""
	value = ((headers or {}).get("Retry-After") or "").strip()
	if not value:
		return 0
	if value.isdigit():
		seconds = int(value)
	else:
		try:
			moment = parsedate_to_datetime(value)
		except (TypeError, ValueError):
			return 0
		if moment.tzinfo is None:
			moment = moment.replace(tzinfo=timezone.utc)
		seconds = int((moment - datetime.now(timezone.utc)).total_seconds())
	return min(max(seconds, 1), MAX_PAUSE_SECONDS)
