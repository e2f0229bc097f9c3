"""What is kept of each call to QuickBooks, with every secret masked before it leaves this room."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

logger = logging.getLogger(__name__)

MASK = "********"
SECRET_KEYS = frozenset(
	{
		"access_token",
		"refresh_token",
		"id_token",
		"token",
		"client_secret",
		"authorization",
		"password",
		"verifier_token",
		"code_verifier",
	}
)
_KEYS = "|".join(sorted(SECRET_KEYS))
_JSON_PAIR = re.compile(rf'("(?:{_KEYS})"\s*:\s*)"(?:[^"\\]|\\.)*"', re.IGNORECASE)
_FORM_PAIR = re.compile(rf"((?:^|[?&\s])(?:{_KEYS})=)[^&\s]+", re.IGNORECASE)
_SCHEME = re.compile(
	r"((?:\bAuthorization\W{1,4}\w+|\b(?:Bearer|Basic)(?=\s+[\w.~+/=-]{24}))\s+)[\w.~+/=-]+", re.IGNORECASE
)
# An authorization code is a secret; a fault's code (a few digits) and a currency's Code must stay readable.
_JSON_CODE = re.compile(r'("code"\s*:\s*)"(?!-?\d{1,8}")(?:[^"\\]|\\.)+"')
_FORM_CODE = re.compile(r"((?:^|[?&\s])code=)(?!-?\d{1,8}(?:[&\s]|$))[^&\s]+")
_FAULT_CODE = re.compile(r"-?\d{0,8}\Z")


@dataclass(frozen=True)
class CallRecord:
	"""One request and its answer, fit for a log: no headers, no secrets.

	`duration` in seconds; `status` None when no answer came; `error` the sentence for a person, None when all went well.
	"""

	method: str
	path: str
	entity: str | None
	operation: str
	request_id: str | None
	request_body: str | None
	status: int | None
	response_body: str | None
	intuit_tid: str | None
	duration: float
	error: str | None


def hand_over(record: CallRecord, on_call: Callable[[CallRecord], None] | None) -> None:
	"""Give a record to whoever keeps the log; a log that fails is itself logged, and never hides QuickBooks' answer."""
	if on_call is None:
		return
	try:
		on_call(record)
	except Exception:
		# The answer is worth more than the log's row about it: losing it would make a known outcome an unknown one.
		logger.exception(
			"The record of a call to QuickBooks could not be kept: %s %s", record.method, record.path
		)


def mask_secrets(value: Any, known: Iterable[str] = ()) -> Any:
	"""Return a copy of a dict, list or text with tokens, client secrets and authorization codes masked, at any depth.

	Text may be JSON, a form, a URL or headers. `known` are literal secrets to mask wherever they stand.
	"""
	secrets = tuple(secret for secret in known if secret)
	return _mask(value, secrets)


def _mask(value: Any, known: tuple[str, ...]) -> Any:
	if isinstance(value, dict):
		return {key: MASK if _is_secret(key, entry) else _mask(entry, known) for key, entry in value.items()}
	if isinstance(value, (list, tuple)):
		return type(value)(_mask(entry, known) for entry in value)
	if isinstance(value, bytes):
		return _mask(value.decode("utf-8", "replace"), known)
	if isinstance(value, str):
		return _mask_text(value, known)
	return value


def _is_secret(key: Any, value: Any) -> bool:
	if value in (None, ""):
		return False
	if key == "code":
		return isinstance(value, str) and not _FAULT_CODE.match(value)
	return str(key).lower() in SECRET_KEYS


def _mask_text(text: str, known: tuple[str, ...]) -> str:
	for secret in known:
		text = text.replace(secret, MASK)
	text = _JSON_PAIR.sub(rf'\1"{MASK}"', text)
	text = _JSON_CODE.sub(rf'\1"{MASK}"', text)
	text = _FORM_PAIR.sub(rf"\1{MASK}", text)
	text = _FORM_CODE.sub(rf"\1{MASK}", text)
	return _SCHEME.sub(rf"\1{MASK}", text)
