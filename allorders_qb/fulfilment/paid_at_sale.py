"""Which ship docs are paid at sale: those whose terms say so in AO Settings, unless a deposit was received for their orders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment.accounts import DEPOSIT_TYPES, find_account_faults
from allorders_qb.fulfilment.paying import has_deposit
from allorders_qb.fulfilment.refusal import refuse

NOT_PAID: dict[str, Any] = {"paid_at_sale": 0}


def fill_from_terms(ship_doc: Document) -> None:
	"""Tick a ship doc whose terms mean paid at sale, and say where that money goes; take the tick off where they do not."""
	orders = {row.sales_order for row in ship_doc.lines if row.sales_order}
	for fieldname, value in read_values(ship_doc.terms, orders).items():
		if fieldname == "paid_at_sale" or not ship_doc.get(fieldname):
			ship_doc.set(fieldname, value)


def read_values(terms: str | None, orders: Iterable[str]) -> dict[str, Any]:
	"""Return what terms say about a ship doc of these orders: `paid_at_sale`, and if so `payment_account` and `payment_method`."""
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
