"""What orders and ship docs take over, compute, and do not let a client decide."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.allorders_qb.doctype.ao_customer.ao_customer import get_order_defaults
from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import (
	get_line_defaults,
)
from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import (
	make_ship_doc as map_ship_doc,
)
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_customer,
	make_item,
	make_sales_order,
	make_ship_doc,
)

BILL_TO = {
	"bill_to_line1": "12 Harbor Lane",
	"bill_to_city": "Astoria",
	"bill_to_state": "OR",
	"bill_to_postal_code": "97103",
	"bill_to_country": "USA",
}


def make_mirror(doctype: str, key: str, **values) -> str:
	"""Insert a list record as if it had been read from QuickBooks."""
	name = f"{key} {frappe.generate_hash(length=8)}"
	doc = frappe.new_doc(doctype)
	doc.update({key: name, **values})
	return doc.insert(ignore_permissions=True).name


def amend(cancelled: Document) -> Document:
	"""Return the unsaved amendment of a cancelled document, as the desk's Amend makes it."""
	amended = frappe.copy_doc(cancelled)
	amended.update({"amended_from": cancelled.name, "docstatus": 0})
	return amended


@contextmanager
def home_currency(currency: str) -> Iterator[None]:
	"""Run the block with this home currency in AO Settings."""
	settings = frappe.get_doc("AO Settings")
	former, settings.default_currency = settings.default_currency, currency
	settings.save()
	try:
		yield
	finally:
		settings.default_currency = former
		settings.save()


class TestDefaults(IntegrationTestCase):
	def test_header_comes_from_the_customer_and_stays_editable(self) -> None:
		terms = make_mirror("QuickBooks Term", "term_name", due_days=30)
		customer = make_customer(terms=terms, **BILL_TO, ship_to_line1="Dock 4", ship_to_city="Warrenton")
		order = make_sales_order(customer, submit=False)
		self.assertEqual((order.terms, order.currency, order.bill_to_city), (terms, "USD", "Astoria"))
		self.assertEqual(
			(order.ship_to_line1, order.ship_to_city, order.ship_to_state), ("Dock 4", "Warrenton", None)
		)
		order.update({"ship_to_line1": "Pier 9", "terms": None})
		order.save()
		order.reload()
		self.assertEqual((order.ship_to_line1, order.terms), ("Pier 9", None))

	def test_a_customer_without_a_ship_to_gets_the_goods_where_the_bill_goes(self) -> None:
		order = make_sales_order(make_customer(**BILL_TO))
		self.assertEqual((order.ship_to_line1, order.ship_to_postal_code), ("12 Harbor Lane", "97103"))

	def test_the_customers_currency_comes_before_the_sites(self) -> None:
		former = frappe.db.get_default("currency")
		frappe.db.set_default("currency", "USD")
		self.addCleanup(frappe.db.set_default, "currency", former)
		line = {"item": make_item().name, "quantity": 1}
		customer = make_customer(currency="EUR").name
		order = frappe.get_doc({"doctype": "AO Sales Order", "customer": customer, "lines": [line]}).insert()
		self.assertEqual(order.currency, "EUR")
		order.currency = "USD"
		with self.assertRaises(frappe.ValidationError) as caught:
			order.save()
		self.assertIn(
			f"Customer {customer} is billed in EUR, and this document is in USD. Set its currency to EUR.",
			str(caught.exception),
		)

	def test_an_address_given_is_not_mixed_with_the_customers(self) -> None:
		order = make_sales_order(make_customer(**BILL_TO), ship_to_city="Seaside")
		self.assertEqual((order.ship_to_line1, order.ship_to_city), (None, "Seaside"))
		self.assertEqual(order.bill_to_line1, "12 Harbor Lane")

	def test_another_customer_brings_another_address(self) -> None:
		order = make_sales_order(make_customer(**BILL_TO), submit=False, po_number="PO-1")
		other = make_customer(bill_to_line1="1 Main St", bill_to_city="Bend")
		order.customer = other.name
		order.save()
		self.assertEqual((order.bill_to_line1, order.bill_to_postal_code), ("1 Main St", None))
		self.assertEqual((order.ship_to_city, order.po_number), ("Bend", "PO-1"))

	def test_a_ship_doc_written_by_a_program_takes_the_header_of_its_order(self) -> None:
		order = make_sales_order(
			make_customer(**BILL_TO, currency="EUR"),
			exchange_rate=1.08,
			po_number="PO-2",
			ship_to_city="Salem",
		)
		ship_doc = make_ship_doc(
			customer=order.customer,
			lines=[{"item": order.lines[0].item, "quantity": 1, "sales_order": order.name}],
		)
		self.assertEqual(
			(ship_doc.currency, ship_doc.exchange_rate, ship_doc.po_number, ship_doc.ship_to_city),
			("EUR", 1.08, "PO-2", "Salem"),
		)

	def test_lines_come_from_the_item_unless_something_is_said(self) -> None:
		item = make_item(description="Chai, 20 bags a box", unit="box", unit_price=18.25)
		order = make_sales_order(
			lines=[
				{"item": item.name, "quantity": 2},
				{"item": item.name, "quantity": 2, "unit_price": 0, "description": "Sample"},
			]
		)
		first, second = order.lines
		self.assertEqual(
			(first.description, first.unit, first.unit_price), ("Chai, 20 bags a box", "box", 18.25)
		)
		self.assertEqual((second.description, second.unit_price, second.amount), ("Sample", 0, 0))

	def test_a_non_taxable_item_stays_so_else_the_customers_code_rules(self) -> None:
		tax = make_mirror("QuickBooks Tax Code", "code_name", taxable=1)
		exempt = make_mirror("QuickBooks Tax Code", "code_name", taxable=0)
		reseller = make_mirror("QuickBooks Tax Code", "code_name", taxable=0)
		taxed, food = make_item(tax_code=tax), make_item(tax_code=exempt)
		lines = [{"item": taxed.name, "quantity": 1}, {"item": food.name, "quantity": 1}]
		for customer_code, expected in (
			(None, [tax, exempt]),
			(reseller, [reseller, exempt]),
			(tax, [tax, exempt]),
		):
			order = make_sales_order(make_customer(tax_code=customer_code), lines)
			self.assertEqual([row.tax_code for row in order.lines], expected)

	def test_the_form_is_offered_what_the_server_would_fill_in(self) -> None:
		customer = make_customer(**BILL_TO)
		self.assertEqual(get_order_defaults(customer.name)["ship_to_city"], "Astoria")
		item = make_item(unit_price=7.5, description="Mug")
		self.assertEqual(
			get_line_defaults(item.name, customer.name, "USD", 1),
			{"description": "Mug", "unit": "each", "unit_price": 7.5, "tax_code": None},
		)

	def test_due_date_follows_from_the_terms_when_empty(self) -> None:
		terms = make_mirror("QuickBooks Term", "term_name", due_days=30)
		customer = make_customer(terms=terms)
		computed = make_ship_doc(customer=customer, posting_date="2026-01-15")
		self.assertEqual(getdate(computed.due_date), getdate("2026-02-14"))
		given = make_ship_doc(customer=customer, posting_date="2026-01-15", due_date="2026-01-20")
		self.assertEqual(getdate(given.due_date), getdate("2026-01-20"))
		self.assertIsNone(make_ship_doc(posting_date="2026-01-15").due_date)


class TestTotals(IntegrationTestCase):
	def test_half_a_cent_goes_up_once_per_line(self) -> None:
		item = make_item()
		cases = [
			# quantity, unit price, discount, amount
			(1, 0.125, 0, 0.13),
			(1, 2.675, 0, 2.68),
			(3, 1.115, 0, 3.35),
			(1, 1.005, 0, 1.01),
			(7, 4.525, 33.333, 21.12),
			(1, 100, 33.333, 66.67),
			(1, 0.01, 50, 0.01),
			(12, 14, 5, 159.6),
			(0.333333, 3, 0, 1.0),
			(1000, 0.0012345, 0, 1.23),
			(1, 10, 100, 0),
		]
		order = make_sales_order(
			lines=[
				{"item": item.name, "quantity": quantity, "unit_price": price, "discount_percent": discount}
				for quantity, price, discount, _amount in cases
			]
		)
		self.assertEqual([row.amount for row in order.lines], [case[3] for case in cases])
		stored = frappe.get_doc("AO Sales Order", order.name)
		self.assertEqual([row.amount for row in stored.lines], [case[3] for case in cases])
		self.assertEqual(stored.subtotal, 256.8)

	def test_numbers_are_stored_with_the_decimals_they_are_computed_with(self) -> None:
		item = make_item()
		order = make_sales_order(
			lines=[
				{"item": item.name, "quantity": 1.23456789, "unit_price": 0.123456789, "discount_percent": 0}
			],
			freight=1.005,
		)
		order.reload()
		row = order.lines[0]
		self.assertEqual((row.quantity, row.unit_price, order.freight), (1.234568, 0.1234568, 1.01))

	def test_the_home_currency_has_no_rate(self) -> None:
		with home_currency("USD"):
			self.assertEqual(make_sales_order(exchange_rate=3).exchange_rate, 1)
			abroad = make_sales_order(
				make_customer(currency="EUR"),
				[{"item": make_item(unit_price=11).name, "quantity": 1}],
				exchange_rate=1.1,
			)
		self.assertEqual((abroad.exchange_rate, abroad.lines[0].unit_price, abroad.total), (1.1, 10, 10))

	def test_what_a_client_sends_for_computed_fields_is_overwritten(self) -> None:
		order = frappe.new_doc("AO Sales Order")
		order.update(
			{
				"customer": make_customer().name,
				"subtotal": 1,
				"total": 1,
				"status": "Closed",
				"percent_shipped": 100,
				"is_closed": 1,
				"freight": 5,
			}
		)
		line = {"item": make_item().name, "quantity": 2, "amount": 1, "shipped_quantity": 2}
		order.append("lines", line)
		order.insert()
		for action in (order.save, order.submit, None):
			order.reload()
			self.assertEqual((order.subtotal, order.total, order.lines[0].amount), (20, 25, 20))
			self.assertEqual(
				(order.percent_shipped, order.is_closed, order.lines[0].shipped_quantity), (0, 0, 0)
			)
			order.update({"total": 1, "subtotal": 1, "is_closed": 1, "percent_shipped": 50})
			order.lines[0].update({"amount": 1, "shipped_quantity": 1})
			if action:
				action()
		self.assertRaises(frappe.UpdateAfterSubmitError, order.save)

	def test_a_ship_docs_status_is_not_for_clients_to_set(self) -> None:
		ship_doc = make_ship_doc()
		ship_doc.update({"status": "Shipped", "total": 1})
		ship_doc.save()
		self.assertEqual((ship_doc.status, ship_doc.total), ("Committed", 100))

	def test_amend_of_a_cancelled_ship_doc(self) -> None:
		order = make_sales_order()
		ship_doc = make_ship_doc(order, submit=True, tracking_number="1Z 999")
		ship_doc.db_set({"quickbooks_status": "Sent", "quickbooks_id": "77", "quickbooks_doc_number": "1001"})
		ship_doc.db_set("quickbooks_status", "")
		ship_doc.cancel()
		amended = amend(ship_doc)
		amended.lines[0].quantity = 4
		amended.insert()
		self.assertEqual(amended.name, f"{ship_doc.name}-1")
		self.assertEqual(
			(amended.status, amended.tracking_number, amended.total), ("Committed", "1Z 999", 40)
		)
		self.assertFalse(amended.quickbooks_id or amended.quickbooks_doc_number or amended.quickbooks_status)
		amended.submit()
		order.reload()
		self.assertEqual((order.status, order.lines[0].shipped_quantity), ("Partially Shipped", 4))

	def test_amend_of_a_cancelled_order_starts_anew(self) -> None:
		order = make_sales_order()
		ship_doc = make_ship_doc(order, submit=True)
		ship_doc.cancel()
		order.reload()
		order.cancel()
		amended = amend(order)
		amended.insert().submit()
		self.assertEqual((amended.status, amended.percent_shipped), ("Open", 0))
		self.assertEqual(map_ship_doc(amended.name).lines[0].quantity, 10)
