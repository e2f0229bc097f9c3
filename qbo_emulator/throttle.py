"""Intuit's limits for one company: requests a minute, a second and at the same time, and batches a minute.

Per company: requests a minute and batches of all apps. Per company and app: requests a second and at the same
time, and batches. Source: Intuit's limits page.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from qbo_emulator.faults import refuse_throttled
from qbo_emulator.knobs import Knobs

MINUTE = 60


class Window:
	"""Moments of the last minute."""

	def __init__(self) -> None:
		self._moments: deque[float] = deque()

	def add(self, now: float, times: int = 1) -> None:
		self._moments.extend([now] * times)

	def count(self, now: float, seconds: float = MINUTE) -> int:
		"""Return how many moments lie within the latest seconds (a minute at most)."""
		while self._moments and self._moments[0] <= now - MINUTE:
			self._moments.popleft()
		if seconds >= MINUTE:
			return len(self._moments)
		found = 0
		for moment in reversed(self._moments):
			if moment <= now - seconds:
				break
			found += 1
		return found


class AppCounters:
	"""What is counted for each app by itself."""

	def __init__(self) -> None:
		self.requests = Window()
		self.batches = Window()
		self.in_work = 0


class Throttle:
	"""Counts the requests of one company. Times are the emulator's, so that moving its clock ends a waiting time."""

	def __init__(self) -> None:
		self._requests = Window()
		self._batches = Window()
		self._apps: dict[str, AppCounters] = {}
		self.in_work = 0
		self.refused = 0
		self.refused_by: dict[str, int] = {}

	def enter(self, knobs: Knobs, now: float, app: str, batch_items: int = 0) -> None:
		"""Let a request in; raises the gateway's 429 above a limit. A refused request does not count.

		``batch_items`` is the number of a batch's items, 0 for any other request.
		"""
		counters = self._apps.setdefault(app, AppCounters())
		weight = max(batch_items, 1) if knobs["batch_counts_as"] == "items" else 1
		if knobs["throttle.enabled"]:
			used = {
				"throttle.per_minute": self._requests.count(now) + weight - 1,
				"throttle.per_second": counters.requests.count(now, 1),
				"throttle.concurrent": counters.in_work,
			}
			if batch_items:
				used["throttle.batches_per_minute"] = counters.batches.count(now)
				used["throttle.company_batches_per_minute"] = self._batches.count(now)
			for name, count in used.items():
				if knobs[name] is not None and count >= knobs[name]:
					self.refused += 1
					self.refused_by[name] = self.refused_by.get(name, 0) + 1
					raise refuse_throttled()
			self._requests.add(now, weight)
			counters.requests.add(now)
			if batch_items:
				self._batches.add(now)
				counters.batches.add(now)
		self.in_work += 1
		counters.in_work += 1

	def leave(self, app: str) -> None:
		self.in_work -= 1
		self._apps[app].in_work -= 1

	def count(self, now: float) -> dict[str, Any]:
		"""Return the counters as the control API shows them."""
		return {
			"last_minute": self._requests.count(now),
			"last_second": self._requests.count(now, 1),
			"batches_last_minute": self._batches.count(now),
			"in_work": self.in_work,
			"refused": self.refused,
			"refused_by": {name.removeprefix("throttle."): count for name, count in self.refused_by.items()},
			"apps": {
				app: {
					"last_minute": counters.requests.count(now),
					"last_second": counters.requests.count(now, 1),
					"batches_last_minute": counters.batches.count(now),
					"in_work": counters.in_work,
				}
				for app, counters in self._apps.items()
			},
		}
