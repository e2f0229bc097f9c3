"""How long the site's web server takes to answer QuickBooks' notifications, beside the shortest answer it can give."""

from __future__ import annotations

import base64
import hmac
import json
import statistics
import time
from collections.abc import Callable

import requests

NOTIFICATIONS = 300
EVENTS_IN_A_STORM = 10_000
EVENTS_AT_ONCE = 100
WARM_UP = 20
TOKEN = "bench-verifier"


def measure_answers(info: dict, realm_id: str) -> dict[str, float]:
	"""Milliseconds over HTTP: `webhook_answer_ms` and `webhook_answer_p95_ms` of notifications of one event each, one in three
	delivered before; `webhook_storm_p95_ms` of ten thousand events, a hundred in each; `webhook_answer_per_ping`: how many
	times as long as Frappe's own ping, from the same server, at the median. Raises RuntimeError when one is not taken."""
	session = requests.Session()
	session.headers["Host"] = info["site"]
	url = info["web_url"] + "/api/method/allorders_qb.api.webhooks.receive"

	def notify(first: int, number: int) -> None:
		body = make_body(realm_id, range(first, first + number))
		signature = base64.b64encode(hmac.digest(TOKEN.encode(), body, "sha256")).decode()
		headers = {"Content-Type": "application/json", "intuit-signature": signature}
		answer = session.post(url, data=body, headers=headers, timeout=10)
		if answer.status_code != 200:
			raise RuntimeError(
				f"the site answered a notification with {answer.status_code}: {answer.text[:200]}"
			)

	def ping(_number: int) -> None:
		session.get(info["web_url"] + "/api/method/ping", timeout=10).raise_for_status()

	time_each(ping, WARM_UP)
	time_each(lambda number: notify(number, 1), WARM_UP)
	pings = time_each(ping, NOTIFICATIONS)
	single = time_each(lambda number: notify(WARM_UP + number * 2 // 3, 1), NOTIFICATIONS)
	storm = time_each(
		lambda number: notify(EVENTS_IN_A_STORM + number * EVENTS_AT_ONCE, EVENTS_AT_ONCE),
		EVENTS_IN_A_STORM // EVENTS_AT_ONCE,
	)
	return {
		"webhook_answer_ms": round(statistics.median(single), 1),
		"webhook_answer_p95_ms": round(find_p95(single), 1),
		"webhook_storm_p95_ms": round(find_p95(storm), 1),
		"webhook_answer_per_ping": round(statistics.median(single) / statistics.median(pings), 2),
	}


def make_body(realm_id: str, ids: range) -> bytes:
	"""A notification that these customers were changed."""
	changes = [
		{"name": "Customer", "id": str(one), "operation": "Update", "lastUpdated": "2026-11-24T10:00:00Z"}
		for one in ids
	]
	notification = {"realmId": realm_id, "dataChangeEvent": {"entities": changes}}
	return json.dumps({"eventNotifications": [notification]}).encode()


def time_each(act: Callable[[int], None], times: int) -> list[float]:
	"""Milliseconds of each of so many calls with 0, 1, 2 …"""
	took = []
	for number in range(times):
		began = time.perf_counter()
		act(number)
		took.append((time.perf_counter() - began) * 1000)
	return took


def find_p95(values: list[float]) -> float:
	return sorted(values)[int(len(values) * 0.95)]
