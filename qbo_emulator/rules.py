"""Faults to order: what shall go wrong with the next N requests that match a pattern."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from qbo_emulator.chances import DISTRIBUTIONS, FIXED, Chances
from qbo_emulator.faults import (
	Fault,
	GatewayFault,
	WebPageAnswer,
	refuse_empty_token,
	refuse_realm,
	refuse_throttled,
	refuse_token,
)
from qbo_emulator.knobs import BY_NAME, Knobs

MATCH_KEYS = ("method", "entity", "operation", "requestid", "path", "batch", "bId")
ITEM_KEYS = frozenset({"batch", "bId"})
"""Only an order that names one of these concerns the items of a batch."""
WAIT_KEYS = ("latency_ms", "latency_after_commit_ms", "commit_delay_ms", "latency_spread_ms")
DROPS = ("before_commit", "after_commit", "answer", "half_answer")
OTHER_KEYS = (
	"match", "times", "seconds", "skip", "chance", "when", "status", "body", "code", "detail", "html", "gateway", "no_op", "drop",
	"race", "requestid_mode", "batch_stop_after", "latency_distribution",
)  # fmt: skip
GATEWAY: dict[str, Callable[[], GatewayFault]] = {
	"3001": refuse_throttled,
	"3100": refuse_realm,
	"3200": refuse_token,
	"3202": refuse_empty_token,
}
NO_OP = {"BatchItemResponse": []}
"""Seen live with HTTP 200 for a void that was not done."""


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
	gateway: str | None = None
	no_op: bool = False
	drop: str | None = None
	race: bool = False
	requestid_mode: str | None = None
	batch_stop_after: int | None = None
	chance: float = 1
	seconds: float | None = None
	until: float | None = None
	latency_distribution: str = FIXED
	latency_spread_ms: int = 0
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
		return self.no_op or any(
			value is not None for value in (self.status, self.body, self.code, self.html, self.gateway)
		)

	def build_fault(self) -> Fault | None:
		"""Return the ordered API fault, if it is one: all that can be ordered for an item of a batch."""
		return None if self.code is None else Fault(self.code, self.detail)

	def raise_answer(self, time: str) -> None:
		"""Raise the ordered answer: a fault of API or gateway, a page, or any status and body. ``time`` is the envelope's."""
		if self.gateway is not None:
			raise GATEWAY[self.gateway]()
		if self.no_op:
			raise OrderedAnswer(self.status or 200, {**NO_OP, "time": time})
		if self.code is not None:
			raise Fault(self.code, self.detail, status=self.status or 0)
		if self.html is not None:
			raise WebPageAnswer(self.status or 503, self.html)
		raise OrderedAnswer(self.status or 500, self.body)

	def dump(self) -> dict[str, Any]:
		return {
			"match": self.match,
			"times": self.times,
			"until": self.until,
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
		self.chances = Chances()

	def add(self, order: Any, now: float) -> Rule:
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
		check_chances(rule)
		if rule.seconds is not None:
			rule.until = now + rule.seconds
			rule.times = rule.times if "times" in order else None
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
		if not (
			rule.answers
			or rule.batch_stop_after is not None
			or rule.drop
			or rule.race
			or rule.requestid_mode
			or any(getattr(rule, name) for name in WAIT_KEYS)
		):
			raise ValueError(
				"Say what shall happen: status and body, code, html, gateway, no_op, drop, race, requestid_mode, or a wait."
			)
		self.rules.append(rule)
		return rule

	def take(self, request: dict[str, str | None], now: float) -> Rule:
		"""Return the rule for a request (NO_RULE when none matches) and use it up."""
		if not self.rules:
			return NO_RULE
		self.rules = [rule for rule in self.rules if rule.until is None or now < rule.until]
		for rule in self.rules:
			if not rule.matches(request) or not self.chances.happens(rule.chance):
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

	def draw_latency(self, knobs: Knobs, rule: Rule) -> float:
		"""Return the milliseconds that a request waits before it is worked on: the knobs' and the rule's together."""
		return self.chances.draw(
			knobs["latency_distribution"], knobs["latency_ms"], knobs["latency_spread_ms"]
		) + self.chances.draw(rule.latency_distribution, rule.latency_ms, rule.latency_spread_ms)

	def clear(self) -> None:
		self.rules.clear()


def check_chances(rule: Rule) -> None:
	"""Raise ValueError with a sentence for a bad chance, time, distribution, gateway code or requestid mode."""
	if not is_number(rule.chance) or not 0 <= rule.chance <= 1:
		raise ValueError("chance is a number from 0 to 1.")
	if rule.seconds is not None and (not is_number(rule.seconds) or not 0 < rule.seconds <= 10**9):
		raise ValueError("seconds is a number above 0: how long the order holds, on the emulator's clock.")
	if rule.latency_distribution not in DISTRIBUTIONS:
		raise ValueError(f"latency_distribution is one of: {', '.join(DISTRIBUTIONS)}.")
	if rule.gateway is not None and rule.gateway not in GATEWAY:
		raise ValueError(f"gateway is one of the codes {', '.join(GATEWAY)}.")
	if rule.requestid_mode is not None and rule.requestid_mode not in BY_NAME["requestid"].options:
		raise ValueError(f"requestid_mode is one of: {', '.join(BY_NAME['requestid'].options)}.")
	stop = rule.batch_stop_after
	if stop is not None and (not isinstance(stop, int) or isinstance(stop, bool) or stop < 0):
		raise ValueError(
			"batch_stop_after is how many items of the batch are done: a whole number of at least 0."
		)
	for name in ("race", "no_op"):
		if not isinstance(getattr(rule, name), bool):
			raise ValueError(f"{name} is true or false.")


def is_number(value: Any) -> bool:
	return isinstance(value, (int, float)) and not isinstance(value, bool)
