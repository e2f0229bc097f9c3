"""What QuickBooks notifies us of: the signature of a notification, and the events in it, in both of Intuit's formats.

An event is a hint that something has changed, never the truth about it: whoever acts on one reads QuickBooks first. Source:
Intuit's webhooks page, and its blog of 2025-11-12 on CloudEvents.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SIGNATURE_HEADER = "intuit-signature"
MAX_BODY = 1_000_000
"""Bytes; Intuit's notifications are far smaller."""

_TYPE = re.compile(r"qbo\.([a-z0-9]+)\.([a-z]+)\.v\d+\Z")
_FRACTION = re.compile(r"\.(\d{6})\d+")
_OPERATIONS = {
	"created": "Create",
	"updated": "Update",
	"deleted": "Delete",
	"merged": "Merge",
	"voided": "Void",
	"emailed": "Emailed",
}


class UnreadableNotification(ValueError):
	"""A body that is signed but in no format we know; the message says what is wrong with it."""


@dataclass(frozen=True)
class Event:
	"""One change. ``key`` is the same for each delivery of it, ``entity`` in lower case ("customer"), ``operation`` one of
	Create, Update, Delete, Merge, Void, Emailed (or what QuickBooks says), ``time`` as QuickBooks wrote it; ``deleted_id`` is
	the record that a merge has done away with."""

	key: str
	realm_id: str
	entity: str
	entity_id: str
	operation: str
	time: str
	deleted_id: str | None = None


def is_genuine(body: bytes, signature: str | None, verifier_token: str) -> bool:
	"""Return whether ``signature`` is base64(HMAC-SHA256(body, verifier token)), compared in constant time.

	``body`` is what came over the wire, byte for byte, before anything was parsed.
	"""
	if not signature or not verifier_token:
		return False
	try:
		claimed = base64.b64decode(signature.strip(), validate=True)
	except (binascii.Error, ValueError):
		return False
	return hmac.compare_digest(hmac.digest(verifier_token.encode(), body, "sha256"), claimed)


def read_events(body: bytes) -> list[Event]:
	"""Return the events of a notification, in their order. Raises UnreadableNotification."""
	try:
		content = json.loads(body)
	except (ValueError, RecursionError):
		raise UnreadableNotification("The notification is not JSON.") from None
	if isinstance(content, Mapping) and "eventNotifications" in content:
		return list(_read_legacy(content["eventNotifications"]))
	if isinstance(content, Mapping) and "specversion" in content:
		content = [content]
	if isinstance(content, list):
		return [_read_cloud_event(entry) for entry in content]
	raise UnreadableNotification("The notification holds neither eventNotifications nor CloudEvents.")


def _read_legacy(notifications: Any) -> Iterator[Event]:
	for notification in _expect(notifications, list, "eventNotifications"):
		realm_id = _read_text(notification, "realmId")
		changes = _expect(notification.get("dataChangeEvent"), Mapping, "dataChangeEvent")
		for change in _expect(changes.get("entities"), list, "entities"):
			entity, entity_id = _read_text(change, "name").lower(), _read_text(change, "id")
			operation, time = _read_text(change, "operation"), str(change.get("lastUpdated") or "")
			deleted = change.get("deletedId")
			parts = (realm_id, entity, entity_id, operation, time, str(deleted or ""))
			key = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]
			yield Event(key, realm_id, entity, entity_id, operation, time, str(deleted) if deleted else None)


def _read_cloud_event(entry: Any) -> Event:
	_expect(entry, Mapping, "an event")
	found = _TYPE.match(_read_text(entry, "type").lower())
	if not found:
		raise UnreadableNotification(f"The event's type is unknown: {str(entry['type'])[:100]}.")
	entity, verb = found.groups()
	data = entry.get("data") if isinstance(entry.get("data"), Mapping) else {}
	deleted = data.get("deletedId")
	key = hashlib.sha256(_read_text(entry, "id").encode()).hexdigest()[:40]
	return Event(
		key,
		_read_text(entry, "intuitaccountid"),
		entity,
		_read_text(entry, "intuitentityid"),
		_OPERATIONS.get(verb, verb.title()),
		str(entry.get("time") or ""),
		str(deleted) if deleted else None,
	)


def read_event_time(text: str) -> datetime | None:
	"""Return an event's time; None where it is none. Fractions beyond microseconds (CloudEvents have nine digits) go."""
	try:
		return datetime.fromisoformat(_FRACTION.sub(r".\1", text.strip()).replace("Z", "+00:00"))
	except ValueError:
		return None


def _expect(value: Any, kind: type, name: str) -> Any:
	if not isinstance(value, kind):
		raise UnreadableNotification(f"The notification holds no {name} of the kind that QuickBooks sends.")
	return value


def _read_text(entry: Any, name: str) -> str:
	_expect(entry, Mapping, "object")
	value = entry.get(name)
	if not isinstance(value, (str, int)) or isinstance(value, bool) or value == "":
		raise UnreadableNotification(f"An event lacks its {name}.")
	return str(value)
