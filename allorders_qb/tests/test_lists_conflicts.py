"""Both sides change one record: nothing is overwritten in silence, a person decides, and both sides are as decided."""

import frappe

from allorders_qb.api import conflicts as conflicts_api
from allorders_qb.api import documents as documents_api
from allorders_qb.sync.lists.gone import report_merged
from allorders_qb.tests.emulated import read_preferences_again
from allorders_qb.tests.listed import CUSTOMER, ITEM, VENDOR, ListsTestCase
from allorders_qb.tests.utils import as_user, make_customer, make_item


class ConflictsTestCase(ListsTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.synchronize()

	def make_both(self, name: str, **values):
		"""A customer that is on both sides: ours, and theirs."""
		customer = make_customer(name, **values)
		self.send()
		customer.reload()
		return customer, self.find_there("Customer", name)

	def differ(self, name: str = "Torn"):
		"""The same field changed on both sides, and another one on each: ours, theirs, the conflict."""
		customer, remote = self.make_both(name, notes="old", phone="1", email="a@torn.example")
		self.change_there("Customer", remote, Notes="theirs", PrimaryPhone={"FreeFormNumber": "2"})
		self.set_settings(send_list_changes=0)
		customer.notes, customer.email = "ours", "b@torn.example"
		customer.save()
		self.set_settings(send_list_changes=1)
		self.synchronize()
		self.send()
		customer.reload()
		return customer, self.read_there("Customer", remote["Id"]), self.list_conflicts(record=name)


class TestConflicts(ConflictsTestCase):
	def test_neither_value_is_lost_and_the_other_fields_go_on(self):
		customer, there, found = self.differ()
		self.assertEqual((customer.notes, customer.phone, customer.email), ("ours", "2", "b@torn.example"))
		self.assertEqual((there["Notes"], there["PrimaryEmailAddr"]["Address"]), ("theirs", "b@torn.example"))
		self.assertEqual(
			[(row.fieldname, row.ours_shown, row.theirs_shown, row.base_shown) for row in found],
			[("notes", "ours", "theirs", "old")],
		)
		self.assertEqual(documents_api.get_quickbooks_state(CUSTOMER, customer.name)["conflicts"], 1)
		self.assert_settled()
		self.assertEqual(len(self.list_conflicts()), 1)

	def test_keep_ours(self):
		customer, there, found = self.differ()
		with as_user("QuickBooks Manager", "AO Viewer"):
			conflicts_api.resolve(found[0].name, "Keep Ours")
		self.send()
		self.assertEqual(self.read_there("Customer", there["Id"])["Notes"], "ours")
		self.assertEqual(self.list_conflicts(), [])
		self.assert_settled()

	def test_take_theirs(self):
		customer, there, found = self.differ()
		conflicts_api.resolve(found[0].name, "Take QuickBooks'")
		self.send()
		customer.reload()
		self.assertEqual(customer.notes, "theirs")
		self.assertEqual(self.read_there("Customer", there["Id"])["Notes"], "theirs")
		self.assert_settled()

	def test_another_value(self):
		customer, there, found = self.differ()
		conflicts_api.resolve(found[0].name, "Another Value", "both")
		self.send()
		customer.reload()
		self.assertEqual(
			(customer.notes, self.read_there("Customer", there["Id"])["Notes"]), ("both", "both")
		)
		self.assert_settled()

	def test_only_a_manager_decides_and_only_once(self):
		_customer, _there, found = self.differ()
		with as_user("AO Manager", "QuickBooks Poster"), self.assertRaises(frappe.PermissionError):
			conflicts_api.resolve(found[0].name, "Keep Ours")
		conflicts_api.resolve(found[0].name, "Keep Ours")
		with self.assertRaisesRegex(frappe.ValidationError, "decided already"):
			conflicts_api.resolve(found[0].name, "Take QuickBooks'")

	def test_several_at_once(self):
		names = [self.differ(name)[2][0].name for name in ("Torn A", "Torn B")]
		conflicts_api.resolve(names[0], "Keep Ours")
		results = conflicts_api.resolve_selected(names, "Take QuickBooks'")
		self.assertEqual([one["ok"] for one in results], [False, True])
		self.assertEqual(frappe.db.get_value(CUSTOMER, "Torn B", "notes"), "theirs")

	def test_a_conflict_that_both_sides_settle_closes_itself(self):
		customer, there, found = self.differ()
		self.change_there("Customer", there, Notes="ours")
		self.synchronize()
		self.assertEqual(self.list_conflicts(), [])
		self.assertEqual(frappe.db.get_value("QuickBooks Conflict", found[0].name, "answer"), "By Itself")
		self.assert_settled()

	def test_owners_decide_where_they_are_named(self):
		self.set_owner(CUSTOMER, "notes", "QuickBooks")
		customer, _there, found = self.differ("Owned There")
		self.assertEqual((found, customer.notes), ([], "theirs"))
		self.set_owner(CUSTOMER, "notes", "All Orders")
		customer, there, found = self.differ("Owned Here")
		self.assertEqual((found, customer.notes, there["Notes"]), ([], "ours", "ours"))
		self.set_owner(CUSTOMER, "notes", "Whoever Changed It")
		self.assert_settled()

	def test_two_users_and_quickbooks_change_one_customer_at_once(self):
		customer, remote = self.make_both("Crowded", phone="1", notes="old", company_name="C")
		first, second = frappe.get_doc(CUSTOMER, "Crowded"), frappe.get_doc(CUSTOMER, "Crowded")
		self.change_there("Customer", remote, CompanyName="C there", Notes="there")
		first.phone = "2"
		first.save()
		second.notes = "here"
		with self.assertRaises(frappe.TimestampMismatchError):
			second.save()
		frappe.clear_messages()
		second.reload()
		second.notes = "here"
		second.save()
		self.send()
		self.synchronize()
		self.send()
		customer.reload()
		there = self.read_there("Customer", remote["Id"])
		self.assertEqual((customer.phone, customer.company_name, customer.notes), ("2", "C there", "here"))
		self.assertEqual(
			(there["PrimaryPhone"]["FreeFormNumber"], there["CompanyName"], there["Notes"]),
			("2", "C there", "there"),
		)
		self.assertEqual([row.fieldname for row in self.list_conflicts()], ["notes"])


class TestNamesAndTwins(ConflictsTestCase):
	def test_an_item_met_by_its_name_whose_type_differs_is_reported(self):
		self.set_settings(send_list_changes=0)
		make_item("Both Made", item_type="Non-inventory Part")
		make_item("Alike", item_type="Non-inventory Part")
		income = self.company.query("SELECT * FROM Account WHERE AccountType = 'Income'")[0]["Id"]
		for name, kind in (("Both Made", "Service"), ("Alike", "NonInventory")):
			self.company.post("Item", {"Name": name, "Type": kind, "IncomeAccountRef": {"value": income}})
		for _round in range(2):
			self.synchronize("Full")
			told = self.list_conflicts(kind="Type Changed")
			self.assertEqual([row.record for row in told], ["Both Made"])
		self.assertEqual(frappe.db.get_value(ITEM, "Both Made", "item_type"), "Non-inventory Part")

	def test_a_customer_met_by_its_name_whose_currency_differs_is_reported(self):
		self.keep_several_currencies()
		self.set_settings(send_list_changes=0)
		make_customer("Both Made", currency="EUR")
		make_customer("Alike", currency="EUR")
		for name, currency in (("Both Made", "USD"), ("Alike", "EUR")):
			self.company.post(
				"Customer", {"DisplayName": name, "CurrencyRef": {"value": currency}, "Notes": "Rings twice"}
			)
		for _round in range(2):
			self.synchronize("Full")
			told = self.list_conflicts(kind="Currency Changed")
			self.assertEqual([row.record for row in told], ["Both Made"])
		self.assertIn("in USD now, not in EUR", told[0].sentence)
		# Reported, not copied; everything else is kept alike.
		self.assertEqual(
			frappe.db.get_value(CUSTOMER, "Both Made", ["currency", "notes"]), ("EUR", "Rings twice")
		)
		self.assertIsNotNone(self.get_id(CUSTOMER, "Both Made"))
		there = self.find_there("Customer", "Both Made")
		self.assertEqual(there["CurrencyRef"]["value"], "USD")

	def keep_several_currencies(self) -> None:
		self.company.control(
			"PATCH",
			f"{self.company.realm_id}/preferences",
			{"CurrencyPrefs": {"MultiCurrencyEnabled": True}},
		)
		read_preferences_again()

	def test_a_new_name_that_one_of_ours_has(self):
		_customer, remote = self.make_both("Renamed There")
		frappe.flags.from_quickbooks = True
		make_customer("Only Here")
		frappe.flags.from_quickbooks = False
		self.change_there("Customer", remote, DisplayName="Only Here", Notes="taken over all the same")
		self.synchronize()
		found = self.list_conflicts(kind="Name Taken")
		self.assertEqual([row.record for row in found], ["Renamed There"])
		self.assertIn("Only Here", found[0].sentence)
		self.assertEqual(frappe.db.get_value(CUSTOMER, "Renamed There", "notes"), "taken over all the same")
		frappe.rename_doc(CUSTOMER, "Only Here", "Elsewhere")
		conflicts_api.resolve(found[0].name, "Take QuickBooks'")
		self.assertTrue(frappe.db.exists(CUSTOMER, "Only Here"))

	def test_made_again_under_the_old_name(self):
		customer, remote = self.make_both("Phoenix")
		self.change_there("Customer", remote, Active=False)
		self.synchronize()
		again = self.company.post("Customer", {"DisplayName": "Phoenix", "Notes": "new"})
		self.synchronize()
		found = self.list_conflicts(kind="Made Again in QuickBooks")
		self.assertEqual([row.record for row in found], ["Phoenix"])
		conflicts_api.resolve(found[0].name, "Link to It")
		self.synchronize()
		customer.reload()
		self.assertEqual(self.get_id(CUSTOMER, "Phoenix"), again["Id"])
		self.assertEqual((customer.inactive, customer.notes), (0, "new"))
		self.assertEqual(self.list_conflicts(), [])
		self.assert_settled()

	def test_made_again_and_kept_apart(self):
		_customer, remote = self.make_both("Double")
		self.change_there("Customer", remote, Active=False)
		self.synchronize()
		again = self.company.post("Customer", {"DisplayName": "Double"})
		self.synchronize()
		conflicts_api.resolve(self.list_conflicts()[0].name, "Keep Apart")
		self.synchronize()
		self.assertEqual(self.find_here(CUSTOMER, again["Id"]).name, f"Double ({again['Id']})")
		self.assert_settled()
		self.assertEqual(self.read_there("Customer", again["Id"])["DisplayName"], "Double")

	def test_a_merge_in_quickbooks(self):
		make_customer("Kept")
		_customer, gone = self.make_both("Merged Away")
		kept = self.find_there("Customer", "Kept")
		stranger = self.company.post("Customer", {"DisplayName": "Stranger"})
		realm = self.company.realm_id
		self.assertTrue(report_merged(realm, "Customer", gone["Id"], kept["Id"]))
		self.assertFalse(report_merged(realm, "Customer", gone["Id"], kept["Id"]))
		self.assertEqual(self.get_id(CUSTOMER, "Merged Away"), gone["Id"])
		self.assertEqual(
			[row.record for row in self.list_conflicts(kind="Merged in QuickBooks")], ["Merged Away"]
		)
		report_merged(realm, "Customer", gone["Id"], stranger["Id"])
		self.assertEqual(self.get_id(CUSTOMER, "Merged Away"), stranger["Id"])
		self.synchronize()
		self.assertEqual(self.find_here(CUSTOMER, stranger["Id"]).inactive, 0)


class TestDirections(ConflictsTestCase):
	def test_from_quickbooks_only(self):
		customer, remote = self.make_both("Inbound", phone="1", notes="old")
		self.set_direction(CUSTOMER, "From QuickBooks")
		customer.phone = "2"
		customer.save()
		self.change_there("Customer", remote, Notes="theirs", PrimaryPhone={"FreeFormNumber": "3"})
		self.synchronize()
		self.send()
		customer.reload()
		self.assertEqual((customer.notes, customer.phone), ("theirs", "3"))
		self.assertEqual(self.read_there("Customer", remote["Id"])["PrimaryPhone"]["FreeFormNumber"], "3")

	def test_to_quickbooks_only(self):
		customer, remote = self.make_both("Outbound", phone="1", notes="old")
		self.set_direction(CUSTOMER, "To QuickBooks")
		self.change_there("Customer", remote, Notes="theirs")
		new = self.company.post("Customer", {"DisplayName": "Made There"})
		self.synchronize()
		customer.reload()
		self.assertEqual(customer.notes, "old")
		self.assertIsNone(self.find_here(CUSTOMER, new["Id"]))
		customer.phone = "2"
		customer.save()
		self.send()
		customer.reload()
		there = self.read_there("Customer", remote["Id"])
		self.assertEqual((there["PrimaryPhone"]["FreeFormNumber"], there["Notes"]), ("2", "theirs"))
		self.assertEqual(customer.notes, "old")

	def test_a_list_that_is_left_alone(self):
		self.set_direction(VENDOR, "None")
		there = self.company.post("Vendor", {"DisplayName": "Not Ours"})
		frappe.get_doc({"doctype": VENDOR, "vendor_name": "Not Theirs"}).insert()
		self.synchronize()
		self.send()
		self.assertIsNone(self.find_here(VENDOR, there["Id"]))
		self.assertIsNone(self.find_there("Vendor", "Not Theirs"))

	def test_who_may_only_queue_waits_and_keeps_the_author(self):
		customer, remote = self.make_both("Queued Only", phone="1")
		with as_user("AO User") as user:
			doc = frappe.get_doc(CUSTOMER, customer.name)
			doc.phone = "2"
			doc.save()
		self.send()
		row = frappe.get_last_doc("QuickBooks Queue Entry", filters={"reference_name": "Queued Only"})
		self.assertEqual((row.status, row.waits_for_synchronization, row.triggered_by), ("Queued", 1, user))
		self.assertEqual(self.read_there("Customer", remote["Id"])["PrimaryPhone"]["FreeFormNumber"], "1")
		self.synchronize()
		self.assertEqual(self.read_there("Customer", remote["Id"])["PrimaryPhone"]["FreeFormNumber"], "2")
		self.assertEqual(frappe.db.get_value("QuickBooks Queue Entry", row.name, "triggered_by"), user)
