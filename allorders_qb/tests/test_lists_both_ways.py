"""Lists both ways: what is changed on either side arrives on the other, once, and nothing else moves."""

import frappe

from allorders_qb.tests.listed import CUSTOMER, ITEM, VENDOR, ListsTestCase
from allorders_qb.tests.utils import make_customer, make_item


class TestTheirsToOurs(ListsTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.synchronize()

	def test_the_first_synchronization_brings_everything(self):
		parent = self.company.post("Customer", {"DisplayName": "Big"})
		for number in range(3):
			self.company.post(
				"Customer",
				{"DisplayName": f"Part {number}", "ParentRef": {"value": parent["Id"]}, "Job": True},
			)
			self.company.post("Vendor", {"DisplayName": f"Vendor {number}"})
			self.company.post(
				"Item",
				{"Name": f"Item {number}", "Type": "Service", "IncomeAccountRef": {"value": self._income()}},
			)
		self.company.post("Item", {"Name": "A Category", "Type": "Category"})
		run = self.synchronize("Full")
		self.assertEqual(
			{row.list_type: row.created for row in run.lists if row.created},
			{CUSTOMER: 4, VENDOR: 3, ITEM: 3},
		)
		for doctype, entity in ((CUSTOMER, "Customer"), (VENDOR, "Vendor"), (ITEM, "Item")):
			for remote in self.company.query(f"SELECT * FROM {entity} MAXRESULTS 1000"):
				if remote.get("Type") in ("Category", "Group"):
					self.assertIsNone(self.find_here(doctype, remote["Id"]))
					continue
				here = self.find_here(doctype, remote["Id"])
				self.assertIsNotNone(here, remote)
				self.assertEqual(here.name, remote.get("DisplayName") or remote["Name"])
		self.assert_settled()

	def test_a_run_with_nothing_to_do_costs_one_request(self):
		self.company.control("DELETE", f"{self.company.realm_id}/requests")
		self.synchronize()
		self.assertEqual([entry["operation"] for entry in self.company.get_requests()], ["cdc"])

	def test_a_customer_made_and_changed_in_quickbooks(self):
		remote = self.company.post(
			"Customer",
			{
				"DisplayName": "Lighthouse Café",
				"GivenName": "Ida",
				"FamilyName": "Berg",
				"PrimaryEmailAddr": {"Address": "ida@lighthouse.example"},
				"BillAddr": {"Line1": "1 Pier", "Line2": "Shed 4", "Line3": "Left", "City": "Astoria"},
				"SalesTermRef": {"value": self.company.query("SELECT * FROM Term")[0]["Id"]},
			},
		)
		run = self.synchronize()
		here = self.find_here(CUSTOMER, remote["Id"])
		self.assertEqual(
			(here.name, here.contact_name, here.bill_to_line2, here.bill_to_city),
			("Lighthouse Café", "Ida Berg", "Shed 4, Left", "Astoria"),
		)
		self.assertEqual(
			frappe.db.get_value("QuickBooks Term", here.terms, "quickbooks_id"),
			remote["SalesTermRef"]["value"],
		)
		self.assertEqual({row.list_type: row.created for row in run.lists}[CUSTOMER], 1)
		self.change_there("Customer", remote, Notes="Rings twice", PrimaryPhone={"FreeFormNumber": "555 x12"})
		self.synchronize()
		here.reload()
		self.assertEqual((here.notes, here.phone), ("Rings twice", "555 x12"))
		self.assert_settled()

	def test_deactivated_renamed_and_active_again(self):
		remote = self.company.post("Customer", {"DisplayName": "Old Mill"})
		self.synchronize()
		self.change_there("Customer", remote, Active=False)
		run = self.synchronize()
		here = self.find_here(CUSTOMER, remote["Id"])
		self.assertEqual((here.name, here.inactive), ("Old Mill", 1))
		self.assertEqual({row.list_type: row.deactivated for row in run.lists}[CUSTOMER], 1)
		self.change_there("Customer", remote, Active=True, DisplayName="New Mill")
		self.synchronize()
		here = self.find_here(CUSTOMER, remote["Id"])
		self.assertEqual((here.name, here.customer_name, here.inactive), ("New Mill", "New Mill", 0))
		self.assertFalse(frappe.db.exists(CUSTOMER, "Old Mill"))
		self.assert_settled()

	def test_two_customers_swap_their_names(self):
		one = self.company.post("Customer", {"DisplayName": "Swap One"})
		two = self.company.post("Customer", {"DisplayName": "Swap Two"})
		self.synchronize()
		self.change_there("Customer", one, DisplayName="Swap Three")
		self.change_there("Customer", two, DisplayName="Swap One")
		self.change_there("Customer", one, DisplayName="Swap Two")
		self.synchronize()
		self.assertEqual(self.find_here(CUSTOMER, two["Id"]).name, "Swap One")
		self.assertIn(self.find_here(CUSTOMER, one["Id"]).name, ("Swap Two", f"Swap Two ({one['Id']})"))
		self.assertEqual(self.list_conflicts(), [])
		self.assert_settled()

	def test_a_sub_customer_keeps_its_parent(self):
		parent = self.company.post("Customer", {"DisplayName": "Harbor Group"})
		child = self.company.post(
			"Customer", {"DisplayName": "Harbor North", "Job": True, "ParentRef": {"value": parent["Id"]}}
		)
		self.synchronize()
		self.assertEqual(self.find_here(CUSTOMER, child["Id"]).parent_customer, "Harbor Group")
		self.assert_settled()

	def test_items_of_one_name_below_two_categories(self):
		fields = {"Type": "Service", "IncomeAccountRef": {"value": self._income()}}
		found = []
		for category in ("Red", "Blue"):
			parent = self.company.post("Item", {"Name": category, "Type": "Category"})
			found.append(
				self.company.post(
					"Item", {"Name": "Bolt", "SubItem": True, "ParentRef": {"value": parent["Id"]}, **fields}
				)
			)
		self.synchronize()
		names = [self.find_here(ITEM, remote["Id"]).name for remote in found]
		self.assertEqual(sorted(names), ["Blue:Bolt", "Bolt"])
		self.assertFalse(frappe.db.exists(ITEM, "Red"))
		for name, remote in zip(names, found, strict=True):
			item = frappe.get_doc(ITEM, name)
			item.unit_price = 3
			item.save()
			self.send()
			after = self.read_there("Item", remote["Id"])
			self.assertEqual((after["Name"], float(after["UnitPrice"])), ("Bolt", 3))
			self.assertEqual(after["FullyQualifiedName"], remote["FullyQualifiedName"])
		self.assert_settled()

	def test_an_items_type_and_a_balance_are_not_copied(self):
		item = make_item("Sorted", item_type="Service")
		self.send()
		remote = self.find_there("Item", "Sorted")
		self.change_there("Item", remote, Type="NonInventory")
		self.synchronize()
		item.reload()
		self.assertEqual(item.item_type, "Service")
		told = self.list_conflicts(kind="Type Changed")
		self.assertEqual([row.record for row in told], ["Sorted"])
		self.assertIn("NonInventory", told[0].sentence)
		self.synchronize()
		self.assertEqual(len(self.list_conflicts(kind="Type Changed")), 1)

	def test_what_capture_leaves_out_is_read_daily(self):
		self.assertTrue(frappe.db.count("QuickBooks Tax Rate"))
		self.company.control("DELETE", f"{self.company.realm_id}/requests")
		frappe.db.set_value(
			"QuickBooks Connection", self.company.realm_id, "excluded_lists_read_at", "2020-01-01 00:00:00"
		)
		self.synchronize()
		asked = {entry["entity"] for entry in self.company.get_requests(operation="query")}
		self.assertLessEqual({"TaxCode", "TaxRate"}, asked)

	def _income(self) -> str:
		return self.company.query("SELECT * FROM Account WHERE AccountType = 'Income'")[0]["Id"]


class TestOursToTheirs(ListsTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.synchronize()

	def test_an_update_leaves_alone_what_another_person_changed(self):
		customer = make_customer("Two Hands", phone="1")
		self.send()
		remote = self.find_there("Customer", "Two Hands")
		self.change_there("Customer", remote, Notes="from QuickBooks")
		customer.reload()
		customer.phone = "2"
		customer.save()
		self.send()
		after = self.read_there("Customer", remote["Id"])
		self.assertEqual((after["Notes"], after["PrimaryPhone"]["FreeFormNumber"]), ("from QuickBooks", "2"))
		customer.reload()
		self.assertEqual((customer.notes, customer.phone), ("from QuickBooks", "2"))
		self.assertEqual(self.list_conflicts(), [])
		self.assert_settled()

	def test_an_emptied_field_is_emptied_there(self):
		customer = make_customer("Emptied", phone="1", notes="gone soon")
		self.send()
		customer.reload()
		customer.notes = ""
		customer.save()
		self.send()
		after = self.find_there("Customer", "Emptied")
		self.assertNotIn("Notes", after)
		self.assertEqual(after["PrimaryPhone"]["FreeFormNumber"], "1")
		self.assert_settled()

	def test_deactivated_and_active_again(self):
		customer = make_customer("On and Off")
		self.send()
		for inactive in (1, 0):
			customer.reload()
			customer.inactive = inactive
			customer.save()
			self.send()
			there = self.read_there("Customer", self.get_id(CUSTOMER, "On and Off"))
			self.assertEqual(there["Active"], not inactive)
			self.assertEqual(there["DisplayName"], "On and Off (deleted)" if inactive else "On and Off")
		self.assert_settled()

	def test_renamed_here(self):
		make_customer("Before")
		self.send()
		quickbooks_id = self.get_id(CUSTOMER, "Before")
		frappe.rename_doc(CUSTOMER, "Before", "After")
		self.send()
		self.assertEqual(self.read_there("Customer", quickbooks_id)["DisplayName"], "After")
		self.assert_settled()

	def test_a_parent_goes_first(self):
		frappe.flags.from_quickbooks = True
		parent = make_customer("Parent Co")
		frappe.flags.from_quickbooks = False
		make_customer("Child Co", parent_customer=parent.name)
		self.send()
		child = self.find_there("Customer", "Child Co")
		self.assertEqual(child["ParentRef"]["value"], self.get_id(CUSTOMER, "Parent Co"))
		self.assertTrue(child["Job"])
		self.assert_settled()

	def test_a_vendor(self):
		vendor = frappe.get_doc(
			{
				"doctype": VENDOR,
				"vendor_name": "Dukes Supply",
				"tax_id": "12-3456789",
				"account_number": "HL-7",
				"is_1099": 1,
				"address_city": "Salem",
			}
		).insert()
		self.send()
		there = self.find_there("Vendor", "Dukes Supply")
		self.assertEqual(
			(there["AcctNum"], there["Vendor1099"], there["BillAddr"]["City"]), ("HL-7", True, "Salem")
		)
		vendor.reload()
		self.assertEqual(vendor.tax_id, there["TaxIdentifier"])
		self.assertTrue(vendor.tax_id.startswith("X"))
		self.change_there("Vendor", there, AcctNum="HL-8")
		self.synchronize()
		vendor.reload()
		self.assertEqual(vendor.account_number, "HL-8")
		self.assert_settled()

	def test_a_name_that_a_vendor_has_there(self):
		self.company.post("Vendor", {"DisplayName": "Shared Name"})
		make_customer("Shared Name")
		self.send()
		row = frappe.get_last_doc("QuickBooks Queue Entry", filters={"reference_name": "Shared Name"})
		self.assertEqual(row.status, "Needs Attention")
		self.assertIn("Vendor", row.reason)
		self.synchronize()
		self.assertTrue(frappe.db.exists(VENDOR, "Shared Name"))
		self.assertEqual(frappe.db.get_value("QuickBooks Queue Entry", row.name, "status"), "Needs Attention")

	def test_our_own_echo_changes_nothing(self):
		customer = make_customer("Echo")
		self.send()
		before = frappe.db.get_value(CUSTOMER, customer.name, "modified")
		self.synchronize()
		self.assertEqual(frappe.db.get_value(CUSTOMER, customer.name, "modified"), before)

	def test_made_on_both_sides_under_one_name(self):
		make_customer("Twin", phone="ours")
		remote = self.company.post("Customer", {"DisplayName": "Twin", "Notes": "theirs"})
		self.send()
		self.synchronize()
		self.send()
		here = self.find_here(CUSTOMER, remote["Id"])
		self.assertEqual((here.name, here.phone, here.notes), ("Twin", "ours", "theirs"))
		there = self.read_there("Customer", remote["Id"])
		self.assertEqual((there["PrimaryPhone"]["FreeFormNumber"], there["Notes"]), ("ours", "theirs"))
		self.assert_settled()
