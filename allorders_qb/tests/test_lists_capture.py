"""Reading QuickBooks' lists on bad days: nothing is skipped, nothing is done twice, one bad record stops no other."""

from contextlib import contextmanager
from unittest.mock import patch

import frappe

from allorders_qb.sync.connection import CONNECTION, open_client
from allorders_qb.sync.links import LINK
from allorders_qb.sync.lists.reading import read_changed
from allorders_qb.sync.lists.taking import Taker
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.tests.listed import CUSTOMER, ITEM, ListsTestCase
from allorders_qb.tests.utils import make_customer

MANY = 1030


class Killed(BaseException):
	"""The process ends here."""


class CaptureTestCase(ListsTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.synchronize()

	def make_there(self, *names: str) -> list[dict]:
		return [self.company.post("Customer", {"DisplayName": name}) for name in names]

	def make_many_there(self, number: int) -> None:
		for index in range(number):
			self.company.control(
				"POST",
				f"{self.company.realm_id}/as_user",
				{"entity": "Customer", "operation": "create", "body": {"DisplayName": f"Many {index:04}"}},
			)

	def count_here(self, like: str) -> int:
		return frappe.db.count(CUSTOMER, {"name": ("like", like)})

	def advance_clock_there(self, days: int) -> None:
		self.company.control("POST", "clock", {"advance_seconds": days * 86400})

	def list_operations(self) -> list[str]:
		return [entry["operation"] for entry in self.company.get_requests()]


class TestReading(CaptureTestCase):
	def test_more_changes_than_a_capture_holds(self):
		self.make_many_there(MANY)
		run = self.synchronize()
		self.assertEqual(run.status, "Finished", run.summary)
		self.assertEqual(self.count_here("Many %"), MANY)
		self.assertEqual(frappe.db.count(LINK, {"reference_name": ("like", "Many %")}), MANY)
		self.assert_settled()

	def test_pages_by_time_and_id_skip_nothing(self):
		made = {remote["Id"] for remote in self.make_there(*(f"Page {number}" for number in range(11)))}
		client = open_client(self.company.realm_id)
		for page in (2, 3, 7, 100):
			found = [
				remote["Id"] for remote in read_changed(client, "Customer", "2020-01-01T00:00:00Z", page)
			]
			self.assertLessEqual(made, set(found))
			self.assertEqual(len(found), len(set(found)))

	def test_a_record_changed_while_the_list_is_read_is_taken_next_time(self):
		first, second = self.make_there("Early", "Late")
		take = Taker.take

		def change_meanwhile(taker, remote, *options):
			take(taker, remote, *options)
			if remote["Id"] == second["Id"]:
				with patch.object(Taker, "take", take):
					self.change_there("Customer", first, Notes="changed meanwhile")

		with patch.object(Taker, "take", change_meanwhile):
			self.synchronize()
		self.synchronize()
		self.assertEqual(frappe.db.get_value(CUSTOMER, "Early", "notes"), "changed meanwhile")

	def test_out_of_reach_everything_is_read(self):
		self.make_there("Before the Pause")
		self.advance_clock_there(40)
		self.company.control("DELETE", f"{self.company.realm_id}/requests")
		run = self.synchronize()
		self.assertEqual(run.status, "Finished", run.summary)
		self.assertTrue(self.count_here("Before the Pause"))
		asked = {entry["entity"] for entry in self.company.get_requests(operation="query")}
		self.assertLessEqual({"Customer", "Vendor", "Item"}, asked)

	def test_a_fault_about_taxes_has_the_taxes_read_again(self):
		make_customer("Wrongly Taxed")
		error = {"Message": "Invalid tax code", "Detail": "The tax code is not valid.", "code": "6100"}
		self.company.queue_fault(
			match={"entity": "Customer", "operation": "create"},
			times=1,
			status=400,
			body={"Fault": {"Error": [error], "type": "ValidationFault"}},
		)
		self.send()
		self.company.control("DELETE", f"{self.company.realm_id}/requests")
		self.synchronize()
		asked = {entry["entity"] for entry in self.company.get_requests(operation="query")}
		self.assertLessEqual({"TaxCode", "TaxRate"}, asked)

	def test_clocks_that_disagree(self):
		self.advance_clock_there(3)
		self.make_there("From Tomorrow")
		self.synchronize()
		self.assertTrue(self.count_here("From Tomorrow"))
		watermark = frappe.db.get_value(CONNECTION, self.company.realm_id, "capture_watermark")
		self.make_there("And After")
		self.synchronize()
		self.assertTrue(self.count_here("And After"))
		self.assertGreaterEqual(
			frappe.db.get_value(CONNECTION, self.company.realm_id, "capture_watermark"), watermark
		)
		self.assert_settled()


class TestBadRecords(CaptureTestCase):
	def test_one_bad_record_stops_no_other_and_is_taken_when_it_is_mended(self):
		income = self.company.query("SELECT * FROM Account WHERE AccountType = 'Income'")[0]["Id"]
		item = {"Type": "Service", "IncomeAccountRef": {"value": income}}
		bad = self.company.post("Item", {"Name": "Below Zero", "UnitPrice": -1, **item})
		self.company.post("Item", {"Name": "Sound", "UnitPrice": 1, **item})
		run = self.synchronize()
		self.assertEqual(run.status, "Finished with Errors")
		self.assertTrue(frappe.db.exists(ITEM, "Sound"))
		self.assertFalse(frappe.db.exists(ITEM, "Below Zero"))
		found = self.list_conflicts(kind="Not Taken Over")
		self.assertEqual([row.quickbooks_id for row in found], [bad["Id"]])
		self.assertIn("negative", found[0].sentence)
		self.change_there("Item", bad, UnitPrice=2)
		self.synchronize()
		self.assertEqual(frappe.db.get_value(ITEM, "Below Zero", "unit_price"), 2)
		self.assertEqual(self.list_conflicts(), [])
		self.assert_settled()

	def test_a_twin_that_was_merged_away_is_told(self):
		make_customer("Stays")
		make_customer("Goes")
		self.send()
		stays, goes = (self.get_id(CUSTOMER, name) for name in ("Stays", "Goes"))
		self.company.control(
			"POST",
			f"{self.company.realm_id}/as_user",
			{"entity": "Customer", "operation": "merge", "body": {"Id": goes, "into": stays}},
		)
		for kind in ("Since Last", "Full"):
			self.synchronize(kind)
			found = self.list_conflicts(kind="Gone From QuickBooks")
			self.assertEqual([row.record for row in found], ["Goes"])
		self.assertTrue(frappe.db.exists(CUSTOMER, "Goes"))


class TestKilled(CaptureTestCase):
	@contextmanager
	def kill_at_commit(self, number: int):
		"""End the process at its nth point of commit, before or after it; yields what has been counted."""
		check_lease, seen = RunContext.check_lease, {"commits": 0, "killed": False}

		def trapped(context):
			seen["commits"] += 1
			if seen["commits"] == number:
				seen["killed"] = True
				if number % 2:
					check_lease(context)
				raise Killed
			check_lease(context)

		with patch.object(RunContext, "check_lease", trapped):
			yield seen

	def test_killed_at_every_point_of_commit_both_lists_agree_in_the_end(self):
		number = 0
		while True:
			number += 1
			names = [f"Killed {number} {letter}" for letter in "AB"]
			parent = self.make_there(names[0])[0]
			self.company.post(
				"Customer", {"DisplayName": names[1], "ParentRef": {"value": parent["Id"]}, "Job": True}
			)
			customer = make_customer(f"Ours {number}", phone="1")
			with self.kill_at_commit(number) as seen:
				try:
					self.synchronize()
				except Killed:
					frappe.db.rollback()
			frappe.db.sql("update `tabQuickBooks Connection` set run_lease_until = '2020-01-01'")
			frappe.db.sql(
				"update `tabQuickBooks Sync Run` set lease_until = '2020-01-01' where status = 'Running'"
			)
			frappe.db.commit()
			self.synchronize()
			for name in names:
				self.assertEqual(self.count_here(name), 1, f"{name}, killed at {number}")
				self.assertEqual(frappe.db.count(LINK, {"reference_name": name}), 1)
			self.assertEqual(frappe.db.get_value(CUSTOMER, names[1], "parent_customer"), names[0])
			self.send()
			there = self.company.query(f"SELECT * FROM Customer WHERE DisplayName = '{customer.name}'")
			self.assertEqual(len(there), 1)
			if not seen["killed"]:
				break
		self.assertGreater(number, 5)
		self.assert_settled()
