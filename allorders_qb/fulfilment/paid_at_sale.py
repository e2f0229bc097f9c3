"""Which ship docs are paid at sale: those whose terms say so in AO Settings, unless a deposit was received for their orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from allorders_qb.fulfilment.accounts import DEPOSIT_TYPES, find_account_faults
from allorders_qb.fulfilment.paying import has_deposit
from allorders_qb.fulfilment.refusal import refuse

NOT_PAID: dict[str, Any] = {"paid_at_sale": 0, "payment_account": None, "payment_method": None}


def fill_from_terms(ship_doc: Document, former_terms: str | None = None) -> None:
	"""Have the terms of a ship doc say whether it is paid at sale, and where that money goes; see `choose_values`."""
	orders = {row.sales_order for row in ship_doc.lines if row.sales_order}
	entered = {fieldname: ship_doc.get(fieldname) for fieldname in NOT_PAID}
	ship_doc.update(choose_values(ship_doc.terms, orders, entered, former_terms))


def choose_values(
	terms: str | None, orders: Iterable[str], entered: Mapping[str, Any], former_terms: str | None = None
) -> dict[str, Any]:
	"""Return `paid_at_sale`, `payment_account` and `payment_method` of a ship doc of these orders.

	The terms say what is empty, and what the terms before them had filled; the rest somebody has entered, and it stays.
	"""
	entered = {**entered, "paid_at_sale": cint(entered.get("paid_at_sale"))}
	# Without the orders: what came from an order that has a deposit by now was filled all the same.
	former = read_values(former_terms, ())
	return {
		fieldname: value
		if not entered.get(fieldname) or entered[fieldname] == former[fieldname]
		else entered[fieldname]
		for fieldname, value in read_values(terms, orders).items()
	}


def read_values(terms: str | None, orders: Iterable[str]) -> dict[str, Any]:
	"""Return what terms say about a ship doc of these orders: `paid_at_sale`, `payment_account` and `payment_method`."""
	row = next((row for row in frappe.get_cached_doc("AO Settings").paid_terms if row.terms == terms), None)
	if not row or has_deposit(orders):
		return NOT_PAID
	return {"paid_at_sale": 1, "payment_account": row.payment_account, "payment_method": row.payment_method}


def check_paid_terms(settings: Document) -> None:
	"""Refuse terms that are named twice, and accounts that no money is deposited to."""
	reasons, seen = [], set()
	for row in settings.paid_terms:
		if row.terms in seen:
			reasons.append(
				_("Row {0}: {1} is there twice. Take one of the rows out.").format(row.idx, row.terms)
			)
		seen.add(row.terms)
		where = _("Row {0}").format(row.idx)
		reasons += find_account_faults(row, "payment_account", DEPOSIT_TYPES, where)
	refuse(reasons, _("Paid at Sale"))
