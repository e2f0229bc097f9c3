"""Sends notifications: one company of one app at a time, in order, again and again until they are acknowledged.

Acknowledged is HTTP 200 within three seconds. Otherwise the same body comes again by Intuit's ladder, on the
emulator's clock, and what happened later waits behind it. All of it is in the state file, so that a restart goes on.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from qbo_emulator.entities import ENTITIES
from qbo_emulator.operations import dump_row
from qbo_emulator.store import parse_id
from qbo_emulator.webhooks.apps import WebhookApp, check_url
from qbo_emulator.webhooks.events import take_events
from qbo_emulator.webhooks.payloads import SIGNATURE_HEADER, Event, build_payload, sign

if TYPE_CHECKING:
	from qbo_emulator.company import Company
	from qbo_emulator.emulator import Emulator

MINUTE, HOUR = 60, 3600
LADDER = (0, 10, 20, 30, 5 * MINUTE, 20 * MINUTE, 2 * HOUR, 4 * HOUR, 6 * HOUR)
"""Seconds before each retry; the last one repeats. Source: Intuit's webhooks page."""
MAX_EVENTS = 500
"""In one notification."""
KEPT = 2000
"""Acknowledged deliveries that are kept to be looked at."""
ATTEMPTS_KEPT = 20
ACKNOWLEDGED = 200
Lane = tuple[str, int]
"""An app and a company."""


class LocalResolver(AbstractResolver):
	"""Finds the names of localhost by itself, and no other name, so that nothing leaves this machine."""

	async def resolve(
		self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
	) -> list[ResolveResult]:
		if host != "localhost" and not host.endswith(".localhost"):
			raise OSError(f"{host} is not this machine")
		return [
			ResolveResult(
				hostname=host,
				host="127.0.0.1",
				port=port,
				family=socket.AF_INET,
				proto=0,
				flags=socket.AI_NUMERICHOST,
			)
		]

	async def close(self) -> None:
		"""There is nothing to close."""


class Sender:
	def __init__(self, emulator: Emulator) -> None:
		self.emulator = emulator
		self._wake = asyncio.Event()
		self._lanes: dict[Lane, asyncio.Task] = {}
		self._session: aiohttp.ClientSession | None = None

	async def live(self, _app: web.Application) -> Any:
		"""Run as long as the web application does; an aiohttp cleanup context."""
		resolver = None if self.emulator.webhooks_anywhere else LocalResolver()
		self._session = aiohttp.ClientSession(
			connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False), auto_decompress=False
		)
		self.emulator.wake_sender = self._wake.set
		loop = asyncio.create_task(self.run())
		yield
		tasks = [loop, *self._lanes.values()]
		for task in tasks:
			task.cancel()
		await asyncio.gather(*tasks, return_exceptions=True)
		await self._session.close()

	async def run(self) -> None:
		"""Start what is due, then sleep until the next is due or something happens."""
		while True:
			self._wake.clear()
			due = self.start_due()
			wait = None if due is None else max(due - self.emulator.clock.now(), 0.005)
			try:
				await asyncio.wait_for(self._wake.wait(), wait)
			except asyncio.TimeoutError:
				continue

	def start_due(self) -> float | None:
		"""Start a task for each lane with something due. Returns when the next lane is due."""
		store = self.emulator.store
		lanes = store.execute(
			"SELECT client_id, company FROM webhook_delivery WHERE acknowledged IS NULL"
			" UNION SELECT client_id, company FROM webhook_event"
		).fetchall()
		moments = []
		for lane in lanes:
			if lane in self._lanes:
				continue
			company = self.emulator.find_company(lane[1])
			app = self.emulator.webhook_apps.apps.get(lane[0])
			if company is None or app is None:
				continue
			due = self.find_due(lane, company)
			if due is None:
				continue
			if due > self.emulator.clock.now():
				moments.append(due)
				continue
			self._lanes[lane] = asyncio.create_task(self.work_on(lane, app, company))
		return min(moments, default=None)

	def find_due(self, lane: Lane, company: Company) -> float | None:
		"""Return when the lane's next delivery is to be sent or its next events are to be gathered."""
		waiting = self.find_waiting(lane, company)
		if waiting is not None and company.knobs["webhook_head_of_line"]:
			return waiting[1]
		first = self.emulator.store.execute(
			"SELECT min(time) FROM webhook_event WHERE client_id = ? AND company = ?", lane
		).fetchone()[0]
		moments = [] if first is None else [first + company.knobs["webhook_delay_ms"] / 1000]
		return min([*moments, *([] if waiting is None else [waiting[1]])], default=None)

	def find_waiting(self, lane: Lane, company: Company) -> tuple[int, float] | None:
		"""Return key and time of the delivery to send next: the oldest, or the one that is due first."""
		order = "key" if company.knobs["webhook_head_of_line"] else "next_at, key"
		return self.emulator.store.execute(
			"SELECT key, next_at FROM webhook_delivery WHERE client_id = ? AND company = ? AND acknowledged IS NULL"
			f" ORDER BY {order} LIMIT 1",
			lane,
		).fetchone()

	async def work_on(self, lane: Lane, app: WebhookApp, company: Company) -> None:
		"""Send one delivery of a lane, gathering events to one first where there is none that is due."""
		try:
			waiting = self.find_waiting(lane, company)
			now = self.emulator.clock.now()
			if waiting is None or waiting[1] > now:
				self.gather(lane, app, company, now)
				waiting = self.find_waiting(lane, company)
			if waiting is not None and waiting[1] <= now:
				await self.attempt(waiting[0], app, company)
		except Exception:  # noqa: BLE001  a mistake of the emulator's own must not end the sending of the others
			traceback.print_exc(file=sys.stderr)
			await asyncio.sleep(1)
		finally:
			del self._lanes[lane]
			self._wake.set()

	def gather(self, lane: Lane, app: WebhookApp, company: Company, now: float) -> None:
		"""Make deliveries of the events that have waited long enough."""
		store, knobs = self.emulator.store, company.knobs
		with store.transaction():
			events = take_events(store, *lane, now - knobs["webhook_delay_ms"] / 1000, MAX_EVENTS)
			if knobs["webhook_data"] == "entity":
				events = [replace(event, data=self.read_data(company, event)) for event in events]
			if knobs["webhook_order"] == "reversed":
				events.reverse()
			groups = [events] if knobs["webhook_aggregate"] else [[event] for event in events]
			for group in groups:
				if group:
					body = build_payload(app.format, company.realm, app.client_id, group)
					self.insert(lane, body, now, knobs["webhook_duplicates"])
			store.execute(
				"DELETE FROM webhook_delivery WHERE acknowledged IS NOT NULL AND key <="
				" (SELECT max(key) FROM webhook_delivery) - ?",
				(KEPT,),
			)

	def insert(self, lane: Lane, body: str, now: float, copies: int) -> None:
		self.emulator.store.execute(
			"INSERT INTO webhook_delivery (client_id, company, body, created, next_at, copies) VALUES (?, ?, ?, ?, ?, ?)",
			(*lane, body, now, now, copies),
		)

	def read_data(self, company: Company, event: Event) -> str | None:
		row = self.emulator.store.get(company.key, event.entity, parse_id(event.id))
		return None if row is None else dump_row(ENTITIES[event.entity], row)

	async def attempt(self, key: int, app: WebhookApp, company: Company) -> None:
		"""Send a delivery once and note what came of it."""
		store, clock = self.emulator.store, self.emulator.clock
		body, attempts, tried = store.execute(
			"SELECT body, attempts, tried FROM webhook_delivery WHERE key = ?", (key,)
		).fetchone()
		begun = clock.now()
		status, problem = await self.post(
			app, company, body.encode(), sign(body.encode(), app.verifier_token)
		)
		now = clock.now()
		noted = [*json.loads(attempts), {"at": begun, "status": status, "problem": problem}]
		acknowledged = now if status == ACKNOWLEDGED else None
		next_at = now + LADDER[min(tried, len(LADDER) - 1)]
		with store.transaction():
			store.execute(
				"UPDATE webhook_delivery SET attempts = ?, tried = tried + 1, next_at = ?,"
				" acknowledged = CASE WHEN copies > 0 THEN NULL ELSE ? END, copies = max(copies - ?, 0) WHERE key = ?",
				(
					json.dumps(noted[-ATTEMPTS_KEPT:]), now if acknowledged else next_at, acknowledged,
					int(acknowledged is not None), key,
				),
			)  # fmt: skip

	async def post(
		self, app: WebhookApp, company: Company, body: bytes, signature: str | None
	) -> tuple[int | None, str | None]:
		"""Return the status the endpoint answered with, or None and what went wrong."""
		assert self._session is not None
		headers = {
			"Content-Type": company.knobs["webhook_content_type"],
			"User-Agent": "intuit-notifications",
		}
		if signature is not None:
			headers[SIGNATURE_HEADER] = signature
		if app.host:
			headers["Host"] = app.host
		limit = aiohttp.ClientTimeout(total=company.knobs["webhook_timeout_ms"] / 1000)
		try:
			check_url(app.url, self.emulator.webhooks_anywhere)
			async with self._session.post(
				app.url, data=body, headers=headers, timeout=limit, allow_redirects=False
			) as answer:
				return answer.status, None
		except asyncio.TimeoutError:
			return None, f"There was no answer within {limit.total} seconds."
		except (aiohttp.ClientError, OSError, ValueError) as error:
			return None, f"It could not be sent: {error}"
