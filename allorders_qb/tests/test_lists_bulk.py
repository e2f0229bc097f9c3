"""Many new records at once: the same documents and links as one by one, and nothing stops at what is not plainly new."""

from unittest.mock import patch

import frappe

from allorders_qb.sync.lists import bulk
from allorders_qb.tests.listed import CUSTOMER, ITEM, VENDOR, ListsTestCase
from allorders_qb.tests.utils import make_customer

MANY = bulk.FEW + 5
OWN_FIELDS = ("name", "creation", "modified", "quickbooks_id", "snapshot", "sync_token")


class TestManyAtOnce(ListsTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.synchronize()

	def make_there(self) -> None:
		term = self.company.query("SELECT * FROM Term")[0]["Id"]
		parent = self.company.post("Customer", {"DisplayName": "Harbour Group"})["Id"]
		for number in range(MANY):
			self.company.post(
				"Customer",
				{
					"DisplayName": f"Harbour {number}",
					"CompanyName": "Harbour <Ltd>",
					"GivenName": "Ida",
					"FamilyName": "Berg",
					"PrimaryEmailAddr": {"Address": f"ida{number}@harbour.example"},
					"BillAddr": {"Line1": "1 Pier", "Line2": "Shed 4", "Line3": "Left", "City": "Astoria"},
					"SalesTermRef": {"value": term},
					**({"ParentRef": {"value": parent}, "Job": True} if number % 2 else {}),
				},
			)
			self.company.post("Vendor", {"DisplayName": f"Quay {number}", "TaxIdentifier": "12-3456789"})
			self.company.post(
				"Item",
				{
					"Name": f"Rope {number}",
					"Type": "NonInventory",
					"Sku": f"R-{number}",
					"UnitPrice": 3.25,
					"Description": "Two\nlines",
					"IncomeAccountRef": {"value": self.find_income()},
				},
			)

	def find_income(self) -> str:
		return self.company.query("SELECT * FROM Account WHERE AccountType = 'Income'")[0]["Id"]

	def read_here(self) -> dict:
		documents = {
			doctype: {
				row.name: {
					field: value
					for field, value in row.items()
					if field not in OWN_FIELDS and not field.startswith("_")
				}
				for row in frappe.get_all(doctype, fields=["*"], order_by="name")
				if row.name not in self.before[doctype]
			}
			for doctype in (CUSTOMER, VENDOR, ITEM)
		}
		links = {
			(row.reference_doctype, row.reference_name): {
				field: value for field, value in row.items() if field not in OWN_FIELDS
			}
			for row in frappe.get_all("QuickBooks Link", fields=["*"], order_by="creation")
		}
		return {**documents, "links": links}

	def test_as_one_by_one(self):
		self.make_there()
		with patch.object(bulk, "_insert", wraps=bulk._insert) as inserted:
			run = self.synchronize()
		self.assertTrue(inserted.called)
		self.assertEqual(
			{row.list_type: row.created for row in run.lists if row.created},
			{CUSTOMER: MANY + 1, VENDOR: MANY, ITEM: MANY},
		)
		at_once = self.read_here()
		self.assert_settled()
		for doctype in (CUSTOMER, VENDOR, ITEM, "QuickBooks Link"):
			names = set(frappe.get_all(doctype, pluck="name", order_by="name")) - self.before[doctype]
			frappe.db.delete(doctype, {"name": ("in", [*names, ""])})
		with patch.object(bulk, "FEW", 10**9):
			self.synchronize("Full")
		one_by_one = self.read_here()
		self.assertEqual(set(at_once["links"]), set(one_by_one["links"]))
		self.maxDiff = None
		self.assertEqual(at_once, one_by_one)

	def test_what_is_not_plainly_new_goes_the_ordinary_way(self):
		self.set_settings(send_list_changes=0)
		namesake = make_customer(customer_name="Buoy 7")
		for number in range(MANY):
			self.company.post("Customer", {"DisplayName": f"Buoy {number}"})
		self.company.post("Customer", {"DisplayName": "Büoy 9"})
		long_note = self.company.post("Customer", {"DisplayName": "Too Much", "Notes": "x" * 1900})
		with patch.dict("allorders_qb.sync.limits.TEXT_LIMITS", {CUSTOMER: {"notes": 1000}}):
			run = self.synchronize("Full")
		self.assertEqual(run.status, "Finished with Errors")
		self.assertIn("Too Much", run.errors[0].message)
		self.assertIsNone(self.find_here(CUSTOMER, long_note["Id"]))
		self.assertEqual(self.get_id(CUSTOMER, namesake.name), self.find_there("Customer", "Buoy 7")["Id"])
		for remote in self.company.query(
			"SELECT * FROM Customer WHERE DisplayName LIKE 'B%' MAXRESULTS 1000"
		):
			self.assertIsNotNone(self.find_here(CUSTOMER, remote["Id"]), remote["DisplayName"])
		self.synchronize()
		self.assertIsNotNone(self.find_here(CUSTOMER, long_note["Id"]))
		self.assert_settled()

	def test_one_that_somebody_makes_meanwhile_stops_none(self):
		for number in range(MANY):
			self.company.post("Vendor", {"DisplayName": f"Slip {number}"})
		holders = bulk._list_holders

		def miss_one(doctype, names):
			found = holders(doctype, names)
			if doctype == VENDOR and not frappe.db.exists(VENDOR, "Slip 3"):
				frappe.get_doc({"doctype": VENDOR, "vendor_name": "Slip 3"}).insert()
			return found

		self.set_settings(send_list_changes=0)
		with patch.object(bulk, "_list_holders", miss_one):
			self.synchronize()
		self.assertEqual(
			frappe.db.count("QuickBooks Link", {"reference_doctype": VENDOR}),
			len(self.company.query("SELECT * FROM Vendor MAXRESULTS 1000")),
		)
		self.assertEqual(self.get_id(VENDOR, "Slip 3"), self.find_there("Vendor", "Slip 3")["Id"])
