"""Several senders in one process: they hide QuickBooks' latency, and change nothing about order and singleness."""

import time
from unittest.mock import patch

import frappe

from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS, get_connection
from allorders_qb.sync.sender import Sender
from allorders_qb.sync.worker import drain
from allorders_qb.tests.emulated import let_time_pass, work
from allorders_qb.tests.test_sync_posting import PostingTestCase
from allorders_qb.tests.utils import make_customer, make_item, make_ship_doc


class CrewTestCase(PostingTestCase):
	def setUp(self):
		super().setUp()
		settings = frappe.get_doc(SETTINGS)
		settings.senders = 4
		settings.save()
		self.item = make_item(unit_price=25)
		self.customers = [make_customer() for _number in range(4)]
		for customer in self.customers:
			self.make_doc(customer)
		frappe.db.commit()
		work()
		self.company.control("DELETE", f"{self.company.realm_id}/requests")

	def make_doc(self, customer):
		return make_ship_doc(customer=customer, lines=[{"item": self.item.name, "quantity": 2}], submit=True)

	def make_round(self, each: int) -> list:
		docs = [self.make_doc(customer) for _number in range(each) for customer in self.customers]
		frappe.db.commit()
		return docs

	def get_numbers(self) -> list[str]:
		"""The numbers of the invoices in the order in which they were made."""
		made = {invoice["Id"]: invoice["DocNumber"] for invoice in self.company.get_invoices()}
		creates = self.company.get_requests(entity="Invoice", operation="create", status=200)
		return [made[entry["entity_id"]] for entry in creates]

	def assert_all_once(self, docs) -> None:
		self.assertEqual(sorted(self.get_numbers()), sorted(doc.name for doc in docs))
		statuses = [frappe.db.get_value(doc.doctype, doc.name, "quickbooks_status") for doc in docs]
		self.assertEqual(statuses, ["Sent"] * len(docs))


class TestCrew(CrewTestCase):
	def test_senders_work_at_the_same_time(self):
		self.company.set_knobs(latency_ms=1500)
		docs = self.make_round(2)
		began = time.monotonic()
		drain(60)
		took = time.monotonic() - began
		self.company.set_knobs(latency_ms=0)
		frappe.db.commit()
		waited = 1.5 * len(docs)
		self.assert_all_once(docs)
		self.assertLess(took, 0.75 * waited, "the answers were waited for one after the other")

	def test_a_long_queue_of_one_party_hides_nobody(self):
		with patch.object(rows, "WINDOW", 5):
			first = [self.make_doc(self.customers[0]) for _number in range(7)]
			other = self.make_doc(self.customers[1])
			frappe.db.commit()
			due = [entry.name for entry in rows.select_due()]
			# What waited for another row that is done by now holds nobody up, and may go itself.
			done, waiting = self.get_row(first[0]), self.get_row(self.make_doc(self.customers[2]))
			rows.change_where(done.name, {}, {"status": rows.SENT})
			rows.change_where(waiting.name, {}, {"blocked_by": done.name})
			later = [entry.name for entry in rows.select_due()]
		self.assertEqual(due, [done.name, self.get_row(other).name])
		self.assertEqual(later, [self.get_row(first[1]).name, self.get_row(other).name, waiting.name])

	def test_a_partys_documents_leave_in_their_order(self):
		self.company.set_knobs(latency_ms=50)
		docs = self.make_round(4)
		drain(60)
		self.company.set_knobs(latency_ms=0)
		frappe.db.commit()
		self.assert_all_once(docs)
		numbers = self.get_numbers()
		for customer in self.customers:
			own = [doc.name for doc in docs if doc.customer == customer.name]
			self.assertEqual([number for number in numbers if number in own], own)

	def test_a_throttled_company_stops_all_senders(self):
		self.company.queue_fault(
			match={"entity": "Invoice"},
			skip=2,
			times=1,
			status=429,
			body={"fault": {"error": [{"code": "3001", "message": "m"}], "type": "SERVICE"}},
		)
		docs = self.make_round(4)
		drain(60)
		frappe.db.commit()
		self.assertTrue(get_connection().paused_until)
		# Who had a row in hand when it happened still sends that one.
		self.assertLessEqual(len(self.company.get_requests(entity="Invoice")), 3 + 4)
		let_time_pass(61)
		work()
		self.assert_all_once(docs)

	def test_a_defect_in_one_row_stops_nobody_else(self):
		docs = self.make_round(2)
		broken = docs[0].name
		prepare = Sender.prepare

		def fail(sender, held):
			if held.row.reference_name == broken:
				raise ZeroDivisionError("a defect")
			return prepare(sender, held)

		with patch.object(Sender, "prepare", fail):
			drain(60)
		frappe.db.commit()
		self.assertEqual(self.get_row(docs[0]).status, rows.ATTENTION)
		self.assertEqual(
			sorted(self.get_numbers()), sorted(doc.name for doc in docs[1:] if doc.name != broken)
		)

	def test_what_goes_wrong_in_a_helper_comes_out(self):
		self.make_round(1)
		with patch("allorders_qb.sync.worker.Worker._work_on", side_effect=ZeroDivisionError("no luck")):
			with self.assertRaisesRegex(ZeroDivisionError, "no luck"):
				drain(60)

	def test_the_time_of_a_drain_ends_for_all(self):
		self.company.set_knobs(latency_ms=300)
		docs = self.make_round(4)
		worked = drain(1)
		self.company.set_knobs(latency_ms=0)
		frappe.db.commit()
		self.assertLess(worked, len(docs))
		work()
		self.assert_all_once(docs)
