"""A list record between the two sides: one plain text per field, under our field's name.

A neutral record is a dict of texts: "" is empty, "1" a tick, a number stands as `write_number` writes it, a reference is
the QuickBooks id of what is referred to. So a record of ours and one of QuickBooks' compare field by field, and the
record that both sides last agreed on can be kept as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from allorders_qb.mapping.names import clean_line, clean_text
from allorders_qb.mapping.payload import write_number
from allorders_qb.money import to_decimal

NAME = "name"
TEXT = "text"
NUMBER = "number"
CHECK = "check"
REFERENCE = "reference"
CODE = "code"

TICKED = "1"
_SUBSTITUTES = str.maketrans({":": "-", "\\": "/"})
_BRACKETS = str.maketrans({"‹": "<", "›": ">"})
"""What QuickBooks has with brackets stands here with typographic ones: never as markup."""


@dataclass(frozen=True)
class ListField:
	"""One field that both sides keep.

	`kind` says how two values compare. `silent`: empty here means that we have no opinion, and whatever QuickBooks has
	is right. `reported`: a change in QuickBooks is told to a person and never copied, nor is ours ever sent.
	"""

	fieldname: str
	label: str
	kind: str = TEXT
	silent: bool = False
	reported: bool = False


def is_same(kind: str, ours: str, theirs: str) -> bool:
	"""Return whether two neutral values of a field of that kind say the same.

	White space is made equal everywhere; in names a colon equals the dash and a backslash the slash that we send for it.
	"""
	return ours == theirs or make_comparable(kind, ours) == make_comparable(kind, theirs)


def make_comparable(kind: str, value: str) -> str:
	"""Return the form in which values of that kind compare: equal forms, equal values."""
	if kind == NUMBER:
		return read_number(value)
	if kind == CHECK:
		return TICKED if value == TICKED else ""
	text = clean_line(value).translate(_BRACKETS)
	if kind == NAME:
		return re.sub(r"\s+", " ", text.translate(_SUBSTITUTES)).strip()
	return text.upper() if kind == CODE else text


def is_empty(kind: str, value: str) -> bool:
	"""Return whether a value says nothing. A tick always says something; a price of zero does not."""
	if kind == CHECK:
		return False
	return make_comparable(kind, value) in ("", "0")


def read_number(value: object) -> str:
	"""Return a number as its canonical text, "0" where there is none; ValueError where it is no number."""
	return write_number(to_decimal(value or 0))


def read_text(value: object) -> str:
	"""Return a text as it is kept: cleaned, with its line breaks."""
	return clean_text(str(value)) if value not in (None, "") else ""


def read_check(value: object) -> str:
	"""Return a flag, which may come as a bool or as text."""
	return TICKED if value is True or str(value).strip().lower() in ("true", "1") else ""


def read_ref(remote: Mapping[str, object], name: str) -> str:
	"""Return the id that a reference of a QuickBooks object holds, "" where it has none."""
	reference = remote.get(name)
	return str(reference.get("value") or "") if isinstance(reference, Mapping) else ""
