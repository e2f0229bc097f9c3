"""The journal of requests, for assertions and for the eye. In memory: it tells of this process's life only."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

MAX_ENTRIES = 20_000
MAX_BODIES = 500
MAX_BODY = 20_000


@dataclass
class Entry:
	"""One request. ``committed`` turns true at the moment of the commit, before any answer is sent.

	``items`` are a batch's: bId, operation, entity, entity_id and code of each. ``outcome`` is "open" while the request is being held, then "answered", "dropped" or "cut_off" (504 after
	cut_off_ms, noted when its work is done).
	"""

	seq: int
	realm: str
	time: str
	method: str
	path: str
	query: str
	entity: str | None = None
	operation: str | None = None
	requestid: str | None = None
	status: int | None = None
	code: str | None = None
	committed: bool = False
	replayed: bool = False
	entity_id: str | None = None
	outcome: str = "open"
	duration: float | None = None
	intuit_tid: str = ""
	items: list[dict[str, Any]] | None = None
	request_body: str | None = None
	response_body: str | None = None
	started: float = field(default_factory=time.monotonic, repr=False)

	def close(self, status: int | None, outcome: str = "answered") -> None:
		"""Note how the request ended; the duration is real seconds, held time included."""
		self.status = status
		self.outcome = outcome
		self.duration = round(time.monotonic() - self.started, 6)

	def dump(self, bodies: bool) -> dict[str, Any]:
		"""Return the entry as the control API shows it."""
		shown = asdict(self)
		del shown["started"]
		if not bodies:
			del shown["request_body"], shown["response_body"]
		return shown


class Journal:
	def __init__(self) -> None:
		self.entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)
		self._bodies: deque[Entry] = deque()
		self._numbers = count(1)

	def open(self, realm: str, stamp: str, method: str, path: str, query: str, tid: str) -> Entry:
		entry = Entry(next(self._numbers), realm, stamp, method, path, query, intuit_tid=tid)
		self.entries.append(entry)
		return entry

	def keep_bodies(self, entry: Entry, request_body: str, response_body: str) -> None:
		"""Keep the bodies of the latest requests, cut to a length that a page can show."""
		entry.request_body = request_body[:MAX_BODY]
		entry.response_body = response_body[:MAX_BODY]
		self._bodies.append(entry)
		if len(self._bodies) > MAX_BODIES:
			oldest = self._bodies.popleft()
			oldest.request_body = oldest.response_body = None

	def find(self, realm: str, since: int = 0, **wanted: str) -> list[Entry]:
		"""Return a company's entries after number ``since`` whose attributes equal those wanted."""
		return [
			entry
			for entry in self.entries
			if entry.realm == realm
			and entry.seq > since
			and all(str(getattr(entry, name)).lower() == value.lower() for name, value in wanted.items())
		]

	def clear(self, realm: str) -> None:
		self.entries = deque((entry for entry in self.entries if entry.realm != realm), maxlen=MAX_ENTRIES)
