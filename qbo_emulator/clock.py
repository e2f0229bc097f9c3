"""The emulator's movable clock. Every expiry, rotation, limit and time stamp is read from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo


class Clock:
	"""Real time plus an offset that the control API can increase; the offset is kept in the state file."""

	def __init__(self, offset: float = 0.0, save_offset: Callable[[float], None] | None = None) -> None:
		self.offset = offset
		self._save_offset = save_offset

	def now(self) -> float:
		"""Return the emulator's time in seconds since 1970."""
		return time.time() + self.offset

	def advance(self, seconds: float) -> None:
		"""Move the clock forward. Raises ValueError for a negative number of seconds."""
		if not 0 <= seconds <= 20 * 366 * 86400:
			raise ValueError("The clock moves forward only, by at most 20 years at a time.")
		self.offset += seconds
		if self._save_offset:
			self._save_offset(self.offset)

	def today(self, zone: ZoneInfo) -> date:
		"""Return the company's current date."""
		return datetime.fromtimestamp(self.now(), zone).date()


def format_stamp(seconds: float, zone: ZoneInfo) -> str:
	"""Return ``2026-05-01T10:00:00-07:00``: MetaData's form, whole seconds with the company's offset."""
	return datetime.fromtimestamp(int(seconds), zone).isoformat()


def format_time(seconds: float, zone: ZoneInfo) -> str:
	"""Return ``2026-05-01T10:00:00.123-07:00``: the envelope's ``time``, with milliseconds."""
	return datetime.fromtimestamp(seconds, zone).isoformat(timespec="milliseconds")


def parse_stamp(text: str, zone: ZoneInfo) -> float:
	"""Return the seconds since 1970 of a date or date-time; without an offset the company's zone is meant.

	Raises ValueError when ``text`` is neither.
	"""
	cleaned = text.strip()
	if cleaned.endswith(("Z", "z")):
		cleaned = cleaned[:-1] + "+00:00"
	head, dot, tail = cleaned.partition(".")
	if dot:
		offset = tail.lstrip("0123456789")
		fraction = tail[: len(tail) - len(offset)]
		cleaned = f"{head}.{fraction[:6].ljust(6, '0')}{offset}"
	moment = datetime.fromisoformat(cleaned)
	if moment.tzinfo is None:
		moment = moment.replace(tzinfo=zone)
	try:
		return moment.astimezone(timezone.utc).timestamp()
	except OverflowError as error:
		raise ValueError(f"{text} is out of range") from error
