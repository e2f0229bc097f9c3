"""Reading both sides' lists and proposing who is who: a step of a synchronization, begun again from a list's start after a
crash. Nothing is linked, made or sent."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, now

from allorders_qb.mapping.item import NEVER_ITEMS
from allorders_qb.mapping.matching import BY_ID, Proposal, Side, propose
from allorders_qb.mapping.payload import dump_payload
from allorders_qb.sync.connection import CONNECTION
from allorders_qb.sync.links import LINK
from allorders_qb.sync.lists.definitions import LISTS, NO_WAY, ListDefinition
from allorders_qb.sync.lists.rules import get_direction
from allorders_qb.sync.matching.gate import DECIDING, LEAVE_ALONE, LINK_THEM, MATCH
from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.runs.context import RunContext

AT_ONCE = 500
"""Rows written in one statement."""

THEIRS = "QuickBooks"
OURS = "Here"

UNMATCHED = "Unmatched"
PROPOSED = "Proposed"
SEVERAL = "Several Candidates"
DECIDED = "Decided"
PAIRED = "Paired"

COLUMNS = (
	"name",
	"owner",
	"modified_by",
	"creation",
	"modified",
	"realm_id",
	"list_type",
	"side",
	"title",
	"path",
	"email",
	"sku",
	"kind",
	"tracked",
	"inactive",
	"state",
	"record",
	"quickbooks_id",
	"parent_id",
	"level",
	"snapshot",
	"proposed_by",
	"decision",
	"done",
)
NUMBERS = ("tracked", "inactive", "level", "done")


def list_matched() -> list[ListDefinition]:
	"""The lists that are kept alike at all."""
	return [definition for definition in LISTS.values() if get_direction(definition.doctype) != NO_WAY]


def read_both_sides(context: RunContext) -> None:
	"""Fill QuickBooks Match anew, but for what was left alone. Commits as it goes. Raises what ``pull`` raises."""
	if not context.is_done("time"):
		# What changes from here on is brought by the first pull after the matching.
		time = context.client.read_time()
		frappe.db.set_value(CONNECTION, context.realm_id, "matching_read_at", time, update_modified=False)
		context.mark_done("time")
		context.check_lease()
	lists = list_matched()
	for number, definition in enumerate(lists):
		part = f"read {definition.doctype}"
		with context.portion(number / len(lists), (number + 1) / len(lists)):
			if not context.is_done(part):
				_read_list(context, definition)
				context.mark_done(part)
				context.check_lease()
	frappe.db.set_value(CONNECTION, context.realm_id, "matching_status", DECIDING, update_modified=False)
	context.check_lease()


def _read_list(context: RunContext, definition: ListDefinition) -> None:
	frappe.db.delete(
		MATCH,
		{"realm_id": context.realm_id, "list_type": definition.doctype, "decision": ("!=", LEAVE_ALONE)},
	)
	links = _read_links(context, definition)
	ours = _write_ours(context, definition, links)
	context.check_lease()
	theirs = _write_theirs(context, definition, links)
	context.report(_("{0}: comparing").format(_(definition.doctype)))
	context.check_lease()
	_write_proposals(context, definition, propose(theirs, ours))
	# One that is not used any more is paired where it can be, and else no question to anybody.
	frappe.db.delete(
		MATCH,
		{
			"realm_id": context.realm_id,
			"list_type": definition.doctype,
			"side": OURS,
			"state": UNMATCHED,
			"inactive": 1,
		},
	)
	context.check_lease()


def _read_links(context: RunContext, definition: ListDefinition) -> dict[str, str]:
	"""QuickBooks Id -> our name, of those that are linked already."""
	return dict(
		frappe.get_all(
			LINK,
			filters={
				"realm_id": context.realm_id,
				"reference_doctype": definition.doctype,
				"entity": definition.entity,
			},
			fields=["quickbooks_id", "reference_name"],
			order_by="creation",
			as_list=True,
		)
	)


def _write_ours(context: RunContext, definition: ListDefinition, links: dict[str, str]) -> list[Side]:
	linked = {name: quickbooks_id for quickbooks_id, name in links.items()}
	kept = _list_kept(context, definition, "record")
	is_item = definition.doctype == "AO Item"
	fields = [
		"name",
		"inactive",
		*(("sku", "quickbooks_fully_qualified_name as path") if is_item else ("email",)),
	]
	found = frappe.get_all(definition.doctype, fields=fields, order_by="name")
	new = (
		{
			"side": OURS,
			"title": row.name,
			"path": row.path,
			"email": row.email,
			"sku": row.sku,
			"inactive": row.inactive,
			"record": row.name,
			# The twin of one that is linked may be inactive there, and does not come with the others.
			"state": PAIRED if row.name in linked else UNMATCHED,
		}
		for row in found
		if row.name not in kept
	)
	_insert(context, definition, new)
	return [
		Side(row.name, row.name, row.path or "", row.email or "", row.sku or "", linked.get(row.name, ""))
		for row in found
		if row.name not in kept
	]


def _write_theirs(context: RunContext, definition: ListDefinition, links: dict[str, str]) -> list[Side]:
	kept = _list_kept(context, definition, "quickbooks_id")
	total = context.client.count(definition.entity)
	sides: list[Side] = []
	stream = _read_remotes(context, definition)
	done = 0
	while chunk := list(islice(stream, AT_ONCE)):
		new = [row for row in chunk if row["quickbooks_id"] not in kept]
		_insert(context, definition, new)
		sides += [
			Side(row["quickbooks_id"], row["title"], row["path"] or "", row["email"] or "", row["sku"] or "")
			for row in new
		]
		done += len(chunk)
		context.count(definition.doctype, read=len(chunk))
		context.report(_(definition.doctype), done, max(total, done))
		context.check_lease()
	return sides


def _read_remotes(context: RunContext, definition: ListDefinition) -> Iterator[dict[str, Any]]:
	for remote in context.client.query_all(definition.entity):
		if definition.entity == "Item" and remote.get("Type") in NEVER_ITEMS:
			continue
		values = definition.read_back(remote, context.around.company)
		yield {
			"side": THEIRS,
			"title": values[definition.name_field],
			"path": remote.get("FullyQualifiedName"),
			"email": values.get("email"),
			"sku": values.get("sku"),
			"kind": remote.get("Type"),
			"tracked": cint(remote.get("Type") == "Inventory"),
			"state": UNMATCHED,
			"quickbooks_id": str(remote["Id"]),
			"parent_id": (remote.get("ParentRef") or {}).get("value")
			if definition.entity == "Customer"
			else None,
			"level": cint(remote.get("Level")),
			"snapshot": dump_payload(remote),
		}


def _list_kept(context: RunContext, definition: ListDefinition, key: str) -> set[str]:
	return set(
		frappe.get_all(
			MATCH,
			filters={
				"realm_id": context.realm_id,
				"list_type": definition.doctype,
				"decision": LEAVE_ALONE,
				key: ("is", "set"),
			},
			pluck=key,
			order_by="creation",
		)
	)


def _insert(context: RunContext, definition: ListDefinition, rows: Iterable[dict[str, Any]]) -> None:
	common = {
		"owner": frappe.session.user,
		"modified_by": frappe.session.user,
		"creation": now(),
		"modified": now(),
		"realm_id": context.realm_id,
		"list_type": definition.doctype,
		# Never NULL, which is neither equal nor unequal to anything.
		"decision": "",
		**dict.fromkeys(NUMBERS, 0),
	}
	stream = iter(rows)
	while chunk := list(islice(stream, AT_ONCE)):
		records = [{**common, "name": frappe.generate_hash(length=10), **row} for row in chunk]
		for record in records:
			record["title"] = make_plain(record["title"])[:140]
			record["path"] = make_plain(record["path"] or "")[:500]
		frappe.db.bulk_insert(
			MATCH, list(COLUMNS), [[one.get(column) for column in COLUMNS] for one in records]
		)


def _write_proposals(context: RunContext, definition: ListDefinition, proposals: dict[str, Proposal]) -> None:
	known = {quickbooks_id: proposal for quickbooks_id, proposal in proposals.items() if proposal.by}
	where = {"realm_id": context.realm_id, "list_type": definition.doctype}
	for number, (quickbooks_id, proposal) in enumerate(known.items(), 1):
		_write_proposal(where, quickbooks_id, proposal)
		if number % AT_ONCE == 0:
			context.check_lease()


def _write_proposal(where: dict[str, str], quickbooks_id: str, proposal: Proposal) -> None:
	values: dict[str, Any] = {"proposed_by": proposal.by}
	if proposal.by == BY_ID:
		values.update(record=proposal.ours, state=DECIDED, decision=LINK_THEM, done=1)
	elif proposal.ours:
		values.update(record=proposal.ours, state=PROPOSED)
	else:
		values.update(candidates=json.dumps(proposal.candidates, ensure_ascii=False), state=SEVERAL)
	frappe.db.set_value(MATCH, {**where, "quickbooks_id": quickbooks_id}, values, update_modified=False)
	if proposal.ours:
		frappe.db.set_value(
			MATCH, {**where, "side": OURS, "record": proposal.ours}, "state", PAIRED, update_modified=False
		)
