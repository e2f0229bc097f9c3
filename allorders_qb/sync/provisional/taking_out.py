"""Taking what a vendor has billed out of a receiver's provisional bill: an update of that bill, never sent blind.

It reads the bill as it is, leaves on it what no bill has taken and every line that is not ours, and deletes it where nothing is
left. The SyncToken is what makes it single. After silence the bill is read again.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from allorders_qb.mapping.dispatch import compare_posting
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.payload import dump_payload
from allorders_qb.mapping.provisional import build_rest, has_same_lines, is_delete
from allorders_qb.sync import item_order, rows
from allorders_qb.sync.compare import DELETED
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.links import LINK, load_object, store_link
from allorders_qb.sync.payloads import build_transaction
from allorders_qb.sync.provisional import records
from allorders_qb.sync.provisional.lines import explain_unchanged, list_our_line_ids, read_bill
from allorders_qb.sync.readers.purchases import read_rest
from allorders_qb.sync.resending import send_update_again
from allorders_qb.sync.status import refresh_status, refresh_waiting_for


def send(sender: Any, held: rows.Claim) -> None:
	"""Work out what is left on the provisional bill, send it, store the answer. Raises what ``Sender.send`` raises."""
	if held.row.payload or _prepare(sender, held):
		store_answer(sender, held, sender.request(held).data)


def look_again(sender: Any, held: rows.Claim) -> None:
	"""After silence: see in the bill whether it was changed. Raises what ``Sender.send`` raises."""
	payload = load_object(held.row.payload)
	current = read_bill(sender, str(payload["Id"]))
	if not current or (not is_delete(payload) and has_same_lines(payload, current)):
		_finish(sender, held, current)
		return
	send_update_again(
		sender,
		held,
		payload,
		current,
		lambda answer: store_answer(sender, held, answer.data),
		explain_unchanged(),
	)


def store_answer(sender: Any, held: rows.Claim, remote: dict) -> None:
	"""The provisional bill holds the rest, or is gone: say so. Commits."""
	payload = load_object(held.row.payload)
	if held.row.sends > 1:
		# A repeated request may be answered with what was true the first time.
		_finish(sender, held, read_bill(sender, str(payload["Id"])))
	else:
		_finish(sender, held, None if is_delete(payload) else remote)


def _prepare(sender: Any, held: rows.Claim) -> bool:
	"""Read the bill, and freeze what leaves the rest on it; False where nothing is to be sent (committed)."""
	link = _find_link(sender, held)
	current = link and read_bill(sender, link.quickbooks_id)
	if not current:
		_finish(sender, held, None, _("The provisional bill is not in QuickBooks any more."))
		return False
	try:
		payload = build_rest(current, _build_lines(sender, held, link), list_our_line_ids(link))
	except MappingError as error:
		sender.ask(held, str(error), None)
		return False
	if not is_delete(payload) and has_same_lines(payload, current):
		_finish(sender, held, current)
		return False
	sender.freeze(held, dump_payload(payload), None)
	return True


def _build_lines(sender: Any, held: rows.Claim, link: frappe._dict) -> list[dict]:
	rest = _read_rest(held, link.reference_name)
	return build_transaction(rest, link.marker or "", sender.around)["Line"] if rest.lines else []


def _read_rest(held: rows.Claim, receiver: str) -> Any:
	"""What the receiver's provisional bill says once this row is done."""
	return read_rest(
		frappe.get_doc(records.RECEIVER, receiver),
		frappe.get_cached_doc(SETTINGS),
		also=held.row.reference_name,
	)


def _finish(sender: Any, held: rows.Claim, remote: dict | None, note: str | None = None) -> None:
	"""Write link, receiver and row: ``remote`` is the bill as it is now, None where it is gone. Commits."""
	receiver = _get_receiver(held)
	link, rest = _find_link(sender, held), _read_rest(held, receiver)
	rows.lock_document(records.RECEIVER, receiver)
	if link and remote:
		comparison = compare_posting(rest, sender.around.company, None, remote)
		store_link(
			sender.around.realm_id,
			records.RECEIVER,
			receiver,
			records.BILL_ROLE,
			"Bill",
			remote,
			total=comparison.total,
			tax=comparison.tax,
			difference=comparison.reason if comparison.differs else None,
			quickbooks_state="",
			state_difference=None,
		)
	elif link and rest.lines:
		_mark_deleted(link)
	elif link:
		frappe.db.delete(LINK, {"name": link.name})
		records.close_receiver(receiver, held.row.reference_name)
	tid = sender.log.write(held.row)
	rows.change_claimed(
		held,
		{
			"status": rows.NOT_NEEDED if note else rows.SENT,
			"reason": note,
			"answered_at": now_datetime(),
			"next_attempt_at": None,
			"lease_owner": None,
			"lease_until": None,
			"fault_class": None,
			"fault_code": None,
			"refusals": 0,
			"possibly_stored": 0,
			"intuit_tid": tid or held.row.intuit_tid,
		},
	)
	item_order.forget_items(held.name)
	refresh_status(records.RECEIVER, receiver)
	refresh_status(records.VENDOR_BILL, held.row.reference_name)
	sender.commit_answer()
	refresh_waiting_for(held.name)


def _mark_deleted(link: frappe._dict) -> None:
	"""Somebody has deleted the bill while goods were still to be billed: nothing else in QuickBooks has those, and the receiver
	says so as a synchronization would have it say. Does not commit."""
	if link.quickbooks_state != DELETED:
		values = {"quickbooks_state": DELETED, "state_difference": None, "state_noted_at": now_datetime()}
		frappe.db.set_value(LINK, link.name, values, update_modified=False)


def _get_receiver(held: rows.Claim) -> str:
	return records.list_receivers(held.get_doc().lines)[held.row.generation - 1]


def _find_link(sender: Any, held: rows.Claim) -> frappe._dict | None:
	return records.get_provisional(sender.around.realm_id, _get_receiver(held))
