"""A payload as the text that is frozen and sent: one payload, one text, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any


def dump_payload(payload: Mapping[str, Any]) -> str:
	"""Return canonical JSON: keys sorted, no spaces, Decimals as plain numbers (never text, never an exponent), UTF-8 as is.

	Raises TypeError for a float or anything else that has no one exact text.
	"""
	return _write(payload)


def _write(value: Any) -> str:
	if value is None:
		return "null"
	if isinstance(value, bool):
		return "true" if value else "false"
	if isinstance(value, int):
		return str(value)
	if isinstance(value, Decimal):
		return write_number(value)
	if isinstance(value, str):
		return json.dumps(value, ensure_ascii=False)
	if isinstance(value, Mapping):
		pairs = (f"{json.dumps(key, ensure_ascii=False)}:{_write(value[key])}" for key in sorted(value))
		return "{" + ",".join(pairs) + "}"
	if isinstance(value, (list, tuple)):
		return "[" + ",".join(_write(entry) for entry in value) + "]"
	raise TypeError(
		f"A payload holds text, Decimals, whole numbers and yes or no, not {type(value).__name__} ({value!r})."
	)


def write_number(value: Decimal) -> str:
	"""Return a Decimal as a plain number without trailing zeros: 12.5, never 1.25E+1."""
	if not value.is_finite():
		raise TypeError(f"{value} is not a finite number.")
	text = format(value, "f")
	if "." in text:
		text = text.rstrip("0").rstrip(".")
	return "0" if text in ("-0", "") else text


def write_date(value: date) -> str:
	"""Return a date as QuickBooks wants it, 2026-11-23."""
	return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"
