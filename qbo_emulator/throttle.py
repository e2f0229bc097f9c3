"""Intuit's limits for one company and app: requests a minute, a second, and at the same time."""

from __future__ import annotations

from collections import deque

from qbo_emulator.faults import refuse_throttled
from qbo_emulator.knobs import Knobs


class Throttle:
	"""Counts the requests of one company. Times are the emulator's, so that moving its clock ends a waiting time."""

	def __init__(self) -> None:
		self._times: deque[float] = deque()
		self.in_work = 0
		self.refused = 0

	def enter(self, knobs: Knobs, now: float) -> None:
		"""Let a request in; raises the gateway's 429 above a limit. A refused request does not count."""
		while self._times and self._times[0] <= now - 60:
			self._times.popleft()
		if knobs["throttle.enabled"]:
			last_second = 0
			for moment in reversed(self._times):
				if moment <= now - 1:
					break
				last_second += 1
			for name, used in (
				("throttle.per_minute", len(self._times)),
				("throttle.per_second", last_second),
				("throttle.concurrent", self.in_work),
			):
				limit = knobs[name]
				if limit is not None and used >= limit:
					self.refused += 1
					raise refuse_throttled()
			self._times.append(now)
		self.in_work += 1

	def leave(self) -> None:
		self.in_work -= 1

	def count(self, now: float) -> dict[str, int]:
		"""Return the counters as the control API shows them."""
		return {
			"last_minute": sum(1 for moment in self._times if moment > now - 60),
			"last_second": sum(1 for moment in self._times if moment > now - 1),
			"in_work": self.in_work,
			"refused": self.refused,
		}
