"""Events that QuickBooks sent: stored at once, looked at in the background, each once however often it is delivered.

An event only says that it is worth looking: it begins a synchronization early. What we have caused ourselves is known by
the link of the record, which is as young as the event.
"""

from collections.abc import Iterable

import frappe
from frappe.utils import now
from frappe.utils.password import get_decrypted_password
from pypika.terms import Values

from allorders_qb import jobs
from allorders_qb.qbo.webhooks import Event, read_event_time
from allorders_qb.sync.connection import SETTINGS, explain_not_ready, get_connection, get_realm_id
from allorders_qb.sync.links import LINK, load_object
from allorders_qb.sync.lists.definitions import BY_ENTITY
from allorders_qb.sync.lists.gone import report_merged
from allorders_qb.sync.runs import run_rows
from allorders_qb.sync.runs.start import start_run

INBOX = "QuickBooks Inbox Event"
NEW, HANDLED, OURS, FOREIGN = "New", "Handled", "Ours", "Another Company"

HANDLE = "allorders_qb.sync.inbox.handle_events"
JOB_IDS = ("quickbooks_inbox", "quickbooks_inbox_next")
JOB_TIMEOUT = 300
PAGE = 1000
"""Events looked at between two commits."""

COLUMNS = (
	"name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "realm_id", "entity", "entity_id",
	"operation", "event_time", "deleted_id", "status", "deliveries",
)  # fmt: skip


def get_verifier_token() -> str | None:
	"""The secret that QuickBooks signs its notifications to this app with, from QuickBooks Settings."""
	return get_decrypted_password(SETTINGS, SETTINGS, "webhook_verifier_token", raise_exception=False)


def store_events(events: Iterable[Event]) -> None:
	"""Write events into the inbox, one statement for all; one that is there already counts one delivery more.

	Does not commit; a worker is woken after the commit.
	"""
	unique = {event.key: event for event in events}
	if not unique:
		return
	moment, user = now(), frappe.session.user
	realm_id = get_realm_id()
	table = frappe.qb.DocType(INBOX)
	rows = [
		(
			event.key, user, moment, moment, user, 0, 0, event.realm_id[:140], event.entity[:140], event.entity_id[:140],
			event.operation[:140], event.time[:140], (event.deleted_id or "")[:140] or None,
			NEW if event.realm_id == realm_id else FOREIGN, 1,
		)
		for event in unique.values()
	]  # fmt: skip
	(
		frappe.qb.into(table)
		.columns(*COLUMNS)
		.insert(*rows)
		.on_duplicate_key_update(table.deliveries, table.deliveries + Values(table.deliveries))
		.run()
	)
	jobs.wake_after_commit("quickbooks_inbox_registered", wake_inbox)


def wake_inbox() -> bool:
	"""Have a worker look at the inbox; whether Redis took it."""
	return jobs.ask_redis(lambda: jobs.enqueue_first_free(HANDLE, JOB_IDS, "default", JOB_TIMEOUT))


def sweep_inbox() -> None:
	"""Every minute: look at events that a wake-up missed."""
	if frappe.get_all(INBOX, filters={"status": NEW}, limit=1, order_by="creation"):
		wake_inbox()


def handle_events() -> bool:
	"""Sort new events into ours and others', and begin a synchronization for the others; whether one was begun. Commits.

	While QuickBooks can't be asked the events stay new.
	"""
	connection = get_connection()
	if explain_not_ready(connection):
		return False
	news = False
	while events := _read_new_events(connection.realm_id):
		_note_merges(connection.realm_id, events)
		ours = _list_ours(connection.realm_id, events)
		_write_status([event.name for event in events if event.name in ours], OURS)
		others = [event.name for event in events if event.name not in ours]
		_write_status(others, HANDLED)
		if others:
			start_run(run_rows.SINCE_LAST, trigger="Webhook")
			news = True
		frappe.db.set_value(
			"QuickBooks Connection", connection.realm_id, "last_webhook_at", now(), update_modified=False
		)
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  a storm is worked off in pages
	return news


def _read_new_events(realm_id: str) -> list[frappe._dict]:
	return frappe.get_all(
		INBOX,
		filters={"status": NEW, "realm_id": realm_id},
		fields=["name", "entity", "entity_id", "event_time", "operation", "deleted_id"],
		order_by="creation, name",
		limit=PAGE,
	)


def _note_merges(realm_id: str, events: list[frappe._dict]) -> None:
	"""A merge is told here alone: the lists only show that one of the two is gone."""
	entities = {entity.lower(): entity for entity in BY_ENTITY}
	for event in events:
		entity = entities.get((event.entity or "").lower())
		if entity and event.deleted_id and (event.operation or "").lower().startswith("merge"):
			report_merged(realm_id, entity, event.deleted_id, event.entity_id)


def _list_ours(realm_id: str, events: list[frappe._dict]) -> set[str]:
	"""The names of events that tell what the link of their record knows already."""
	links = {
		(link.entity.lower(), link.quickbooks_id): link.snapshot
		for link in frappe.get_all(
			LINK,
			filters={
				"realm_id": realm_id,
				"quickbooks_id": ("in", sorted({event.entity_id for event in events})),
			},
			fields=["entity", "quickbooks_id", "snapshot"],
			order_by="creation",
		)
	}
	ours = set()
	for event in events:
		snapshot = links.get((event.entity, event.entity_id))
		happened = read_event_time(event.event_time or "")
		if not snapshot or not happened:
			continue
		written = (load_object(snapshot).get("MetaData") or {}).get("LastUpdatedTime")
		known = read_event_time(written or "")
		# QuickBooks writes whole seconds into its records and fractions into its events.
		if known and happened.tzinfo and known.tzinfo and happened.replace(microsecond=0) <= known:
			ours.add(event.name)
	return ours


def _write_status(names: list[str], status: str) -> None:
	if names:
		table = frappe.qb.DocType(INBOX)
		frappe.qb.update(table).set(table.status, status).where(table.name.isin(names)).run()
