"""Accounts that documents name themselves: of a wrong type, or inactive, refused by field with the remedy; and stock that is not there."""

import frappe

from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_customer,
	make_item,
	make_location,
	make_opening_stock,
	make_ship_doc,
	read_message,
)


class TestAccountsOfDocuments(IntegrationTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.item = make_item(purchase_cost=4).name
		self.location = make_location().name
		make_opening_stock([{"item": self.item, "location": self.location, "quantity": 5, "unit_cost": 4}])

	def make_account(self, account_type: str, **values) -> str:
		return (
			frappe.get_doc(
				{
					"doctype": "QuickBooks Account",
					"account_name": f"{account_type} {frappe.generate_hash(length=6)}",
					"account_type": account_type,
					**values,
				}
			)
			.insert(ignore_permissions=True)
			.name
		)

	def assert_refused(self, doctype: str, *parts: str, **values) -> None:
		with self.assertRaises(frappe.ValidationError) as context:
			frappe.get_doc({"doctype": doctype, "location": self.location, **values}).insert()
		for part in parts:
			self.assertIn(part, read_message(context))

	def test_money_of_a_sale_is_not_deposited_to_an_expense(self) -> None:
		account = self.make_account("Expense")
		with self.assertRaises(frappe.ValidationError) as context:
			make_ship_doc(paid_at_sale=1, payment_account=account)
		self.assertIn(
			f"Deposit To: account {account} is of type Expense; it must be Bank or Other Current Asset",
			read_message(context),
		)
		make_ship_doc(paid_at_sale=1, payment_account=self.make_account("Bank"))

	def test_a_refund_is_paid_from_where_money_is(self) -> None:
		values = {
			"customer": make_customer().name,
			"refunded_at_once": 1,
			"lines": [{"item": self.item, "quantity": 1}],
		}
		account = self.make_account("Credit Card")
		self.assert_refused(
			"AO Customer Return",
			f"Refund From: account {account} is of type Credit Card; it must be Bank or Other Current Asset. Choose another.",
			payment_account=account,
			**values,
		)
		values["payment_account"] = self.make_account("Other Current Asset")
		frappe.get_doc({"doctype": "AO Customer Return", "location": self.location, **values}).insert()

	def test_adjustments_go_to_a_cost_an_income_or_equity(self) -> None:
		for doctype, line, values in (
			("AO Quantity Adjustment", {"quantity_change": -1}, {"reason": "Lost"}),
			("AO Value Adjustment", {"value_change": 1}, {}),
		):
			for account, said in (
				(self.make_account("Bank"), "is of type Bank; it must be Cost of Goods Sold or"),
				(self.make_account("Expense", inactive=1), "is inactive in QuickBooks. Choose another."),
			):
				with self.subTest(doctype=doctype, said=said):
					lines = [{"item": self.item, **line}]
					self.assert_refused(
						doctype, f"account {account} {said}", account=account, lines=lines, **values
					)

	def test_what_is_not_in_stock_is_named_with_the_ways_out(self) -> None:
		frappe.db.set_single_value("AO Settings", "negative_stock", "Refuse")
		frappe.clear_document_cache("AO Settings", "AO Settings")
		self.addCleanup(frappe.clear_document_cache, "AO Settings", "AO Settings")
		lines = [{"item": self.item, "quantity": 6, "unit_price": 10}]
		doc = make_ship_doc(lines=lines, location=self.location)
		with self.assertRaises(frappe.ValidationError) as context:
			doc.submit()
		said = read_message(context)
		self.assertIn(f"{self.item} at {self.location}: -1 on hand", said)
		self.assertIn("Lower the quantity, or receive the goods first", said)
