"""The desk around purchasing, production and payments: its cards and its report, deposits on an order, home money."""

import frappe

from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill
from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import get_deposits
from allorders_qb.allorders_qb.report.ao_received_not_billed.ao_received_not_billed import execute
from allorders_qb.api import documents
from allorders_qb.api.boot import add_home_currency
from allorders_qb.tests.test_documents_desk import count_card
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	as_user,
	make_item,
	make_payment,
	make_purchase_order,
	make_receiver,
	make_sales_order,
	make_vendor,
)


class TestCards(IntegrationTestCase):
	def test_what_is_to_be_received_and_made(self) -> None:
		names = ("AO To Receive", "AO To Build", "AO Received Not in QuickBooks", "AO Paid Not in QuickBooks")
		before = [count_card(name) for name in names]
		item = make_item()
		order = make_purchase_order(lines=[{"item": item.name, "quantity": 4}])
		make_purchase_order(submit=False)
		made = make_item(item_type="Assembly", components=[{"item": item.name, "quantity": 1}])
		receiver = make_receiver(order, quantities={item.name: 1})
		receiver.db_set("quickbooks_status", "Queued")
		frappe.get_doc(
			{"doctype": "AO Work Order", "item": made.name, "quantity": 1, "location": receiver.location}
		).insert()
		make_payment(submit=True).db_set("quickbooks_status", "Needs Attention")
		after = [count_card(name) for name in names]
		self.assertEqual(
			[now - then for now, then in zip(after, before, strict=True)],
			[1, 1, 1, 1],
		)


class TestReceivedNotBilled(IntegrationTestCase):
	def list_open(self, vendor: str) -> list[tuple]:
		_columns, rows = execute({"vendor": vendor})
		return [(row["receiver"], row["quantity"], row["unit"], row["cost"]) for row in rows]

	def test_a_row_for_what_no_bill_has_named_yet(self) -> None:
		vendor = make_vendor().name
		line = {
			"item": make_item().name,
			"quantity": 2,
			"purchase_unit": "dozen",
			"conversion": 12,
			"unit_cost": 30,
		}
		receiver = make_receiver(vendor=vendor, lines=[line], billing="Bill Later")
		make_receiver(vendor=vendor, lines=[line], billing="Bill Now")
		self.assertEqual(self.list_open(vendor), [(receiver.name, 24, "each", 60)])
		bill = make_vendor_bill(receiver.name)
		bill.vendor_invoice_number = "4417"
		bill.lines[0].quantity = 0.5
		bill.insert().submit()
		self.assertEqual(self.list_open(vendor), [(receiver.name, 18, "each", 45)])

	def test_the_receiver_says_that_its_bill_goes_instead(self) -> None:
		receiver = make_receiver(billing="Bill Later")
		state = documents.get_quickbooks_state(receiver.doctype, receiver.name)
		self.assertEqual(
			state["sentence"],
			"Not in QuickBooks: it is billed later, and its vendor bill goes there instead.",
		)
		self.assertFalse(state["records"])
		self.assertFalse(documents.record(receiver.doctype, receiver.name)["ok"])


class TestDeposits(IntegrationTestCase):
	def test_an_order_knows_what_was_received_for_it_and_what_of_that_settles_invoices(self) -> None:
		order = make_sales_order(lines=[{"item": make_item(unit_price=50).name, "quantity": 4}])
		self.assertEqual(get_deposits(order.name), {"received": 0, "applied": 0})
		for amount, submit in ((120, True), (30.5, True), (10, False)):
			payment = make_payment(
				order.customer, amount, [{"sales_order": order.name, "amount": amount}], submit=submit
			)
		frappe.db.set_value("AO Payment Line", {"parent": payment.name}, "applied_amount", 10)
		first = frappe.get_all(
			"AO Payment Line",
			filters={"sales_order": order.name, "amount": 120},
			pluck="name",
			order_by="creation",
		)
		frappe.db.set_value("AO Payment Line", first[0], "applied_amount", 99.95)
		self.assertEqual(get_deposits(order.name), {"received": 150.5, "applied": 99.95})
		with as_user("Blogger"), self.assertRaises(frappe.PermissionError):
			get_deposits(order.name)


class TestHomeMoney(IntegrationTestCase):
	def test_the_desk_shows_home_money_where_the_site_has_no_currency(self) -> None:
		home = frappe.get_cached_doc("AO Settings").default_currency
		self.assertTrue(home)
		for own, shown in ((None, home), ("GBP", "GBP")):
			bootinfo = frappe._dict(sysdefaults=frappe._dict(currency=own))
			add_home_currency(bootinfo)
			self.assertEqual(bootinfo.sysdefaults.currency, shown)
