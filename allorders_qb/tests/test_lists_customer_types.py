"""Customer types: QuickBooks' come here under their names, a customer's goes both ways, our own stay ours."""

import frappe

from allorders_qb.sync.mirrors import BY_DOCTYPE, take_mirrored
from allorders_qb.tests.listed import CUSTOMER, ListsTestCase
from allorders_qb.tests.utils import make_customer

TYPE = "AO Customer Type"


class TestCustomerTypes(ListsTestCase):
	def setUp(self) -> None:
		super().setUp()
		for name in ("Bakery", "Florist", "Flower Shop", "Ours Alone"):
			frappe.delete_doc(TYPE, name, force=True, ignore_missing=True)
		self.types = {name: self.make_type(name) for name in ("Bakery", "Florist")}
		self.synchronize()

	def make_type(self, name: str) -> str:
		made = self.company.control(
			"POST", f"{self.company.realm_id}/records", {"entity": "CustomerType", "record": {"Name": name}}
		)
		return made["Id"]

	def get_type_there(self, name: str) -> str | None:
		return (self.find_there("Customer", name).get("CustomerTypeRef") or {}).get("value")

	def test_quickbooks_types_are_ours_too(self):
		self.assertTrue(frappe.db.exists(TYPE, "Bakery"))
		self.company.post(
			"Customer", {"DisplayName": "Crumb", "CustomerTypeRef": {"value": self.types["Bakery"]}}
		)
		self.synchronize()
		self.assertEqual(frappe.db.get_value(CUSTOMER, "Crumb", "customer_type"), "Bakery")
		self.assert_settled()

	def test_a_type_that_came_after_the_last_reading_is_read_when_it_is_needed(self):
		frappe.delete_doc(TYPE, "Chandler", force=True, ignore_missing=True)
		late = self.make_type("Chandler")
		self.company.post("Customer", {"DisplayName": "Wick", "CustomerTypeRef": {"value": late}})
		self.synchronize()
		self.assertEqual(frappe.db.get_value(CUSTOMER, "Wick", "customer_type"), "Chandler")

	def test_a_customers_type_goes_both_ways(self):
		customer = make_customer("Petal", customer_type="Florist")
		self.send()
		self.assertEqual(self.get_type_there("Petal"), self.types["Florist"])
		self.change_there(
			"Customer", self.find_there("Customer", "Petal"), CustomerTypeRef={"value": self.types["Bakery"]}
		)
		self.synchronize()
		customer.reload()
		self.assertEqual(customer.customer_type, "Bakery")
		customer.customer_type = "Florist"
		customer.save()
		self.send()
		self.assertEqual(self.get_type_there("Petal"), self.types["Florist"])
		self.assert_settled()

	def test_a_type_of_our_own_stays_here_and_holds_up_nothing(self):
		frappe.get_doc({"doctype": TYPE, "type_name": "Ours Alone"}).insert()
		customer = make_customer("Stem", customer_type="Ours Alone", phone="1")
		self.send()
		there = self.find_there("Customer", "Stem")
		self.change_there("Customer", there, Notes="theirs", CustomerTypeRef={"value": self.types["Bakery"]})
		self.synchronize()
		customer.reload()
		self.assertEqual((customer.customer_type, customer.notes), ("Ours Alone", "theirs"))
		customer.phone = "2"
		customer.save()
		self.send()
		self.assertEqual(self.get_type_there("Stem"), self.types["Bakery"])
		self.assert_settled()

	def test_renamed_in_quickbooks(self):
		make_customer("Rosebud", customer_type="Florist")
		self.send()
		renamed = {"Id": self.types["Florist"], "Name": "Flower Shop", "Active": True}
		take_mirrored(self.company.realm_id, BY_DOCTYPE["QuickBooks Customer Type"], [renamed])
		self.assertEqual(frappe.db.get_value(CUSTOMER, "Rosebud", "customer_type"), "Flower Shop")
		self.assertFalse(frappe.db.exists(TYPE, "Florist"))
