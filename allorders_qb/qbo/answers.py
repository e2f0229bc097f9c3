"""What QuickBooks returned, in the form the rest of the app takes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
	"""What QuickBooks returned for one object: `data` is the object itself, its numbers as Decimal; duration in seconds."""

	entity: str
	data: dict
	status: int
	intuit_tid: str | None
	duration: float
