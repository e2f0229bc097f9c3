"""What was sent and has since been edited, voided or deleted in QuickBooks is marked so, and paying it is none of that."""

from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from allorders_qb.qbo import changes
from allorders_qb.sync import compare
from allorders_qb.sync.connection import CONNECTION
from allorders_qb.sync.links import get_links_of
from allorders_qb.sync.runs import run_rows
from allorders_qb.tests.emulated import work
from allorders_qb.tests.test_runs_engine import RunsTestCase
from allorders_qb.tests.utils import make_customer, make_item, make_ship_doc


class CompareTestCase(RunsTestCase):
	def setUp(self):
		super().setUp()
		self.customer, self.item = make_customer().name, make_item().name

	def ship(self, quantity: float = 2):
		doc = make_ship_doc(
			customer=self.customer,
			lines=[{"item": self.item, "quantity": quantity, "unit_price": 10}],
			submit=True,
		)
		frappe.db.commit()
		work()
		return doc

	def get_invoice(self, doc) -> dict:
		return next(one for one in self.company.get_invoices() if one["DocNumber"] == doc.name)

	def as_user(self, operation: str, body: dict, entity: str = "Invoice") -> None:
		"""Somebody writes in QuickBooks itself."""
		self.company.control(
			"POST",
			f"{self.company.realm_id}/as_user",
			{"entity": entity, "operation": operation, "body": body},
		)

	def edit(self, doc, **values) -> None:
		invoice = self.get_invoice(doc)
		self.as_user("update", {**invoice, **values})

	def synchronize(self, kind=run_rows.SINCE_LAST):
		name = self.start(kind)
		self.run_all()
		run = self.get(name)
		self.assertEqual(run.status, "Finished", run.summary)
		return run

	def read(self, doc) -> tuple[str, str]:
		frappe.db.rollback()
		return frappe.db.get_value(doc.doctype, doc.name, ["quickbooks_status", "quickbooks_reason"])

	def let_a_day_pass(self) -> None:
		frappe.db.set_value(
			CONNECTION, self.company.realm_id, "swept_at", now_datetime() - timedelta(hours=25)
		)
		frappe.db.commit()


class TestSweep(CompareTestCase):
	"""By ids, once a day and with every full synchronization."""

	def test_what_has_not_changed_stays_sent(self):
		doc = self.ship()
		before = frappe.db.get_value(doc.doctype, doc.name, "modified")
		run = self.synchronize(run_rows.FULL)
		self.assertEqual(self.read(doc)[0], "Sent")
		self.assertEqual(frappe.db.get_value(doc.doctype, doc.name, "modified"), before)
		self.assertNotIn("changed in QuickBooks", run.summary)

	def test_an_edited_invoice_says_in_what(self):
		doc = self.ship()
		invoice = self.get_invoice(doc)
		line = next(one for one in invoice["Line"] if one["DetailType"] == "SalesItemLineDetail")
		line["Amount"], line["SalesItemLineDetail"]["Qty"] = 30, 3
		self.edit(doc, Line=[line])
		run = self.synchronize(run_rows.FULL)
		status, reason = self.read(doc)
		self.assertEqual(status, "Edited in QuickBooks")
		self.assertIn("Total: 20.00 → 30.00", reason)
		self.assertIn("Line 1 quantity: 2 → 3", reason)
		self.assertIn("1 changed in QuickBooks", run.summary)
		self.assertNotIn("changed in QuickBooks", self.synchronize(run_rows.FULL).summary, "said once")

	def test_edited_back_it_is_as_it_was_sent(self):
		doc = self.ship()
		invoice = self.get_invoice(doc)
		self.edit(doc, TxnDate="2020-02-02")
		self.synchronize(run_rows.FULL)
		self.assertIn("Date:", self.read(doc)[1])
		self.edit(doc, TxnDate=invoice["TxnDate"])
		self.synchronize(run_rows.FULL)
		self.assertEqual(self.read(doc)[0], "Sent")

	def test_a_voided_and_a_deleted_invoice(self):
		voided, deleted, kept = self.ship(), self.ship(), self.ship()
		for doc, operation in ((voided, "void"), (deleted, "delete")):
			invoice = self.get_invoice(doc)
			self.as_user(operation, {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]})
		self.synchronize(run_rows.FULL)
		self.assertEqual(self.read(voided)[0], "Voided in QuickBooks")
		self.assertIn("but voided there", self.read(voided)[1])
		self.assertEqual(self.read(deleted)[0], "Deleted in QuickBooks")
		self.assertIn("has been deleted there", self.read(deleted)[1])
		self.assertEqual(self.read(kept)[0], "Sent")

	def test_paying_an_invoice_is_no_edit(self):
		doc = self.ship()
		invoice = self.get_invoice(doc)
		self.company.post(
			"Payment",
			{
				"CustomerRef": {"value": invoice["CustomerRef"]["value"]},
				"TotalAmt": 20,
				"Line": [{"Amount": 20, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}],
			},
		)
		self.synchronize(run_rows.FULL)
		self.assertEqual(self.read(doc)[0], "Sent")
		(link,) = [link for link in get_links_of(doc.doctype, doc.name)]
		self.assertEqual(
			link.sync_token, self.get_invoice(doc)["SyncToken"], "what is sent next starts from here"
		)

	def test_all_ids_are_asked_for_once_a_day(self):
		doc = self.ship()
		invoice = self.get_invoice(doc)
		self.synchronize()
		self.as_user("delete", {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]})
		self.let_a_day_pass()
		self.synchronize()
		self.assertEqual(self.read(doc)[0], "Deleted in QuickBooks")

	def test_pages_of_ids(self):
		docs = [self.ship() for _number in range(3)]
		page, compare.SWEEP_PAGE = compare.SWEEP_PAGE, 2
		self.addCleanup(setattr, compare, "SWEEP_PAGE", page)
		invoice = self.get_invoice(docs[-1])
		self.as_user("delete", {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]})
		self.synchronize(run_rows.FULL)
		self.assertEqual([self.read(doc)[0] for doc in docs], ["Sent", "Sent", "Deleted in QuickBooks"])

	def test_a_query_that_lags_takes_nothing_for_deleted(self):
		doc = self.ship()
		self.company.set_knobs(query_lag_ms=3_600_000)
		self.synchronize(run_rows.FULL)
		self.assertEqual(self.read(doc)[0], "Sent")


class TestCapture(CompareTestCase):
	"""By what capture brings with the lists, in every synchronization."""

	def setUp(self):
		super().setUp()
		self.synchronize()

	def test_an_edit_is_seen_with_the_next_synchronization(self):
		doc = self.ship()
		self.synchronize()
		self.edit(doc, TxnDate="2020-02-02")
		self.synchronize()
		self.assertEqual(self.read(doc)[0], "Edited in QuickBooks")

	def test_a_deletion_comes_as_a_tombstone(self):
		doc = self.ship()
		self.synchronize()
		invoice = self.get_invoice(doc)
		self.as_user("delete", {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]})
		self.synchronize()
		self.assertEqual(self.read(doc)[0], "Deleted in QuickBooks")

	def test_with_nothing_to_do_a_synchronization_costs_one_request(self):
		self.ship()
		self.synchronize()
		self.company.control("DELETE", f"{self.company.realm_id}/requests")
		self.synchronize()
		self.assertEqual(
			[entry["operation"] for entry in self.company.get_requests()],
			["cdc"],
			"lists and transactions in one",
		)

	def test_somebody_elses_transactions_are_left_alone(self):
		doc = self.ship()
		invoice = self.get_invoice(doc)
		body = {"CustomerRef": invoice["CustomerRef"], "Line": invoice["Line"][:1], "DocNumber": "BORN-THERE"}
		self.company.post("Invoice", body)
		self.synchronize()
		self.assertEqual(self.read(doc)[0], "Sent")
		self.assertEqual(frappe.db.count("AO Ship Doc", {"quickbooks_doc_number": "BORN-THERE"}), 0)

	def test_a_capture_that_is_cut_off_has_all_ids_looked_at(self):
		doc = self.ship()
		self.synchronize()
		invoice = self.get_invoice(doc)
		self.as_user("delete", {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]})
		limit, changes.MAX_CHANGES = changes.MAX_CHANGES, 1
		self.addCleanup(setattr, changes, "MAX_CHANGES", limit)
		self.synchronize()
		self.assertEqual(self.read(doc)[0], "Deleted in QuickBooks")
