"""Many pairs are linked at once, and come out exactly as one by one: links, values, conflicts, and what is to be sent."""

from unittest.mock import patch

import frappe

from allorders_qb.sync import rows
from allorders_qb.sync.connection import get_realm_id
from allorders_qb.sync.links import LINK
from allorders_qb.sync.lists import bulk
from allorders_qb.sync.matching import carrying_out, deciding
from allorders_qb.sync.matching.linking import Linked
from allorders_qb.tests.listed import CUSTOMER, ITEM, VENDOR
from allorders_qb.tests.matched import MatchingTestCase
from allorders_qb.tests.utils import make_customer, make_item, make_vendor

ADDRESS = {"Line1": "1 Quay", "City": "Portland", "PostalCode": "97201"}
NOT_ALIKE = ("name", "owner", "modified_by", "creation", "modified", "idx")


def link_singly(_definition, pairs, _around) -> Linked:
	return Linked(left=list(pairs))


class TestManyPairs(MatchingTestCase):
	def make_pairs(self, tag: str) -> None:
		"""One pair of each kind on both sides, every name beginning with the tag."""
		self.set_settings(send_list_changes=0)
		make_customer(customer_name=f"{tag} Same")
		make_customer(customer_name=f"{tag} Takes")
		make_customer(customer_name=f"{tag} Gives", email="gives@example.com")
		make_customer(customer_name=f"{tag} Differs", email="here@example.com")
		make_customer(customer_name=f"{tag} SHOUTED")
		make_customer(customer_name=f"{tag} Above")
		make_customer(customer_name=f"{tag} Below")
		make_vendor(vendor_name=f"{tag} Mill")
		make_item(item_code=f"{tag} Bolt", item_type="Non-inventory Part", unit_price=3)
		for name, values in {
			"Same": {},
			"Takes": {"BillAddr": ADDRESS, "Notes": "Rings twice"},
			"Gives": {},
			"Differs": {"PrimaryEmailAddr": {"Address": "there@example.com"}},
			"Shouted": {},
			"Above": {"Notes": "Head office"},
		}.items():
			made = self.company.post("Customer", {"DisplayName": f"{tag} {name}", **values})
		self.company.post(
			"Customer", {"DisplayName": f"{tag} Below", "ParentRef": {"value": made["Id"]}, "Job": True}
		)
		self.company.post("Vendor", {"DisplayName": f"{tag} Mill", "BillAddr": ADDRESS})
		income = self.company.query("SELECT * FROM Account WHERE AccountType = 'Income'")[0]["Id"]
		self.company.post(
			"Item",
			{
				"Name": f"{tag} Bolt",
				"Type": "NonInventory",
				"UnitPrice": 3,
				"IncomeAccountRef": {"value": income},
			},
		)
		self.set_settings(send_list_changes=1)

	def link_all(self) -> None:
		self.require()
		self.read()
		deciding.decide_rest(
			get_realm_id(), {"proposed": "Link", "theirs": "Leave Alone", "ours": "Leave Alone"}
		)
		run = self.confirm()
		self.assertEqual(run.status, "Finished", run.summary)

	def picture(self, tag: str) -> dict:
		"""What came of the pairs of that tag, without what tells one set from another."""
		found = {}
		for doctype in (CUSTOMER, VENDOR, ITEM):
			for name in frappe.get_all(
				doctype, filters={"name": ("like", f"{tag} %")}, pluck="name", order_by="name"
			):
				values = frappe.get_doc(doctype, name).as_dict(no_nulls=True)
				[link] = frappe.get_all(
					LINK,
					filters={"reference_doctype": doctype, "reference_name": name},
					fields=[
						"role",
						"entity",
						"sync_token",
						"agreed",
						"linked_by",
						"doc_number",
						"generation",
					],
					order_by="creation",
				)
				parts = {
					"record": {key: value for key, value in values.items() if key not in NOT_ALIKE},
					"link": link,
					"conflicts": [
						(row.kind, row.fieldname, row.ours, row.theirs)
						for row in self.list_conflicts(list_type=doctype, record=name)
					],
					"queued": [row.status for row in rows.get_rows(doctype, name)],
				}
				found[name.removeprefix(tag)] = frappe.as_json(parts).replace(tag, "TAG")
		return found

	def test_a_few_come_the_same_as_one_by_one(self):
		self.compare_with_each(few=50)

	def test_many_come_the_same_as_one_by_one(self):
		self.compare_with_each(few=2)

	def compare_with_each(self, few: int) -> None:
		"""Both times on an empty company, so that even QuickBooks' ids are the same."""
		with patch.object(bulk, "FEW", few):
			self.make_pairs("Many")
			self.link_all()
		at_once = self.picture("Many")
		self.setUp()
		self.make_pairs("Each")
		with patch.object(carrying_out, "link_pairs", link_singly):
			self.link_all()
		self.maxDiff = None
		self.assertEqual(len(at_once), 9)
		self.assertEqual(at_once, self.picture("Each"))
		self.assertIn("1 Quay", at_once[" Takes"])
		self.assertIn("TAG Above", at_once[" Below"])
		self.assertIn("Both Changed", at_once[" Differs"])
		self.assertIn("Queued", at_once[" Gives"])

	def test_nothing_moves_afterwards(self):
		self.make_pairs("Many")
		with patch.object(bulk, "FEW", 2):
			self.link_all()
		for conflict in self.list_conflicts():
			frappe.db.set_value("QuickBooks Conflict", conflict.name, "status", "Resolved")
		self.send()
		self.assert_settled()

	def test_what_quickbooks_changed_stands_in_the_history(self):
		self.make_pairs("Many")
		frappe.db.delete("Version", {"docname": ("like", "Many %")})
		with patch.object(bulk, "FEW", 2):
			self.link_all()
		[data] = frappe.get_all(
			"Version",
			filters={"ref_doctype": CUSTOMER, "docname": "Many Takes"},
			pluck="data",
			order_by="creation",
		)
		self.assertIn("Rings twice", data)
		self.assertEqual(frappe.db.count("Version", {"docname": "Many Same"}), 0)

	def test_only_what_differs_is_written(self):
		self.make_pairs("Many")
		before = frappe.db.get_value(CUSTOMER, "Many Same", "modified")
		self.link_all()
		self.assertEqual(frappe.db.get_value(CUSTOMER, "Many Same", "modified"), before)
		self.assertGreater(frappe.db.get_value(CUSTOMER, "Many Takes", "modified"), before)

	def test_one_that_is_refused_or_gone_stops_no_other(self):
		self.make_pairs("Many")
		self.require()
		self.read()
		deciding.decide_rest(
			get_realm_id(), {"proposed": "Link", "theirs": "Leave Alone", "ours": "Leave Alone"}
		)
		frappe.db.delete(CUSTOMER, {"name": "Many Same"})
		# Our own rules refuse this one, whatever QuickBooks says of it.
		frappe.db.set_value(CUSTOMER, "Many Above", "email", "no address")
		with patch.object(bulk, "FEW", 2):
			run = self.confirm()
		self.assertEqual(run.status, "Finished with Errors")
		self.assertEqual([row.reference_name for row in run.errors], ["Many Same"])
		self.assertIsNotNone(self.get_id(CUSTOMER, "Many Takes"))
		self.assertEqual(frappe.db.get_value(CUSTOMER, "Many Below", "parent_customer"), "Many Above")
		told = self.list_conflicts(list_type=CUSTOMER, record="Many Above")
		self.assertEqual([row.kind for row in told], ["Not Taken Over"])
		self.assertIsNotNone(self.get_id(CUSTOMER, "Many Above"), "linked all the same, and told")
