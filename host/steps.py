"""Progress, step by step, with times; and a failure that says what to do next."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

LOG_TAIL_LINES = 25
LOG_LINE_LENGTH = 240


class StepFailed(Exception):
	"""A step could not be done. `log` is the file that tells why, `advice` what the person can do about it."""

	def __init__(self, reason: str, log: Path | None = None, advice: str = ""):
		super().__init__(reason)
		self.reason = reason
		self.log = log
		self.advice = advice


class Steps:
	"""Prints one line per step: its title at once, its time when it is done."""

	def __init__(self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic):
		self.out = out or sys.stdout
		self.clock = clock
		self.started = clock()

	@contextmanager
	def step(self, title: str) -> Iterator[None]:
		"""Announce `title`, run the block, print how long it took; a StepFailed passes through."""
		began = self.clock()
		self.write(f"  {title} ... ")
		try:
			yield
		except BaseException:
			self.write(f"FAILED after {format_seconds(self.clock() - began)}\n")
			raise
		self.write(f"{format_seconds(self.clock() - began)}\n")

	def say(self, line: str) -> None:
		"""Print a line that is no step of its own."""
		self.write(f"  {line}\n")

	def write(self, text: str) -> None:
		self.out.write(text)
		self.out.flush()

	def get_elapsed(self) -> float:
		"""Return the seconds since the first step could begin."""
		return self.clock() - self.started


def format_seconds(seconds: float) -> str:
	"""Return `seconds` for people: "0.4 s", "75.2 s", "3 min 05 s"."""
	if seconds < 100:
		return f"{seconds:.1f} s"
	minutes, rest = divmod(round(seconds), 60)
	return f"{minutes} min {rest:02d} s"


def format_failure(failure: StepFailed) -> str:
	"""Return what to print for a failed step: the reason, the end of its log, what to do."""
	lines = [f"\n{failure.reason}"]
	if failure.log and failure.log.exists():
		tail = failure.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
		lines.append(f"\nThe end of {failure.log}:")
		lines += [f"  | {line[:LOG_LINE_LENGTH]}" for line in tail]
	if failure.advice:
		lines.append(f"\nWhat to do: {failure.advice}")
	return "\n".join(lines) + "\n"
