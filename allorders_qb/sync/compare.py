"""What was sent before, against its twin in QuickBooks: edited, voided or deleted there since.

Three ways to find out: what capture brings with the lists (in every synchronization), what a notification points to (it
begins one), and once a day, and with every full synchronization, all the ids we have sent: one that does not come back is
deleted. Nothing is changed in QuickBooks; the document says what has happened, and what differs.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from allorders_qb.mapping.twins import describe_differences, is_voided, list_twin_differences
from allorders_qb.qbo.faults import Refused
from allorders_qb.statements import word_select
from allorders_qb.sync.connection import CONNECTION
from allorders_qb.sync.links import LINK, get_links_of, load_object
from allorders_qb.sync.payments.records import PAYMENT, SHIP_DOC, look_again
from allorders_qb.sync.payments.wording import explain_taken_off
from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.runs.run_rows import FULL
from allorders_qb.sync.status import refresh_status

EDITED, VOIDED, DELETED = "Edited", "Voided", "Deleted"
SWEEP_AGAIN_AFTER = timedelta(hours=24)
SWEEP_PAGE = 300
"""Ids asked for at once; a query has to fit an address's and a form's usual limits."""

FIELDS = (
	"name", "realm_id", "reference_doctype", "reference_name", "entity", "quickbooks_id", "sync_token", "snapshot",
	"quickbooks_state",
)  # fmt: skip


def list_sent_entities(realm_id: str) -> list[str]:
	"""The kinds of transactions that were sent to this company: what capture has to be asked about as well."""
	return frappe.get_all(
		LINK,
		filters={"realm_id": realm_id, "reference_doctype": ("in", list(POSTING_TYPES))},
		pluck="entity",
		distinct=True,
		order_by="entity",
	)


def compare(context: RunContext) -> None:
	"""The step of a synchronization: what capture brought, and all ids where it is time. Commits as it goes."""
	for entity, objects in context.captured.items():
		_compare_captured(context, entity, objects)
	# What was captured for a run that died before it could compare is not captured again.
	if context.run.kind == FULL or "pull" in context.inherited or is_sweep_due(context.realm_id):
		sweep(context)


def _compare_captured(context: RunContext, entity: str, objects: list[dict]) -> None:
	by_id = {str(remote["Id"]): remote for remote in objects}
	for link in _read_links(context.realm_id, entity, list(by_id)):
		settle(context, link, by_id[link.quickbooks_id])


def is_sweep_due(realm_id: str) -> bool:
	"""Whether all ids were last looked at more than a day ago. A company where nothing was sent is never swept."""
	swept_at = frappe.db.get_value(CONNECTION, realm_id, "swept_at")
	if swept_at and get_datetime(swept_at) + SWEEP_AGAIN_AFTER > now_datetime():
		return False
	return bool(list_sent_entities(realm_id))


def sweep(context: RunContext) -> None:
	"""Ask for every transaction we have sent, by id. Commits as it goes; a sweep that dies goes on where it was."""
	links = {entity: _list_ids(context.realm_id, entity) for entity in list_sent_entities(context.realm_id)}
	total, done = sum(len(ids) for ids in links.values()), 0
	for entity, ids in links.items():
		for start in range(0, len(ids), SWEEP_PAGE):
			page = ids[start : start + SWEEP_PAGE]
			part = f"sweep {entity} {page[-1]}"
			if not context.is_done(part):
				_sweep_page(context, entity, page)
				context.mark_done(part)
			done += len(page)
			context.report(_("Comparing what was sent"), done, total)
			context.check_lease()
	frappe.db.set_value(CONNECTION, context.realm_id, "swept_at", now_datetime(), update_modified=False)
	context.check_lease()


def compare_documents(context: RunContext, documents: Iterable[tuple[str, str]]) -> None:
	"""*Sync This*: the twins of these documents (DocType, name), whether or not they have changed. Commits as it goes."""
	for doctype, name in documents:
		for link in get_links_of(doctype, name):
			if link.realm_id == context.realm_id:
				_sweep_page(context, link.entity, [link.quickbooks_id])
		context.check_lease()


def _sweep_page(context: RunContext, entity: str, ids: list[str]) -> None:
	"""Settle so many ids: unchanged tokens need nothing, changed ones are read whole, missing ones asked for once more."""
	found = {
		str(remote["Id"]): remote
		for remote in context.client.query(word_select(entity, [("Id", "IN", tuple(ids))], limit=SWEEP_PAGE))
	}
	for link in _read_links(context.realm_id, entity, ids):
		remote = found.get(link.quickbooks_id) or _read_missing(context, entity, link.quickbooks_id)
		settle(context, link, remote)


def _read_missing(context: RunContext, entity: str, quickbooks_id: str) -> dict:
	"""A transaction that a query did not bring: read by its id, which does not lag. A tombstone where it is gone."""
	try:
		return context.client.read(entity, quickbooks_id).data
	except Refused as refusal:
		if not refusal.fault.is_missing:
			raise
		return {"Id": quickbooks_id, "status": "Deleted"}


def settle(context: RunContext, link: frappe._dict, remote: dict) -> None:
	"""Write what a transaction's twin says now onto its link and its document, if that is news. Does not commit."""
	state, difference = judge(link, remote)
	values = {"quickbooks_state": state, "state_difference": difference}
	token = remote.get("SyncToken")
	if token is not None:
		values["sync_token"] = str(token)
	before = frappe.db.get_value(LINK, link.name, list(values), as_dict=True)
	if all((before[field] or "") == (value or "") for field, value in values.items()):
		return
	is_news = (before.quickbooks_state or "", before.state_difference or "") != (state, difference or "")
	if is_news:
		values["state_noted_at"] = now_datetime()
	frappe.db.set_value(LINK, link.name, values, update_modified=False)
	if is_news:
		if link.reference_doctype in (PAYMENT, SHIP_DOC):
			# One that was voided and is there again may settle, or be settled.
			look_again(link.reference_doctype, link.reference_name)
		context.count(link.reference_doctype, changed_there=1)
		refresh_status(link.reference_doctype, link.reference_name)


def judge(link: frappe._dict, remote: dict) -> tuple[str, str | None]:
	"""What has become of a transaction in QuickBooks: ("", "Edited", "Voided" or "Deleted", what differs)."""
	if remote.get("status") == "Deleted":
		return DELETED, None
	if str(remote.get("SyncToken")) == link.sync_token and not link.quickbooks_state:
		return "", None
	if is_voided(remote):
		return VOIDED, None
	differences = list_twin_differences(load_object(link.snapshot), remote)
	if differences:
		return EDITED, make_plain(describe_differences(differences))
	if link.reference_doctype == PAYMENT and (taken_off := explain_taken_off(link, remote)):
		return EDITED, taken_off
	return "", None


def _list_ids(realm_id: str, entity: str) -> list[str]:
	return frappe.get_all(
		LINK,
		filters={
			"realm_id": realm_id,
			"entity": entity,
			"reference_doctype": ("in", list(POSTING_TYPES)),
			"quickbooks_state": ("!=", DELETED),
		},
		pluck="quickbooks_id",
		order_by="creation, name",
	)


def _read_links(realm_id: str, entity: str, ids: Iterable[str]) -> Iterator[frappe._dict]:
	"""The links of these ids that are transactions of ours; capture brings everybody's."""
	wanted = sorted(set(ids))
	for start in range(0, len(wanted), SWEEP_PAGE):
		yield from frappe.get_all(
			LINK,
			filters={
				"realm_id": realm_id,
				"entity": entity,
				"quickbooks_id": ("in", wanted[start : start + SWEEP_PAGE]),
				"reference_doctype": ("in", list(POSTING_TYPES)),
			},
			fields=list(FIELDS),
			order_by="creation",
		)
