"""What tests of the site share: the base class on Frappe 15 and 16, users by role, and makers of records.

A maker saves what it makes and returns the document; what a test does not say gets a sensible value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_purchase_order.ao_purchase_order import (
	make_receiver as map_receiver,
)
from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import make_ship_doc as map_ship_doc

try:
	from frappe.tests import IntegrationTestCase
except ImportError:
	from frappe.tests.utils import FrappeTestCase as IntegrationTestCase

__all__ = [
	"IntegrationTestCase",
	"as_user",
	"make_customer",
	"make_item",
	"make_location",
	"make_opening_stock",
	"make_payment",
	"make_purchase_order",
	"make_receiver",
	"make_sales_order",
	"make_ship_doc",
	"make_user",
	"make_vendor",
	"read_message",
]

CURRENCY = "USD"
SYSTEM_MANAGER = "System Manager"


def make_customer(customer_name: str | None = None, **values: Any) -> Document:
	"""Return a new AO Customer in dollars; of that name, when given."""
	return _insert(
		"AO Customer",
		**{"customer_name": customer_name or _make_name("Customer"), "currency": CURRENCY, **values},
	)


def make_item(item_code: str | None = None, **values: Any) -> Document:
	"""Return a new AO Item: an inventory part at 10.00, unless `values` say otherwise."""
	return _insert(
		"AO Item",
		**{"item_code": item_code or _make_name("Item"), "unit_price": 10, "unit": "each", **values},
	)


def make_location(location_name: str | None = None, **values: Any) -> Document:
	"""Return a new AO Location."""
	return _insert("AO Location", location_name=location_name or _make_name("Location"), **values)


def make_sales_order(
	customer: str | Document | None = None,
	lines: Sequence[dict[str, Any]] | None = None,
	submit: bool = True,
	**values: Any,
) -> Document:
	"""Return an AO Sales Order, submitted by default; without `lines` it orders 10 of a new item."""
	order = _insert(
		"AO Sales Order",
		customer=_name_of(customer or make_customer()),
		lines=list(lines) if lines is not None else [{"item": make_item().name, "quantity": 10}],
		**values,
	)
	if submit:
		order.submit()
	return order


def make_ship_doc(
	order: str | Document | None = None,
	customer: str | Document | None = None,
	lines: Sequence[dict[str, Any]] | None = None,
	quantities: dict[str, float] | None = None,
	submit: bool = False,
	**values: Any,
) -> Document:
	"""Return an AO Ship Doc, a draft by default.

	With `order`: of what that order has left; `quantities` (by item) ships only those items, so many. Without:
	of `lines`, for `customer`. Its location is a new one unless `values` or the order name one.
	"""
	if order:
		ship_doc = map_ship_doc(_name_of(order))
		if quantities is not None:
			ship_doc.set("lines", [row for row in ship_doc.lines if row.item in quantities])
			for row in ship_doc.lines:
				row.quantity = quantities[row.item]
	else:
		ship_doc = frappe.get_doc(
			{"doctype": "AO Ship Doc", "customer": _name_of(customer or make_customer())}
		)
		for line in lines if lines is not None else [{"item": make_item().name, "quantity": 10}]:
			ship_doc.append("lines", line)
	ship_doc.update(values)
	if not ship_doc.location:
		ship_doc.location = make_location().name
	ship_doc.insert()
	if submit:
		ship_doc.submit()
	return ship_doc


def make_vendor(vendor_name: str | None = None, **values: Any) -> Document:
	"""Return a new AO Vendor in dollars; of that name, when given."""
	return _insert(
		"AO Vendor",
		**{"vendor_name": vendor_name or _make_name("Vendor"), "currency": CURRENCY, **values},
	)


def make_purchase_order(
	vendor: str | Document | None = None,
	lines: Sequence[dict[str, Any]] | None = None,
	submit: bool = True,
	**values: Any,
) -> Document:
	"""Return an AO Purchase Order, submitted by default; without `lines` it orders 10 of a new item."""
	order = _insert(
		"AO Purchase Order",
		vendor=_name_of(vendor or make_vendor()),
		lines=list(lines) if lines is not None else [{"item": make_item().name, "quantity": 10}],
		**values,
	)
	if submit:
		order.submit()
	return order


def make_receiver(
	order: str | Document | None = None,
	vendor: str | Document | None = None,
	lines: Sequence[dict[str, Any]] | None = None,
	quantities: dict[str, float] | None = None,
	submit: bool = True,
	**values: Any,
) -> Document:
	"""Return an AO Receiver, submitted by default: of what `order` has left (`quantities`, by item and in purchase units,
	receives only those items, so many), else of `lines` from `vendor`. Its location is a new one unless said otherwise."""
	if order:
		receiver = map_receiver(_name_of(order))
		if quantities is not None:
			receiver.set("lines", [row for row in receiver.lines if row.item in quantities])
			for row in receiver.lines:
				row.quantity = quantities[row.item]
	else:
		receiver = frappe.get_doc({"doctype": "AO Receiver", "vendor": _name_of(vendor or make_vendor())})
		for line in lines if lines is not None else [{"item": make_item().name, "quantity": 10}]:
			receiver.append("lines", line)
	receiver.update(values)
	if not receiver.location:
		receiver.location = make_location().name
	receiver.insert()
	return receiver.submit() if submit else receiver


def make_opening_stock(lines: Sequence[dict[str, Any]], submit: bool = True, **values: Any) -> Document:
	"""Return an AO Opening Stock of `lines` (item, location, quantity, unit_cost), submitted by default. Where an inventory mode
	is chosen it says why nobody has compared it with QuickBooks, unless `values` say otherwise."""
	values.setdefault("difference_reason", "Made by a test")
	opening_stock = _insert("AO Opening Stock", lines=list(lines), **values)
	if submit:
		opening_stock.submit()
	return opening_stock


def make_payment(
	customer: str | Document | None = None,
	amount: Any = 100,
	lines: Sequence[dict[str, Any]] = (),
	submit: bool = False,
	**values: Any,
) -> Document:
	"""Return an AO Payment of `amount`, a draft by default, for what `lines` (sales_order or ship_doc, amount) say."""
	payment = _insert(
		"AO Payment",
		customer=_name_of(customer or make_customer()),
		amount=amount,
		lines=list(lines),
		**values,
	)
	if submit:
		payment.submit()
	return payment


def make_user(*roles: str) -> str:
	"""Return the name of a desk user with exactly these roles; the same roles give the same user."""
	email = "-".join(sorted(role.lower().replace(" ", ".") for role in roles)) + "@allorders.example"
	if not frappe.db.exists("User", email):
		if SYSTEM_MANAGER not in roles:
			# Frappe makes the first user of a site a System Manager, whatever it is asked for.
			make_user(SYSTEM_MANAGER)
		user = frappe.new_doc("User")
		user.update({"email": email, "first_name": " ".join(roles), "send_welcome_email": 0})
		user.append_roles(*roles)
		user.insert(ignore_permissions=True)
	return email


@contextmanager
def as_user(*roles: str) -> Iterator[str]:
	"""Run the block as a user who has these roles and no others."""
	user = make_user(*roles)
	former = frappe.session.user
	frappe.set_user(user)
	try:
		yield user
	finally:
		frappe.set_user(former)


def read_message(context: Any) -> str:
	"""Return the sentence of an exception caught by assertRaises."""
	return str(context.exception)


def _insert(doctype: str, **values: Any) -> Document:
	return frappe.get_doc({"doctype": doctype, **values}).insert()


def _make_name(kind: str) -> str:
	return f"{kind} {frappe.generate_hash(length=10)}"


def _name_of(record: str | Document) -> str:
	return record if isinstance(record, str) else record.name
