"""What has changed in QuickBooks' lists comes here: by capture, by time of change, or everything.

Restartable at every point: each record is a transaction of its own, a state that was taken over is known again by its id
and SyncToken, and only when all is done is the watermark moved to the moment before the reading began.
"""

from collections.abc import Iterable
from datetime import timedelta

import frappe
from frappe.utils import get_datetime, now_datetime

from allorders_qb.qbo.changes import Changes
from allorders_qb.qbo.faults import FaultClass, Refused
from allorders_qb.sync.compare import list_sent_entities
from allorders_qb.sync.connection import CONNECTION
from allorders_qb.sync.links import LINK
from allorders_qb.sync.lists.definitions import LISTS, ListDefinition
from allorders_qb.sync.lists.gone import UNREAD, report_gone
from allorders_qb.sync.lists.reading import (
	ANY_ACTIVITY,
	get_start,
	is_out_of_reach,
	read_by_ids,
	read_changed,
)
from allorders_qb.sync.lists.rules import may_take
from allorders_qb.sync.lists.taking import Taker
from allorders_qb.sync.matching import gate
from allorders_qb.sync.mirrors import MIRRORS, Mirror, read_mirror, take_mirrored
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.times import write_quickbooks_time

EXCLUDED_AGAIN_AFTER = timedelta(days=1)
"""So often the lists that capture leaves out are read anew."""


def pull(
	context: RunContext,
	*,
	lists: Iterable[str] | None = None,
	since: str | None = None,
	full: bool = False,
) -> None:
	"""Take over what QuickBooks' lists say. Commits as it goes. Raises ``qbo`` errors, ``RunLost`` and ``RunStopped``.

	Without ``lists``: everything changed since the last pull, or everything there is (``full``, at the first time, and
	where capture does not reach back). With ``lists`` (DocTypes): these, changed since the date ``since`` or whole.
	While the first matching waits for a person only the lists that QuickBooks owns are read.
	"""
	if gate.is_waiting(context.realm_id):
		_read_mirrors(context, set(lists) if lists else None)
		return
	if lists:
		_pull_selected(context, set(lists), since)
		return
	watermark = frappe.db.get_value(CONNECTION, context.realm_id, "capture_watermark")
	changes = None if full or not watermark else _capture(context, watermark)
	if changes:
		begun_at = changes.time
		_hand_over_sent(context, changes)
		_take_changes(context, changes, get_start(watermark))
	else:
		begun_at = context.client.read_time()
		_take_everything(context)
	frappe.db.set_value(CONNECTION, context.realm_id, "capture_watermark", begun_at, update_modified=False)
	context.check_lease()


def _read_mirrors(context: RunContext, wanted: set[str] | None) -> None:
	for mirror in MIRRORS:
		if may_take(mirror.doctype) if wanted is None else mirror.doctype in wanted:
			_read_mirror(context, mirror)


def _list_taken() -> list[ListDefinition]:
	return [definition for definition in LISTS.values() if may_take(definition.doctype)]


def _list_mirrors(captured: bool) -> list[Mirror]:
	return [mirror for mirror in MIRRORS if mirror.captured == captured and may_take(mirror.doctype)]


def _capture(context: RunContext, watermark: str) -> Changes | None:
	"""What has changed since, or None where QuickBooks would not look back so far."""
	entities = [mirror.entity for mirror in _list_mirrors(captured=True)]
	entities += [definition.entity for definition in _list_taken()]
	entities += list_sent_entities(context.realm_id)
	try:
		changes = context.client.cdc(entities, get_start(watermark))
	except Refused as refusal:
		if refusal.fault.fault_class is not FaultClass.NEEDS_PERSON:
			raise
		return None
	return None if is_out_of_reach(watermark, changes.time) else changes


def _hand_over_sent(context: RunContext, changes: Changes) -> None:
	"""What the same capture says of transactions that we have sent is for the step that compares.

	A capture that was cut off says nothing of what is missing in it: then all ids are looked at.
	"""
	if changes.is_cut_off:
		frappe.db.set_value(CONNECTION, context.realm_id, "swept_at", None, update_modified=False)
		return
	context.captured = {entity: changes.objects[entity] for entity in list_sent_entities(context.realm_id)}


def _take_changes(context: RunContext, changes: Changes, since: str) -> None:
	_read_excluded(context)
	for mirror in _list_mirrors(captured=True):
		if changes.is_cut_off:
			found = list(read_changed(context.client, mirror.entity, since))
		else:
			found = changes.objects[mirror.entity]
		_take_mirror(context, mirror, found)
	for definition in _list_taken():
		taker = Taker(context, definition)
		_take_waiting(taker)
		if changes.is_cut_off:
			taker.take_all(read_changed(context.client, definition.entity, since))
		else:
			taker.take_all(_put_parents_first(changes.objects[definition.entity]))
		taker.take_deferred()


def _put_parents_first(remotes: list[dict]) -> list[dict]:
	return sorted(remotes, key=lambda remote: int(remote.get("Level") or 0))


def _take_everything(context: RunContext) -> None:
	for mirror in _list_mirrors(captured=True):
		_read_mirror(context, mirror)
	_read_excluded(context, always=True)
	for definition in _list_taken():
		taker = Taker(context, definition)
		_take_waiting(taker)
		total = context.client.count(definition.entity, ANY_ACTIVITY)
		taker.take_all(context.client.query_all(definition.entity, ANY_ACTIVITY), total=total)
		taker.take_deferred()
		_look_for_gone(taker)


def _take_waiting(taker: Taker) -> None:
	"""What could not be taken over before, and what was linked anew, whether or not it has changed since."""
	context, definition = taker.context, taker.definition
	unread = frappe.get_all(
		LINK,
		filters={
			"realm_id": context.realm_id,
			"entity": definition.entity,
			"reference_doctype": definition.doctype,
			"sync_token": UNREAD,
		},
		pluck="quickbooks_id",
		order_by="creation",
	)
	waiting = {*taker.not_taken, *unread}
	if waiting:
		taker.take_all(read_by_ids(context.client, definition.entity, waiting).values(), again=True)


def _look_for_gone(taker: Taker) -> None:
	"""Twins that did not come with everything else: asked for one by one, and reported where they are gone."""
	context, definition = taker.context, taker.definition
	linked = frappe.get_all(
		LINK,
		filters={
			"realm_id": context.realm_id,
			"entity": definition.entity,
			"reference_doctype": definition.doctype,
		},
		pluck="quickbooks_id",
		order_by="creation",
	)
	for quickbooks_id in linked:
		if quickbooks_id in taker.seen:
			continue
		try:
			taker.take(context.client.read(definition.entity, quickbooks_id).data)
		except Refused as refusal:
			if not refusal.fault.is_missing:
				raise
			if report_gone(context.realm_id, definition.entity, quickbooks_id):
				context.count(definition.doctype, conflicts=1)
		context.check_lease()


def _pull_selected(context: RunContext, lists: set[str], since: str | None) -> None:
	start = write_quickbooks_time(get_datetime(since)) if since else None
	for mirror in MIRRORS:
		if mirror.doctype in lists:
			_read_mirror(context, mirror)
	for definition in LISTS.values():
		if definition.doctype not in lists:
			continue
		taker = Taker(context, definition)
		if start:
			taker.take_all(read_changed(context.client, definition.entity, start))
		else:
			taker.take_all(context.client.query_all(definition.entity, ANY_ACTIVITY))
			_look_for_gone(taker)
		taker.take_deferred()


def _read_excluded(context: RunContext, always: bool = False) -> None:
	"""The lists that capture leaves out: once a day, with everything else, and after a fault about taxes."""
	read_at = frappe.db.get_value(CONNECTION, context.realm_id, "excluded_lists_read_at")
	if not always and read_at and get_datetime(read_at) + EXCLUDED_AGAIN_AFTER > now_datetime():
		return
	for mirror in _list_mirrors(captured=False):
		_read_mirror(context, mirror)
	frappe.db.set_value(
		CONNECTION, context.realm_id, "excluded_lists_read_at", now_datetime(), update_modified=False
	)
	context.check_lease()


def _read_mirror(context: RunContext, mirror: Mirror) -> None:
	context.count(mirror.doctype, read=read_mirror(context.client, context.realm_id, mirror))
	context.around.forget_mirror(mirror.doctype)
	context.check_lease()


def _take_mirror(context: RunContext, mirror: Mirror, found: list[dict]) -> None:
	if not found:
		return
	context.count(mirror.doctype, read=take_mirrored(context.realm_id, mirror, found))
	context.around.forget_mirror(mirror.doctype)
	context.check_lease()
