"""Send All: what is available and has not been sent goes at the synchronization, without anybody pressing its button.

Transactions and payments have a switch each. What stays, stays for a reason that can be said in a sentence.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, fmt_money, formatdate, getdate

from allorders_qb.money import to_decimal
from allorders_qb.sync import release, rows
from allorders_qb.sync.connection import SETTINGS, get_company_profile, get_connection
from allorders_qb.sync.queue import queue_available
from allorders_qb.sync.registry import PAYMENTS, POSTING_TYPES, TRANSACTIONS, PostingType
from allorders_qb.sync.send_all_filters import (
	PARTY,
	TOO_EARLY,
	TOO_LATE,
	TOO_MUCH,
	TYPE,
	Candidate,
	Filter,
	find_obstacle,
)
from allorders_qb.sync.status import NEVER_SEND, NOT_SENT, explain_without_mode

GROUPS = (TRANSACTIONS, PAYMENTS)

OBSTACLES = {
	TYPE: "The filters of Send All let no document of this type through.",
	PARTY: "The filters of Send All do not let {party} through.",
	TOO_EARLY: "The filters of Send All let nothing of {date} through: it is too early.",
	TOO_LATE: "The filters of Send All let nothing of {date} through: it is too late.",
	TOO_MUCH: "The filters of Send All do not let {amount} through: it is too much.",
}


@dataclass(frozen=True)
class Policy:
	"""What QuickBooks Settings, the company and the second person say, read once."""

	filters: tuple[Filter, ...]
	closed_until: date | None


def is_on(group: str) -> bool:
	"""Whether Send All is switched on for a group of document types (``registry.TRANSACTIONS``, ``PAYMENTS``)."""
	return bool(cint(frappe.get_cached_doc(SETTINGS).get(f"send_all_{group}")))


def get_types(group: str) -> list[PostingType]:
	"""The document types of a group."""
	return [one for one in POSTING_TYPES.values() if one.group == group and not one.guided]


def read_policy() -> Policy:
	"""As set now. Before a company is connected no period counts as closed."""
	settings = frappe.get_cached_doc(SETTINGS)
	connection = get_connection()
	closed = (
		get_company_profile(connection).book_close_date if connection and connection.preferences else None
	)
	return Policy(
		tuple(
			Filter(
				row.document_type or None,
				row.party_type or None,
				row.party or None,
				getdate(row.from_date) if row.from_date else None,
				getdate(row.to_date) if row.to_date else None,
				to_decimal(row.amount_up_to or 0),
			)
			for row in settings.send_all_filters
		),
		closed,
	)


def list_available(posting_type: PostingType, status: str = NOT_SENT) -> list[Candidate]:
	"""The submitted documents of a type that have not been sent (or have another status), the oldest first."""
	statuses = ("", NOT_SENT) if status == NOT_SENT else (status,)
	return _read_candidates(posting_type, docstatus=1, quickbooks_status=("in", statuses))


def _read_candidates(posting_type: PostingType, **filters) -> list[Candidate]:
	meta = frappe.get_meta(posting_type.doctype)
	wanted = ("currency", "exchange_rate", posting_type.amount_field)
	found = frappe.get_all(
		posting_type.doctype,
		filters=filters,
		fields=[
			"name",
			"posting_date",
			*([posting_type.party_field] if posting_type.party_field else []),
			*(field for field in wanted if field and meta.has_field(field)),
		],
		order_by="posting_date asc, creation asc",
	)
	return [_make_candidate(posting_type, row) for row in found]


def _make_candidate(posting_type: PostingType, row: frappe._dict) -> Candidate:
	amount = (
		to_decimal(row.get(posting_type.amount_field) or 0, 2) if posting_type.amount_field else Decimal(0)
	)
	return Candidate(
		posting_type.doctype,
		row.name,
		posting_type.party_doctype or "",
		row.get(posting_type.party_field) or "" if posting_type.party_field else "",
		getdate(row.posting_date),
		amount,
		row.get("currency") or "",
		amount * to_decimal(row.get("exchange_rate") or 1),
	)


def explain_stay(candidate: Candidate, policy: Policy, waiting: set[str]) -> str | None:
	"""Why Send All leaves a document where it is, in a sentence; None where it goes. ``waiting`` are the names that a
	second person has not released."""
	if candidate.name in waiting:
		wait = release.explain_wait(candidate.doctype, candidate.name)
		return wait[0].upper() + wait[1:]
	if kept := explain_without_mode(candidate.doctype, candidate.posting_date):
		return kept[0].upper() + kept[1:]
	if policy.closed_until and candidate.posting_date <= policy.closed_until:
		return _("Its date lies in a period that is closed in QuickBooks (until {0}).").format(
			formatdate(policy.closed_until)
		)
	obstacle = find_obstacle(candidate, policy.filters)
	if not obstacle:
		return None
	return _(OBSTACLES[obstacle]).format(
		party=candidate.party,
		date=formatdate(candidate.posting_date),
		amount=fmt_money(candidate.amount, currency=candidate.currency or None),
	)


def list_going(group: str) -> list[Candidate]:
	"""The documents of a group that Send All sends now, whether or not it is switched on."""
	policy = read_policy()
	going = []
	for posting_type in get_types(group):
		found = list_available(posting_type)
		waiting = release.list_waiting(posting_type.doctype, [candidate.name for candidate in found])
		going += [candidate for candidate in found if not explain_stay(candidate, policy, waiting)]
	return going


def queue_going(candidate: Candidate) -> bool:
	"""Put one document into the queue; whether it was still to be. Does not commit."""
	return queue_available(candidate.doctype, candidate.name)


def preview(limit: int) -> dict:
	"""What the next synchronization would send, and what stays and why.

	Returns ``rows`` (doctype, name, party, date, amount, currency, goes, reason; what goes first, ``limit`` of each),
	``going`` and ``staying`` (numbers of all), ``totals`` (currency -> amount that goes) and ``switches`` (group that has documents -> on).
	"""
	policy = read_policy()
	going, staying = [], []
	for posting_type in (one for one in POSTING_TYPES.values() if not one.guided):
		going += _list_queued(posting_type)
		found = list_available(posting_type)
		waiting = release.list_waiting(posting_type.doctype, [candidate.name for candidate in found])
		for candidate in found:
			stays = explain_stay(candidate, policy, waiting)
			row = _show(candidate, not stays, stays or "")
			row["may_release"] = candidate.name in waiting and release.may_release(
				candidate.doctype, candidate.name
			)
			(staying if stays else going).append(row)
		staying += _list_kept(posting_type)
	totals: dict[str, float] = {}
	for row in going:
		totals[row["currency"]] = totals.get(row["currency"], 0) + row["amount"]
	return {
		"rows": [*going[:limit], *staying[:limit]],
		"going": len(going),
		"staying": len(staying),
		"totals": totals,
		"switches": {group: is_on(group) for group in GROUPS if get_types(group)},
	}


def _show(candidate: Candidate, goes: bool, reason: str) -> dict:
	return {
		"doctype": candidate.doctype,
		"name": candidate.name,
		"party": candidate.party,
		"date": str(candidate.posting_date),
		"amount": float(candidate.amount),
		"currency": candidate.currency,
		"goes": goes,
		"reason": reason,
		"group": POSTING_TYPES[candidate.doctype].group,
		"may_release": False,
	}


def _list_queued(posting_type: PostingType) -> list[dict]:
	"""What is in the queue and waits for the synchronization: it goes in any case."""
	reasons = dict(
		frappe.get_all(
			rows.QUEUE,
			filters={
				"status": rows.QUEUED,
				"waits_for_synchronization": 1,
				"reference_doctype": posting_type.doctype,
			},
			fields=["reference_name", "reason"],
			order_by="creation",
			as_list=True,
		)
	)
	found = _read_candidates(posting_type, name=("in", sorted(reasons))) if reasons else []
	return [_show(candidate, True, reasons[candidate.name] or "") for candidate in found]


def _list_kept(posting_type: PostingType) -> list[dict]:
	"""What a person has to decide about, and what is never sent."""
	kept = [*list_available(posting_type, rows.ATTENTION), *list_available(posting_type, NEVER_SEND)]
	reasons = dict(
		frappe.get_all(
			posting_type.doctype,
			filters={"docstatus": 1, "quickbooks_status": ("in", (rows.ATTENTION, NEVER_SEND))},
			fields=["name", "quickbooks_reason"],
			order_by="name",
			as_list=True,
		)
	)
	return [_show(candidate, False, reasons.get(candidate.name) or "") for candidate in kept]
