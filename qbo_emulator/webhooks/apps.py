"""Apps that want to be notified: one endpoint for each, for all companies it is connected to."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from qbo_emulator.entities import ENTITIES
from qbo_emulator.store import Store
from qbo_emulator.webhooks.payloads import FORMATS, HAVE_WEBHOOKS

KEYS = ("url", "verifier_token", "format", "entities", "host")


@dataclass(frozen=True)
class WebhookApp:
	"""``entities`` None means all that have webhooks; ``host`` is a Host header other than the address's own."""

	client_id: str
	url: str
	verifier_token: str
	format: str
	entities: tuple[str, ...] | None
	host: str | None

	def wants(self, entity: str) -> bool:
		return entity in HAVE_WEBHOOKS and (self.entities is None or entity in self.entities)

	def dump(self) -> dict[str, Any]:
		return asdict(self)


def is_loopback(url: str) -> bool:
	"""Return whether an address is this machine by its own text: a loopback number, or a name of localhost."""
	host = (urlsplit(url).hostname or "").rstrip(".").lower()
	if host == "localhost" or host.endswith(".localhost"):
		return True
	try:
		return ipaddress.ip_address(host).is_loopback
	except ValueError:
		return False


def check_url(url: Any, anywhere: bool) -> str:
	"""Return the address of an endpoint. Raises ValueError with a sentence."""
	if not isinstance(url, str):
		raise ValueError("url is the address to notify.")
	parts = urlsplit(url)
	if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
		raise ValueError(f"{url[:200]!r} is not an http or https address.")
	if not anywhere and not is_loopback(url):
		raise ValueError(
			"Webhooks go to this machine only (127.0.0.1, ::1, localhost). Start with --webhooks-anywhere for others."
		)
	return url


def read_app(client_id: str, body: Any, anywhere: bool) -> WebhookApp:
	"""Return an app's configuration as sent to the control API. Raises ValueError with a sentence."""
	if not isinstance(body, dict) or set(body) - set(KEYS):
		raise ValueError(f"Send an object with {', '.join(KEYS)}.")
	url = check_url(body.get("url"), anywhere)
	token = body.get("verifier_token")
	if not isinstance(token, str) or not token:
		raise ValueError("verifier_token is the text that signatures are made with.")
	form = body.get("format", FORMATS[0])
	if form not in FORMATS:
		raise ValueError(f"format is one of: {', '.join(FORMATS)}.")
	entities = body.get("entities")
	if entities is not None:
		if not isinstance(entities, list) or not all(isinstance(name, str) for name in entities):
			raise ValueError("entities is a list of entity names, or null for all.")
		without = sorted(name for name in entities if name not in HAVE_WEBHOOKS)
		if without:
			known = [name for name in without if name in ENTITIES]
			raise ValueError(
				f"QuickBooks has no webhooks for {', '.join(known)}."
				if known
				else f"Unknown: {', '.join(without)}."
			)
		entities = tuple(entities)
	host = body.get("host")
	if host is not None and (not isinstance(host, str) or not host or not host.isprintable()):
		raise ValueError("host is the Host header to send, or null.")
	return WebhookApp(client_id, url, token, form, entities, host)


class WebhookApps:
	"""The apps of the state file, with a copy in memory so that a write without any costs nothing."""

	def __init__(self, store: Store) -> None:
		self.store = store
		self.apps = {
			row[0]: WebhookApp(row[0], row[1], row[2], row[3], read_entities(row[4]), row[5])
			for row in store.execute(
				"SELECT client_id, url, verifier_token, format, entities, host FROM webhook_app"
			)
		}

	def keep(self, app: WebhookApp) -> None:
		"""Store an app's configuration in place of the one it had."""
		entities = None if app.entities is None else json.dumps(app.entities)
		self.store.execute(
			"INSERT OR REPLACE INTO webhook_app VALUES (?, ?, ?, ?, ?, ?)",
			(app.client_id, app.url, app.verifier_token, app.format, entities, app.host),
		)
		self.apps[app.client_id] = app

	def remove(self, client_id: str) -> bool:
		"""Forget an app and what was still to be sent to it. Returns whether it was there."""
		for table in ("webhook_app", "webhook_event", "webhook_delivery"):
			self.store.execute(f"DELETE FROM {table} WHERE client_id = ?", (client_id,))
		return self.apps.pop(client_id, None) is not None


def read_entities(text: str | None) -> tuple[str, ...] | None:
	return None if text is None else tuple(json.loads(text))
