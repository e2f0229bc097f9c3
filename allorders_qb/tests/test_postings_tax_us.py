"""Sales tax of a US company with automated tax: by the address, by hand, and what is not taxed.

Its own state taxes 10.3 %, and Oregon nothing.
"""

import json
import tempfile
from pathlib import Path

import frappe
from frappe.model.document import Document

from allorders_qb.tests.booked import BooksTestCase
from allorders_qb.tests.emulated import REPOSITORY
from allorders_qb.tests.utils import make_customer, make_item, make_ship_doc, read_message


class TestAutomatedTax(BooksTestCase):
	@classmethod
	def setUpClass(cls):
		file = REPOSITORY / "qbo_emulator" / "companies" / "us_wholesaler.json"
		company = json.loads(file.read_text(encoding="utf-8"))
		company["automated_sales_tax"]["by_state"] = {"OR": None}
		folder = tempfile.TemporaryDirectory()
		cls.COMPANY = str(Path(folder.name) / "two_states.json")
		Path(cls.COMPANY).write_text(json.dumps(company), encoding="utf-8")
		super().setUpClass()
		cls.addClassCleanup(folder.cleanup)

	def sell(self, *lines: dict, customer: str | None = None, **values) -> Document:
		"""A ship doc of services at 100.00, sent."""
		rows = []
		for line in lines or ({},):
			item = make_item(item_type="Service", unit_price=100, tax_code=line.pop("item_tax_code", "TAX"))
			rows.append({"item": item.name, "quantity": 1, **line})
		customer = customer or make_customer()
		ship_doc = self.send(
			make_ship_doc(customer=customer, lines=rows, location=self.location, submit=True, **values)
		)
		ship_doc.reload()
		return ship_doc

	def assert_taxed(self, ship_doc: Document, tax: float) -> None:
		"""QuickBooks has this tax, and takes the document for what was sent."""
		self.assertEqual((ship_doc.quickbooks_status, ship_doc.quickbooks_tax), ("Sent", tax))
		self.assertEqual(ship_doc.quickbooks_total, ship_doc.net_total + tax)

	def test_the_address_decides(self) -> None:
		here = {"ship_to_line1": "1 Pier", "ship_to_city": "Seattle", "ship_to_state": "WA"}
		there = {"ship_to_line1": "2 Quay", "ship_to_city": "Portland", "ship_to_state": "OR"}
		self.assert_taxed(self.sell(**here), 10.3)
		self.assert_taxed(self.sell(**there), 0)

	def test_a_person_knows_better(self) -> None:
		ship_doc = self.sell(tax_computed_by="By Hand", tax_total=8.88)
		self.assertEqual(ship_doc.total, 108.88)
		self.assert_taxed(ship_doc, 8.88)
		self.assertEqual(self.company.get_invoices()[0]["TotalAmt"], 108.88)

	def test_what_is_not_taxed(self) -> None:
		self.assert_taxed(self.sell({}, {"item_tax_code": "NON"}), 10.3)
		exempt = make_customer(tax_code="NON")
		ship_doc = self.sell(customer=exempt)
		self.assertEqual(ship_doc.lines[0].tax_code, "NON")
		self.assert_taxed(ship_doc, 0)

	def test_all_orders_knows_no_rate_for_an_address(self) -> None:
		with self.assertRaises(frappe.ValidationError) as caught:
			self.sell(tax_computed_by="All Orders")
		self.assertIn(
			"Row 1: TAX has no rate of its own, QuickBooks finds it by the address", read_message(caught)
		)

	def test_freight_bears_no_code_but_its_own(self) -> None:
		"""It is sent without a code, so what is charged holds no tax on it."""
		taxed, exempt = (
			make_item(item_type="Service", unit_price=100, tax_code=code) for code in ("Washington", "NON")
		)
		lines = [{"item": taxed.name, "quantity": 1}]
		for rows in (lines, [*lines, {"item": exempt.name, "quantity": 1}]):
			ship_doc = make_ship_doc(lines=rows, tax_computed_by="All Orders", freight=10)
			self.assertEqual(ship_doc.tax_total, 10.3)

	def test_prices_with_tax_are_not_of_this_country(self) -> None:
		with self.assertRaises(frappe.ValidationError) as caught:
			self.sell(prices_are="With Tax")
		self.assertIn("Choose Before Tax in Prices Are", read_message(caught))
		ship_doc = self.sell({"item_tax_code": "NON"}, prices_are="With Tax")
		self.assertEqual(ship_doc.quickbooks_status, "Needs Attention")
		self.assertIn("do not exist in the US", ship_doc.quickbooks_reason)
