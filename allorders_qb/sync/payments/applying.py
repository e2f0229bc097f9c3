"""Applying a payment to an invoice in QuickBooks: an update of the payment, never sent blind.

It reads both as they are, keeps every line of the payment that is not ours, and adds ours up to both open balances. The
payment's SyncToken is what makes it single: an update made from an older reading is refused (5010), and made anew. After
silence the payment is read again: if the invoice has its amount, that was ours; if the payment is as it was, the same bytes
go again; if it has changed, the update is made anew. Source: ``accounting.md`` 2 and 6, Intuit's Payment page.
"""

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.payload import dump_payload
from allorders_qb.mapping.payment import Application, build_application
from allorders_qb.mapping.settlement import Settlement, read_amount_on, read_elsewhere, settle
from allorders_qb.mapping.twins import is_voided
from allorders_qb.money import to_decimal
from allorders_qb.qbo.faults import Refused
from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.links import get_link, load_object, store_link
from allorders_qb.sync.payments import planning, records
from allorders_qb.sync.resending import send_update_again
from allorders_qb.sync.sender import Sender
from allorders_qb.sync.status import refresh_status, refresh_waiting_for

ZERO = Decimal(0)


def send(sender: Sender, held: rows.Claim) -> None:
	"""Work out what is to be applied, send it, store the answer. Raises what ``Sender.send`` raises."""
	if held.row.payload or _prepare(sender, held):
		store_answer(sender, held, sender.request(held).data)


def look_again(sender: Sender, held: rows.Claim) -> None:
	"""After silence: see in the payment whether it was applied. Raises what ``Sender.send`` raises."""
	payload = load_object(held.row.payload)
	payment = _read(sender, held, "Payment", str(payload["Id"]))
	if not payment:
		return
	if _holds(payment, payload, _find_invoice(sender, held)):
		store_answer(sender, held, payment)
		return
	send_update_again(
		sender,
		held,
		payload,
		payment,
		lambda answer: store_answer(sender, held, answer.data),
		_(
			"It was sent {0} times without a clear answer, and the payment in QuickBooks is still as it was. Try again, or apply it there."
		),
	)


def _prepare(sender: Sender, held: rows.Claim) -> bool:
	"""Read both, and freeze the update; False where nothing is to be sent, or not now (committed)."""
	application = records.get_application(held.row)
	realm_id = sender.around.realm_id
	payment = _read(sender, held, "Payment", _find_payment(sender, held))
	invoice = payment and _read(sender, held, "Invoice", _find_invoice(sender, held))
	if not invoice:
		return False
	if is_voided(payment) or is_voided(invoice):
		_finish_without(sender, held, application, ZERO, _("One of the two was voided in QuickBooks."))
		return False
	settlement = settle(
		payment,
		invoice,
		records.read_wanted(application),
		records.sum_applied(held.row.reference_name, realm_id),
		_may_move(application),
	)
	if not settlement.take:
		_settle_without_sending(sender, held, application, payment, invoice, settlement)
		return False
	try:
		payload = build_application(
			payment, [Application(str(invoice["Id"]), settlement.take)], settlement.freed
		)
	except MappingError as error:
		sender.ask(held, str(error), None)
		return False
	sender.freeze(held, dump_payload(payload), None)
	return True


def _may_move(application: frappe._dict) -> bool:
	settings = frappe.get_cached_doc(SETTINGS)
	return bool(application.move_from_others or cint(settings.get("move_applied_payments")))


def _settle_without_sending(
	sender: Sender,
	held: rows.Claim,
	application: frappe._dict,
	payment: dict,
	invoice: dict,
	settlement: Settlement,
) -> None:
	"""There is nothing to add to this invoice: it has its amount already, it is paid, or the money is elsewhere."""
	number = _("Invoice {0}").format(invoice.get("DocNumber") or invoice["Id"])
	if settlement.elsewhere:
		if settlement.found:
			_finish_without(sender, held, application, settlement.found, None, settlement.elsewhere)
		else:
			sender.ask(held, _explain_elsewhere(sender, application, number, settlement), None)
	elif settlement.found:
		_finish_without(
			sender,
			held,
			application,
			settlement.found,
			_("{0} had it in QuickBooks already.").format(number),
		)
	elif not to_decimal(invoice.get("Balance"), 2):
		_finish_without(
			sender, held, application, ZERO, _("{0} is settled in QuickBooks already.").format(number)
		)
	else:
		_finish_without(sender, held, application, ZERO, _("Nothing of the payment is left in QuickBooks."))


def _explain_elsewhere(sender: Sender, application: frappe._dict, number: str, settlement: Settlement) -> str:
	parts = [
		_("{0} to {1}").format(
			records.show_money(one.amount, application.currency),
			records.name_invoice(sender.around.realm_id, one.invoice_id),
		)
		for one in settlement.elsewhere
	]
	return _(
		"QuickBooks has applied {0}, so that it is not there for {1}. Move it, or leave it where it is."
	).format(_(" and ").join(parts), number)


def _finish_without(
	sender: Sender,
	held: rows.Claim,
	application: frappe._dict,
	amount: Decimal,
	note: str | None,
	elsewhere: tuple[Application, ...] = (),
) -> None:
	"""Close an application of which nothing is sent. Commits."""
	_close(sender, held, application, amount, note, bool(amount), elsewhere)
	sender.commit_answer()
	_go_on(sender, held)


def store_answer(sender: Sender, held: rows.Claim, payment: dict) -> None:
	"""The payment, as QuickBooks has it now, settles the invoice: say so. Commits."""
	payload = load_object(held.row.payload)
	if held.row.sends > 1:
		# A repeated request may be answered with what was true the first time.
		payment = _read(sender, held, "Payment", str(payload["Id"]))
		if not payment:
			return
	invoice_id = _find_invoice(sender, held)
	if not _holds(payment, payload, invoice_id):
		sender.ask(
			held,
			_(
				"QuickBooks answered, but the payment there does not settle {0}. Look at it in QuickBooks, then try again."
			).format(records.name_invoice(sender.around.realm_id, invoice_id)),
			None,
			**rows.get_refused_values(held.row),
		)
		return
	application = records.get_application(held.row)
	ours = records.sum_applied(held.row.reference_name, sender.around.realm_id)
	on_invoice = read_amount_on(payment, invoice_id)
	wanted = records.read_wanted(application)
	settled = min(on_invoice - ours.get(invoice_id, ZERO), wanted)
	ours[invoice_id] = on_invoice
	elsewhere: tuple[Application, ...] = ()
	if wanted > settled and read_elsewhere(payment, ours):
		invoice = _read(sender, held, "Invoice", invoice_id)
		if not invoice:
			return
		elsewhere = settle(payment, invoice, wanted - settled, ours).elsewhere
	store_link(
		sender.around.realm_id,
		records.PAYMENT,
		held.row.reference_name,
		records.PAYMENT_ROLE,
		"Payment",
		payment,
	)
	_close(sender, held, application, settled, None, False, elsewhere)
	sender.commit_answer()
	_go_on(sender, held)


def _close(
	sender: Sender,
	held: rows.Claim,
	application: frappe._dict,
	amount: Decimal,
	note: str | None,
	applied_by_quickbooks: bool,
	elsewhere: tuple[Application, ...],
) -> None:
	"""Write application, payment and row; what is elsewhere gets an application of its own. Does not commit."""
	rows.lock_document(records.PAYMENT, held.row.reference_name)
	records.finish(application, amount, note, applied_by_quickbooks)
	tid = sender.log.write(held.row)
	rows.change_claimed(
		held,
		{
			"status": rows.SENT if amount else rows.NOT_NEEDED,
			"reason": note,
			"answered_at": now_datetime(),
			"next_attempt_at": None,
			"lease_owner": None,
			"lease_until": None,
			"fault_class": None,
			"fault_code": None,
			"refusals": 0,
			"possibly_stored": 0,
			"to_settle": 1,
			"intuit_tid": tid or held.row.intuit_tid,
		},
	)
	if elsewhere:
		payment = frappe.db.get_value(
			records.PAYMENT, application.payment, ["name", "customer", "currency"], as_dict=True
		)
		line = frappe._dict(name=application.payment_line, sales_order=application.sales_order)
		records.insert_application(payment, line, application.ship_doc, realm_id=sender.around.realm_id)
	refresh_status(records.PAYMENT, held.row.reference_name)


def _go_on(sender: Sender, held: rows.Claim) -> None:
	refresh_waiting_for(held.name)
	planning.plan_after(held.row, sender.around.realm_id)


def _holds(payment: dict, payload: dict, invoice_id: str) -> bool:
	"""Whether a payment settles of this invoice what was sent, or more."""
	return read_amount_on(payment, invoice_id) >= read_amount_on(payload, invoice_id)


def _find_payment(sender: Sender, held: rows.Claim) -> str:
	link = get_link(sender.around.realm_id, records.PAYMENT, held.row.reference_name, records.PAYMENT_ROLE)
	return link.quickbooks_id


def _find_invoice(sender: Sender, held: rows.Claim) -> str:
	application = records.get_application(held.row)
	link = get_link(sender.around.realm_id, records.SHIP_DOC, application.ship_doc, records.INVOICE_ROLE)
	return link.quickbooks_id


def _read(sender: Sender, held: rows.Claim, entity: str, quickbooks_id: str) -> dict[str, Any] | None:
	"""One of the two as QuickBooks has it now; None where it is gone, which then is a person's matter."""
	try:
		return sender.client.read(entity, quickbooks_id).data
	except Refused as refusal:
		if not refusal.fault.is_missing:
			raise
	sender.ask(
		held,
		_("{0} {1} is not in QuickBooks any more, so nothing can be applied.").format(
			_(entity), quickbooks_id
		),
		None,
		**rows.get_refused_values(held.row),
	)
	return None
