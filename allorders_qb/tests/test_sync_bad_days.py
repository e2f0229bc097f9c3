"""Bad days: whatever QuickBooks or the way to it does, nothing is lost, nothing is sent twice, and the document says
what is the matter. The books of the emulated company are the witness."""

import frappe

from allorders_qb.api import documents
from allorders_qb.api import queue as queue_api
from allorders_qb.sync import rows
from allorders_qb.sync.connection import CONNECTION, get_connection
from allorders_qb.sync.links import get_link
from allorders_qb.sync.resending import RESENDS
from allorders_qb.sync.worker import drain
from allorders_qb.tests.emulated import let_time_pass, read_preferences_again, run_emulator, work
from allorders_qb.tests.test_sync_posting import RECEIVABLES, SHIP_DOC, PostingTestCase
from allorders_qb.tests.utils import make_customer, make_item, make_ship_doc

STRANGE_NAME = 'Bob\'s "Best": Café\\Tab'


class BadDay(PostingTestCase):
	def setUp(self):
		super().setUp()
		self.customer = make_customer()
		self.item = make_item(unit_price=25)
		self.send_masters()

	def send_masters(self) -> None:
		"""Have customer and item in QuickBooks, so that what follows meets the invoice alone."""
		self.make_invoice_doc()
		frappe.db.commit()
		work()
		self.company.control("DELETE", f"{self.company.realm_id}/requests")
		self.known = len(self.company.get_invoices())

	def make_invoice_doc(self, **values):
		doc = make_ship_doc(
			customer=self.customer, lines=[{"item": self.item.name, "quantity": 2}], submit=True, **values
		)
		frappe.db.commit()
		return doc

	def close_books(self, until: str) -> None:
		"""The accountant closes (or opens again) a period in QuickBooks."""
		preferences = self.company.query("SELECT * FROM Preferences")[0]
		self.company.post(
			"Preferences",
			{
				"Id": preferences["Id"],
				"SyncToken": preferences["SyncToken"],
				"sparse": True,
				"AccountingInfoPrefs": {**preferences["AccountingInfoPrefs"], "BookCloseDate": until},
			},
		)
		read_preferences_again()

	def get_sentence(self, doc) -> str:
		return documents.get_quickbooks_state(doc.doctype, doc.name)["sentence"]

	def assert_once(self, doc) -> None:
		found = [
			invoice
			for invoice in self.company.get_invoices()
			if doc.name in (invoice.get("PrivateNote") or "")
		]
		self.assertEqual(len(found), 1, f"{doc.name} is in QuickBooks {len(found)} times")
		self.assertEqual(frappe.db.get_value(SHIP_DOC, doc.name, "quickbooks_status"), "Sent")
		self.assertEqual(frappe.db.get_value(SHIP_DOC, doc.name, "quickbooks_id"), found[0]["Id"])
		self.assertEqual(
			self.company.get_balance(RECEIVABLES),
			sum(float(invoice["TotalAmt"]) for invoice in self.company.get_invoices()),
		)

	def assert_not_there(self, doc) -> None:
		self.assertEqual(
			[
				invoice
				for invoice in self.company.get_invoices()
				if doc.name in (invoice.get("PrivateNote") or "")
			],
			[],
		)


class TestOutages(BadDay):
	def test_quickbooks_down_nothing_is_lost(self):
		settings = frappe.get_doc("QuickBooks Settings")
		with run_emulator() as gone:
			dead_url = gone.url
		frappe.db.set_value(CONNECTION, self.company.realm_id, "emulator_url", dead_url)
		doc = self.make_invoice_doc()
		drain(10)
		row = self.get_row(doc)
		self.assertEqual((row.status, row.possibly_stored), (rows.QUEUED, 0))
		self.assertIn("paused until", self.get_sentence(doc))
		self.assertIn("could not be reached", self.get_sentence(doc))
		doc.reload()
		frappe.db.set_value(CONNECTION, self.company.realm_id, "emulator_url", settings.emulator_url)
		work()
		self.assert_once(doc)

	def test_html_503_is_unknown_until_searched_and_resumes_by_itself(self):
		self.company.set_knobs(http_503_html=True)
		doc = self.make_invoice_doc()
		drain(10)
		self.assertEqual(self.get_row(doc).status, rows.UNKNOWN)
		self.assertIn("Perhaps in QuickBooks", self.get_sentence(doc))
		with self.assertRaisesRegex(frappe.ValidationError, "may be there"):
			frappe.get_doc(SHIP_DOC, doc.name).cancel()
		frappe.db.rollback()
		self.company.set_knobs(http_503_html=False)
		work()
		self.assert_once(doc)

	def test_connection_dropped_after_the_invoice_was_stored(self):
		for mode in ("honoured", "ignored"):
			with self.subTest(requestid=mode):
				self.company.set_knobs(requestid=mode, drop="after_commit", drop_count=1)
				doc = self.make_invoice_doc()
				drain(10)
				self.assertEqual(self.get_row(doc).status, rows.UNKNOWN)
				self.assertEqual(frappe.db.get_value(SHIP_DOC, doc.name, "quickbooks_status"), rows.UNKNOWN)
				let_time_pass(700)
				work()
				self.assert_once(doc)
				link = get_link(self.company.realm_id, SHIP_DOC, doc.name, "invoice")
				self.assertEqual(link.adopted, 1)

	def test_connection_dropped_before_anything_was_stored(self):
		self.company.set_knobs(requestid="ignored", drop="before_commit", drop_count=1)
		doc = self.make_invoice_doc()
		drain(10)
		self.assertEqual(self.get_row(doc).status, rows.UNKNOWN)
		let_time_pass(700)
		work()
		self.assert_once(doc)
		self.assertEqual(len(self.company.get_requests(entity="Invoice", operation="create")), 2)
		ids = {
			entry["requestid"] for entry in self.company.get_requests(entity="Invoice", operation="create")
		}
		self.assertEqual(len(ids), 1)

	def test_after_many_silent_sendings_a_person_decides(self):
		invoices = {"entity": "Invoice", "operation": "create"}
		self.company.queue_fault(match=invoices, times=RESENDS + 1, drop="before_commit")
		doc = self.make_invoice_doc()
		work(rounds=RESENDS + 4)
		self.assertEqual(self.get_row(doc).status, rows.ATTENTION)
		self.assertIn(f"was sent {RESENDS + 1} times without a clear answer", self.get_sentence(doc))
		self.assertEqual(len(self.company.get_requests(**invoices)), RESENDS + 1)
		self.assert_not_there(doc)
		queue_api.retry(self.get_row(doc).name)
		work()
		self.assert_once(doc)

	def test_nothing_is_searched_or_sent_again_before_the_wait_is_over(self):
		frappe.db.set_single_value("QuickBooks Settings", "silence_wait", 3600)
		frappe.clear_document_cache("QuickBooks Settings", "QuickBooks Settings")
		self.company.set_knobs(drop="after_commit", drop_count=1)
		doc = self.make_invoice_doc()
		drain(10)
		journal = len(self.company.get_requests(entity="Invoice"))
		let_time_pass(120)
		drain(10)
		self.assertEqual(self.get_row(doc).status, rows.UNKNOWN)
		self.assertEqual(len(self.company.get_requests(entity="Invoice")), journal)

	def test_a_query_that_lags_behind_the_write(self):
		self.company.set_knobs(requestid="honoured", drop="after_commit", drop_count=1, query_lag_ms=60_000)
		doc = self.make_invoice_doc()
		drain(10)
		let_time_pass(700)
		work()
		self.company.set_knobs(query_lag_ms=0)
		self.assert_once(doc)

	def test_throttled_the_queue_rests_and_goes_on(self):
		self.company.queue_fault(match={"entity": "Invoice", "operation": "create"}, times=1, status=429)
		doc = self.make_invoice_doc()
		second = self.make_invoice_doc()
		drain(10)
		self.assertEqual([self.get_row(one).status for one in (doc, second)], [rows.QUEUED, rows.QUEUED])
		self.assertIn("paused until", self.get_sentence(doc))
		self.assertEqual(len(self.company.get_requests(entity="Invoice", operation="create")), 1)
		let_time_pass(61)
		work()
		self.assert_once(doc)
		self.assert_once(second)
		self.assertFalse(get_connection().paused_until)

	def test_the_pace_keeps_within_intuits_limits(self):
		self.company.set_knobs(throttle={"enabled": True})
		frappe.db.set_single_value("QuickBooks Settings", "requests_per_minute", 440)
		frappe.clear_document_cache("QuickBooks Settings", "QuickBooks Settings")
		docs = [self.make_invoice_doc() for _number in range(14)]
		work()
		self.assertEqual(self.company.get_requests(status=429), [])
		self.company.set_knobs(throttle={"enabled": False})
		for doc in docs:
			self.assert_once(doc)
		self.assertEqual(len(self.company.get_requests(entity="Invoice", operation="create")), len(docs))

	def test_subscription_ended_waits_and_resumes(self):
		for mode in ("honoured", "replays_faults"):
			with self.subTest(requestid=mode):
				self.company.set_knobs(requestid=mode, subscription_ended=True)
				doc = self.make_invoice_doc()
				drain(10)
				self.assertEqual(self.get_row(doc).status, rows.QUEUED)
				self.assertIn("subscription", self.get_sentence(doc))
				self.company.set_knobs(subscription_ended=False)
				let_time_pass(16 * 60)
				work()
				self.assert_once(doc)

	def test_a_period_closed_since_the_preferences_were_read(self):
		self.close_books("2026-01-31")
		work()
		frappe.db.set_value(
			CONNECTION, self.company.realm_id, "preferences_read_at", frappe.utils.now_datetime()
		)
		doc = self.make_invoice_doc(posting_date="2026-06-15")
		preferences = self.company.query("SELECT * FROM Preferences")[0]
		self.company.post(
			"Preferences",
			{
				"Id": preferences["Id"],
				"SyncToken": preferences["SyncToken"],
				"sparse": True,
				"AccountingInfoPrefs": {**preferences["AccountingInfoPrefs"], "BookCloseDate": "2026-06-30"},
			},
		)
		work(rounds=1)
		row = self.get_row(doc)
		self.assertEqual((row.status, row.possibly_stored, row.attempt), (rows.QUEUED, 0, 2))
		self.assertIn("2026-06-30", self.get_sentence(doc))
		self.close_books("2026-01-31")
		let_time_pass(4000)
		work()
		self.assert_once(doc)

	def test_a_document_of_a_closed_period_waits_and_keeps_its_date(self):
		self.close_books("2026-06-30")
		doc = self.make_invoice_doc(posting_date="2026-06-15")
		work(rounds=2)
		self.assertEqual(self.get_row(doc).status, rows.QUEUED)
		self.assertIn("closed", self.get_sentence(doc))
		self.assert_not_there(doc)
		self.close_books("2026-01-31")
		let_time_pass(4000)
		work()
		self.assert_once(doc)
		invoice = next(one for one in self.company.get_invoices() if doc.name in one["PrivateNote"])
		self.assertEqual(invoice["TxnDate"], "2026-06-15")


class TestTwinsAndStrangers(BadDay):
	def make_stranger(self, number: str, note: str = "Typed in by the accountant") -> dict:
		"""An invoice that a person made in QuickBooks."""
		customer = get_link(self.company.realm_id, "AO Customer", self.customer.name, "record").quickbooks_id
		item = get_link(self.company.realm_id, "AO Item", self.item.name, "record").quickbooks_id
		return self.company.post(
			"Invoice",
			{
				"DocNumber": number,
				"CustomerRef": {"value": customer},
				"PrivateNote": note,
				"Line": [
					{
						"Amount": 50,
						"DetailType": "SalesItemLineDetail",
						"SalesItemLineDetail": {"ItemRef": {"value": item}, "Qty": 2, "UnitPrice": 25},
					}
				],
			},
		)

	def make_clash(self):
		doc = make_ship_doc(customer=self.customer, lines=[{"item": self.item.name, "quantity": 2}])
		stranger = self.make_stranger(doc.name)
		doc.submit()
		frappe.db.commit()
		work()
		return doc, stranger

	def test_a_taken_number_is_asked_about_never_sent_twice(self):
		doc, stranger = self.make_clash()
		row = self.get_row(doc)
		self.assertEqual((row.status, row.candidate_id), (rows.ATTENTION, stranger["Id"]))
		self.assertIn("not sent from here", self.get_sentence(doc))
		self.assertEqual(len(self.company.get_invoices()), self.known + 1)
		state = documents.get_quickbooks_state(SHIP_DOC, doc.name)
		self.assertIn(stranger["Id"], state["candidate_url"])

	def test_a_person_links_the_stranger(self):
		doc, stranger = self.make_clash()
		queue_api.link_existing(self.get_row(doc).name, stranger["Id"])
		doc.reload()
		self.assertEqual((doc.quickbooks_status, doc.quickbooks_id), ("Sent", stranger["Id"]))
		self.assertEqual(len(self.company.get_invoices()), self.known + 1)
		link = get_link(self.company.realm_id, SHIP_DOC, doc.name, "invoice")
		self.assertEqual(link.linked_by, "Administrator")

	def test_a_person_sends_it_all_the_same(self):
		doc, _stranger = self.make_clash()
		queue_api.send_all_the_same(self.get_row(doc).name)
		frappe.db.commit()
		work()
		self.assertEqual(len(self.company.get_invoices()), self.known + 2)
		self.assertEqual(frappe.db.get_value(SHIP_DOC, doc.name, "quickbooks_status"), "Sent")

	def test_a_twin_of_another_document_cannot_be_linked(self):
		first = self.make_invoice_doc()
		work()
		first.reload()
		doc, _stranger = self.make_clash()
		with self.assertRaisesRegex(frappe.ValidationError, first.name):
			queue_api.link_existing(self.get_row(doc).name, first.quickbooks_id)
		self.assertEqual(self.get_row(doc).status, rows.ATTENTION)

	def test_after_silence_a_look_alike_without_our_mark_is_a_persons_choice(self):
		self.company.set_knobs(
			custom_txn_numbers=False, requestid="ignored", drop="before_commit", drop_count=1
		)
		read_preferences_again()
		doc = make_ship_doc(
			customer=self.customer, lines=[{"item": self.item.name, "quantity": 2}], submit=True
		)
		frappe.db.commit()
		drain(10)
		self.assertEqual(self.get_row(doc).status, rows.UNKNOWN)
		customer = get_link(self.company.realm_id, "AO Customer", self.customer.name, "record").quickbooks_id
		item = get_link(self.company.realm_id, "AO Item", self.item.name, "record").quickbooks_id
		self.company.post(
			"Invoice",
			{
				"CustomerRef": {"value": customer},
				"TxnDate": str(doc.posting_date),
				"Line": [
					{
						"Amount": 50,
						"DetailType": "SalesItemLineDetail",
						"SalesItemLineDetail": {"ItemRef": {"value": item}, "Qty": 2, "UnitPrice": 25},
					}
				],
			},
		)
		let_time_pass(700)
		work(rounds=2)
		self.assertEqual(self.get_row(doc).status, rows.ATTENTION)
		self.assertTrue(self.get_row(doc).candidate_id)
		self.assertEqual(len(self.company.get_invoices()), self.known + 1)
		with self.assertRaisesRegex(frappe.ValidationError, "may be there"):
			frappe.get_doc(SHIP_DOC, doc.name).cancel()

	def test_a_replayed_answer_of_a_deleted_invoice_is_not_taken_for_life(self):
		self.company.set_knobs(drop="after_commit", drop_count=1)
		doc = self.make_invoice_doc()
		drain(10)
		stored = next(one for one in self.company.get_invoices() if doc.name in one["PrivateNote"])
		self.company.post(
			"Invoice", {"Id": stored["Id"], "SyncToken": stored["SyncToken"]}, operation="delete"
		)
		let_time_pass(700)
		work(rounds=2)
		row = self.get_row(doc)
		self.assertEqual((row.status, row.generation), (rows.ATTENTION, 2))
		self.assertIn("deleted there", self.get_sentence(doc))
		queue_api.retry(row.name)
		frappe.db.commit()
		work()
		self.assert_once(doc)

	def test_a_customer_of_that_name_in_quickbooks_is_asked_about(self):
		name = f"Namesake {frappe.generate_hash(length=8)}"
		existing = self.company.post("Customer", {"DisplayName": name})
		customer = make_customer(name)
		doc = make_ship_doc(customer=customer, lines=[{"item": self.item.name, "quantity": 1}], submit=True)
		frappe.db.commit()
		work(rounds=2)
		row = rows.get_rows("AO Customer", name)[0]
		self.assertEqual((row.status, row.candidate_id), (rows.ATTENTION, existing["Id"]))
		self.assertIn(name, self.get_sentence(doc))
		self.assertEqual(len(self.company.query(f"SELECT * FROM Customer WHERE DisplayName = '{name}'")), 1)
		queue_api.link_existing(row.name, existing["Id"])
		frappe.db.commit()
		work()
		self.assert_once(doc)
		self.assertEqual(len(self.company.query(f"SELECT * FROM Customer WHERE DisplayName = '{name}'")), 1)

	def test_a_vendor_of_that_name_is_never_taken_for_the_customer(self):
		name = f"Vendor {frappe.generate_hash(length=8)}"
		self.company.post("Vendor", {"DisplayName": name})
		make_ship_doc(
			customer=make_customer(name), lines=[{"item": self.item.name, "quantity": 1}], submit=True
		)
		frappe.db.commit()
		work(rounds=2)
		row = rows.get_rows("AO Customer", name)[0]
		self.assertEqual((row.status, row.candidate_id), (rows.ATTENTION, None))
		self.assertIn("endor", row.reason)


class TestBadInput(BadDay):
	def test_a_strange_name_is_sanitised_and_keeps_its_own_here(self):
		name = f"{STRANGE_NAME} {frappe.generate_hash(length=6)}"
		customer = make_customer(name)
		doc = make_ship_doc(customer=customer, lines=[{"item": self.item.name, "quantity": 1}], submit=True)
		frappe.db.commit()
		work()
		self.assert_once(doc)
		link = get_link(self.company.realm_id, "AO Customer", name, "record")
		remote = self.company.query(f"SELECT * FROM Customer WHERE Id = '{link.quickbooks_id}'")[0]
		for character in ":\\\t\n":
			self.assertNotIn(character, remote["DisplayName"])
		for part in ("Bob's", '"Best"', "Café"):
			self.assertIn(part, remote["DisplayName"])
		self.assertEqual(frappe.db.get_value("AO Customer", name, "customer_name"), name)

	def test_a_note_too_long_is_refused_with_its_field_and_length(self):
		with self.assertRaisesRegex(frappe.ValidationError, r"Private Note.*4001"):
			make_ship_doc(customer=self.customer, private_note="x" * 4001)

	def test_quickbooks_refusing_the_data_needs_a_person_and_goes_after_mending(self):
		self.company.queue_fault(
			match={"entity": "Invoice", "operation": "create"},
			times=1,
			status=400,
			body={
				"Fault": {
					"Error": [
						{
							"Message": "A business validation error has occurred while processing your request",
							"Detail": "Business Validation Error: The account is not allowed here",
							"code": "6000",
							"element": "Line",
						}
					],
					"type": "ValidationFault",
				}
			},
		)
		self.company.set_knobs(requestid="replays_faults")
		doc = self.make_invoice_doc()
		work(rounds=2)
		row = self.get_row(doc)
		self.assertEqual((row.status, row.attempt, row.fault_code), (rows.ATTENTION, 2, "6000"))
		self.assertIn("The account is not allowed here", self.get_sentence(doc))
		self.assertTrue(row.intuit_tid)
		documents.record(SHIP_DOC, doc.name)
		frappe.db.commit()
		work()
		self.assert_once(doc)

	def test_a_changed_customer_goes_as_a_sparse_update_over_a_stale_token(self):
		frappe.db.set_single_value("QuickBooks Settings", "send_list_changes", 1)
		frappe.clear_document_cache("QuickBooks Settings", "QuickBooks Settings")
		link = get_link(self.company.realm_id, "AO Customer", self.customer.name, "record")
		theirs = self.company.query(f"SELECT * FROM Customer WHERE Id = '{link.quickbooks_id}'")[0]
		self.company.post(
			"Customer",
			{
				"Id": theirs["Id"],
				"SyncToken": theirs["SyncToken"],
				"sparse": True,
				"Mobile": {"FreeFormNumber": "555-0100"},
			},
		)
		self.customer.reload()
		self.customer.phone = "555-0199"
		self.customer.save()
		frappe.db.commit()
		work()
		now = self.company.query(f"SELECT * FROM Customer WHERE Id = '{link.quickbooks_id}'")[0]
		self.assertEqual(now["PrimaryPhone"]["FreeFormNumber"], "555-0199")
		self.assertEqual(now["Mobile"]["FreeFormNumber"], "555-0100")
