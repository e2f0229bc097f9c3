"""What a notification looks like: the older format, CloudEvents, and the signature. Source: Intuit's blog of
2025-11-12, its webhooks pages, and what users of its SDKs have captured (merged, voided, emailed).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

LEGACY, CLOUD_EVENTS = FORMATS = ("legacy", "cloudevents")
SIGNATURE_HEADER = "intuit-signature"
HAVE_WEBHOOKS = frozenset(
	(
		"Account", "Bill", "BillPayment", "Budget", "Class", "CreditMemo", "CompanyCurrency", "Customer", "Department", "Deposit",
		"Employee", "Estimate", "Invoice", "Item", "JournalCode", "JournalEntry", "Payment", "PaymentMethod", "Preferences",
		"Purchase", "PurchaseOrder", "RefundReceipt", "SalesReceipt", "TaxAgency", "Term", "TimeActivity", "Transfer",
		"Vendor", "VendorCredit",
	)
)  # fmt: skip
"""Intuit's list; InventoryAdjustment, TaxCode, TaxRate and Attachable are not on it."""
NAMES = {"CompanyCurrency": "Currency"}
"""Entities whose name in notifications is another."""
VERBS = {
	"Create": "created",
	"Update": "updated",
	"Delete": "deleted",
	"Merge": "merged",
	"Void": "voided",
	"Emailed": "emailed",
}


@dataclass(frozen=True)
class Event:
	"""One thing that happened. ``deleted_id`` is the record that a merge ended; ``data`` the record, if it is sent."""

	entity: str
	id: str
	operation: str
	time: float
	uid: str
	deleted_id: str | None = None
	data: str | None = None

	@property
	def name(self) -> str:
		return NAMES.get(self.entity, self.entity)


def format_utc(seconds: float, digits: int) -> str:
	"""Return ``2026-05-01T10:00:00.123Z`` with 3 digits of a second, or any other number."""
	whole = datetime.fromtimestamp(int(seconds), timezone.utc)
	fraction = int((seconds - int(seconds)) * 10**digits)
	return f"{whole:%Y-%m-%dT%H:%M:%S}.{fraction:0{digits}d}Z"


def build_payload(form: str, realm: str, client_id: str, events: list[Event]) -> str:
	"""Return the body of a notification."""
	built: Any
	if form == CLOUD_EVENTS:
		built = [build_cloud_event(realm, client_id, event) for event in events]
	else:
		entities = [build_legacy_entity(event) for event in events]
		built = {"eventNotifications": [{"realmId": realm, "dataChangeEvent": {"entities": entities}}]}
	return json.dumps(built, ensure_ascii=False, separators=(",", ":"))


def build_legacy_entity(event: Event) -> dict[str, str]:
	entity = {
		"name": event.name,
		"id": event.id,
		"operation": event.operation,
		"lastUpdated": format_utc(event.time, 3),
	}
	if event.deleted_id is not None:
		entity["deletedId"] = event.deleted_id
	return entity


def build_cloud_event(realm: str, client_id: str, event: Event) -> dict[str, Any]:
	"""Return one CloudEvent; its time has nine fractional digits."""
	data = json.loads(event.data) if event.data else {}
	if event.deleted_id is not None:
		data["deletedId"] = event.deleted_id
	return {
		"specversion": "1.0",
		"id": event.uid,
		"source": f"intuit.{hashlib.sha256(client_id.encode()).hexdigest()[:32]}",
		"type": f"qbo.{event.name.lower()}.{VERBS[event.operation]}.v1",
		"datacontenttype": "application/json",
		"time": format_utc(event.time, 9),
		"intuitentityid": event.id,
		"intuitaccountid": realm,
		"data": data,
	}


def sign(body: bytes, verifier_token: str) -> str:
	"""Return the value of the signature header: base64 of the HMAC-SHA256 over the raw body."""
	return base64.b64encode(hmac.new(verifier_token.encode(), body, hashlib.sha256).digest()).decode()
