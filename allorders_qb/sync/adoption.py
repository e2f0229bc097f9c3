"""After silence: look into QuickBooks before anything is sent again.

Only what carries this row's marker is taken as ours without asking. A look-alike is a person's decision. Only
where nothing is found do the same bytes go again, under the same request id. Source: ``accounting.md`` 2.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

import frappe
from frappe import _
from frappe.utils import fmt_money, formatdate, get_datetime

from allorders_qb.mapping.marker import carries_marker, find_marker
from allorders_qb.mapping.search import (
	NAME_HOLDERS,
	candidate_statements,
	is_lookalike,
	name_holder_statements,
)
from allorders_qb.qbo.client import MAX_RESULTS
from allorders_qb.qbo.faults import Refused
from allorders_qb.sync import rows
from allorders_qb.sync.links import load_object
from allorders_qb.sync.payloads import has_same_values
from allorders_qb.sync.payments import applying
from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.provisional import billing as provisional_billing
from allorders_qb.sync.provisional import taking_out
from allorders_qb.sync.registry import LIST_TYPES, PARTY_REFS
from allorders_qb.sync.resending import send_same
from allorders_qb.sync.sender import Sender
from allorders_qb.sync.times import is_past, read_quickbooks_time, write_quickbooks_time
from allorders_qb.sync.wording import name_entity

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far QuickBooks' clock and ours may be apart when we ask what was made since a request left."""

NOTHING: Mapping = MappingProxyType({})


def resolve(sender: Sender, held: rows.Claim) -> None:
	"""Clear up one row whose outcome is unknown: adopt, ask, wait, or send the same again.

	Raises what ``Sender.send`` raises.
	"""
	if not held.row.payload or not held.row.sends:
		rows.release(held, _("The worker stopped before anything was sent; it is sent now."))
		sender.refresh(held.row)
		return
	silence_ends = get_datetime(held.row.last_sent_at) + timedelta(seconds=sender.timing.search_after)
	if not is_past(silence_ends):
		rows.release(
			held,
			_("QuickBooks did not answer. It is searched at {0}, before anything is sent again.").format(
				frappe.utils.format_time(silence_ends)
			),
			silence_ends,
			status=rows.UNKNOWN,
		)
		sender.refresh(held.row)
		return
	if held.row.operation == rows.APPLY:
		applying.look_again(sender, held)
		return
	if held.row.operation == rows.TAKE_OUT:
		taking_out.look_again(sender, held)
		return
	if provisional_billing.is_takeover(held.row):
		provisional_billing.look_again(sender, held)
		return
	found = (
		find_record(sender, held)
		if held.row.reference_doctype in LIST_TYPES
		else find_transaction(sender, held)
	)
	if found or held.row.status != rows.SENDING:
		return
	send_same(
		sender,
		held,
		lambda answer: sender.store_answer(held, answer),
		_(
			"It was sent {0} times without a clear answer, and QuickBooks was searched each time without finding it. Look into QuickBooks, then send again or link what you found."
		),
	)


def find_transaction(sender: Sender, held: rows.Claim, asked_values: Mapping = NOTHING) -> bool:
	"""Search for the transaction; True where the row has been settled (adopted, or put to a person, with
	``asked_values`` written to the row)."""
	payload = load_object(held.row.payload)
	candidates, crowded = {}, False
	for statement in candidate_statements(
		held.row.entity, payload, sender.around.company, created_after=_get_search_start(held)
	):
		page = sender.client.query(statement)
		crowded = crowded or len(page) >= MAX_RESULTS
		candidates.update({str(remote["Id"]): remote for remote in page})
	ours = [remote for remote in candidates.values() if carries_marker(remote, held.row.marker)]
	if len(ours) > 1:
		sender.ask(
			held,
			_(
				"QuickBooks holds it more than once: {0}. Delete the surplus there, then link the one that stays."
			).format(", ".join(f"{held.row.entity} {remote['Id']}" for remote in ours)),
			str(ours[0]["Id"]),
		)
		return True
	if ours:
		remote = sender.client.read(held.row.entity, str(ours[0]["Id"])).data
		sender.record(held, remote, adopted=1)
		return True
	if held.row.confirmed_anew:
		return False
	strangers = [
		remote
		for remote in candidates.values()
		if not find_marker(remote.get("PrivateNote")) and is_lookalike(held.row.entity, payload, remote)
	]
	if strangers:
		ask_about_stranger(sender, held, strangers[0], **asked_values)
		return True
	if crowded:
		sender.ask(
			held,
			_(
				"QuickBooks has so many transactions like this one that the search could not see them all. Look for {0} there: link it if it is there, else send all the same."
			).format(held.row.marker),
			None,
			**asked_values,
		)
	return crowded


def _get_search_start(held: rows.Claim) -> str | None:
	"""Since when our twin may exist, in QuickBooks' words: it is found although a person has changed its head."""
	first_sent = held.row.first_sent_at
	return write_quickbooks_time(get_datetime(first_sent) - CLOCK_TOLERANCE) if first_sent else None


def ask_about_stranger(sender: Sender, held: rows.Claim, remote: dict, **values) -> None:
	"""Something in QuickBooks looks like this document but does not carry our mark."""
	if held.row.entity not in PARTY_REFS:
		sender.ask(
			held,
			_(
				"QuickBooks already has {0} {1} of {2} with the same number or the same lines, which was not sent from here. If it is this document, link it; if not, send this one as well."
			).format(
				name_entity(held.row.entity),
				make_plain(remote.get("DocNumber")) or remote.get("Id"),
				formatdate(remote.get("TxnDate")),
			),
			str(remote["Id"]),
			**values,
		)
		return
	sender.ask(
		held,
		_(
			"QuickBooks already has {0} {1} of {2} over {3}, which was not sent from here. If it is this document, link it; if not, send this one as well."
		).format(
			name_entity(held.row.entity),
			remote.get("DocNumber") or remote.get("Id"),
			formatdate(remote.get("TxnDate")),
			fmt_money(remote.get("TotalAmt") or 0, currency=(remote.get("CurrencyRef") or {}).get("value")),
		),
		str(remote["Id"]),
		**values,
	)


def find_record(sender: Sender, held: rows.Claim, asked_values: Mapping = NOTHING) -> bool:
	"""Search for a customer, vendor or item; True where the row has been settled (see ``find_transaction``)."""
	payload = load_object(held.row.payload)
	if payload.get("Id"):
		return _settle_update(sender, held, payload)
	name_field = LIST_TYPES[held.row.reference_doctype].name_field
	for statement in candidate_statements(held.row.entity, payload, sender.around.company):
		for remote in sender.client.query(statement):
			if held.row.entity == "Item" and ":" in str(remote.get("FullyQualifiedName") or ""):
				# Another item's name below its own parent; only a whole path is one item.
				continue
			settle_namesake(sender, held, remote, name_field, payload, asked_values)
			return True
	return False


def settle_namesake(
	sender: Sender, held: rows.Claim, remote: dict, name_field: str, payload: dict, asked_values: Mapping
) -> None:
	"""A record of that name: ours where an earlier request met with silence and the record was made since, with
	our values; any other is asked about."""
	created = read_quickbooks_time((remote.get("MetaData") or {}).get("CreateTime"))
	first_sent = held.row.first_sent_at and get_datetime(held.row.first_sent_at)
	made_since = bool(created and first_sent and created >= first_sent - CLOCK_TOLERANCE)
	if held.unsure and made_since and has_same_values(held.row.reference_doctype, payload, remote):
		sender.record(held, sender.client.read(held.row.entity, str(remote["Id"])).data, adopted=1)
		return
	sender.ask(
		held,
		_(
			"QuickBooks already has a {0} named “{1}”. Link it if it is the same, or give ours another name."
		).format(name_entity(held.row.entity), remote.get(name_field)),
		str(remote["Id"]),
		**asked_values,
	)


def _settle_update(sender: Sender, held: rows.Claim, payload: dict) -> bool:
	remote = sender.client.read(held.row.entity, str(payload["Id"])).data
	if not has_same_values(held.row.reference_doctype, payload, remote):
		return False
	sender.record(held, remote)
	return True


def settle_duplicate(sender: Sender, held: rows.Claim, refusal: Refused) -> None:
	"""QuickBooks refused because the number or the name is taken: adopt ours, ask about anything else.

	The refusal itself stored nothing; what stands in the way may still be what an earlier request stored.
	"""
	values = rows.get_refused_values(held.row)
	if held.row.reference_doctype in LIST_TYPES:
		payload = load_object(held.row.payload)
		if payload.get("Id") or not find_record(sender, held, values):
			sender.ask(held, _name_holder(sender, held, payload) or refusal.fault.explain(), None, **values)
		return
	remote = _read_if_there(sender, held.row.entity, refusal.fault.duplicate_id)
	if remote and carries_marker(remote, held.row.marker):
		sender.record(held, remote, adopted=1)
	elif remote:
		ask_about_stranger(sender, held, remote, **values)
	elif not find_transaction(sender, held, values):
		sender.ask(held, refusal.fault.explain(), refusal.fault.duplicate_id, **values)


def _name_holder(sender: Sender, held: rows.Claim, payload: dict) -> str | None:
	"""Who holds the name of a customer or vendor, where it is another kind of person: a sentence, or None."""
	name = payload.get(LIST_TYPES[held.row.reference_doctype].name_field)
	if held.row.entity not in NAME_HOLDERS or not name:
		return None
	for entity, statement in name_holder_statements(name).items():
		if entity != held.row.entity and sender.client.query(statement):
			return _(
				"QuickBooks has a {0} named “{1}”, and customers, vendors and employees share their names there. Give one of the two another name, then try again."
			).format(_(entity), name)
	return None


def _read_if_there(sender: Sender, entity: str, entity_id: str | None) -> dict | None:
	if not entity_id:
		return None
	try:
		return sender.client.read(entity, entity_id).data
	except Refused as refusal:
		if not refusal.fault.is_missing:
			raise
		return None
