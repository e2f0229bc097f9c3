"""``POST /<transaction>/<id>/send``: what sending by e-mail leaves behind. No e-mail leaves the machine."""

from __future__ import annotations

from qbo_emulator.clock import format_stamp
from qbo_emulator.entities.base import Entity
from qbo_emulator.entities.transaction import Transaction
from qbo_emulator.faults import refuse_missing, refuse_throttled
from qbo_emulator.fields import EMAIL, check_email
from qbo_emulator.operations import read_row, refuse_operation
from qbo_emulator.store import Change, Row
from qbo_emulator.work import Work, load_body

SENDABLE = frozenset(
	{"CreditMemo", "Estimate", "Invoice", "Payment", "PurchaseOrder", "RefundReceipt", "SalesReceipt"}
)
"""Transactions that can be sent and printed."""


def send(work: Work, entity: Entity, identifier: str, address: str | None) -> Row:
	"""Mark a transaction as sent, to ``address`` or its BillEmail. Raises 2020 without either, 2040 for a bad one.

	A sandbox sends 40 e-mails a day (knob ``emails_per_day``); above that the gateway answers 429.
	"""
	if entity.name not in SENDABLE or not isinstance(entity, Transaction):
		raise refuse_operation("send")
	row = read_row(work, entity, identifier)
	document = load_body(row.body)
	field = "BillEmail" if entity.name != "PurchaseOrder" else "POEmail"
	if address:
		document[field] = EMAIL.read({"Address": address}, field)
	if not document.get(field, {}).get("Address"):
		raise refuse_missing(field)
	check_email(document[field], field)
	count_email(work)
	document["EmailStatus"] = "EmailSent"
	document["DeliveryInfo"] = {
		"DeliveryType": "Email",
		"DeliveryTime": format_stamp(work.now, work.company.zone),
	}
	entity.refresh(work, row, document)
	work.store.note_change(Change(work.company.key, entity.name, row.id, "Emailed"))
	return read_row(work, entity, identifier)


def count_email(work: Work) -> None:
	"""Count an e-mail of the day. Raises the gateway's 429 above the limit."""
	limit = work.company.knobs["emails_per_day"]
	if limit is not None and work.store.take_number(work.company.key, f"Email {work.today}") > limit:
		raise refuse_throttled()
