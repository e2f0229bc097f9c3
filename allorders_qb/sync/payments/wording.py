"""What a payment says about itself: what of it settles which invoice, and what the rest waits for."""

from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import format_datetime

from allorders_qb.mapping.settlement import read_amount_on, read_elsewhere
from allorders_qb.money import to_decimal
from allorders_qb.sync import rows
from allorders_qb.sync.links import get_link, load_object
from allorders_qb.sync.payments.records import (
	INVOICE_ROLE,
	LINE,
	PAYMENT,
	SHIP_DOC,
	ZERO,
	get_application,
	list_applied,
	name_invoice,
	show_money,
	sum_applied,
)


def describe_payment(name: str, link: frappe._dict) -> str:
	"""One sentence on a payment that is in QuickBooks and has nothing under way."""
	payment = frappe.db.get_value(PAYMENT, name, ["amount", "currency"], as_dict=True)
	amount = to_decimal(payment.amount, 2)
	settled = _list_settled(name, link)
	parts = [
		_("{0} settle {1}").format(show_money(share, payment.currency), invoice)
		for invoice, share in settled.items()
	]
	left = amount - sum(settled.values(), ZERO)
	for purpose, share in _list_waiting(name, left):
		parts.append(
			_("{0} wait for the next invoice of {1}").format(show_money(share, payment.currency), purpose)
		)
		left -= share
	if left > ZERO:
		parts.append(_("{0} are the customer's credit").format(show_money(left, payment.currency)))
	return _("In QuickBooks as Payment {0} since {1}: {2}, of which {3}.").format(
		link.doc_number or link.quickbooks_id,
		format_datetime(link.creation),
		show_money(amount, payment.currency),
		", ".join(parts),
	)


def explain_taken_off(link: frappe._dict, remote: dict) -> str | None:
	"""What of a payment, as QuickBooks has it now, does not settle any more what it was applied to from here; None where
	it does."""
	currency = frappe.db.get_value(PAYMENT, link.reference_name, "currency")
	lacking = {
		invoice: amount - read_amount_on(remote, invoice)
		for invoice, amount in sum_applied(link.reference_name, link.realm_id).items()
	}
	parts = [
		_("{0} do not settle {1} any more").format(
			show_money(amount, currency), name_invoice(link.realm_id, invoice)
		)
		for invoice, amount in lacking.items()
		if amount > ZERO
	]
	return "; ".join(parts) or None


def _list_settled(name: str, link: frappe._dict) -> dict[str, Decimal]:
	"""What of a payment settles which invoice: what was applied from here, then what QuickBooks has applied by itself."""
	settled: dict[str, Decimal] = {}
	for application in list_applied(name):
		invoice = _name_invoice_of(link.realm_id, application.ship_doc)
		settled[invoice] = settled.get(invoice, ZERO) + application.amount
	for other in read_elsewhere(load_object(link.snapshot), sum_applied(name, link.realm_id)):
		invoice = _("{0} by QuickBooks itself").format(name_invoice(link.realm_id, other.invoice_id))
		settled[invoice] = settled.get(invoice, ZERO) + other.amount
	return settled


def _list_waiting(name: str, left: Decimal) -> list[tuple[str, Decimal]]:
	"""What of the rest is for a sales order or a ship doc."""
	waiting = []
	for line in frappe.get_all(
		LINE,
		filters={"parent": name, "parenttype": PAYMENT},
		fields=["sales_order", "ship_doc", "amount", "applied_amount"],
		order_by="idx",
	):
		share = min(to_decimal(line.amount, 2) - to_decimal(line.applied_amount, 2), left)
		if share > ZERO:
			waiting.append((line.sales_order or line.ship_doc, share))
			left -= share
	return waiting


def _name_invoice_of(realm_id: str, ship_doc: str) -> str:
	link = get_link(realm_id, SHIP_DOC, ship_doc, INVOICE_ROLE)
	return _("Invoice {0}").format((link and link.doc_number) or ship_doc)


def explain_application(row: frappe._dict, status: str, sentence: str, links: list[frappe._dict]) -> str:
	"""One sentence on a payment that is in QuickBooks, and on its application that is under way or needs a person.

	``sentence`` is what any row of that status says.
	"""
	number = (links[0].doc_number or links[0].quickbooks_id) if links else ""
	application = get_application(row)
	invoice = _name_invoice_of(row.realm_id, application.ship_doc) if application else _("its invoice")
	reason = row.reason or ""
	if status == rows.ATTENTION:
		return _("Payment {0} is in QuickBooks, but not applied to {1}: {2}").format(number, invoice, reason)
	if status == rows.UNKNOWN:
		return _("Payment {0} is in QuickBooks; whether it is applied to {1} is looked up there. {2}").format(
			number, invoice, reason
		)
	if status == rows.SENDING:
		return _("Payment {0} is in QuickBooks, and is being applied to {1} right now.").format(
			number, invoice
		)
	if status == rows.NOT_NEEDED:
		return _("Payment {0} is in QuickBooks. {1}").format(number, reason)
	return _("Payment {0} is in QuickBooks; it is to be applied to {1}. {2}").format(
		number, invoice, sentence
	)
