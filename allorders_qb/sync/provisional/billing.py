"""The vendor's bill for goods that stand in QuickBooks on provisional bills.

Where it bills all that is left of a receiver, that receiver's provisional bill is updated to the vendor's number, date, terms
and prices, in one request. What it bills of other receivers is taken out of theirs before.
"""

from typing import Any

import frappe
from frappe import _

from allorders_qb.mapping.marker import carries_marker
from allorders_qb.mapping.provisional import build_takeover
from allorders_qb.sync import rows
from allorders_qb.sync.links import get_owner_of, load_object
from allorders_qb.sync.provisional import records
from allorders_qb.sync.provisional.lines import explain_unchanged, list_our_line_ids, read_bill
from allorders_qb.sync.resending import send_update_again


def is_takeover(row: Any) -> bool:
	"""Whether a row is the vendor's bill made of a provisional one: an update of what another document has linked."""
	return (
		row.reference_doctype == records.VENDOR_BILL
		and row.role == records.BILL_ROLE
		and bool(row.payload)
		and "SyncToken" in load_object(row.payload)
	)


def place_bill(sender: Any, held: rows.Claim, doc: Any, payload: dict) -> dict | None:
	"""What is to be sent for a vendor's bill: ``payload`` as it is, or the update of a provisional bill; None where something
	else goes first (committed). ``payload`` would create the bill. Raises what reading raises."""
	taken_over, its_number, first = None, 0, None
	for number, receiver in enumerate(records.list_receivers(doc.lines), start=1):
		if ahead := _find_ahead(doc.name, receiver):
			_wait_for(sender, held, ahead)
			return None
		link = records.get_provisional(sender.around.realm_id, receiver)
		if not link or _is_taken_out(doc.name, number):
			continue
		if not taken_over and not records.has_rest(receiver, doc.name):
			taken_over, its_number = link, number
			continue
		first = _queue_taking_out(held, doc.name, number)
	current = None
	if taken_over and not first:
		current = read_bill(sender, taken_over.quickbooks_id)
		if not current:
			# Somebody has deleted it: the receiver is to say where its goods are now.
			first = _queue_taking_out(held, doc.name, its_number)
	if first:
		rows.release(
			held,
			_("Waits until what it bills has left the bills that were provisional."),
			blocked_by=first,
		)
		sender.refresh(held.row)
		return None
	if not current:
		return payload
	return build_takeover(current, payload, list_our_line_ids(taken_over))


def _find_ahead(bill: str, receiver: str) -> frappe._dict | None:
	"""A row that is still to put this receiver's goods onto its provisional bill, or is just taking others out of it."""
	for row in rows.get_rows(records.RECEIVER, receiver):
		if row.role == records.BILL_ROLE and row.status in rows.OPEN_STATUSES:
			return row
	others = frappe.get_all(
		records.BILL_LINE,
		filters={"receiver": receiver, "docstatus": 1, "parent": ("!=", bill)},
		pluck="parent",
		distinct=True,
		order_by="parent",
	)
	for other in others:
		for row in rows.get_rows(records.VENDOR_BILL, other):
			moves = row.role in (records.BILL_ROLE, records.PROVISIONAL_ROLE)
			if moves and row.payload and row.status in rows.OPEN_STATUSES:
				return row
	return None


def _wait_for(sender: Any, held: rows.Claim, ahead: frappe._dict) -> None:
	rows.release(
		held,
		_("Waits for {0} {1}, which goes to QuickBooks first.").format(
			_(ahead.reference_doctype), ahead.reference_name
		),
		blocked_by=ahead.name,
	)
	sender.refresh(held.row)


def _is_taken_out(bill: str, number: int) -> bool:
	return any(
		row.role == records.PROVISIONAL_ROLE and row.generation == number and row.status in rows.DONE_STATUSES
		for row in rows.get_rows(records.VENDOR_BILL, bill)
	)


def _queue_taking_out(held: rows.Claim, bill: str, number: int) -> str:
	"""The row that takes a bill's share out of a receiver's provisional bill: a new one, or the one that is still to do so."""
	rows.lock_document(records.VENDOR_BILL, bill)
	for row in rows.get_rows(records.VENDOR_BILL, bill, for_update=True):
		if row.role == records.PROVISIONAL_ROLE and row.generation == number:
			return row.name
	return rows.insert_row(
		reference_doctype=records.VENDOR_BILL,
		reference_name=bill,
		role=records.PROVISIONAL_ROLE,
		operation=rows.TAKE_OUT,
		generation=number,
		entity="Bill",
		party=held.row.party,
		realm_id=held.row.realm_id,
		triggered_by=held.row.triggered_by,
		trigger="Needed By a Document",
	)


def look_again(sender: Any, held: rows.Claim) -> None:
	"""After silence: see in the bill whether it has become the vendor's. Raises what ``Sender.send`` raises."""
	payload = load_object(held.row.payload)
	current = read_bill(sender, str(payload["Id"]))
	if current and carries_marker(current, held.row.marker):
		sender.record(held, current, adopted=1)
		return
	send_update_again(
		sender,
		held,
		payload,
		current,
		lambda answer: sender.store_answer(held, answer),
		explain_unchanged(),
	)


def take_link(realm_id: str, row: Any, remote: dict) -> str | None:
	"""Make the link of a provisional bill that of the vendor's bill which it has become; the receiver's name. Does not commit."""
	if not is_takeover(row):
		return None
	owner = get_owner_of(realm_id, "Bill", str(remote["Id"]), for_update=True)
	if not owner or owner.reference_doctype != records.RECEIVER:
		return None
	records.hand_over(owner, row.reference_name)
	return owner.reference_name
