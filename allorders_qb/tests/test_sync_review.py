"""What a hard look at the queue found: each case once led to a second invoice, a lost status or a dead end."""

import frappe

from allorders_qb.api import queue as queue_api
from allorders_qb.sync import rows
from allorders_qb.sync.worker import drain
from allorders_qb.tests.emulated import let_time_pass, read_preferences_again, work
from allorders_qb.tests.test_sync_bad_days import BadDay


class TestRefusedReadings(BadDay):
	"""Being refused a look says nothing about what was sent before."""

	def lose_the_answer(self):
		self.company.set_knobs(custom_txn_numbers=False, drop="after_commit", drop_count=1)
		read_preferences_again()
		doc = self.make_invoice_doc()
		drain(10)
		self.assertEqual(self.get_row(doc).status, rows.UNKNOWN)
		let_time_pass(700)
		return doc

	def test_the_subscription_ends_before_the_search(self):
		doc = self.lose_the_answer()
		self.company.set_knobs(subscription_ended=True)
		drain(10)
		row = self.get_row(doc)
		self.assertEqual((row.status, row.possibly_stored, row.attempt), (rows.UNKNOWN, 1, 1))
		self.company.set_knobs(subscription_ended=False)
		let_time_pass(1000)
		work()
		self.assert_once(doc)

	def test_the_search_itself_is_refused(self):
		doc = self.lose_the_answer()
		self.company.queue_fault(match={"operation": "query"}, times=1, code="4001")
		drain(10)
		row = self.get_row(doc)
		self.assertEqual((row.status, row.possibly_stored, row.attempt), (rows.ATTENTION, 1, 1))
		with self.assertRaisesRegex(frappe.ValidationError, "may be there"):
			frappe.get_doc(doc.doctype, doc.name).cancel()
		frappe.db.rollback()
		queue_api.retry(row.name)
		frappe.db.commit()
		work()
		self.assert_once(doc)

	def test_throttled_between_a_repeated_request_and_its_reading(self):
		self.company.set_knobs(custom_txn_numbers=False, requestid="ignored")
		read_preferences_again()
		work()
		self.company.queue_fault(match={"entity": "Invoice", "operation": "create"}, times=1, status=401)
		self.company.queue_fault(match={"entity": "Invoice", "operation": "read"}, times=1, status=429)
		doc = self.make_invoice_doc()
		drain(10)
		row = self.get_row(doc)
		self.assertEqual((row.status, row.possibly_stored), (rows.UNKNOWN, 1))
		let_time_pass(700)
		work()
		self.assert_once(doc)

	def test_after_many_resends_a_person_can_have_it_sent_again(self):
		self.company.set_knobs(drop="before_commit", drop_count=1)
		doc = self.make_invoice_doc()
		drain(10)
		frappe.db.set_value(rows.QUEUE, self.get_row(doc).name, "sends", 6)
		let_time_pass(700)
		drain(10)
		self.assertEqual(self.get_row(doc).status, rows.ATTENTION)
		queue_api.retry(self.get_row(doc).name)
		frappe.db.commit()
		work()
		self.assert_once(doc)
