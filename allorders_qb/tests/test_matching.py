"""The first connection of a company and a site that both have lists: nothing moves before a person has confirmed it."""

import frappe

from allorders_qb.sync.connection import CONNECTION, get_realm_id
from allorders_qb.sync.matching import course, deciding, gate, pages, summary
from allorders_qb.sync.matching.gate import MATCH
from allorders_qb.tests.emulated import work
from allorders_qb.tests.listed import CUSTOMER, ITEM, VENDOR
from allorders_qb.tests.matched import MatchingTestCase
from allorders_qb.tests.utils import make_customer, make_item, make_location, make_ship_doc


class TestMatching(MatchingTestCase):
	def make_both_sides(self) -> None:
		self.set_settings(send_list_changes=0)
		make_customer(customer_name="Harbour Supply")
		make_customer(customer_name="Pier & Sons", email="office@pier.example")
		make_customer(customer_name="Only Here")
		make_customer(customer_name="Kept Here")
		make_item(item_code="Anchor 5 kg", sku="A-5")
		self.theirs = {
			name: self.company.post("Customer", {"DisplayName": name, **values})
			for name, values in {
				"HARBOUR  supply": {"Notes": "Rings twice"},
				"Pier and Sons": {"PrimaryEmailAddr": {"Address": "Office@Pier.example"}},
				"Only There": {},
				"Left There": {},
			}.items()
		}
		income = self.company.query("SELECT * FROM Account WHERE AccountType = 'Income'")[0]["Id"]
		self.theirs["Small anchor"] = self.company.post(
			"Item",
			{"Name": "Small anchor", "Type": "Service", "Sku": "a-5", "IncomeAccountRef": {"value": income}},
		)
		self.set_settings(send_list_changes=1)
		self.company.control("DELETE", f"{self.company.realm_id}/requests")

	def test_needed_only_where_both_sides_have_records(self):
		self.require()
		needed = any(
			frappe.db.count(doctype) and self.company.query(f"SELECT * FROM {entity} MAXRESULTS 1")
			for doctype, entity in ((CUSTOMER, "Customer"), (VENDOR, "Vendor"), (ITEM, "Item"))
		)
		self.assertEqual(self.get_status() or "", "Required" if needed else "")
		self.forget()
		self.make_both_sides()
		self.require()
		self.assertEqual(self.get_status(), "Required")
		self.assertTrue(gate.is_waiting(get_realm_id()))
		self.assertEqual(self.list_writes(), [])

	def test_what_is_linked_already_needs_no_matching(self):
		self.synchronize()
		frappe.db.set_value(CONNECTION, self.company.realm_id, "capture_watermark", None)
		self.company.post("Customer", {"DisplayName": "Known"})
		self.synchronize()
		frappe.db.set_value(CONNECTION, self.company.realm_id, "capture_watermark", None)
		self.require()
		self.assertFalse(gate.is_waiting(get_realm_id()))

	def test_nothing_moves_before_the_confirmation(self):
		self.make_both_sides()
		self.require()
		before = {doctype: frappe.db.count(doctype) for doctype in (CUSTOMER, VENDOR, ITEM)}
		customer = make_customer(customer_name="Made Meanwhile")
		doc = make_ship_doc(
			customer=customer, lines=[{"item": make_item(unit_price=5).name, "quantity": 1}], submit=True
		)
		run = self.synchronize("Full")
		work()
		self.assertIn("Match Lists", run.summary)
		self.read()
		deciding.decide_rest(get_realm_id(), {"proposed": "Link", "theirs": "Import", "ours": "Create"})
		frappe.db.commit()
		work()
		self.assertEqual(self.list_writes(), [])
		self.assertEqual(frappe.db.count("QuickBooks Link"), 0)
		self.assertEqual(frappe.db.count(CUSTOMER), before[CUSTOMER] + 1)
		[row] = frappe.get_all(
			"QuickBooks Queue Entry",
			filters={"reference_name": customer.name},
			fields=["reason", "status"],
			order_by="creation",
		)
		self.assertEqual((row.status, row.reason), ("Queued", gate.explain_waiting()))
		self.assertEqual(frappe.db.get_value("AO Ship Doc", doc.name, "quickbooks_status"), "Queued")
		self.confirm()
		work()
		self.assertEqual(frappe.db.get_value("AO Ship Doc", doc.name, "quickbooks_status"), "Sent")
		self.assertEqual(len(self.company.get_invoices()), 1)

	def test_pairs_are_proposed_and_carried_out_as_decided(self):
		self.make_both_sides()
		self.require()
		self.read()
		self.assertEqual(self.get_status(), "Deciding")
		proposals = {
			title: (row.record, row.proposed_by, row.state)
			for title in self.theirs
			for row in [self.get_row(self.tidy(title))]
		}
		self.assertEqual(
			proposals,
			{
				"HARBOUR  supply": ("Harbour Supply", "Name", "Proposed"),
				"Pier and Sons": ("Pier & Sons", "E-mail", "Proposed"),
				"Only There": (None, None, "Unmatched"),
				"Left There": (None, None, "Unmatched"),
				"Small anchor": ("Anchor 5 kg", "SKU", "Proposed"),
			},
		)
		self.decide("Link", self.tidy("HARBOUR  supply"), "Pier and Sons", "Small anchor")
		self.decide("Import", "Only There")
		self.decide("Create", "Only Here", side="Here")
		with self.assertRaisesRegex(frappe.ValidationError, "not decided yet"):
			course.confirm()
		self.leave_rest()
		total = summary.summarize(get_realm_id())["total"]
		self.assertEqual((total["linked"], total["imported"], total["created"], total["open"]), (3, 1, 1, 0))
		run = self.confirm()
		self.assertEqual(run.status, "Finished", run.summary)
		self.assertEqual(self.get_status(), "Finished")
		work()
		self.assertEqual(self.find_here(CUSTOMER, self.theirs["Only There"]["Id"]).name, "Only There")
		self.assertEqual(self.find_here(ITEM, self.theirs["Small anchor"]["Id"]).name, "Anchor 5 kg")
		self.assertEqual(self.find_here(CUSTOMER, self.theirs["HARBOUR  supply"]["Id"]).notes, "Rings twice")
		self.assertIsNotNone(self.find_there("Customer", "Only Here"))
		self.assertIsNone(self.find_there("Customer", "Kept Here"))
		self.assertIsNone(self.find_here(CUSTOMER, self.theirs["Left There"]["Id"]))
		left = frappe.get_all(MATCH, fields=["title", "decision"], order_by="title")
		self.assertIn("Left There", [row.title for row in left])
		self.assertEqual({row.decision for row in left}, {"Leave Alone"})

	@staticmethod
	def tidy(title: str) -> str:
		return title if "  " not in title else title

	def test_what_was_left_alone_stays_alone(self):
		self.make_both_sides()
		self.require()
		self.read()
		self.leave_rest()
		self.confirm()
		self.change_there("Customer", self.theirs["Left There"], Notes="Changed")
		frappe.get_doc(CUSTOMER, "Kept Here").update({"notes": "Changed"}).save()
		self.synchronize()
		self.synchronize("Full")
		work()
		self.assertIsNone(self.find_here(CUSTOMER, self.theirs["Left There"]["Id"]))
		self.assertIsNone(self.find_there("Customer", "Kept Here"))
		self.assertEqual(self.list_writes_of_ours(), [])
		# Matched again: the decision is still there, and can be changed.
		self.read()
		self.assertEqual(self.get_row("Left There").decision, "Leave Alone")
		self.decide("Import", "Left There")
		self.leave_rest()
		self.confirm()
		self.assertEqual(self.find_here(CUSTOMER, self.theirs["Left There"]["Id"]).name, "Left There")
		# A document that needs it sends it all the same.
		make_ship_doc(
			customer="Kept Here",
			lines=[{"item": make_item(unit_price=5).name, "quantity": 1}],
			location=make_location().name,
			submit=True,
		)
		work()
		self.assertIsNotNone(self.find_there("Customer", "Kept Here"))

	def list_writes_of_ours(self) -> list[dict]:
		# The one change is the test's own.
		return self.list_writes()[1:]

	def test_what_changes_between_reading_and_confirming_comes_with_the_next_synchronization(self):
		self.make_both_sides()
		self.require()
		self.read()
		self.decide("Import", "Only There")
		self.leave_rest()
		self.change_there("Customer", self.theirs["Only There"], Notes="Later")
		self.confirm()
		self.synchronize()
		self.assertEqual(self.find_here(CUSTOMER, self.theirs["Only There"]["Id"]).notes, "Later")

	def test_a_namesake_that_was_seen_stays_another_record(self):
		self.make_both_sides()
		self.require()
		self.read()
		row = self.get_row(self.tidy("HARBOUR  supply"))
		deciding.decide("Import", [row.name])
		self.assertEqual(self.get_row("Harbour Supply", "Here").state, "Unmatched")
		self.leave_rest()
		self.confirm()
		here = self.find_here(CUSTOMER, self.theirs["HARBOUR  supply"]["Id"])
		self.assertNotEqual(here.name, "Harbour Supply")
		self.assertIsNone(self.get_id(CUSTOMER, "Harbour Supply"))

	def test_a_person_links_what_no_sign_tells(self):
		self.make_both_sides()
		self.require()
		self.read()
		row = self.get_row("Only There")
		[found] = pages.find_counterparts(get_realm_id(), row.name, "only he")
		self.assertEqual((found["record"], found["twin"]), ("Only Here", None))
		deciding.link_to(row.name, "Only Here")
		with self.assertRaisesRegex(frappe.ValidationError, "linked to “Only There” already"):
			deciding.link_to(self.get_row("Left There").name, "Only Here")
		# One that was only proposed for another is taken from it.
		deciding.link_to(self.get_row("Left There").name, "Pier & Sons")
		self.assertEqual(self.get_row("Pier and Sons").state, "Unmatched")
		# Undone, it is a proposal again; imported, both are questions of their own.
		self.decide("", "Left There")
		self.assertEqual(self.get_row("Left There").state, "Proposed")
		self.decide("Import", "Left There")
		self.assertEqual(self.get_row("Pier & Sons", "Here").state, "Unmatched")
		self.leave_rest()
		self.confirm()
		self.assertEqual(self.find_here(CUSTOMER, self.theirs["Only There"]["Id"]).name, "Only Here")
		# Matched again, nobody is offered what is linked.
		self.read()
		self.assertEqual(
			pages.find_counterparts(get_realm_id(), self.get_row("Left There").name, "only he"), []
		)

	def test_several_candidates_are_asked(self):
		self.set_settings(send_list_changes=0)
		make_customer(customer_name="North Shop", email="shared@group.example")
		make_customer(customer_name="South Shop", email="shared@group.example")
		self.company.post(
			"Customer", {"DisplayName": "Group", "PrimaryEmailAddr": {"Address": "shared@group.example"}}
		)
		self.require()
		self.read()
		row = self.get_row("Group")
		self.assertEqual(row.state, "Several Candidates")
		page = pages.get_page(get_realm_id(), CUSTOMER, {"state": "Several Candidates"}, 0, 50)
		self.assertEqual([one["record"] for one in page["rows"][0].candidates], ["North Shop", "South Shop"])
		deciding.decide_rest(get_realm_id(), {"proposed": "Link", "theirs": "Import", "ours": "Create"})
		self.assertEqual(self.get_row("Group").state, "Several Candidates")
		with self.assertRaisesRegex(frappe.ValidationError, "not decided"):
			course.confirm()

	def test_a_child_does_not_come_without_its_parent(self):
		self.make_both_sides()
		parent = self.theirs["Left There"]["Id"]
		self.company.post("Customer", {"DisplayName": "Below", "ParentRef": {"value": parent}, "Job": True})
		self.require()
		self.read()
		self.decide("Import", "Below")
		self.leave_rest()
		with self.assertRaisesRegex(frappe.ValidationError, "stands below “Left There”"):
			course.confirm()
		self.decide("Import", "Left There")
		self.confirm()
		self.assertEqual(frappe.db.get_value(CUSTOMER, "Below", "parent_customer"), "Left There")

	def test_what_quickbooks_counts_is_marked_and_no_stock_comes_of_it(self):
		accounts = {
			kind: self.company.query(f"SELECT * FROM Account WHERE AccountSubType = '{kind}'")[0]["Id"]
			for kind in ("SalesOfProductIncome", "SuppliesMaterialsCogs", "Inventory")
		}
		there = self.company.post(
			"Item",
			{
				"Name": "Counted there",
				"Type": "Inventory",
				"TrackQtyOnHand": True,
				"QtyOnHand": 12,
				"InvStartDate": "2026-01-01",
				"PurchaseCost": 4,
				"IncomeAccountRef": {"value": accounts["SalesOfProductIncome"]},
				"ExpenseAccountRef": {"value": accounts["SuppliesMaterialsCogs"]},
				"AssetAccountRef": {"value": accounts["Inventory"]},
			},
		)
		self.require()
		self.read()
		self.assertEqual(self.get_row("Counted there").tracked, 1)
		self.decide("Import", "Counted there")
		self.leave_rest()
		ledger = frappe.db.count("AO Stock Ledger Entry")
		self.confirm()
		here = self.find_here(ITEM, there["Id"])
		self.assertEqual(here.item_type, "Inventory Part")
		self.assertEqual(frappe.db.count("AO Stock Ledger Entry"), ledger)
		self.assertEqual(frappe.db.count("AO Stock Balance", {"item": here.name}), 0)
		self.assertEqual(
			self.company.query("SELECT * FROM Item WHERE Name = 'Counted there'")[0]["QtyOnHand"], 12
		)

	def test_another_person_goes_on_where_it_was_stopped(self):
		self.make_both_sides()
		self.require()
		self.read()
		self.decide("Import", "Only There")
		status, body = self.call_api(
			("QuickBooks Manager",),
			"POST",
			"/api/method/allorders_qb.api.matching.get_rows",
			list_type=CUSTOMER,
			filters={"state": "Decided"},
		)
		self.assertEqual(status, 200)
		self.assertEqual([row["title"] for row in body["message"]["rows"]], ["Only There"])
		for role in ("QuickBooks Poster", "AO Manager"):
			status, _body = self.call_api((role,), "POST", "/api/method/allorders_qb.api.matching.confirm")
			self.assertEqual(status, 403)
		self.leave_rest()
		status, body = self.call_api(
			("QuickBooks Manager",), "POST", "/api/method/allorders_qb.api.matching.confirm"
		)
		self.assertEqual((status, body["message"]["status"]), (200, "Importing"))
		with self.assertRaisesRegex(frappe.ValidationError, "nothing to decide now"):
			self.decide("Leave Alone", "Only There")
		self.carry_out()
		self.assertIsNotNone(self.find_here(CUSTOMER, self.theirs["Only There"]["Id"]))
