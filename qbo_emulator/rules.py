"""Faults to order: what shall go wrong with the next N requests that match a pattern."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from qbo_emulator.faults import Fault, WebPageAnswer

MATCH_KEYS = ("method", "entity", "operation", "requestid", "path", "batch", "bId")
ITEM_KEYS = frozenset({"batch", "bId"})
"""Only an order that names one of these concerns the items of a batch."""
WAIT_KEYS = ("latency_ms", "latency_after_commit_ms", "commit_delay_ms")
DROPS = ("before_commit", "after_commit", "answer", "half_answer")
OTHER_KEYS = ("match", "times", "skip", "when", "status", "body", "code", "detail", "html", "drop")


@dataclass
class Rule:
	"""One order. ``when`` says whether the wrong answer comes instead of the work or after it was committed."""

	match: dict[str, str] = field(default_factory=dict)
	times: int | None = 1
	skip: int = 0
	when: str = "before_commit"
	status: int | None = None
	body: Any = None
	code: str | None = None
	detail: str = ""
	html: str | None = None
	drop: str | None = None
	latency_ms: int = 0
	latency_after_commit_ms: int = 0
	commit_delay_ms: int = 0
	matched: int = 0

	def matches(self, request: dict[str, str | None]) -> bool:
		"""Compare without regard to case; ``path`` matches as a part of the request's path."""
		if request.get("batch") and not ITEM_KEYS & self.match.keys():
			return False
		for key, wanted in self.match.items():
			have = (request.get(key) or "").lower()
			if (wanted.lower() not in have) if key == "path" else (wanted.lower() != have):
				return False
		return True

	@property
	def answers(self) -> bool:
		return any(value is not None for value in (self.status, self.body, self.code, self.html))

	def build_fault(self) -> Fault | None:
		"""Return the ordered API fault, if it is one: all that can be ordered for an item of a batch."""
		return None if self.code is None else Fault(self.code, self.detail)

	def raise_answer(self) -> None:
		"""Raise the ordered answer: an API fault by code, a page, or any status and body."""
		if self.code is not None:
			raise Fault(self.code, self.detail, status=self.status or 0)
		if self.html is not None:
			raise WebPageAnswer(self.status or 503, self.html)
		raise OrderedAnswer(self.status or 500, self.body)

	def dump(self) -> dict[str, Any]:
		return {
			"match": self.match,
			"times": self.times,
			"skip": self.skip,
			"matched": self.matched,
			"when": self.when,
		}


class OrderedAnswer(Exception):
	"""An answer with a status and body that a rule prescribes."""

	def __init__(self, status: int, body: Any) -> None:
		super().__init__(status)
		self.status = status
		self.text = "" if body is None else body if isinstance(body, str) else json.dumps(body)


NO_RULE = Rule()


class Rules:
	"""The orders of one company, oldest first; the first that matches a request is taken."""

	def __init__(self) -> None:
		self.rules: list[Rule] = []

	def add(self, order: Any) -> Rule:
		"""Add an order from the control API. Raises ValueError with a sentence for a bad one."""
		if not isinstance(order, dict):
			raise ValueError("Send an object with match, times and what shall happen.")
		unknown = set(order) - set(WAIT_KEYS) - set(OTHER_KEYS)
		if unknown:
			raise ValueError(f"Unknown keys: {', '.join(sorted(unknown))}.")
		match = order.get("match") or {}
		if not isinstance(match, dict) or set(match) - set(MATCH_KEYS):
			raise ValueError(f"match may hold: {', '.join(MATCH_KEYS)}.")
		rule = Rule(**{**order, "match": {key: str(value) for key, value in match.items()}})
		for name in (*WAIT_KEYS, "skip"):
			value = getattr(rule, name)
			if not isinstance(value, int) or isinstance(value, bool) or value < 0:
				raise ValueError(f"{name} is a whole number that is not negative.")
		if rule.times is not None and (not isinstance(rule.times, int) or rule.times < 1):
			raise ValueError("times is a whole number of at least 1, or null for ever.")
		if rule.status is not None and (not isinstance(rule.status, int) or not 200 <= rule.status <= 599):
			raise ValueError("status is an HTTP status from 200 to 599.")
		if rule.when not in ("before_commit", "after_commit"):
			raise ValueError("when is before_commit or after_commit.")
		if rule.drop is not None and rule.drop not in DROPS:
			raise ValueError(f"drop is one of: {', '.join(DROPS)}.")
		if rule.code is not None:
			rule.code = str(rule.code)
		if not (rule.answers or rule.drop or any(getattr(rule, name) for name in WAIT_KEYS)):
			raise ValueError("Say what shall happen: status and body, code, html, drop, or a wait.")
		self.rules.append(rule)
		return rule

	def take(self, request: dict[str, str | None]) -> Rule:
		"""Return the rule for a request (NO_RULE when none matches) and use it up."""
		for rule in self.rules:
			if not rule.matches(request):
				continue
			if rule.skip:
				rule.skip -= 1
				continue
			rule.matched += 1
			if rule.times is not None:
				rule.times -= 1
				if rule.times == 0:
					self.rules.remove(rule)
			return rule
		return NO_RULE

	def clear(self) -> None:
		self.rules.clear()


async def wait(milliseconds: int) -> None:
	"""Hold a request; nothing at all for 0, so that an unheld request is not slowed."""
	if milliseconds:
		await asyncio.sleep(milliseconds / 1000)
