"""Every role that a document may have, under every inventory mode that gives it: which document has it, and how it is made.

Shared by the tests of all posting documents and by the crash tests. A role of ``sync.registry`` that has no case here
makes ``test_posting_matrix`` fail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill, make_vendor_return
from allorders_qb.stock.recosting import recost_item
from allorders_qb.sync.true_up import propose
from allorders_qb.tests.utils import (
	make_customer,
	make_item,
	make_location,
	make_opening_stock,
	make_payment,
	make_receiver,
	make_ship_doc,
	make_vendor,
)

NO_MODE, VALUES, COUNTED = "Not Chosen", "Values Only", "QuickBooks Counts Too"


@dataclass(frozen=True)
class Goods:
	"""What a case may use: a location with ten of an item in it, bought at 4.00 and sold at 10.00."""

	location: str = field(default_factory=lambda: make_location().name)
	item: str = field(default_factory=lambda: make_item(purchase_cost=4).name)

	def __post_init__(self) -> None:
		make_opening_stock(
			[{"item": self.item, "location": self.location, "quantity": 10, "unit_cost": 4}],
		)


@dataclass(frozen=True)
class Case:
	"""A draft of `doctype` that becomes exactly `roles` (in this order) under `mode` once it is submitted.

	``prepare`` makes what has to be in QuickBooks before, submitted, and is given to ``make``.
	"""

	doctype: str
	mode: str
	roles: tuple[str, ...]
	make: Callable[[Goods, Any], Document]
	prepare: Callable[[Goods], Any] = lambda goods: None
	variant: str = ""
	golden: bool = True
	"""Whether its payloads are the same in every run."""

	@property
	def name(self) -> str:
		words = (self.doctype.removeprefix("AO "), self.variant, self.mode)
		return "_".join("_".join(filter(None, words)).lower().replace("-", " ").split())


def _draft(doctype: str, **values: Any) -> Document:
	return frappe.get_doc({"doctype": doctype, **values}).insert()


def _line(goods: Goods, quantity: float = 2, **values: Any) -> dict:
	return {"item": goods.item, "quantity": quantity, **values}


def make_shipment(goods: Goods, _before: Any, **values: Any) -> Document:
	return make_ship_doc(lines=[_line(goods, unit_price=10)], location=goods.location, **values)


def make_paid_shipment(goods: Goods, _before: Any) -> Document:
	return make_shipment(goods, None, paid_at_sale=1)


def make_return(goods: Goods, _before: Any, disposition: str = "Back to Stock", **values: Any) -> Document:
	lines = [_line(goods, unit_price=10, disposition=disposition)]
	return _draft(
		"AO Customer Return",
		customer=make_customer().name,
		location=goods.location,
		lines=lines,
		**values,
	)


def make_scrapped_return(goods: Goods, _before: Any) -> Document:
	return make_return(goods, None, disposition="Scrap")


def make_refund(goods: Goods, _before: Any) -> Document:
	return make_return(goods, None, refunded_at_once=1, payment_account="Checking")


def make_work_order(goods: Goods, _before: Any) -> Document:
	made = make_item(
		item_type="Assembly",
		components=[{"item": goods.item, "quantity": 2}],
		production_costs=[{"kind": "Labour", "description": "Joiner", "amount": 7.5}],
	)
	return _draft("AO Work Order", item=made.name, quantity=1, location=goods.location)


def make_loss(goods: Goods, _before: Any) -> Document:
	lines = [{"item": goods.item, "quantity_change": -1}]
	return _draft("AO Quantity Adjustment", location=goods.location, reason="Lost", lines=lines)


def make_devaluation(goods: Goods, _before: Any) -> Document:
	return _draft("AO Value Adjustment", lines=[{"item": goods.item, "value_change": -2.55}])


def make_true_up(goods: Goods, ship_doc: Document) -> Document:
	"""A cost true-up of a shipment whose goods an earlier receipt has made dearer."""
	make_opening_stock(
		[{"item": goods.item, "location": goods.location, "quantity": 5, "unit_cost": 6}],
		posting_date="2020-01-02",
	)
	frappe.db.commit()
	recost_item(goods.item)
	return frappe.get_doc("AO Cost True-Up", propose())


def find_what_is_worth_more_here(goods: Goods) -> Document:
	"""Two found, worth 5.00 each here, where the last were bought, and 4.00 in QuickBooks, the item's purchase cost."""
	item = make_item(purchase_cost=4).name
	lines = [{"item": item, "quantity": 10, "unit_cost": 5}]
	make_receiver(lines=lines, location=goods.location, vendor_invoice_number=frappe.generate_hash(length=8))
	found = [{"item": item, "quantity_change": 2}]
	return _draft("AO Quantity Adjustment", location=goods.location, reason="Found", lines=found).submit()


def make_counted_true_up(_goods: Goods, _found: Document) -> Document:
	"""A cost true-up of what was found."""
	return frappe.get_doc("AO Cost True-Up", propose())


def receive(goods: Goods, _before: Any = None, submit: bool = False, **values: Any) -> Document:
	return make_receiver(
		vendor=make_vendor().name,
		lines=[_line(goods, unit_cost=4)],
		location=goods.location,
		submit=submit,
		**{"vendor_invoice_number": frappe.generate_hash(length=8), **values},
	)


def receive_with_freight(goods: Goods, _before: Any) -> Document:
	return receive(goods, landed_costs=[{"description": "Freight", "amount": 12}])


def receive_to_be_billed(goods: Goods, _before: Any = None) -> Document:
	return receive(goods, billing="Bill Later", vendor_invoice_number=None)


def have_received_to_be_billed(goods: Goods) -> Document:
	"""Two to be billed later, one of which is sold: what it cost changes with the bill."""
	receiver = receive_to_be_billed(goods).submit()
	make_ship_doc(lines=[_line(goods, 11, unit_price=10)], location=goods.location, submit=True)
	return receiver


def have_received(goods: Goods) -> Document:
	return receive(goods, submit=True)


def have_received_with_freight(goods: Goods) -> Document:
	return receive_with_freight(goods, None).submit()


def make_bill(_goods: Goods, receiver: Document) -> Document:
	"""The vendor's bill of what was received, at another price."""
	bill = make_vendor_bill(receiver.name)
	bill.vendor_invoice_number = frappe.generate_hash(length=8)
	row = (bill.lines or bill.landed_costs)[0]
	row.update({"unit_cost": 5} if bill.lines else {"amount": 15})
	return bill.insert()


def send_back(_goods: Goods, receiver: Document) -> Document:
	doc = make_vendor_return(receiver.name)
	doc.lines[0].update({"quantity": 1, "unit_cost": 3.5})
	return doc.insert()


def have_shipped(goods: Goods) -> Document:
	return make_shipment(goods, None).submit()


def make_deposit(_goods: Goods, _before: Any) -> Document:
	return make_payment(make_customer(), 15)


CASES = (
	Case("AO Ship Doc", VALUES, ("invoice", "cogs"), make_shipment),
	Case("AO Ship Doc", COUNTED, ("invoice",), make_shipment),
	Case("AO Ship Doc", VALUES, ("sales_receipt", "cogs"), make_paid_shipment, variant="paid"),
	Case("AO Ship Doc", COUNTED, ("sales_receipt",), make_paid_shipment, variant="paid"),
	Case("AO Customer Return", VALUES, ("credit_memo", "cogs"), make_return),
	Case("AO Customer Return", COUNTED, ("credit_memo",), make_return),
	Case("AO Customer Return", COUNTED, ("credit_memo", "scrap"), make_scrapped_return, variant="scrapped"),
	Case("AO Customer Return", VALUES, ("refund_receipt", "cogs"), make_refund, variant="refunded"),
	Case("AO Customer Return", COUNTED, ("refund_receipt",), make_refund, variant="refunded"),
	Case("AO Work Order", VALUES, ("production",), make_work_order),
	Case("AO Work Order", COUNTED, ("adjustment", "production"), make_work_order),
	Case("AO Quantity Adjustment", VALUES, ("journal",), make_loss),
	Case("AO Quantity Adjustment", COUNTED, ("adjustment",), make_loss),
	Case("AO Value Adjustment", VALUES, ("journal",), make_devaluation),
	Case("AO Value Adjustment", COUNTED, ("journal",), make_devaluation),
	Case("AO Cost True-Up", VALUES, ("journal",), make_true_up, have_shipped),
	# It compares everything that is in stock with QuickBooks, so its amounts are the site's.
	Case(
		"AO Cost True-Up",
		COUNTED,
		("journal",),
		make_counted_true_up,
		find_what_is_worth_more_here,
		golden=False,
	),
	Case("AO Receiver", VALUES, ("bill", "landed_cost"), receive_with_freight),
	Case("AO Receiver", COUNTED, ("bill",), receive_with_freight),
	Case("AO Receiver", VALUES, ("accrual",), receive_to_be_billed, variant="billed later"),
	Case("AO Receiver", COUNTED, ("bill",), receive_to_be_billed, variant="billed later"),
	Case(
		"AO Vendor Bill",
		VALUES,
		("bill", "accrual_reversal", "revaluation"),
		make_bill,
		have_received_to_be_billed,
	),
	Case("AO Vendor Bill", COUNTED, ("bill", "revaluation"), make_bill, have_received_with_freight),
	Case("AO Vendor Return", VALUES, ("vendor_credit", "variance"), send_back, have_received),
	Case("AO Vendor Return", COUNTED, ("vendor_credit",), send_back, have_received),
	Case("AO Payment", VALUES, ("payment",), make_deposit),
	Case("AO Payment", COUNTED, ("payment",), make_deposit),
)

PLANNED_LATER = (
	("AO Payment", "application"),
	("AO Vendor Bill", "provisional"),
)
"""Roles whose rows are not written with the document, but when others are in QuickBooks or about to go there. They have tests
of their own: ``test_payments`` and ``tests/crash/test_crash_payments.py``, ``tests/crash/test_crash_billed_later.py``."""
