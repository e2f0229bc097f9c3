"""The control API of webhooks: who is notified, what was sent, and notifications that are forged."""

from __future__ import annotations

import json
import uuid
from typing import Any

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.control import (
	DEFAULT_CLIENT,
	ControlError,
	answer_errors,
	read_json,
	require_local,
	wrap_company,
)
from qbo_emulator.emulator import Emulator
from qbo_emulator.webhooks.apps import WebhookApp, read_app
from qbo_emulator.webhooks.deliveries import list_deliveries
from qbo_emulator.webhooks.payloads import FORMATS, VERBS, Event, build_payload, sign
from qbo_emulator.webhooks.sender import Sender

SIGNATURES = ("wrong", "valid", "missing", "malformed")
FORGERY_KEYS = ("client_id", "signature", "format", "events", "body")
STATES = ("waiting", "acknowledged")


class WebhookControl:
	def __init__(self, emulator: Emulator, sender: Sender) -> None:
		self.emulator = emulator
		self.sender = sender

	def add_routes(self, app: web.Application) -> None:
		app.router.add_get("/_control/webhooks", answer_errors(self.show_apps))
		app.router.add_put("/_control/webhooks/{client_id}", answer_errors(self.keep_app))
		app.router.add_delete("/_control/webhooks/{client_id}", answer_errors(self.remove_app))
		for method, name, handler in (
			("GET", "deliveries", self.show_deliveries),
			("DELETE", "deliveries", self.drop_deliveries),
			("POST", "forge", self.forge),
		):
			app.router.add_route(method, f"/_control/{{realm}}/{name}", wrap_company(self.emulator, handler))

	async def show_apps(self, request: web.Request) -> Any:
		require_local(request)
		return {"webhooks": [app.dump() for app in self.emulator.webhook_apps.apps.values()]}

	async def keep_app(self, request: web.Request) -> Any:
		"""Set where and how an app is notified, of all companies that it is connected to."""
		require_local(request)
		client_id = request.match_info["client_id"]
		if not self.emulator.auth.knows_client(client_id):
			raise ControlError("The company file does not list this client_id.")
		app = read_app(client_id, await read_json(request), self.emulator.webhooks_anywhere)
		with self.emulator.store.transaction():
			self.emulator.webhook_apps.keep(app)
		self.emulator.wake_sender()
		return app.dump()

	async def remove_app(self, request: web.Request) -> Any:
		require_local(request)
		with self.emulator.store.transaction():
			removed = self.emulator.webhook_apps.remove(request.match_info["client_id"])
		return {"removed": removed}

	async def show_deliveries(self, request: web.Request, company: Company, body: Any) -> Any:
		"""Return notifications, oldest first; ``state`` is waiting or acknowledged, ``client_id`` an app's."""
		state = request.query.get("state")
		if state is not None and state not in STATES:
			raise ControlError(f"state is one of: {', '.join(STATES)}.")
		deliveries = list_deliveries(self.emulator, company, request.query.get("client_id"))
		pending = self.emulator.store.execute(
			"SELECT count(*) FROM webhook_event WHERE company = ?", (company.key,)
		).fetchone()[0]
		return {
			"deliveries": [found for found in deliveries if state in (None, found["state"])],
			"events_not_gathered": pending,
		}

	async def drop_deliveries(self, request: web.Request, company: Company, body: Any) -> Any:
		"""Forget what was sent and what is still to be sent: notifications that are lost."""
		with self.emulator.store.transaction():
			for table in ("webhook_event", "webhook_delivery"):
				self.emulator.store.execute(f"DELETE FROM {table} WHERE company = ?", (company.key,))
		return {"deliveries": []}

	async def forge(self, request: web.Request, company: Company, body: Any) -> Any:
		"""Send a notification of the caller's making, once; returns what the endpoint answered."""
		if not isinstance(body, dict) or set(body) - set(FORGERY_KEYS):
			raise ControlError(f"Send an object with {', '.join(FORGERY_KEYS)}.")
		app = self.emulator.webhook_apps.apps.get(str(body.get("client_id", DEFAULT_CLIENT)))
		if app is None:
			raise ControlError("This app has no webhook; set one with PUT /_control/webhooks/<client_id>.")
		signature = body.get("signature", SIGNATURES[0])
		if signature not in SIGNATURES:
			raise ControlError(f"signature is one of: {', '.join(SIGNATURES)}.")
		raw = self.build_body(app, company, body).encode("utf-8", "surrogatepass")
		made = {
			"wrong": sign(raw, app.verifier_token + "x"),
			"valid": sign(raw, app.verifier_token),
			"missing": None,
			"malformed": "no base64!",
		}
		status, problem = await self.sender.post(app, company, raw, made[signature])
		return {"status": status, "problem": problem}

	def build_body(self, app: WebhookApp, company: Company, order: dict[str, Any]) -> str:
		"""Return the body to send: ``body`` as it is, or ``events`` in a format. Raises ControlError."""
		raw = order.get("body")
		if raw is not None:
			return raw if isinstance(raw, str) else json.dumps(raw)
		form = order.get("format", app.format)
		events = order.get("events")
		if form not in FORMATS:
			raise ControlError(f"format is one of: {', '.join(FORMATS)}.")
		if not isinstance(events, list) or not all(
			isinstance(event, dict) and event.get("operation") in VERBS for event in events
		):
			names = ", ".join(VERBS)
			raise ControlError(f'events is a list of {{"entity", "id", "operation": one of {names}}}.')
		now = self.emulator.clock.now()
		made = [
			Event(
				str(event.get("entity", "Invoice")), str(event.get("id", "1")), event["operation"],
				float(event.get("time", now)), str(event.get("uid") or uuid.uuid4()), event.get("deleted_id"),
			)
			for event in events
		]  # fmt: skip
		return build_payload(form, company.realm, app.client_id, made)
