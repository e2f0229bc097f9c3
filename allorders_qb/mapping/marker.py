"""Our mark on a transaction in QuickBooks: short, presentable, and ours alone.

It stands in PrivateNote, as in "[AO SD-2026-00001 invoice/1 k3f9q2]": document, role, generation, and six letters that tie
it to this installation, so that two sites with the same numbers never take each other's transactions for their own.
Only a twin that carries it is adopted without asking.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import LIMITS
from allorders_qb.mapping.names import clean_line, clean_text

TAG_LENGTH = 6
_MARKER = re.compile(
	r"\[AO (?P<source>[^\[\]\n]{1,200}) (?P<role>[\w.-]+)/(?P<generation>\d+) (?P<tag>[a-z2-7]{6})\]"
)


def make_marker(installation: str, source_name: str, role: str, generation: int) -> str:
	"""Return the marker of one role of one document; `installation` is any text that is this site's alone and never changes."""
	name = clean_line(source_name).replace("[", "(").replace("]", ")")
	seed = "\n".join((installation, source_name, role, str(generation)))
	digest = hashlib.sha256(seed.encode("utf-8")).digest()
	tag = base64.b32encode(digest).decode("ascii").lower()[:TAG_LENGTH]
	return f"[AO {name} {role}/{generation} {tag}]"


def find_marker(text: str | None) -> str | None:
	"""Return the first marker in a text, or None."""
	found = _MARKER.search(_flatten(text))
	return found.group(0) if found else None


def carries_marker(remote: Mapping[str, Any], marker: str) -> bool:
	"""Return whether a QuickBooks transaction carries exactly this marker in its PrivateNote."""
	return bool(marker) and _flatten(marker) in _flatten(remote.get("PrivateNote"))


def note_with_marker(note: str | None, marker: str, *, field: str = "Private Note", about: str = "") -> str:
	"""Return the private note as it is sent: the note, then the marker on a line of its own.

	Markers that were copied into the note go away: they would make this transaction look like another one's twin.
	Raises MappingError when both together exceed QuickBooks' 4,000 characters.
	"""
	own = clean_text(_MARKER.sub("", clean_text(note)))
	if not own:
		return marker
	room = LIMITS["private_note"] - len(marker) - 1
	if len(own) > room:
		where = f"{about}, " if about else ""
		raise MappingError(
			f"{where}{field}: {len(own)} characters are too many, {room} fit beside our mark in QuickBooks. "
			f"Shorten it by {len(own) - room}.",
			field=field,
		)
	return f"{own}\n{marker}"


def _flatten(text: object) -> str:
	"""QuickBooks may turn a line break into a space: compare with white space made equal."""
	return re.sub(r"\s+", " ", str(text or ""))
