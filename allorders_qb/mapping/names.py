"""Names and texts as QuickBooks accepts them.

QuickBooks refuses a colon, a tab and a line break in names (the colon joins a name to its parent's), and its query language
cannot search for a backslash; so none of them is ever sent in a name.
"""

from __future__ import annotations

import re
import unicodedata

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import LIMITS, check_length

_SUBSTITUTES = str.maketrans({":": "-", "\\": "/"})
_KEPT_CONTROLS = "\n\t"


def sanitise_name(name: str, limit: int = LIMITS["name"], *, field: str = "Name", about: str = "") -> str:
	"""Return a name that QuickBooks accepts: ":" becomes "-", a backslash "/", tabs and line breaks a single space.

	Raises MappingError naming `field` when nothing is left, or when it is longer than `limit`: a name cut short might
	be another record's name.
	"""
	text = clean_text(name).translate(_SUBSTITUTES)
	text = re.sub(r"\s+", " ", text).strip()
	if not text:
		where = f"{about}, " if about else ""
		raise MappingError(f"{where}{field} is empty. Enter one.", field=field)
	return check_length(field, text, limit, about=about)


def clean_text(text: str | None) -> str:
	"""Return a text without what cannot travel to QuickBooks: control characters, halves of surrogate pairs, noncharacters.

	Line breaks become "\\n"; tabs stay; accents are in their composed form.
	"""
	if text and text.isascii() and text.isprintable():
		return text.strip()
	unified = re.sub(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]", "\n", text or "")
	return unicodedata.normalize("NFC", "".join(letter for letter in unified if _may_travel(letter))).strip()


def clean_line(text: str | None) -> str:
	"""Return a text for a field of one line: as clean_text, with every run of white space one space."""
	return re.sub(r"\s+", " ", clean_text(text)).strip()


def _may_travel(letter: str) -> bool:
	if letter in _KEPT_CONTROLS:
		return True
	point = ord(letter)
	if unicodedata.category(letter) in ("Cc", "Cs"):
		return False
	return not (point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF)
