"""Class and location in the books: on lines, on the whole, on journals, and what QuickBooks does not track."""

import frappe

from allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc import make_customer_return
from allorders_qb.api.company import get_dimensions
from allorders_qb.tests.booked import BooksTestCase
from allorders_qb.tests.british import BritishTestCase
from allorders_qb.tests.emulated import read_preferences_again
from allorders_qb.tests.utils import as_user, make_receiver, make_ship_doc


def read_journal(company, name: str) -> set[tuple]:
	"""(class, location) of the lines of a document's journal."""
	journal = company.query(f"SELECT * FROM JournalEntry WHERE DocNumber = '{name}'")[0]
	details = [line["JournalEntryLineDetail"] for line in journal["Line"]]
	return {(detail["ClassRef"]["name"], detail["DepartmentRef"]["name"]) for detail in details}


class TestClassesByLine(BooksTestCase):
	"""The US company tracks classes on lines, and locations."""

	CLASS, PLACE = "Wholesale", "Tacoma Warehouse"

	def set_preferences(self, **values) -> None:
		self.company.control("PATCH", f"{self.company.realm_id}/preferences", {"AccountingInfoPrefs": values})
		read_preferences_again()

	def test_a_sale_its_cost_and_its_return(self) -> None:
		self.choose_mode("Values Only")
		item = self.stock()
		line = {"item": item.name, "quantity": 2, "class_name": self.CLASS}
		ship_doc = self.send(
			make_ship_doc(lines=[line], location=self.location, department=self.PLACE, submit=True)
		)
		invoice = self.company.get_invoices()[0]
		self.assertEqual(invoice["DepartmentRef"]["name"], self.PLACE)
		self.assertEqual(invoice["Line"][0]["SalesItemLineDetail"]["ClassRef"]["name"], self.CLASS)
		self.assertEqual(read_journal(self.company, ship_doc.name), {(self.CLASS, self.PLACE)})
		customer_return = make_customer_return(ship_doc.name)
		self.send(customer_return.insert().submit())
		memo = self.company.query("SELECT * FROM CreditMemo")[0]
		self.assertEqual(memo["Line"][0]["SalesItemLineDetail"]["ClassRef"]["name"], self.CLASS)
		self.assertEqual(read_journal(self.company, customer_return.name), {(self.CLASS, self.PLACE)})

	def test_an_adjustment_where_quickbooks_counts(self) -> None:
		self.choose_mode("QuickBooks Counts Too")
		item = self.stock()
		self.bring_into_quickbooks(item, 10, "4")
		adjustment = frappe.get_doc(
			{
				"doctype": "AO Quantity Adjustment",
				"location": self.location,
				"reason": "Lost",
				"class_name": self.CLASS,
				"department": self.PLACE,
				"lines": [{"item": item.name, "quantity_change": -1}],
			}
		)
		self.send(adjustment.insert().submit())
		remote = self.company.query("SELECT * FROM InventoryAdjustment")[0]
		self.assertEqual(remote["Line"][0]["ItemAdjustmentLineDetail"]["ClassRef"]["name"], self.CLASS)
		self.assertEqual(remote["DepartmentRef"]["name"], self.PLACE)

	def test_what_is_not_tracked_is_hidden_and_refused(self) -> None:
		self.assertEqual(get_dimensions(), {"classes": True, "locations": True})
		self.set_preferences(ClassTrackingPerTxnLine=False)
		self.addCleanup(self.set_preferences, ClassTrackingPerTxnLine=True)
		line = {"item": self.stock().name, "quantity": 1, "class_name": self.CLASS}
		ship_doc = self.send(make_ship_doc(lines=[line], location=self.location, submit=True))
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Needs Attention")
		self.assertIn(
			f'row 1, Class: QuickBooks does not track classes, so "{self.CLASS}" cannot be recorded',
			ship_doc.quickbooks_reason,
		)
		with as_user("AO Viewer"):
			self.assertEqual(get_dimensions(), {"classes": False, "locations": True})
		# A site's own role that reads documents.
		with as_user("Blogger"):
			self.assertEqual(get_dimensions(), {"classes": False, "locations": True})
		self.assertNotIn(get_dimensions, frappe.guest_methods)


class TestOneClass(BritishTestCase):
	"""The British company keeps one class for a transaction."""

	CLASS, PLACE = "Trade", "Bristol"

	def test_a_sale_and_its_cost(self) -> None:
		line = {"item": self.item.name, "quantity": 10, "unit_cost": 6}
		self.send(
			make_receiver(vendor=self.vendor, lines=[line], location=self.location, department=self.PLACE)
		)
		self.assertEqual(self.get_only("Bill")["DepartmentRef"]["name"], self.PLACE)
		ship_doc = make_ship_doc(
			customer=self.customer,
			lines=[{"item": self.item.name, "quantity": 2, "class_name": self.CLASS}],
			location=self.location,
			department=self.PLACE,
			submit=True,
		)
		self.send(ship_doc)
		invoice = self.get_only("Invoice")
		self.assertEqual(
			(invoice["ClassRef"]["name"], invoice["DepartmentRef"]["name"]), (self.CLASS, self.PLACE)
		)
		self.assertEqual(read_journal(self.company, ship_doc.name), {(self.CLASS, self.PLACE)})

	def assert_refused(self, doc, sentence: str) -> None:
		self.send(doc)
		doc.reload()
		self.assertEqual(doc.quickbooks_status, "Needs Attention")
		self.assertIn(sentence, doc.quickbooks_reason)

	def test_what_has_no_place_is_refused(self) -> None:
		lines = [
			{"item": self.item.name, "quantity": 1, "class_name": name} for name in ("Trade", "Web Shop")
		]
		self.assert_refused(
			make_ship_doc(customer=self.customer, lines=lines, location=self.location, submit=True),
			"Trade, Web Shop, and QuickBooks keeps one class",
		)
		self.assert_refused(
			make_receiver(vendor=self.vendor, lines=lines[:1], location=self.location),
			"row 1, Class: QuickBooks keeps one class for a whole transaction, and what comes from vendors has none",
		)
