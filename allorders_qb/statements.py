"""The text of QuickBooks' query language: escaping, and SELECT statements.

Pure, and shared by the rooms that word a search (`mapping`) and that send one (`qbo`), so that escaping exists once.
Source: Intuit's "Data queries" page: values in single quotes, an apostrophe as \\', booleans bare, AND only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

Value = str | int | bool | date | Decimal
# Field, operator, value; a tuple or list of values goes with IN.
Condition = tuple[str, str, Value | tuple[Value, ...] | list[Value]]

OPERATORS = ("=", "!=", "<", ">", "<=", ">=", "LIKE", "IN")
MAX_RESULTS = 1000
_FIELD = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class UnsafeValue(ValueError):
	"""A value that cannot be searched for in QuickBooks without changing what is asked."""


def quote(value: Value) -> str:
	"""Return a value as QuickBooks' query language wants it: 'Bob\\'s', '12.50', '2026-11-23', or true.

	Raises UnsafeValue for a backslash or a control character: Intuit documents no way to write them, a trailing
	backslash would swallow the closing quote, and dropping one would search for another name.
	"""
	if isinstance(value, bool):
		return "true" if value else "false"
	if isinstance(value, Decimal):
		value = format(value, "f")
	elif isinstance(value, date):
		value = value.isoformat()
	text = str(value)
	if "\\" in text:
		raise UnsafeValue(
			f"QuickBooks cannot search for {text!r}: its query language knows no backslash in a value."
		)
	if _CONTROL.search(text):
		raise UnsafeValue(
			f"QuickBooks cannot search for {text!r}: it holds a tab, a line break or a control character."
		)
	return "'" + text.replace("'", "\\'") + "'"


def word_condition(field: str, operator: str, value: object) -> str:
	"""Return one condition of a WHERE clause; raises ValueError for an unknown operator or a malformed field."""
	operator = operator.upper()
	if operator not in OPERATORS:
		raise ValueError(f"QuickBooks' query language has no operator {operator!r}.")
	if not _FIELD.match(field):
		raise ValueError(f"{field!r} is not a field of QuickBooks' query language.")
	if operator == "IN":
		if not isinstance(value, (tuple, list)) or not value:
			raise ValueError(f"IN needs at least one value for {field}.")
		return f"{field} IN ({', '.join(quote(entry) for entry in value)})"
	return f"{field} {operator} {quote(value)}"  # type: ignore[arg-type]


def word_select(
	entity: str,
	where: Iterable[Condition] | str = (),
	*,
	fields: str = "*",
	start: int = 1,
	limit: int = MAX_RESULTS,
) -> str:
	"""Return a SELECT over one entity, always ordered by Id (QuickBooks' own order is not dependable).

	`where` is conditions, or a ready WHERE text without the word. `start` counts from 1; `limit` is at most 1000.
	"""
	if not _FIELD.match(entity):
		raise ValueError(f"{entity!r} is not an entity of QuickBooks.")
	if start < 1 or not 1 <= limit <= MAX_RESULTS:
		raise ValueError(
			f"A page starts at 1 and holds 1 to {MAX_RESULTS} rows; asked for {limit} from {start}."
		)
	text = (
		where if isinstance(where, str) else " AND ".join(word_condition(*condition) for condition in where)
	)
	clause = f" WHERE {text}" if text else ""
	return f"SELECT {fields} FROM {entity}{clause} ORDER BY Id STARTPOSITION {start} MAXRESULTS {limit}"
