"""Turns the changes of a transaction into events to notify of, inside that transaction: none is lost or made up."""

from __future__ import annotations

import uuid
from typing import Any

from qbo_emulator.company import Company
from qbo_emulator.store import Change, Store
from qbo_emulator.webhooks.apps import WebhookApps
from qbo_emulator.webhooks.payloads import HAVE_WEBHOOKS, Event

WEIGHTS = {"Update": 0, "Emailed": 1, "Void": 2, "Create": 3, "Merge": 4, "Delete": 5}
"""Of what happened to one record in one transaction, the weightiest is told."""


def condense(changes: list[Change]) -> list[Change]:
	"""Return one change for each record, in the order in which they first changed."""
	condensed: dict[tuple[int, str, Any], Change] = {}
	for change in changes:
		key = (change.company, change.entity, change.id)
		known = condensed.get(key)
		if known is None or WEIGHTS[change.operation] > WEIGHTS[known.operation]:
			condensed[key] = change
	return list(condensed.values())


def record_events(
	store: Store, apps: WebhookApps, companies: dict[int, Company], changes: list[Change], now: float
) -> bool:
	"""Store events for the apps that want them and are connected. Returns whether there were any."""
	found = False
	connected: dict[int, list[str]] = {}
	for change in condense(changes):
		company = companies.get(change.company)
		if company is None or change.entity not in HAVE_WEBHOOKS:
			continue
		if change.company not in connected:
			connected[change.company] = list_connected(store, company.realm)
		for client_id in connected[change.company]:
			app = apps.apps.get(client_id)
			if app is None or not app.wants(change.entity):
				continue
			deleted = None if change.deleted_id is None else str(change.deleted_id)
			store.execute(
				"INSERT INTO webhook_event (client_id, company, entity, id, operation, deleted_id, time, uid)"
				" VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
				(
					client_id, change.company, change.entity, str(change.id), change.operation, deleted, now,
					str(uuid.uuid4()),
				),
			)  # fmt: skip
			found = True
	return found


def list_connected(store: Store, realm: str) -> list[str]:
	"""Return the client ids of the apps that a company is connected to."""
	rows = store.execute(
		"SELECT DISTINCT client_id FROM oauth_grant WHERE realm = ? AND revoked = 0", (realm,)
	)
	return [row[0] for row in rows]


def take_events(store: Store, client_id: str, company: int, until: float, most: int) -> list[Event]:
	"""Return the oldest events of an app and company up to a moment, and remove them. Runs in a transaction."""
	rows = store.execute(
		"SELECT key, entity, id, operation, time, uid, deleted_id FROM webhook_event"
		" WHERE client_id = ? AND company = ? AND time <= ? ORDER BY key LIMIT ?",
		(client_id, company, until, most),
	).fetchall()
	store.connection.executemany("DELETE FROM webhook_event WHERE key = ?", [(row[0],) for row in rows])
	return [Event(*row[1:]) for row in rows]
