"""Terms that mean paid at sale: the tick by itself, the sales receipt in QuickBooks, the invoice where there is a deposit."""

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import make_ship_doc as map_ship_doc
from allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc import get_paid_at_sale
from allorders_qb.tests.booked import BooksTestCase
from allorders_qb.tests.utils import (
	make_customer,
	make_item,
	make_payment,
	make_sales_order,
	make_ship_doc,
	read_message,
)

PAID, OPEN, CARD = "Due on receipt", "Net 30", "Net 15"


class TestPaidAtSale(BooksTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.choose_mode("Values Only")
		self.set_paid_terms(
			{"terms": PAID, "payment_account": "Checking", "payment_method": "Check"},
			{"terms": CARD, "payment_account": "Savings"},
		)
		self.addCleanup(self.set_paid_terms)
		self.customer = make_customer(terms=PAID)
		self.lines = [{"item": make_item(item_type="Service").name, "quantity": 2}]

	def set_paid_terms(self, *rows: dict) -> Document:
		settings = frappe.get_doc("AO Settings")
		settings.set("paid_terms", list(rows))
		settings.save()
		frappe.db.commit()
		return settings

	def ship(self, **values) -> Document:
		return make_ship_doc(customer=self.customer, lines=self.lines, location=self.location, **values)

	def read_paid(self, doc: Document) -> tuple:
		return doc.paid_at_sale, doc.payment_account, doc.payment_method

	def test_the_customers_terms_tick_it(self) -> None:
		self.assertEqual(self.read_paid(self.ship()), (1, "Checking", "Check"))
		self.customer = make_customer(terms=OPEN)
		self.assertEqual(self.read_paid(self.ship())[0], 0)

	def test_the_orders_terms_tick_it_and_not_the_customers(self) -> None:
		order = make_sales_order(self.customer, self.lines, terms=OPEN)
		self.assertEqual(make_ship_doc(order).paid_at_sale, 0)
		order = make_sales_order(make_customer(terms=OPEN), self.lines, terms=PAID)
		self.assertEqual(self.read_paid(make_ship_doc(order)), (1, "Checking", "Check"))

	def test_the_tick_can_be_taken_off(self) -> None:
		doc = self.ship()
		doc.paid_at_sale = 0
		doc.save()
		doc.reload()
		self.assertEqual(doc.paid_at_sale, 0)
		self.send(doc.submit())
		self.assertEqual(self.list_roles(doc), ["invoice"])

	def test_another_customer_of_other_terms_takes_it_off(self) -> None:
		doc = self.ship()
		doc.customer = make_customer(terms=OPEN).name
		doc.save()
		self.assertEqual((doc.terms, doc.paid_at_sale), (OPEN, 0))

	def test_a_tick_that_was_entered_stays(self) -> None:
		self.customer = make_customer(terms=OPEN)
		doc = self.ship(paid_at_sale=1, payment_account="Savings")
		self.assertEqual((doc.terms, *self.read_paid(doc)), (OPEN, 1, "Savings", None))
		order = make_sales_order(self.customer, self.lines)
		ticked = {"doctype": "AO Ship Doc", "paid_at_sale": 1, "payment_account": "Savings"}
		self.assertEqual(self.read_paid(map_ship_doc(order.name, ticked)), (1, "Savings", None))
		saved = self.ship()
		saved.update({"customer": make_customer(terms=OPEN).name, "terms": None, "paid_at_sale": 1})
		saved.save()
		self.assertEqual((saved.terms, saved.paid_at_sale), (OPEN, 1))
		self.send(doc.submit())
		self.assertEqual(self.list_roles(doc), ["sales_receipt"])

	def test_what_the_former_terms_filled_gives_way(self) -> None:
		doc = self.ship()
		doc.customer = make_customer(terms=CARD).name
		doc.save()
		self.assertEqual((doc.terms, *self.read_paid(doc)), (CARD, 1, "Savings", None))
		order = make_sales_order(self.customer, self.lines, terms=CARD)
		filled = {"terms": PAID, "paid_at_sale": 1, "payment_account": "Checking", "payment_method": "Check"}
		result = map_ship_doc(order.name, {"doctype": "AO Ship Doc", **filled})
		self.assertEqual((result.terms, *self.read_paid(result)), (CARD, 1, "Savings", None))

	def test_the_form_asks_what_new_terms_change(self) -> None:
		filled = {"paid_at_sale": 1, "payment_account": "Checking", "payment_method": "Check"}
		nothing = {"paid_at_sale": 0, "payment_account": None, "payment_method": None}
		savings = {"paid_at_sale": 1, "payment_account": "Savings", "payment_method": None}
		for terms, entered, former, expected in (
			(PAID, nothing, None, filled),
			(OPEN, filled, PAID, nothing),
			(CARD, filled, PAID, savings),
			(OPEN, filled, None, filled),
			(OPEN, savings, OPEN, savings),
			(CARD, {**filled, "payment_account": "Savings"}, PAID, savings),
			(PAID, savings, None, {**savings, "payment_method": "Check"}),
		):
			with self.subTest(terms=terms, entered=entered, former=former):
				self.assertEqual(get_paid_at_sale(terms, "[]", frappe.as_json(entered), former), expected)

	def test_it_is_a_sales_receipt_that_names_account_and_method(self) -> None:
		doc = self.send(self.ship(submit=True))
		self.assertEqual(self.list_roles(doc), ["sales_receipt"])
		(receipt,) = self.company.query("SELECT * FROM SalesReceipt")
		self.assertEqual(receipt["DepositToAccountRef"]["name"], "Checking")
		self.assertEqual(receipt["PaymentMethodRef"]["name"], "Check")
		self.assertEqual(self.company.get_balance("Checking"), 20)
		self.assertEqual(self.company.get_invoices(), [])

	def test_an_order_with_a_deposit_is_invoiced(self) -> None:
		order = make_sales_order(self.customer, self.lines)
		make_payment(self.customer, 5, [{"sales_order": order.name, "amount": 5}], submit=True)
		self.assertEqual(get_paid_at_sale(PAID, f'["{order.name}"]')["paid_at_sale"], 0)
		doc = self.send(make_ship_doc(order, location=self.location, submit=True))
		self.assertEqual((doc.terms, doc.paid_at_sale), (PAID, 0))
		self.assertEqual(self.list_roles(doc), ["invoice"])
		self.assertEqual(self.company.query("SELECT * FROM SalesReceipt"), [])
		self.assertEqual(self.company.get_invoices()[0]["Balance"], 15)

	def test_money_without_an_account_is_refused_by_its_field(self) -> None:
		self.set_paid_terms({"terms": PAID})
		frappe.db.set_single_value("QuickBooks Settings", "deposit_account", None)
		frappe.clear_document_cache("QuickBooks Settings", "QuickBooks Settings")
		doc = self.send(self.ship(submit=True))
		doc.reload()
		self.assertEqual(doc.quickbooks_status, "Needs Attention")
		self.assertIn("Deposit To is empty", doc.quickbooks_reason)

	def test_settings_that_do_not_fit_are_refused_by_row(self) -> None:
		with self.assertRaises(frappe.ValidationError) as context:
			self.set_paid_terms({"terms": PAID, "payment_account": "Cost of Goods Sold"}, {"terms": PAID})
		self.assertIn("Row 1, Deposit To: account Cost of Goods Sold is of type", read_message(context))
		self.assertIn("Row 2: Due on receipt is there twice", read_message(context))
