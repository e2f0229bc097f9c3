"""What of a payment settles which invoice: the only writer of AO Payment Application and of the applied amounts of AO Payment.

One application is one row of the queue: of its payment, in the role ``application``, with the application's number as its
generation.
"""

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import fmt_money

from allorders_qb.money import to_decimal
from allorders_qb.sync import rows
from allorders_qb.sync.links import get_link
from allorders_qb.sync.plain import make_plain

PAYMENT = "AO Payment"
LINE = "AO Payment Line"
APPLICATION = "AO Payment Application"
SHIP_DOC = "AO Ship Doc"

PAYMENT_ROLE = "payment"
INVOICE_ROLE = "invoice"
APPLICATION_ROLE = "application"

WAITING, APPLIED, NOT_NEEDED = "Waiting", "Applied", "Not Needed"
ZERO = Decimal(0)


def insert_application(payment: Any, line: Any, ship_doc: str, **values: Any) -> str | None:
	"""Write an application of a payment's line to a ship doc's invoice, with its row; the row's name.

	``payment`` needs name, customer and currency; its row must be locked. Does not commit.
	"""
	number = 1 + max(
		frappe.get_all(APPLICATION, filters={"payment": payment.name}, pluck="number", order_by="number"),
		default=0,
	)
	application = frappe.get_doc(
		{
			"doctype": APPLICATION,
			"payment": payment.name,
			"payment_line": line.name,
			"number": number,
			"sales_order": line.sales_order,
			"ship_doc": ship_doc,
			"currency": payment.currency,
			"status": WAITING,
		}
	)
	application.flags.ignore_permissions = True
	application.flags.ignore_links = True
	application.insert()
	return rows.insert_row(
		reference_doctype=PAYMENT,
		reference_name=payment.name,
		role=APPLICATION_ROLE,
		operation=rows.APPLY,
		generation=number,
		entity="Payment",
		party=f"AO Customer/{payment.customer}",
		triggered_by=frappe.session.user,
		trigger="Needed By a Document",
		**values,
	)


def get_application(row: Any) -> frappe._dict | None:
	"""The application that a row is about."""
	return frappe.db.get_value(
		APPLICATION,
		{"payment": row.reference_name, "number": row.generation},
		"*",
		as_dict=True,
	)


def read_wanted(application: frappe._dict) -> Decimal:
	"""What of the application's line settles nothing yet."""
	line = frappe.db.get_value(LINE, application.payment_line, ["amount", "applied_amount"], as_dict=True)
	return to_decimal(line.amount, 2) - to_decimal(line.applied_amount, 2)


def list_applied(payment: str) -> list[frappe._dict]:
	"""What of a payment was applied from here: payment_line, ship_doc and amount (Decimal) of each application."""
	found = frappe.get_all(
		APPLICATION,
		filters={"payment": payment, "status": APPLIED},
		fields=["payment_line", "ship_doc", "amount"],
		order_by="number",
	)
	for application in found:
		application.amount = to_decimal(application.amount, 2)
	return found


def sum_applied(payment: str, realm_id: str) -> dict[str, Decimal]:
	"""What of a payment was applied from here, by the QuickBooks id of the invoice."""
	sums: dict[str, Decimal] = {}
	for application in list_applied(payment):
		link = get_link(realm_id, SHIP_DOC, application.ship_doc, INVOICE_ROLE)
		if link:
			invoice = link.quickbooks_id
			sums[invoice] = sums.get(invoice, ZERO) + application.amount
	return sums


def finish(
	application: frappe._dict,
	amount: Decimal,
	note: str | None = None,
	applied_by_quickbooks: bool = False,
) -> None:
	"""Say what an application came to, and add up its payment anew. Does not commit."""
	frappe.db.set_value(
		APPLICATION,
		application.name,
		{
			"status": APPLIED if amount else NOT_NEEDED,
			"amount": float(amount),
			"applied_by_quickbooks": int(applied_by_quickbooks),
			"note": make_plain(note) if note else None,
		},
	)
	_add_up(application.payment)


def _add_up(payment: str) -> None:
	"""Write what of a payment, and of each of its lines, settles invoices."""
	sums: dict[str, Decimal] = {}
	for application in list_applied(payment):
		sums[application.payment_line] = sums.get(application.payment_line, ZERO) + application.amount
	for line, amount in sums.items():
		frappe.db.set_value(LINE, line, "applied_amount", float(amount), update_modified=False)
	applied = sum(sums.values(), ZERO)
	received = to_decimal(frappe.db.get_value(PAYMENT, payment, "amount"), 2)
	frappe.db.set_value(
		PAYMENT,
		payment,
		{"applied_amount": float(applied), "unapplied_amount": float(received - applied)},
		update_modified=False,
	)


def give_up(row: Any) -> None:
	"""A person has decided that a payment stays where it is. Does not commit."""
	application = get_application(row)
	if application and application.status == WAITING:
		finish(application, ZERO, _("It was left where it is."))
		look_again(PAYMENT, row.reference_name)


def look_again(doctype: str, name: str) -> None:
	"""Have the next drain look for what of a payment, or for an invoice of a ship doc, is to be applied now. Does not commit."""
	role = PAYMENT_ROLE if doctype == PAYMENT else INVOICE_ROLE
	for row in rows.get_rows(doctype, name):
		if row.role == role and row.status == rows.SENT:
			rows.change_where(row.name, {"status": rows.SENT}, {"to_settle": 1})


def allow_move(row: Any) -> None:
	"""A person has decided that a payment is taken from where QuickBooks has applied it. Does not commit."""
	application = get_application(row)
	frappe.db.set_value(APPLICATION, application.name, "move_from_others", 1)


def name_invoice(realm_id: str, quickbooks_id: str) -> str:
	"""How a sentence calls an invoice: by its number where it is one of ours."""
	number = frappe.db.get_value(
		"QuickBooks Link",
		{"realm_id": realm_id, "entity": "Invoice", "quickbooks_id": quickbooks_id},
		"doc_number",
	)
	return _("Invoice {0}").format(number or _("with the id {0}").format(quickbooks_id))


def show_money(amount: Any, currency: str | None) -> str:
	"""An amount as a person reads it."""
	return fmt_money(float(amount), precision=2, currency=currency)
