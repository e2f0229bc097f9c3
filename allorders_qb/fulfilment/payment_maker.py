"""Create > Payment: the payment of what a sales order or a ship doc still has open, not saved yet."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment.arithmetic import CANCELLED, DRAFT, ZERO
from allorders_qb.fulfilment.paying import PURPOSES, add_up_rows, sum_received
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.ship_doc_maker import read_target
from allorders_qb.money import to_decimal

APPLICATION = "AO Payment Application"


def build_payment(field: str, name: str, target: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Payment of what is still open of a sales order (a deposit) or a ship doc, by the row's field.

	`target` is an unsaved payment to add it to. Raises frappe.ValidationError, saying why, where there is nothing to pay or
	it does not go with `target`.
	"""
	source = frappe.get_doc(PURPOSES[field], name)
	_refuse_state(source)
	payment = read_target(target) or frappe.new_doc("AO Payment")
	_refuse_mixture(source, payment)
	open_amount = get_open_amount(field, name)
	if open_amount <= ZERO:
		refuse([_("Nothing is left to be paid on {0}.").format(name)], _("Nothing to Pay"))
	payment.update(
		{
			"customer": source.customer,
			"currency": source.currency,
			"exchange_rate": payment.exchange_rate if payment.lines else source.exchange_rate,
		}
	)
	payment.append("lines", {field: name, "amount": float(open_amount)})
	payment.amount = float(add_up_rows(payment))
	payment.allocated_amount = payment.amount
	return payment


def get_open_amount(field: str, name: str) -> Decimal:
	"""Return what is not paid yet of a sales order or a ship doc, with QuickBooks' tax where it is known; never below zero."""
	fields = ["total"] if field == "sales_order" else ["total", "quickbooks_total"]
	found = frappe.db.get_value(PURPOSES[field], name, fields, as_dict=True)
	total = to_decimal(found.get("quickbooks_total") or found.total, 2)
	paid = sum_received(field, [name]).get(name, ZERO)
	if field == "ship_doc":
		paid += sum_applied_deposits(name)
	return max(total - paid, ZERO)


def sum_applied_deposits(ship_doc: str) -> Decimal:
	"""Return what deposits on its orders settle of a ship doc's invoice in QuickBooks."""
	amounts = frappe.get_all(
		APPLICATION,
		filters={"ship_doc": ship_doc, "sales_order": ("is", "set"), "status": "Applied"},
		pluck="amount",
		order_by="creation asc",
	)
	return sum((to_decimal(amount, 2) for amount in amounts), ZERO)


def _refuse_state(source: Document) -> None:
	if source.docstatus == DRAFT:
		refuse(
			[_("{0} is still a draft. Submit it before taking money for it.").format(source.name)],
			_("Not Submitted"),
		)
	if source.docstatus == CANCELLED:
		refuse([_("{0} is cancelled; nothing is paid for it.").format(source.name)], _("Cancelled"))
	if source.get("paid_at_sale"):
		refuse([_("{0} was paid at sale; nothing of it is open.").format(source.name)], _("Nothing to Pay"))


def _refuse_mixture(source: Document, payment: Document) -> None:
	payment.set("lines", [row for row in payment.lines if any(row.get(field) for field in PURPOSES)])
	if payment.customer and payment.customer != source.customer:
		refuse(
			[
				_("{0} is of {1}; this payment is from {2}.").format(
					source.name, source.customer, payment.customer
				)
			],
			_("Another Customer"),
		)
	if payment.lines and payment.currency and payment.currency != source.currency:
		refuse(
			[
				_("{0} is in {1}; this payment is in {2}.").format(
					source.name, source.currency, payment.currency
				)
			],
			_("Another Currency"),
		)
