"""Customers and vendors in euros, in the books of the British company: home and foreign balances, rates, and what is refused."""

import json

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill, make_vendor_return
from allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc import make_customer_return, make_payment
from allorders_qb.sync import rows
from allorders_qb.tests.british import STANDARD, BritishTestCase
from allorders_qb.tests.utils import (
	make_customer,
	make_item,
	make_receiver,
	make_sales_order,
	make_ship_doc,
	make_vendor,
	read_message,
)
from allorders_qb.tests.utils import make_payment as make_plain_payment

RATE, LATER = 0.85, 0.87
GAIN, FUNDS, BANK = "Exchange Gain or Loss", "Undeposited Funds", "Current Account"


class CurrencyTestCase(BritishTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.customer = make_customer(currency="EUR").name
		self.vendor = make_vendor(currency="EUR").name
		self.service = make_item(item_type="Service", tax_code=STANDARD)

	def sell(self, item: Document | None = None, **values) -> Document:
		"""A ship doc of 100.00 euros and 20.00 of tax, sent."""
		line = {"item": (item or self.service).name, "quantity": 4, "unit_price": 25}
		values = {"exchange_rate": RATE, "tax_computed_by": "All Orders", **values}
		ship_doc = make_ship_doc(
			customer=self.customer, lines=[line], location=self.location, submit=True, **values
		)
		self.send(ship_doc)
		ship_doc.reload()
		return ship_doc

	def receive(self, **values) -> Document:
		"""A receiver of ten at 10.00 euros, sent."""
		line = {"item": self.item.name, "quantity": 10, "unit_cost": 10}
		values = {"exchange_rate": RATE, "vendor_invoice_number": frappe.generate_hash(length=8), **values}
		return self.send(make_receiver(vendor=self.vendor, lines=[line], location=self.location, **values))

	def owes(self) -> float:
		"""What the customer owes in euros, in QuickBooks."""
		return self.company.query(f"SELECT * FROM Customer WHERE DisplayName = '{self.customer}'")[0][
			"Balance"
		]

	def is_owed(self) -> float:
		"""What the vendor is owed in euros, in QuickBooks."""
		return self.company.query(f"SELECT * FROM Vendor WHERE DisplayName = '{self.vendor}'")[0]["Balance"]

	def read_sent(self, doc: Document) -> dict[str, tuple]:
		"""Currency and rate of what left, by role."""
		sent = {}
		for row in rows.get_rows(doc.doctype, doc.name):
			frozen = frappe.db.get_value(rows.QUEUE, row.name, "payload")
			if not frozen:
				continue  # There was nothing to record.
			payload = json.loads(frozen)
			sent[row.role] = (payload["CurrencyRef"]["value"], payload["ExchangeRate"])
		return sent


class TestSalesInAnotherCurrency(CurrencyTestCase):
	def test_an_invoice_and_its_payment_at_another_rate(self) -> None:
		ship_doc = self.sell()
		self.assertEqual((ship_doc.currency, ship_doc.total, ship_doc.home_total), ("EUR", 120, 102))
		self.assertEqual((ship_doc.quickbooks_status, ship_doc.quickbooks_total), ("Sent", 120))
		self.assertEqual(self.read_sent(ship_doc), {"invoice": ("EUR", RATE)})
		self.assert_changes(receivable_eur=102, vat=-17, income=-85)
		self.assertEqual(self.owes(), 120)
		payment = make_payment(ship_doc.name)
		payment.exchange_rate = LATER
		payment.insert().submit()
		self.send(payment)
		payment.reload()
		self.assertEqual((payment.home_amount, payment.applied_amount), (104.4, 120))
		self.assert_changes(vat=-17, income=-85)
		self.assertEqual(self.owes(), 0)
		self.assertEqual((self.get_change(FUNDS), self.get_change(GAIN)), (104.4, -2.4))

	def test_the_cost_of_goods_is_home_money(self) -> None:
		self.receive()
		ship_doc = self.sell(self.item, exchange_rate=LATER)
		self.assertEqual(self.read_sent(ship_doc), {"invoice": ("EUR", LATER), "cogs": ("GBP", 1)})
		self.assertEqual(ship_doc.total_cost, 34)
		self.assertEqual((self.get_change("Stock Asset"), self.get_change("Cost of Sales")), (51, 34))
		self.assert_worth()

	def test_what_comes_back_does_so_at_its_original_rate(self) -> None:
		ship_doc = self.sell()
		customer_return = make_customer_return(ship_doc.name)
		self.assertEqual(customer_return.exchange_rate, RATE)
		customer_return.update({"exchange_rate": LATER, "tax_computed_by": "All Orders"})
		with self.assertRaises(frappe.ValidationError) as caught:
			customer_return.insert()
		self.assertIn(
			f"Row 1: {ship_doc.name} was shipped at an exchange rate of 0.85, and this return is at 0.87. Use that rate",
			read_message(caught),
		)
		customer_return.exchange_rate = RATE
		customer_return.insert().submit()
		self.send(customer_return)
		self.assertEqual(self.read_sent(customer_return), {"credit_memo": ("EUR", RATE)})
		self.assert_changes()
		self.assertEqual(self.owes(), 0)

	def test_paid_and_refunded_at_once(self) -> None:
		ship_doc = self.sell(paid_at_sale=1)
		self.assertEqual(self.read_sent(ship_doc), {"sales_receipt": ("EUR", RATE)})
		self.assert_changes(vat=-17, income=-85)
		self.assertEqual(self.get_change(FUNDS), 102)
		customer_return = make_customer_return(ship_doc.name)
		customer_return.update(
			{"tax_computed_by": "All Orders", "refunded_at_once": 1, "payment_account": BANK}
		)
		customer_return.insert().submit()
		self.send(customer_return)
		self.assertEqual(self.read_sent(customer_return), {"refund_receipt": ("EUR", RATE)})
		self.assert_changes()
		self.assertEqual((self.get_change(FUNDS), self.get_change(BANK)), (102, -102))

	def test_home_money_says_so_too(self) -> None:
		"""A rate that is left out would be taken for 1, and so it is never left out."""
		self.customer = make_customer(currency="GBP").name
		ship_doc = self.sell(exchange_rate=3)
		self.assertEqual((ship_doc.exchange_rate, ship_doc.home_total), (1, 120))
		self.assertEqual(self.read_sent(ship_doc), {"invoice": ("GBP", 1)})

	def test_another_currency_than_the_partys_is_refused(self) -> None:
		home = make_customer(currency=None).name
		vendor = make_vendor(currency=None).name
		line = {"item": self.service.name, "quantity": 1}
		for make, sentence in (
			(
				lambda: make_sales_order(customer=self.customer, currency="GBP", lines=[line]),
				f"Customer {self.customer} is billed in EUR, and this document is in GBP. Set its currency to EUR.",
			),
			(
				lambda: make_sales_order(customer=home, currency="EUR", lines=[line]),
				"Set its currency to GBP.",
			),
			(lambda: make_plain_payment(home, currency="EUR"), "Set its currency to GBP."),
			(
				lambda: make_receiver(vendor=vendor, currency="EUR", lines=[line], location=self.location),
				f"Vendor {vendor} bills in GBP, and this document is in EUR. Change its currency to GBP.",
			),
		):
			with self.assertRaises(frappe.ValidationError) as caught:
				make()
			self.assertIn(sentence, read_message(caught))


class TestPurchasesInAnotherCurrency(CurrencyTestCase):
	def test_a_bill_and_what_goes_back_of_it(self) -> None:
		receiver = self.receive(tax_computed_by="All Orders")
		self.assertEqual((receiver.total, receiver.home_total, receiver.total_cost), (120, 102, 85))
		self.assertEqual(self.read_sent(receiver), {"bill": ("EUR", RATE)})
		self.assert_changes(stock=85, vat=17, payable_eur=-102)
		self.assertEqual(self.is_owed(), 120)
		self.assert_worth()
		vendor_return = make_vendor_return(receiver.name)
		vendor_return.tax_computed_by = "All Orders"
		vendor_return.lines[0].quantity = 5
		vendor_return.insert().submit()
		self.send(vendor_return)
		self.assertEqual(self.read_sent(vendor_return)["vendor_credit"], ("EUR", RATE))
		self.assert_changes(stock=42.5, vat=8.5, payable_eur=-51)
		self.assertEqual(self.is_owed(), 60)
		self.assert_worth()

	def test_billed_later_at_another_rate(self) -> None:
		"""What is owed until then is home money; the bill's own rate decides what the goods cost."""
		receiver = self.receive(billing="Bill Later")
		self.assertEqual(self.read_sent(receiver), {"accrual": ("GBP", 1)})
		self.assert_changes(stock=85, not_billed=-85)
		bill = make_vendor_bill(receiver.name)
		bill.update({"vendor_invoice_number": "B-1", "exchange_rate": LATER})
		bill.insert().submit()
		self.send(bill)
		self.assertEqual(self.read_sent(bill)["bill"], ("EUR", LATER))
		self.assert_changes(stock=87, vat=17.4, payable_eur=-104.4)
		self.assertEqual(self.is_owed(), 120)
		self.assert_worth()

	def test_freight_by_a_carrier_in_euros(self) -> None:
		carrier = make_vendor(currency="EUR").name
		receiver = self.receive(landed_costs=[{"description": "Freight", "amount": 17, "vendor": carrier}])
		target = frappe.get_doc({"doctype": "AO Vendor Bill", "vendor": carrier, "currency": "EUR"})
		bill = make_vendor_bill(receiver.name, target)
		bill.update({"vendor_invoice_number": "C-1", "exchange_rate": RATE})
		bill.landed_costs[0].update({"amount": 20, "tax_code": STANDARD})
		bill.insert().submit()
		self.send(bill)
		self.assertEqual(bill.landed_costs[0].home_amount, 17)
		self.assert_changes(stock=102, vat=20.4, payable_eur=-122.4)
		self.assert_worth()
