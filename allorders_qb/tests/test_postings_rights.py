"""Who may record, adjust and true up; and what QuickBooks' unconfirmed rules must not change."""

import frappe

from allorders_qb.api import documents
from allorders_qb.api.true_up import propose_true_up
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.tests.booked import COST_OF_GOODS, INVENTORY_ASSET, BooksTestCase
from allorders_qb.tests.utils import as_user, make_receiver, make_vendor


class TestWhoMayRecord(BooksTestCase):
	def setUp(self):
		super().setUp()
		self.choose_mode("Values Only")

	def lose_one(self) -> frappe.model.document.Document:
		item = self.stock(cost=4)
		return frappe.get_doc(
			{
				"doctype": "AO Quantity Adjustment",
				"location": self.location,
				"reason": "Lost",
				"lines": [{"item": item.name, "quantity_change": -1}],
			}
		).insert()

	def test_what_a_manager_without_the_right_to_post_adjusts_waits(self):
		lost = self.lose_one()
		with as_user("AO Manager"):
			lost.submit()
			with self.assertRaises(frappe.PermissionError):
				documents.record(lost.doctype, lost.name)
		self.send(lost)
		self.assertIn("may not send", documents.get_quickbooks_state(lost.doctype, lost.name)["sentence"])
		self.assertEqual(self.company.query("SELECT * FROM JournalEntry"), [])

	def test_a_user_submits_no_adjustment(self):
		lost = self.lose_one()
		with as_user("AO User"), self.assertRaises(frappe.PermissionError):
			lost.submit()

	def test_only_a_manager_makes_a_true_up(self):
		for role in ("AO Viewer", "AO User", "QuickBooks Poster"):
			with as_user(role), self.assertRaises(frappe.PermissionError):
				propose_true_up()


class TestUnconfirmedRules(BooksTestCase):
	def test_no_asset_account_for_what_quickbooks_does_not_count(self):
		self.company.set_knobs(noninventory_asset_account=False)
		self.choose_mode("Values Only")
		self.addCleanup(self.company.set_knobs, noninventory_asset_account=True)
		ship_doc = self.ship(self.stock(cost=4), 2)
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Sent")
		self.assertEqual(frappe.db.get_single_value(SETTINGS, "bills_by_account"), 1)
		self.assertNotIn(
			"ExpenseAccountRef", self.company.query("SELECT * FROM Item WHERE Type = 'NonInventory'")[0]
		)
		self.assertEqual(self.company.get_balance(COST_OF_GOODS), 8)

	def test_a_bill_then_names_the_inventory_account(self):
		self.company.set_knobs(noninventory_asset_account=False)
		self.addCleanup(self.company.set_knobs, noninventory_asset_account=True)
		self.choose_mode("Values Only")
		line = {"item": self.stock(cost=4).name, "quantity": 3, "unit_cost": 5}
		receiver = make_receiver(
			vendor=make_vendor().name,
			lines=[line],
			location=self.location,
			vendor_invoice_number=frappe.generate_hash(length=8),
		)
		self.send(receiver).reload()
		self.assertEqual(receiver.quickbooks_status, "Sent")
		self.assertEqual(self.company.get_balance(INVENTORY_ASSET), 15)
		detail = self.company.query("SELECT * FROM Bill")[0]["Line"][0]["AccountBasedExpenseLineDetail"]
		self.assertEqual(detail["AccountRef"]["name"], INVENTORY_ASSET)
