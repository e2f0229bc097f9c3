"""What was posted stays; what it costs by now is listed, and posted by one draft."""

import frappe
from frappe.utils import add_days, today

from allorders_qb.allorders_qb.report.ao_recosting_differences.ao_recosting_differences import execute
from allorders_qb.api.true_up import propose_true_up
from allorders_qb.stock.recosting import recost_due_items
from allorders_qb.sync.true_up import TRUE_UP, list_differences
from allorders_qb.tests.booked import COST_OF_GOODS, INVENTORY_ASSET, SCRAP, BooksTestCase
from allorders_qb.tests.utils import make_item, make_opening_stock


class TestTrueUp(BooksTestCase):
	def setUp(self):
		super().setUp()
		self.choose_mode("Values Only")
		frappe.db.delete(TRUE_UP, {"docstatus": 0})
		self.item = make_item(purchase_cost=4)
		self.open_with(10, 4, today())
		self.ship_doc = self.ship(self.item, 2)
		self.assertEqual(self.company.get_balance(COST_OF_GOODS), 8)

	def open_with(self, quantity: float, cost: float, day: str) -> None:
		make_opening_stock(
			[{"item": self.item.name, "location": self.location, "quantity": quantity, "unit_cost": cost}],
			posting_date=day,
		)
		recost_due_items()
		frappe.db.commit()

	def find_row(self) -> dict | None:
		_columns, found, _message = execute()
		return next((row for row in found if row["reference_name"] == self.ship_doc.name), None)

	def test_a_back_dated_receipt_changes_no_journal_and_is_listed(self):
		self.assertIsNone(self.find_row())
		self.open_with(1, 7, add_days(today(), -10))
		self.assertEqual(self.company.get_balance(COST_OF_GOODS), 8)
		row = self.find_row()
		# The unit at 7 is the older one now: 7 + 4 instead of 8.
		self.assertEqual((row["posted_value"], row["current_value"], row["difference"]), (-8, -11, -3))

	def test_one_draft_posts_the_difference_and_then_nothing_differs(self):
		self.open_with(1, 7, add_days(today(), -10))
		name = propose_true_up()
		self.assertEqual(propose_true_up(), name)
		true_up = frappe.get_doc(TRUE_UP, name)
		true_up.submit()
		self.send(true_up)
		self.assertEqual(self.company.get_balance(COST_OF_GOODS), 11)
		self.assertEqual(self.company.get_balance(INVENTORY_ASSET), -11)
		self.assertIsNone(self.find_row())
		true_up.reload()
		self.assertEqual(true_up.quickbooks_status, "Sent")
		with self.assertRaisesRegex(frappe.ValidationError, "nothing to bring up to date"):
			propose_true_up()

	def test_what_was_thrown_away_costs_more_by_now(self):
		returned = frappe.get_doc(
			{
				"doctype": "AO Customer Return",
				"customer": self.ship_doc.customer,
				"location": self.location,
				"lines": [
					{
						"ship_doc": self.ship_doc.name,
						"ship_doc_line": self.ship_doc.lines[0].name,
						"item": self.item.name,
						"quantity": 2,
						"disposition": "Scrap",
					}
				],
			}
		).insert()
		self.send(returned.submit())
		self.assertEqual((self.company.get_balance(SCRAP), self.company.get_balance(COST_OF_GOODS)), (8, 0))
		self.open_with(1, 7, add_days(today(), -10))
		self.send(frappe.get_doc(TRUE_UP, propose_true_up()).submit())
		self.assertEqual((self.company.get_balance(SCRAP), self.company.get_balance(COST_OF_GOODS)), (11, 0))
		self.assertEqual(self.company.get_balance(INVENTORY_ASSET), -11)
		self.assertEqual(list_differences(), [])

	def test_it_is_dated_in_the_first_open_period(self):
		self.open_with(1, 7, add_days(today(), -10))
		self.close_books(add_days(today(), 3))
		self.assertEqual(str(frappe.get_doc(TRUE_UP, propose_true_up()).posting_date), add_days(today(), 4))

	def close_books(self, day: str) -> None:
		import json

		from allorders_qb.sync.connection import CONNECTION

		stored = json.loads(frappe.db.get_value(CONNECTION, self.company.realm_id, "preferences"))
		stored.setdefault("AccountingInfoPrefs", {})["BookCloseDate"] = day
		frappe.db.set_value(CONNECTION, self.company.realm_id, "preferences", json.dumps(stored))
