"""What a hard look at the queue found: each case once led to a second invoice, a lost status or a dead end."""

from contextlib import contextmanager
from unittest.mock import patch

import frappe

from allorders_qb.api import documents
from allorders_qb.api import queue as queue_api
from allorders_qb.sync import connecting, connection, identity, links, pacing, rows, sender, times
from allorders_qb.sync.links import get_link
from allorders_qb.sync.worker import drain
from allorders_qb.tests.emulated import let_time_pass, read_preferences_again, work
from allorders_qb.tests.test_sync_bad_days import BadDay
from allorders_qb.tests.test_sync_posting import SHIP_DOC
from allorders_qb.tests.utils import make_customer, make_ship_doc


@contextmanager
def on_another_connection():
	"""What happens inside is another process' doing: this one's transaction keeps the view it has."""
	mine = frappe.local.db
	frappe.connect(set_admin_as_user=False)
	try:
		yield
	finally:
		frappe.db.close()
		frappe.local.db = mine


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


class TestSnapshots(BadDay):
	"""What a request saw when it began may be old by the time it writes."""

	def test_a_click_during_the_sending_does_not_put_the_status_back(self):
		doc = self.make_invoice_doc()
		self.assertEqual(frappe.db.get_value(SHIP_DOC, doc.name, "quickbooks_status"), rows.QUEUED)
		with on_another_connection():
			drain(10)
		outcome = documents.record(SHIP_DOC, doc.name)
		frappe.db.commit()
		self.assertTrue(outcome["ok"])
		self.assert_once(doc)

	def test_a_document_kept_out_meanwhile_is_not_queued_by_a_late_click(self):
		self.set_rule("By Button")
		doc = self.make_invoice_doc()
		self.assertFalse(frappe.db.get_value(SHIP_DOC, doc.name, "never_send"))
		with on_another_connection():
			documents.never_send(SHIP_DOC, doc.name, "Entered by hand")
			frappe.db.commit()
		outcome = documents.record(SHIP_DOC, doc.name)
		frappe.db.commit()
		self.assertFalse(outcome["ok"])
		self.assertEqual(rows.get_rows(SHIP_DOC, doc.name), [])


class TestDecisions(BadDay):
	def make_clash(self):
		"""A document whose number somebody has given to an invoice in QuickBooks."""
		doc = make_ship_doc(customer=self.customer, lines=[{"item": self.item.name, "quantity": 2}])
		customer = get_link(self.company.realm_id, "AO Customer", self.customer.name, "record").quickbooks_id
		item = get_link(self.company.realm_id, "AO Item", self.item.name, "record").quickbooks_id
		line = {
			"Amount": 50,
			"DetailType": "SalesItemLineDetail",
			"SalesItemLineDetail": {"ItemRef": {"value": item}, "Qty": 2, "UnitPrice": 25},
		}
		stranger = self.company.post(
			"Invoice", {"DocNumber": doc.name, "CustomerRef": {"value": customer}, "Line": [line]}
		)
		doc.submit()
		frappe.db.commit()
		work()
		self.assertEqual(self.get_row(doc).status, rows.ATTENTION)
		return doc, stranger

	def test_a_link_that_fails_leaves_the_decision_to_the_person(self):
		doc, stranger = self.make_clash()
		name = self.get_row(doc).name
		with patch.object(sender, "store_link", side_effect=RuntimeError("disk full")):
			with self.assertRaises(RuntimeError):
				queue_api.link_existing(name, stranger["Id"])
		frappe.db.rollback()
		let_time_pass(700)
		work()
		self.assertEqual(self.get_row(doc).status, rows.ATTENTION)
		self.assertEqual(len(self.company.get_invoices()), self.known + 1)
		self.assertEqual(self.get_row(doc).attempt, 2)

	def test_words_from_outside_are_shown_as_text(self):
		evil = "<img src=x onerror=alert(1)>"
		self.company.queue_fault(
			match={"entity": "Invoice", "operation": "create"}, times=1, code="6000", detail=evil
		)
		doc = self.make_invoice_doc()
		work(rounds=1)
		doc.reload()
		self.assertIn("onerror", doc.quickbooks_reason)
		self.assertNotIn("<", doc.quickbooks_reason + self.get_row(doc).reason)
		documents.never_send(SHIP_DOC, doc.name, evil)
		doc.reload()
		self.assertIn("onerror", doc.never_send_reason)
		self.assertNotIn("<", doc.never_send_reason + doc.quickbooks_reason)

	def test_an_account_with_a_bracket_in_its_name_does_not_stop_the_lists(self):
		made = self.company.post("Account", {"Name": "Parts <internal> & labour", "AccountType": "Income"})
		connecting.read_company(self.company.realm_id)
		name = frappe.db.get_value("QuickBooks Account", {"quickbooks_id": made["Id"]}, "name")
		self.assertEqual(name, "Parts ‹internal› & labour")


class TestClocks(BadDay):
	def test_the_night_the_clocks_go_forward_ends_no_lease(self):
		"""At 01:59:30 a worker takes a row for two minutes; 30 seconds later the site's clock shows 03:00:00."""
		doc = self.make_invoice_doc()
		row = self.get_row(doc)
		frappe.db.set_value(
			rows.QUEUE, row.name, {"status": rows.SENDING, "lease_until": "2026-03-08 02:01:30"}
		)
		frappe.db.commit()
		for clock, ended in (("2026-03-08 03:00:00", 0), ("2026-03-08 03:01:31", 1)):
			now = frappe.utils.get_datetime(clock)
			with (
				patch.object(times, "now_datetime", return_value=now),
				patch.object(rows, "now_datetime", return_value=now),
			):
				self.assertEqual(len(rows.expire_leases()), ended)


class TestRenames(BadDay):
	def setUp(self):
		super().setUp()
		frappe.db.set_single_value("QuickBooks Settings", "send_list_changes", 1)
		frappe.clear_document_cache("QuickBooks Settings", "QuickBooks Settings")

	def test_a_renamed_customer_is_renamed_in_quickbooks_too(self):
		doc = self.make_invoice_doc()
		renamed = f"Renamed {frappe.generate_hash(length=8)}"
		frappe.rename_doc("AO Customer", self.customer.name, renamed)
		frappe.db.commit()
		work()
		link = get_link(self.company.realm_id, "AO Customer", renamed, "record")
		found = self.company.query(f"SELECT * FROM Customer WHERE DisplayName = '{renamed}'")
		self.assertEqual([customer["Id"] for customer in found], [link.quickbooks_id])
		self.assert_once(doc)

	def test_two_customers_of_quickbooks_are_not_merged_behind_its_back(self):
		other = make_customer()
		make_ship_doc(customer=other, lines=[{"item": self.item.name, "quantity": 1}], submit=True)
		frappe.db.commit()
		work()
		with self.assertRaisesRegex(frappe.ValidationError, "both in QuickBooks"):
			frappe.rename_doc("AO Customer", other.name, self.customer.name, merge=True)


class TestLongQueues(BadDay):
	def test_the_indexes_that_a_long_queue_needs_are_there(self):
		"""With 5,000 rows due one look took 7 s without them, 0.02 s with them."""
		for table, index in (
			("tabQuickBooks Queue Entry", "due_in_order"),
			("tabQuickBooks Queue Entry", "party_in_order"),
			("tabQuickBooks Link", "links_of_a_record"),
		):
			self.assertTrue(frappe.db.has_index(table, index), f"{index} of {table}")


class TestHeldUp(BadDay):
	"""What comes late, or has to be tried twice, still leaves one invoice."""

	def test_a_worker_held_up_before_sending_sends_nothing(self):
		doc = self.make_invoice_doc()
		with patch.object(sender, "read_running_clock", side_effect=[0, 1000]):
			drain(10)
		self.assertEqual(self.company.get_requests(entity="Invoice", operation="create"), [])
		self.assertEqual(self.get_row(doc).status, rows.SENDING)
		let_time_pass(700)
		work()
		self.assert_once(doc)

	def test_the_search_waits_for_whatever_may_delay_a_request(self):
		late = sender.HELD_UP_SECONDS + pacing.LONGEST_WAIT + connection.CONNECT_TIMEOUT
		timing = connection.Timing(request_timeout=130, silence_wait=120, lease=195)
		self.assertGreater(timing.search_after, late + 120)
		self.assertGreater(timing.lease, late + timing.request_timeout)

	def test_an_answer_is_stored_although_the_database_gave_way_once(self):
		doc = self.make_invoice_doc()
		with patch.object(sender, "store_link", _fail_first(links.store_link)):
			drain(10)
		self.assertEqual(self.get_row(doc).status, rows.SENT)
		self.assert_once(doc)
		self.assertEqual(len(self.company.get_requests(entity="Invoice", operation="create")), 1)

	def test_a_closed_period_holds_up_nobody_else(self):
		self.close_books("2026-06-30")
		closed = self.make_invoice_doc(posting_date="2026-06-15")
		later = self.make_invoice_doc(posting_date="2026-07-15")
		work(rounds=1)
		self.assertEqual(
			(self.get_row(closed).status, self.get_row(closed).waits_for_period), (rows.QUEUED, 1)
		)
		self.assert_once(later)

	def test_a_number_given_out_again_has_a_mark_of_its_own(self):
		doc = self.make_invoice_doc()
		before = identity.get_document_seed(doc)
		doc.creation = "2020-01-01 00:00:00"
		self.assertNotEqual(identity.get_document_seed(doc), before)


def _fail_first(store):
	"""A store_link that loses to another transaction the first time."""
	failures = [frappe.QueryDeadlockError("deadlock")]

	def store_link(*arguments, **values):
		if failures:
			raise failures.pop()
		return store(*arguments, **values)

	return store_link
