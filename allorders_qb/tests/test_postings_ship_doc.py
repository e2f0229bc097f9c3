"""What is shipped, in the books: under each inventory mode, with the emulated company's ledger and stock as witness."""

import frappe

from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.links import get_links_of
from allorders_qb.tests.booked import COST_OF_GOODS, INVENTORY_ASSET, BooksTestCase
from allorders_qb.tests.utils import make_item


class TestShippedGoods(BooksTestCase):
	def test_without_a_mode_the_invoice_is_all(self):
		ship_doc = self.ship(self.stock(cost=4), 2)
		self.assertEqual(self.list_roles(ship_doc), ["invoice"])
		self.assertEqual(self.company.get_balance(COST_OF_GOODS), 0)

	def test_values_only_posts_the_cost_after_the_invoice(self):
		self.choose_mode("Values Only")
		item = self.stock(quantity=3, cost="3.333")
		ship_doc = self.ship(item, 2)
		self.assertEqual(self.list_roles(ship_doc), ["invoice", "cogs"])
		# 3 at 3.333 are 10.00; two of three of it are 6.67, half up.
		self.assertEqual(self.company.get_balance(COST_OF_GOODS), 6.67)
		self.assertEqual(self.company.get_balance(INVENTORY_ASSET), -6.67)
		journal = self.company.query("SELECT * FROM JournalEntry")[0]
		self.assertEqual(
			(journal["DocNumber"], journal["TxnDate"]), (ship_doc.name, str(ship_doc.posting_date))
		)
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Sent")
		invoice = self.company.get_invoices()[0]
		self.assertEqual(ship_doc.quickbooks_id, invoice["Id"])
		self.assertIn(f"Cost of Goods {ship_doc.name}", ship_doc.quickbooks_reason)

	def test_values_only_has_non_inventory_items_bought_to_the_asset_account(self):
		self.choose_mode("Values Only")
		self.ship(self.stock(cost=4), 1)
		remote = self.company.query("SELECT * FROM Item WHERE Type = 'NonInventory'")[0]
		self.assertEqual(remote["ExpenseAccountRef"]["name"], INVENTORY_ASSET)

	def test_a_service_has_no_cost_to_post(self):
		self.choose_mode("Values Only")
		ship_doc = self.ship(make_item(item_type="Service"), 1)
		self.assertEqual(self.list_roles(ship_doc), ["invoice"])

	def test_free_goods_cost_something_all_the_same(self):
		self.choose_mode("Values Only")
		ship_doc = self.ship(self.stock(cost=4), 1, unit_price=0)
		found = {row.role: row.status for row in rows.get_rows(ship_doc.doctype, ship_doc.name)}
		self.assertEqual(found, {"invoice": "Not Needed", "cogs": "Sent"})
		self.assertEqual(self.company.get_balance(COST_OF_GOODS), 4)

	def test_quickbooks_counts_too(self):
		self.choose_mode("QuickBooks Counts Too")
		item = self.stock(quantity=5, cost=4)
		self.bring_into_quickbooks(item, 5, "4")
		ship_doc = self.ship(item, 2)
		self.assertEqual(self.list_roles(ship_doc), ["invoice"])
		remote = self.company.query("SELECT * FROM Item WHERE Type = 'Inventory'")[0]
		self.assertEqual(float(remote["QtyOnHand"]), 3)
		self.assertEqual(remote["AssetAccountRef"]["name"], INVENTORY_ASSET)
		self.assertEqual(self.company.get_balance(COST_OF_GOODS), 8)

	def test_free_goods_are_recorded_where_quickbooks_counts(self):
		self.choose_mode("QuickBooks Counts Too")
		item = self.stock(quantity=5, cost=4)
		self.bring_into_quickbooks(item, 5, "4")
		self.ship(item, 1, unit_price=0)
		remote = self.company.query("SELECT * FROM Item WHERE Type = 'Inventory'")[0]
		self.assertEqual(float(remote["QtyOnHand"]), 4)


class TestRoles(BooksTestCase):
	def setUp(self):
		super().setUp()
		self.choose_mode("Values Only")

	def refuse_journals(self, times: int = 1) -> None:
		self.company.queue_fault(
			match={"entity": "JournalEntry", "operation": "create"}, times=times, fault={"code": "6000"}
		)

	def test_the_worst_role_is_named_and_the_document_is_locked(self):
		self.company.queue_fault(
			match={"entity": "JournalEntry", "operation": "create"}, times=1, code="6000"
		)
		ship_doc = self.ship(self.stock(cost=4), 1)
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Needs Attention")
		self.assertIn(
			f"Invoice {ship_doc.name} is in QuickBooks; its cost of goods was refused",
			ship_doc.quickbooks_reason,
		)
		with self.assertRaisesRegex(frappe.ValidationError, "can't be cancelled"):
			ship_doc.cancel()

	def test_the_cost_waits_for_its_invoice(self):
		self.company.queue_fault(match={"entity": "Invoice", "operation": "create"}, times=1, code="6000")
		ship_doc = self.ship(self.stock(cost=4), 1)
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Needs Attention")
		self.assertEqual(self.company.query("SELECT * FROM JournalEntry"), [])
		found = {row.role: row for row in rows.get_rows(ship_doc.doctype, ship_doc.name)}
		self.assertEqual(found["cogs"].blocked_by, found["invoice"].name)

	def test_a_mode_that_was_used_stays(self):
		ship_doc = self.ship(self.stock(cost=4), 1)
		settings = frappe.get_doc(SETTINGS)
		settings.inventory_mode = "Not Chosen"
		with self.assertRaisesRegex(frappe.ValidationError, ship_doc.name):
			settings.save()

	def test_an_account_of_the_wrong_type_is_named(self):
		settings = frappe.get_doc(SETTINGS)
		settings.inventory_asset_account = "Checking"
		with self.assertRaisesRegex(
			frappe.ValidationError, "Inventory Asset Account: Checking is of type Bank"
		):
			settings.save()

	def test_an_item_that_quickbooks_counts_is_not_counted_twice(self):
		item = self.stock(cost=4)
		self.link_inventory_item(item)
		ship_doc = self.ship(item, 1)
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Needs Attention")
		self.assertIn("counted twice", ship_doc.quickbooks_reason)
		self.assertEqual(self.company.get_invoices(), [])
		self.assertEqual(len(get_links_of(ship_doc.doctype, ship_doc.name)), 0)
