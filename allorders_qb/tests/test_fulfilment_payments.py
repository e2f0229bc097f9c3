"""What customers pay: filled in from orders and ship docs, and refused with row and remedy where it does not fit."""

import frappe

from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import make_payment as map_order_payment
from allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc import make_payment as map_ship_doc_payment
from allorders_qb.fulfilment.paying import has_deposit
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	as_user,
	make_customer,
	make_item,
	make_payment,
	make_sales_order,
	make_ship_doc,
	read_message,
)


class TestPaymentDocument(IntegrationTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.customer = make_customer()
		self.order = make_sales_order(self.customer)

	def assert_refused(self, *parts: str, **values) -> None:
		with self.assertRaises(frappe.ValidationError) as context:
			make_payment(self.customer, **values)
		for part in parts:
			self.assertIn(part, read_message(context))

	def test_a_deposit_is_made_from_its_order(self) -> None:
		payment = map_order_payment(self.order.name).insert()
		self.assertEqual((payment.customer, payment.currency), (self.customer.name, "USD"))
		self.assertEqual(
			(payment.amount, payment.allocated_amount, payment.unapplied_amount), (100, 100, 100)
		)
		self.assertEqual([(row.sales_order, row.amount) for row in payment.lines], [(self.order.name, 100)])
		self.assertEqual(payment.status, "Draft")
		payment.submit()
		self.assertEqual(payment.status, "Received")
		self.assertTrue(payment.name.startswith("PM-"))
		self.assertTrue(has_deposit([self.order.name]))
		payment.cancel()
		self.assertEqual(payment.status, "Cancelled")
		self.assertFalse(has_deposit([self.order.name]))

	def test_only_what_is_not_paid_yet_is_proposed(self) -> None:
		make_payment(self.customer, 30, [{"sales_order": self.order.name, "amount": 30}], submit=True)
		self.assertEqual(map_order_payment(self.order.name).amount, 70)
		make_payment(self.customer, 70, [{"sales_order": self.order.name, "amount": 70}], submit=True)
		with self.assertRaises(frappe.ValidationError) as context:
			map_order_payment(self.order.name)
		self.assertIn(f"Nothing is left to be paid on {self.order.name}", read_message(context))

	def test_a_payment_is_made_from_its_ship_doc_and_serves_several(self) -> None:
		first = make_ship_doc(customer=self.customer, submit=True)
		second = make_ship_doc(customer=self.customer, submit=True)
		payment = map_ship_doc_payment(second.name, map_ship_doc_payment(first.name)).insert()
		self.assertEqual([row.ship_doc for row in payment.lines], [first.name, second.name])
		self.assertEqual(payment.amount, 200)

	def test_a_draft_order_takes_no_money(self) -> None:
		draft = make_sales_order(self.customer, submit=False)
		with self.assertRaises(frappe.ValidationError) as context:
			map_order_payment(draft.name)
		self.assertIn("Submit it before taking money", read_message(context))

	def test_an_overpayment_is_taken(self) -> None:
		payment = make_payment(self.customer, 150, [{"sales_order": self.order.name, "amount": 100}])
		self.assertEqual((payment.allocated_amount, payment.unapplied_amount), (100, 150))

	def test_amounts_are_rounded_half_up_to_the_cent(self) -> None:
		payment = make_payment(self.customer, 10.005, [{"sales_order": self.order.name, "amount": 2.675}])
		self.assertEqual((payment.amount, payment.lines[0].amount), (10.01, 2.68))

	def test_what_a_client_sends_as_applied_counts_for_nothing(self) -> None:
		payment = make_payment(self.customer, 10, applied_amount=10, unapplied_amount=0, status="Received")
		self.assertEqual((payment.applied_amount, payment.unapplied_amount, payment.status), (0, 10, "Draft"))

	def test_the_amount_must_be_one(self) -> None:
		for amount in (0, -5, 10**12):
			self.assert_refused("must be more than zero", "Enter what was received", amount=amount)
		self.assert_refused("is not a number", amount="ten")

	def test_the_currency_is_the_customers(self) -> None:
		self.assert_refused("is billed in USD", "Set its currency to USD", amount=10, currency="EUR")

	def test_the_exchange_rate_must_be_one(self) -> None:
		self.customer = make_customer(currency="EUR")
		self.assert_refused("exchange rate must be more than zero", amount=10, exchange_rate=-1)

	def test_an_inactive_customer_pays_nothing(self) -> None:
		self.customer = make_customer(inactive=1)
		self.assert_refused("is inactive", "choose another", amount=10)

	def test_rows_may_not_add_up_to_more_than_was_received(self) -> None:
		self.assert_refused(
			"add up to 100.00, and 90.00 was received",
			"Take 10.00 off",
			amount=90,
			lines=[{"sales_order": self.order.name, "amount": 100}],
		)

	def test_a_row_is_for_one_thing(self) -> None:
		ship_doc = make_ship_doc(customer=self.customer, submit=True)
		both = {"sales_order": self.order.name, "ship_doc": ship_doc.name, "amount": 1}
		self.assert_refused("Row 1", "both are named", amount=10, lines=[both])
		self.assert_refused("Row 1", "none is named", amount=10, lines=[{"amount": 1}])

	def test_nothing_is_paid_twice_in_one_payment(self) -> None:
		row = {"sales_order": self.order.name, "amount": 1}
		self.assert_refused("Row 2", "already in row 1", "into one row", amount=10, lines=[row, dict(row)])

	def test_a_row_has_an_amount(self) -> None:
		row = {"sales_order": self.order.name, "amount": -1}
		self.assert_refused("Row 1", "must be more than zero", amount=10, lines=[row])

	def test_an_order_of_another_customer_is_refused(self) -> None:
		other = make_sales_order()
		row = {"sales_order": other.name, "amount": 10}
		self.assert_refused("Row 1", other.customer, "Take the row out", amount=10, lines=[row])

	def test_what_is_cancelled_is_not_paid(self) -> None:
		self.order.cancel()
		row = {"sales_order": self.order.name, "amount": 10}
		self.assert_refused("cancelled", "Row #1", self.order.name, amount=10, lines=[row])

	def test_a_draft_is_not_paid(self) -> None:
		draft = make_ship_doc(customer=self.customer)
		payment = make_payment(self.customer, 10, [{"ship_doc": draft.name, "amount": 10}])
		with self.assertRaises(frappe.ValidationError) as context:
			payment.submit()
		self.assertIn("still a draft", read_message(context))

	def test_an_order_with_a_deposit_is_invoiced(self) -> None:
		make_payment(self.customer, 10, [{"sales_order": self.order.name, "amount": 10}], submit=True)
		deposited = make_ship_doc(self.order, submit=True, paid_at_sale=1)
		self.assertEqual(deposited.paid_at_sale, 0)
		other = make_ship_doc(customer=self.customer, submit=True, paid_at_sale=1)
		self.assertEqual(other.paid_at_sale, 1)

	def test_what_was_paid_at_sale_is_not_paid_again(self) -> None:
		ship_doc = make_ship_doc(customer=self.customer, submit=True, paid_at_sale=1)
		row = {"ship_doc": ship_doc.name, "amount": 10}
		self.assert_refused("Row 1", "was paid at sale", "Take the row out", amount=10, lines=[row])
		with self.assertRaises(frappe.ValidationError) as context:
			map_ship_doc_payment(ship_doc.name)
		self.assertIn("was paid at sale", read_message(context))

	def test_an_order_with_a_payment_is_not_cancelled_before_it(self) -> None:
		make_payment(self.customer, 10, [{"sales_order": self.order.name, "amount": 10}], submit=True)
		with self.assertRaises(frappe.LinkExistsError):
			frappe.get_doc("AO Sales Order", self.order.name).cancel()

	def test_money_is_deposited_where_money_is(self) -> None:
		account = frappe.get_doc(
			{
				"doctype": "QuickBooks Account",
				"account_name": f"Sales {frappe.generate_hash(length=6)}",
				"account_type": "Income",
			}
		).insert()
		self.assert_refused("type Income", "bank account", amount=10, deposit_account=account.name)

	def test_the_receipt_says_what_it_is_for(self) -> None:
		payment = make_payment(
			self.customer, 150, [{"sales_order": self.order.name, "amount": 100}], payment_reference="4711"
		)
		html = frappe.get_print("AO Payment", payment.name, "AO Receipt")
		for text in ("Receipt", payment.customer, self.order.name, "4711", "150.00"):
			self.assertIn(text, html)

	def test_a_user_takes_money_and_a_viewer_only_looks(self) -> None:
		with as_user("AO User"):
			payment = make_payment(self.customer.name, 10, submit=True)
			with self.assertRaises(frappe.PermissionError):
				payment.cancel()
		with as_user("AO Viewer"):
			frappe.get_doc("AO Payment", payment.name).check_permission("read")
			with self.assertRaises(frappe.PermissionError):
				make_payment(self.customer.name, 10)
			with self.assertRaises(frappe.PermissionError):
				map_order_payment(self.order.name)

	def test_the_order_of_freight_and_lines_is_paid_whole(self) -> None:
		order = make_sales_order(
			self.customer, lines=[{"item": make_item(unit_price="0.333").name, "quantity": 7}], freight=12.34
		)
		self.assertEqual(map_order_payment(order.name).amount, 14.67)
