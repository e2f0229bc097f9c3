"""Opening stock is what QuickBooks has as inventory already, or a person says why it is not."""

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, today

from allorders_qb.api.opening_stock import compare_with_quickbooks
from allorders_qb.tests.booked import INVENTORY_ASSET, BooksTestCase
from allorders_qb.tests.test_true_up_counted import STOCK
from allorders_qb.tests.utils import as_user, make_item, make_opening_stock

VALUES, COUNTED = "Values Only", "QuickBooks Counts Too"


class OpeningTestCase(BooksTestCase):
	def setUp(self) -> None:
		super().setUp()
		# What other tests have left on the shelves is no part of this company.
		for doctype in STOCK:
			frappe.db.delete(doctype)
		self.item = make_item(purchase_cost=4)

	def count(self, quantity: float = 10, **values) -> Document:
		"""A draft of so many at 4.00, without a reason."""
		line = {
			"item": self.item.name,
			"location": self.location,
			"quantity": quantity,
			"unit_cost": values.pop("cost", 4),
		}
		doc = make_opening_stock([line], submit=False, difference_reason=None, **values)
		frappe.db.commit()
		return doc

	def compare(self, doc: Document) -> tuple[float, float, float]:
		compare_with_quickbooks(doc.name)
		frappe.db.commit()
		doc.reload()
		return doc.our_value, doc.quickbooks_value, doc.quickbooks_difference

	def enter_journal(self, amount: float, day: str) -> None:
		"""Bring so much onto the inventory account, by a journal that a person enters in QuickBooks."""
		ids = {row["Name"]: row["Id"] for row in self.company.query("SELECT * FROM Account MAXRESULTS 1000")}
		lines = [
			{
				"Amount": amount,
				"DetailType": "JournalEntryLineDetail",
				"JournalEntryLineDetail": {"PostingType": kind, "AccountRef": {"value": ids[account]}},
			}
			for kind, account in (("Debit", INVENTORY_ASSET), ("Credit", "Opening Balance Equity"))
		]
		self.company.post("JournalEntry", {"TxnDate": day, "Line": lines})


class TestValuesOnly(OpeningTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.choose_mode(VALUES)

	def test_nobody_has_compared(self) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, "Press Compare With QuickBooks"):
			self.count().submit()

	def test_what_agrees_is_submitted(self) -> None:
		self.enter_journal(40, add_days(today(), -1))
		self.enter_journal(5, add_days(today(), 1))
		doc = self.count()
		self.assertEqual(self.compare(doc), (40, 40, 0))
		doc.submit()
		doc.reload()
		self.assertEqual((doc.docstatus, doc.difference_accepted_by), (1, None))
		self.assertEqual(self.compare(doc), (40, 40, 0))

	def test_a_difference_is_shown_and_a_person_decides(self) -> None:
		self.enter_journal(55.5, today())
		doc = self.count()
		self.assertEqual(self.compare(doc), (40, 55.5, -15.5))
		with self.assertRaisesRegex(frappe.ValidationError, "they differ by"):
			doc.submit()
		frappe.db.rollback()
		doc.reload()
		doc.difference_reason = "The shop follows"
		with as_user("AO Manager") as manager:
			doc.submit()
		doc.reload()
		self.assertEqual((doc.quickbooks_difference, doc.difference_accepted_by), (-15.5, manager))

	def test_what_was_changed_since_is_compared_again(self) -> None:
		self.enter_journal(40, today())
		doc = self.count()
		self.compare(doc)
		doc.lines[0].quantity = 11
		doc.save()
		with self.assertRaisesRegex(frappe.ValidationError, "Press Compare With QuickBooks"):
			doc.submit()

	def test_nobody_writes_what_was_compared(self) -> None:
		doc = self.count()
		doc.update({"our_value": 40, "quickbooks_value": 40, "compared_at": today(), "compared_for": today()})
		doc.save()
		self.assertEqual((doc.our_value, doc.compared_at), (0, None))
		with self.assertRaisesRegex(frappe.ValidationError, "Press Compare With QuickBooks"):
			doc.submit()

	def test_a_viewer_compares_nothing(self) -> None:
		doc = self.count()
		with as_user("AO Viewer"), self.assertRaises(frappe.PermissionError):
			compare_with_quickbooks(doc.name)

	def test_without_quickbooks_nothing_is_compared(self) -> None:
		doc = self.count()
		self.company.set_knobs(http_503_html=True)
		with self.assertRaisesRegex(frappe.ValidationError, "QuickBooks had an error of its own"):
			compare_with_quickbooks(doc.name)
		doc.reload()
		self.assertIsNone(doc.compared_at)


class TestQuickBooksCountsToo(OpeningTestCase):
	def test_it_is_what_quickbooks_counts(self) -> None:
		self.choose_mode(COUNTED)
		self.bring_into_quickbooks(self.item, 10, "4")
		self.enter_journal(3, today())
		doc = self.count()
		self.assertEqual(self.compare(doc), (40, 40, 0))
		doc.submit()


class TestNoMode(OpeningTestCase):
	def test_there_is_nothing_to_compare_with(self) -> None:
		doc = self.count()
		with self.assertRaisesRegex(frappe.ValidationError, "Choose an inventory mode"):
			compare_with_quickbooks(doc.name)
		doc.submit()
