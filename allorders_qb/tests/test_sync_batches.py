"""List records in batches of 30: each is in QuickBooks once, whatever happens to the batch or to one of its items."""

import frappe
from redis import Redis

from allorders_qb.sync import rows
from allorders_qb.sync.connection import CONNECTION, SETTINGS, get_connection
from allorders_qb.sync.crew import make_pieces
from allorders_qb.sync.links import get_link
from allorders_qb.sync.worker import drain
from allorders_qb.tests.emulated import let_time_pass, work
from allorders_qb.tests.test_sync_posting import PostingTestCase
from allorders_qb.tests.utils import make_customer, make_item, make_ship_doc

EVERYBODY = "SELECT * FROM Customer WHERE Active IN (true, false) ORDER BY Id MAXRESULTS 1000"
BATCH = {"path": "/batch"}


class BatchTestCase(PostingTestCase):
	def setUp(self):
		super().setUp()
		settings = frappe.get_doc(SETTINGS)
		settings.send_list_changes = 1
		settings.save()
		frappe.db.commit()

	def make_customers(self, number: int) -> list:
		made = [make_customer() for _number in range(number)]
		frappe.db.commit()
		return made

	def get_batches(self, **wanted) -> list[dict]:
		return [entry for entry in self.company.get_requests(**wanted) if entry["path"].endswith("/batch")]

	def get_statuses(self, docs) -> list[str]:
		return [self.get_row(doc).status for doc in docs]

	def assert_each_once(self, docs) -> None:
		names = sorted(customer["DisplayName"] for customer in self.company.query(EVERYBODY))
		self.assertEqual(names, sorted(doc.name for doc in docs))
		ids = {customer["DisplayName"]: customer["Id"] for customer in self.company.query(EVERYBODY)}
		for doc in docs:
			link = get_link(self.company.realm_id, doc.doctype, doc.name, "record")
			self.assertEqual((link.quickbooks_id, self.get_row(doc).status), (ids[doc.name], rows.SENT))


class TestBatches(BatchTestCase):
	def test_thirty_at_a_time_customers_before_items(self):
		items = [make_item() for _number in range(3)]
		customers = self.make_customers(35)
		work()
		self.assert_each_once(customers)
		self.assertEqual(self.get_statuses(items), [rows.SENT] * 3)
		sent = [[item["entity"] for item in entry["items"]] for entry in self.get_batches()]
		self.assertEqual(sent, [["Customer"] * 30, ["Customer"] * 5, ["Item"] * 3])
		self.assertEqual(self.company.get_requests(entity="Customer", operation="create"), [])

	def test_the_rows_of_a_batch_find_its_call(self):
		customers = self.make_customers(3)
		work()
		calls = frappe.get_all(
			"QuickBooks Call",
			filters={"operation": "batch"},
			fields=["intuit_tid", "entity", "request_id"],
			order_by="creation desc",
			limit=1,
		)
		self.assertEqual(calls[0].entity, "Customer")
		self.assertEqual(len(calls[0].request_id), 36)
		self.assertEqual({self.get_row(doc).intuit_tid for doc in customers}, {calls[0].intuit_tid})

	def test_changes_and_new_records_go_in_one_batch(self):
		known = self.make_customers(2)
		work()
		for doc in known:
			doc.reload()
			doc.email = "new@example.com"
			doc.save()
		new = self.make_customers(2)
		work()
		operations = [item["operation"] for item in self.get_batches()[-1]["items"]]
		self.assertEqual(sorted(operations), ["create", "create", "update", "update"])
		found = {customer["DisplayName"]: customer for customer in self.company.query(EVERYBODY)}
		self.assertEqual(
			[found[doc.name]["PrimaryEmailAddr"]["Address"] for doc in known], ["new@example.com"] * 2
		)
		self.assertEqual(self.get_statuses(new), [rows.SENT] * 2)

	def test_two_changes_of_one_record_leave_one_after_the_other(self):
		customer, other = self.make_customers(2)
		first = self.get_row(customer)
		self.assertTrue(rows.claim(first.name, first.status, first.fence, "another worker", 60))
		customer.email = "later@example.com"
		customer.save()
		frappe.db.commit()
		self.assertEqual(len(rows.get_rows(customer.doctype, customer.name)), 2)
		self.assertEqual([entry.name for entry in rows.select_due()], [self.get_row(other).name])

	def test_documents_wait_for_their_records_and_then_go_singly(self):
		docs = [make_ship_doc(submit=True) for _number in range(3)]
		frappe.db.commit()
		work()
		self.assertEqual(
			[frappe.db.get_value("AO Ship Doc", doc.name, "quickbooks_status") for doc in docs], ["Sent"] * 3
		)
		self.assertEqual(len(self.get_batches()), 2)
		self.assertEqual(len(self.company.get_requests(entity="Invoice", operation="create")), 3)

	def test_answers_may_come_in_any_order(self):
		self.company.set_knobs(batch_answer_order="reversed")
		customers = self.make_customers(5)
		work()
		self.assert_each_once(customers)

	def test_what_may_be_in_quickbooks_is_never_put_in_a_batch(self):
		def make(doctype, status, name):
			return frappe._dict(name=name, status=status, reference_doctype=doctype)

		due = [
			make("AO Ship Doc", rows.QUEUED, "s"),
			make("AO Item", rows.QUEUED, "i"),
			make("AO Customer", rows.UNKNOWN, "u"),
			*[make("AO Customer", rows.QUEUED, f"c{number}") for number in range(31)],
		]
		pieces = [[entry.name for entry in piece] for piece in make_pieces(due)]
		customers = [f"c{number}" for number in range(31)]
		self.assertEqual(pieces, [customers[:30], customers[30:], ["i"], ["s"], ["u"]])


class TestLostBatches(BatchTestCase):
	"""Silence leaves every record of the batch unknown; each is then searched for by its name."""

	def lose(self, number: int = 4, **fault) -> list:
		self.company.queue_fault(match=BATCH, times=1, **fault)
		customers = self.make_customers(number)
		drain(10)
		self.assertEqual(self.get_statuses(customers), [rows.UNKNOWN] * number)
		return customers

	def recover(self) -> None:
		let_time_pass(700)
		work()

	def test_the_answer_is_lost_after_the_commit(self):
		customers = self.lose(drop="after_commit")
		self.recover()
		self.assert_each_once(customers)
		self.assertEqual(len(self.get_batches()), 1)
		self.assertEqual(self.company.get_requests(entity="Customer", operation="create"), [])

	def test_the_request_is_lost_before_the_commit(self):
		customers = self.lose(drop="before_commit")
		self.recover()
		self.assert_each_once(customers)

	def test_half_of_the_answer_arrives(self):
		customers = self.lose(drop="half_answer")
		self.recover()
		self.assert_each_once(customers)

	def test_an_answer_without_the_items(self):
		customers = self.lose(status=200, body={"BatchItemResponse": []}, when="after_commit")
		self.recover()
		self.assert_each_once(customers)

	def test_a_server_error_after_the_commit_pauses_once(self):
		customers = self.lose(html=True, status=503, when="after_commit")
		self.assertEqual(get_connection().pauses_in_a_row, 1)
		self.recover()
		self.assert_each_once(customers)

	def test_one_lost_batch_is_one_silence(self):
		self.lose(drop="after_commit")
		self.assertFalse(get_connection().pauses_in_a_row)

	def test_a_namesake_that_was_there_before_is_asked_about(self):
		customer, other = make_customer(email="ours@example.com"), make_customer()
		self.company.post("Customer", {"DisplayName": customer.name})
		self.company.queue_fault(match=BATCH, times=1, drop="after_commit")
		frappe.db.commit()
		drain(10)
		self.recover()
		row = self.get_row(customer)
		self.assertEqual(row.status, rows.ATTENTION)
		self.assertIn("already has a Customer named", row.reason)
		self.assertEqual(self.get_row(other).status, rows.SENT)
		self.assertEqual(len(self.company.query(EVERYBODY)), 2)


class TestRefusedBatches(BatchTestCase):
	def test_each_item_is_sorted_by_its_own_fault(self):
		taken, refused, broken, delayed, good = self.make_customers(5)
		self.company.post("Vendor", {"DisplayName": taken.name})
		for number, code in ((2, "2040"), (3, "10000"), (4, "130")):
			self.company.queue_fault(match={"bId": str(number)}, times=1, code=code)
		drain(10)
		self.assertEqual(
			self.get_statuses([taken, refused, broken, delayed, good]),
			[rows.ATTENTION, rows.ATTENTION, rows.UNKNOWN, rows.QUEUED, rows.SENT],
		)
		self.assertIn("Vendor", self.get_row(taken).reason)
		self.assertIn("characters", self.get_row(refused).reason)
		self.assertEqual(self.get_row(refused).possibly_stored, 0)
		self.assertFalse(get_connection().pauses_in_a_row)
		let_time_pass(700)
		work()
		self.assertEqual(self.get_statuses([broken, delayed]), [rows.SENT] * 2)
		self.assertEqual(
			sorted(customer["DisplayName"] for customer in self.company.query(EVERYBODY)),
			sorted(doc.name for doc in (broken, delayed, good)),
		)

	def test_a_throttled_batch_goes_back_whole_and_pauses_once(self):
		self.company.queue_fault(
			match=BATCH,
			times=1,
			status=429,
			body={"fault": {"error": [{"code": "3001", "message": "m"}], "type": "SERVICE"}},
		)
		customers = self.make_customers(4)
		drain(10)
		self.assertEqual(self.get_statuses(customers), [rows.QUEUED] * 4)
		self.assertEqual([self.get_row(doc).sends for doc in customers], [0] * 4)
		self.assertEqual(get_connection().pauses_in_a_row, 1)
		self.assertEqual(len(self.get_batches()), 1)
		let_time_pass(61)
		work()
		self.assert_each_once(customers)

	def test_a_throttled_item_stops_the_queue_when_all_are_dealt_with(self):
		self.company.queue_fault(match={"bId": "2"}, times=1, code="3001")
		customers = self.make_customers(4)
		drain(10)
		self.assertEqual(self.get_statuses(customers), [rows.SENT, rows.QUEUED, rows.SENT, rows.SENT])
		self.assertTrue(get_connection().paused_until)
		let_time_pass(700)
		work()
		self.assert_each_once(customers)

	def test_a_token_that_has_ended_is_renewed_and_the_batch_goes(self):
		self.make_customers(1)
		work()
		self.company.queue_fault(
			match=BATCH,
			times=1,
			status=401,
			body={"fault": {"error": [{"code": "3200", "message": "m"}], "type": "AUTHENTICATION"}},
		)
		customers = self.make_customers(3)
		work()
		self.assertEqual(self.get_statuses(customers), [rows.SENT] * 3)
		self.assertEqual([entry["status"] for entry in self.get_batches()], [401, 200])

	def test_quickbooks_out_of_reach_leaves_the_rows_as_they_were(self):
		customers = self.make_customers(3)
		frappe.db.set_value(CONNECTION, self.company.realm_id, "emulator_url", "http://127.0.0.1:1")
		frappe.db.commit()
		drain(10)
		self.assertEqual(self.get_statuses(customers), [rows.QUEUED] * 3)
		self.assertEqual([self.get_row(doc).possibly_stored for doc in customers], [0] * 3)
		frappe.db.set_value(CONNECTION, self.company.realm_id, "emulator_url", self.company.url)
		frappe.db.commit()
		let_time_pass(700)
		work()
		self.assert_each_once(customers)

	def test_a_batch_whose_turn_does_not_come_goes_a_little_later(self):
		from unittest.mock import patch

		from allorders_qb.qbo import client
		from allorders_qb.qbo.pacing import PaceReached

		customers = self.make_customers(3)
		with patch.object(client.QuickBooksClient, "batch", side_effect=PaceReached("not yet")):
			drain(10)
		self.assertEqual(self.get_statuses(customers), [rows.QUEUED] * 3)
		self.assertEqual({self.get_row(doc).reason for doc in customers}, {"not yet"})
		self.assertFalse(get_connection().pauses_in_a_row)
		let_time_pass(10)
		work()
		self.assert_each_once(customers)


class TestPaceOfBatches(BatchTestCase):
	"""Whether QuickBooks counts a batch as one request or as its items is not established: neither is ever answered 429."""

	def tearDown(self):
		self.set_pace(0, "Its Records")
		super().tearDown()

	def set_pace(self, per_minute: int, batch_counts_as: str) -> None:
		frappe.db.set_single_value(
			SETTINGS, {"requests_per_minute": per_minute, "batch_counts_as": batch_counts_as}
		)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		frappe.db.commit()

	def check(self, knob: str, setting: str, leaving: int) -> None:
		self.company.set_knobs(throttle={"enabled": True, "per_minute": 50}, batch_counts_as=knob)
		Redis.from_url(frappe.conf.redis_cache).delete(
			f"allorders_qb:pace:Emulator:{self.company.realm_id}:recent"
		)
		self.set_pace(50, setting)
		customers = self.make_customers(60)
		drain()
		self.assertEqual(self.company.get_requests(status=429), [])
		self.assertEqual(len(self.get_batches()), leaving)
		self.assertEqual(self.get_statuses(customers).count(rows.SENT), 30 * leaving)
		self.company.set_knobs(throttle={"enabled": False})
		self.set_pace(0, setting)
		let_time_pass(700)
		work()
		self.assert_each_once(customers)

	def test_counted_as_its_items(self):
		self.check("items", "Its Records", leaving=1)

	def test_counted_as_one(self):
		self.check("one", "One Request", leaving=2)

	def test_what_nobody_has_set_is_safe(self):
		self.check("one", "", leaving=1)
