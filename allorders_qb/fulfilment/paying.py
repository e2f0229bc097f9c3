"""What customers pay, and for what: the rules of AO Payment.

A row names a sales order (a deposit: it settles the order's invoices as they come) or a ship doc (whose invoice it pays).
What is for neither stays the customer's credit. What settles what in QuickBooks is the synchronization's matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Sum

from allorders_qb.fulfilment.arithmetic import CANCELLED, DRAFT, SUBMITTED, ZERO
from allorders_qb.fulfilment.entry import (
	LARGEST_TOTAL,
	RATE_PLACES,
	find_own_currency,
	get_home_currency,
	read_fields,
)
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.money import multiply, round_half_up, to_decimal

STATUS = {DRAFT: "Draft", SUBMITTED: "Received", CANCELLED: "Cancelled"}
PURPOSES = {"sales_order": "AO Sales Order", "ship_doc": "AO Ship Doc"}
"""By the field of a row: what it is received for."""

DEPOSIT_ACCOUNT_TYPES = ("Bank", "Other Current Asset")


def read_deposits(order_name: str) -> dict[str, float]:
	"""Return what was received for a sales order (submitted payments) and what of it settles invoices in QuickBooks, in the
	order's currency: received, applied."""
	payment, line = frappe.qb.DocType("AO Payment"), frappe.qb.DocType("AO Payment Line")
	(found,) = (
		frappe.qb.from_(line)
		.join(payment)
		.on(payment.name == line.parent)
		.select(Sum(line.amount).as_("received"), Sum(line.applied_amount).as_("applied"))
		.where((line.sales_order == order_name) & (payment.docstatus == SUBMITTED))
		.run(as_dict=True)
	)
	return {name: float(to_decimal(found[name] or 0, 2)) for name in ("received", "applied")}


def prepare_payment(payment: Document) -> None:
	"""Fill, round, check and add up an AO Payment in place.

	Raises frappe.ValidationError with a sentence for each thing that is wrong, naming row and remedy.
	"""
	fill_currency(payment)
	round_amounts(payment)
	check_header(payment)
	check_rows(payment)
	set_sums(payment)


def fill_currency(payment: Document) -> None:
	"""Take the customer's currency where nothing is said; money in the home currency has no rate but 1."""
	if payment.customer and not payment.currency:
		customer = read_fields("AO Customer", payment.customer, ("currency",))
		payment.currency = (customer and customer.currency) or get_home_currency()
	if payment.exchange_rate is None:
		payment.exchange_rate = 1.0
	if payment.currency and payment.currency == get_home_currency():
		payment.exchange_rate = 1.0


def round_amounts(payment: Document) -> None:
	"""Round every number to the decimals that are stored; refuse what is not a number."""
	reasons = []
	for row in payment.lines:
		_round_field(row, "amount", 2, _("Row {0}").format(row.idx), reasons)
	_round_field(payment, "amount", 2, _("The payment"), reasons)
	_round_field(payment, "exchange_rate", RATE_PLACES, _("The payment"), reasons)
	refuse(reasons, _("Not a Number"))


def _round_field(doc: Document, field: str, places: int, place: str, reasons: list[str]) -> None:
	try:
		doc.set(field, float(to_decimal(doc.get(field), places)))
	except ValueError:
		reasons.append(
			_("{0}: {1} is not a number that can be used as {2}.").format(
				place, doc.get(field), _(doc.meta.get_label(field))
			)
		)


def check_header(payment: Document) -> None:
	"""Refuse an amount that is none, an inactive customer, another currency than the customer's, and what cannot be
	deposited to."""
	reasons = []
	customer = read_fields("AO Customer", payment.customer, ("inactive", "currency"))
	if customer and customer.inactive:
		reasons.append(
			_("Customer {0} is inactive. Make it active again, or choose another.").format(payment.customer)
		)
	own = find_own_currency(customer)
	if own and payment.currency and own != payment.currency:
		reasons.append(
			_("Customer {0} is billed in {1}, and this payment is in {2}. Set its currency to {1}.").format(
				payment.customer, own, payment.currency
			)
		)
	if not payment.currency:
		reasons.append(_("No currency: set it here, on the customer, or as home currency in AO Settings."))
	if not ZERO < to_decimal(payment.amount) < LARGEST_TOTAL:
		reasons.append(
			_("The amount must be more than zero and below {0}; it is {1}. Enter what was received.").format(
				LARGEST_TOTAL, payment.amount
			)
		)
	if to_decimal(payment.exchange_rate) <= ZERO:
		reasons.append(
			_("The exchange rate must be more than zero; it is {0}.").format(payment.exchange_rate)
		)
	reasons.extend(_find_account_fault(payment))
	refuse(reasons, _("Please Check"))


def _find_account_fault(payment: Document) -> list[str]:
	if not payment.deposit_account:
		return []
	account = read_fields("QuickBooks Account", payment.deposit_account, ("account_type", "inactive"))
	if account and account.inactive:
		return [
			_("Deposit To: account {0} is inactive in QuickBooks. Choose another.").format(
				payment.deposit_account
			)
		]
	if account and account.account_type not in DEPOSIT_ACCOUNT_TYPES:
		return [
			_(
				"Deposit To: {0} is an account of the type {1}. Money is deposited to a bank account, or to one of the type Other Current Asset; choose one of those, or leave it empty."
			).format(payment.deposit_account, account.account_type)
		]
	return []


def check_rows(payment: Document) -> None:
	"""Refuse rows that are for nothing or for two things, for another customer's or in another currency, twice the same,
	and more for documents than was received."""
	reasons = []
	found = {field: _read_purposes(payment, field) for field in PURPOSES}
	seen: dict[tuple[str, str], int] = {}
	for row in payment.lines:
		named = [field for field in PURPOSES if row.get(field)]
		if len(named) != 1:
			reasons.append(
				_("Row {0}: name either a sales order or a ship doc; {1}.").format(
					row.idx, _("both are named") if named else _("none is named")
				)
			)
			continue
		field = named[0]
		reasons.extend(_find_row_faults(payment, row, field, found[field].get(row.get(field))))
		key = (field, row.get(field))
		if key in seen:
			reasons.append(
				_("Row {0}: {1} is already in row {2}. Put both amounts into one row.").format(
					row.idx, row.get(field), seen[key]
				)
			)
		seen.setdefault(key, row.idx)
	allocated = add_up_rows(payment)
	if allocated > to_decimal(payment.amount):
		reasons.append(
			_(
				"The rows add up to {0}, and {1} was received. Take {2} off the rows, or correct the amount."
			).format(allocated, to_decimal(payment.amount, 2), allocated - to_decimal(payment.amount, 2))
		)
	refuse(reasons, _("Please Check the Rows"))


def _read_purposes(payment: Document, field: str) -> dict[str, frappe._dict]:
	names = sorted({row.get(field) for row in payment.lines if row.get(field)})
	if not names:
		return {}
	more = ["paid_at_sale"] if field == "ship_doc" else []
	rows = frappe.get_all(
		PURPOSES[field],
		filters={"name": ("in", names)},
		fields=["name", "customer", "currency", "docstatus", *more],
		order_by="name asc",
	)
	return {row.name: row for row in rows}


def _find_row_faults(payment: Document, row: Document, field: str, purpose: frappe._dict | None) -> list[str]:
	name = row.get(field)
	if not purpose:
		return [_("Row {0}: {1} does not exist. Choose another.").format(row.idx, name)]
	faults = []
	if purpose.customer != payment.customer:
		faults.append(
			_("Row {0}: {1} is of {2}, and this payment is from {3}. Take the row out.").format(
				row.idx, name, purpose.customer, payment.customer
			)
		)
	elif purpose.currency != payment.currency:
		faults.append(
			_("Row {0}: {1} is in {2}, and this payment is in {3}. Take the row out.").format(
				row.idx, name, purpose.currency, payment.currency
			)
		)
	if purpose.docstatus == DRAFT and payment.docstatus == SUBMITTED:
		faults.append(
			_("Row {0}: {1} is still a draft. Submit it first, or take the row out.").format(row.idx, name)
		)
	if purpose.get("paid_at_sale"):
		faults.append(
			_("Row {0}: {1} was paid at sale, so that nothing of it is open. Take the row out.").format(
				row.idx, name
			)
		)
	if to_decimal(row.amount) <= ZERO:
		faults.append(
			_("Row {0}: the amount for {1} must be more than zero; it is {2}.").format(
				row.idx, name, row.amount
			)
		)
	return faults


def add_up_rows(payment: Document) -> Decimal:
	"""Return what of a payment is for documents."""
	return sum((to_decimal(row.amount, 2) for row in payment.lines), ZERO)


def set_sums(payment: Document) -> None:
	"""Set what is for documents; nothing is applied before it is submitted and in QuickBooks."""
	payment.allocated_amount = float(add_up_rows(payment))
	payment.applied_amount = 0
	payment.unapplied_amount = payment.amount
	payment.home_amount = float(
		round_half_up(multiply(to_decimal(payment.amount, 2), to_decimal(payment.exchange_rate)))
	)
	for row in payment.lines:
		row.applied_amount = 0


def sum_received(field: str, names: Iterable[str]) -> dict[str, Decimal]:
	"""Return what submitted payments have for each sales order or ship doc (by the row's field), those with any."""
	wanted = sorted(set(names))
	if not wanted:
		return {}
	payment, line = frappe.qb.DocType("AO Payment"), frappe.qb.DocType("AO Payment Line")
	rows = (
		frappe.qb.from_(line)
		.join(payment)
		.on(payment.name == line.parent)
		.select(line[field], Sum(line.amount))
		.where((payment.docstatus == SUBMITTED) & line[field].isin(wanted))
		.groupby(line[field])
		.orderby(line[field])
	).run()
	return {name: to_decimal(amount, 2) for name, amount in rows}


def has_deposit(sales_orders: Iterable[str]) -> bool:
	"""Return whether money was received for one of these orders before it was invoiced."""
	return bool(sum_received("sales_order", sales_orders))


def invoice_deposited(ship_doc: Document) -> None:
	"""Have a ship doc invoiced, and not recorded as paid at sale, where money was received for one of its orders: a deposit
	settles an invoice."""
	orders = {row.sales_order for row in ship_doc.lines if row.sales_order}
	if not ship_doc.paid_at_sale or not has_deposit(orders):
		return
	ship_doc.paid_at_sale = 0
	frappe.msgprint(
		_("{0} is invoiced, not recorded as paid at sale: a deposit was received for its order.").format(
			ship_doc.name
		),
		indicator="orange",
		alert=True,
	)
