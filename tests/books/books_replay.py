"""What was asked of one emulated company, asked again of another whose knobs are turned otherwise.

Every request of the app and of the people who work in QuickBooks is kept, with its answer. A replay sends the same bytes in the
same order to an empty company and compares the answers: while they are the same, the app, which learns of QuickBooks by them
alone, would have sent the same. Times and tokens of changes are no part of that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import requests

MAX_BODY = 20_000
"""The emulator cuts longer bodies off; what is cut can't be compared."""
MOMENTS = ("MetaData", "time", "intuit_tid", "InvoiceLink")


@dataclass(frozen=True)
class Request:
	method: str
	path: str
	query: str
	body: str
	status: int
	answer: str


class Differs(AssertionError):
	"""A company answered otherwise; ``status`` and ``answer`` are what it said."""

	def __init__(self, request: Request, answer: requests.Response) -> None:
		super().__init__(
			f"{request.method} {request.path}?{request.query}\n{request.body}\nthen: {request.answer}\nnow: {answer.text}"
		)
		self.request, self.status, self.answer = request, answer.status_code, answer.text


@dataclass
class Recorder:
	"""Keeps a company's requests; ``keep`` has to be called often, as the emulator holds the latest bodies only."""

	company: Any
	requests: list[Request] = field(default_factory=list)
	last: int = 0

	def keep(self) -> None:
		path = f"{self.company.realm_id}/requests?since={self.last}&bodies=1"
		for entry in self.company.control("GET", path)["requests"]:
			self.last = entry["seq"]
			if entry["operation"] == "report":
				continue
			assert entry["request_body"] is not None, f"the bodies of request {entry['seq']} are gone"
			self.requests.append(
				Request(
					entry["method"],
					entry["path"],
					entry["query"],
					entry["request_body"],
					entry["status"],
					entry["response_body"],
				)
			)


def replay(company: Any, recorded: list[Request]) -> None:
	"""Ask it all again, in order; raises ``Differs`` at the first answer that is another."""
	session = requests.Session()
	session.trust_env = False
	session.headers["Accept"] = "application/json"
	session.headers["Authorization"] = f"Bearer {company.grant_tokens().access_token}"
	for request in recorded:
		text = request.path.endswith("/query")
		answer = session.request(
			request.method,
			f"{company.url}{request.path}" + (f"?{request.query}" if request.query else ""),
			data=request.body.encode() or None,
			headers={"Content-Type": "application/text" if text else "application/json"},
			timeout=30,
		)
		if answer.status_code != request.status or not is_same(request.answer, answer.text):
			raise Differs(request, answer)


def is_same(before: str, now: str) -> bool:
	if len(before) >= MAX_BODY:
		return True
	return strip_moments(json.loads(before)) == strip_moments(json.loads(now))


def strip_moments(value: Any) -> Any:
	if isinstance(value, dict):
		return {key: strip_moments(part) for key, part in value.items() if key not in MOMENTS}
	if isinstance(value, list):
		return [strip_moments(part) for part in value]
	return value
