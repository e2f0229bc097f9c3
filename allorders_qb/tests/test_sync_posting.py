"""What is shipped stands in QuickBooks, right to the cent and once: asked of the emulated company's books."""

import frappe

from allorders_qb.api import documents
from allorders_qb.api import queue as queue_api
from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.links import get_link
from allorders_qb.tests.emulated import connect_site, run_emulator, work
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	as_user,
	make_customer,
	make_item,
	make_location,
	make_sales_order,
	make_ship_doc,
	make_user,
)

RECEIVABLES = "Accounts Receivable (A/R)"
SHIP_DOC = "AO Ship Doc"


class PostingTestCase(IntegrationTestCase):
	"""A connected site; every test begins with an empty company."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		emulator = run_emulator()
		cls.company = emulator.__enter__()
		cls.addClassCleanup(emulator.__exit__, None, None, None)

	def setUp(self):
		super().setUp()
		frappe.set_user("Administrator")
		self.company.reset()
		connect_site(self.company)

	def set_rule(self, rule: str) -> None:
		settings = frappe.get_doc(SETTINGS)
		for row in settings.posting_rules:
			row.rule = rule
		settings.save()

	def get_row(self, doc) -> frappe._dict:
		found = rows.get_rows(doc.doctype, doc.name)
		self.assertEqual(len(found), 1)
		return found[0]

	def get_why(self, doc) -> dict:
		return documents.get_quickbooks_state(doc.doctype, doc.name)


class TestPosting(PostingTestCase):
	def test_a_shipped_order_becomes_one_invoice_right_to_the_cent(self):
		widget = make_item(unit_price=10)
		cable = make_item(unit_price="0.333")
		order = make_sales_order(
			lines=[
				{"item": widget.name, "quantity": 3, "discount_percent": 33.333},
				{"item": cable.name, "quantity": 7},
			],
			freight=12.34,
			po_number="PO 4711",
		)
		ship_doc = make_ship_doc(order, submit=True)
		frappe.db.commit()
		self.assertEqual(ship_doc.get_value("quickbooks_status") or "", "")
		work()

		ship_doc.reload()
		invoices = self.company.get_invoices()
		self.assertEqual(len(invoices), 1)
		invoice = invoices[0]
		# 3 x 10 less 33.333 % = 20.0001 -> 20.00; 7 x 0.333 = 2.331 -> 2.33; freight 12.34
		self.assertEqual(float(invoice["TotalAmt"]), 34.67)
		self.assertEqual(self.company.get_balance(RECEIVABLES), 34.67)
		self.assertEqual(invoice["DocNumber"], ship_doc.name)
		self.assertEqual(ship_doc.quickbooks_status, "Sent")
		self.assertEqual(ship_doc.quickbooks_id, invoice["Id"])
		self.assertEqual(ship_doc.quickbooks_doc_number, ship_doc.name)
		self.assertEqual(float(ship_doc.quickbooks_total), 34.67)
		self.assertEqual(invoice["CustomerRef"]["name"], ship_doc.customer)

	def test_customer_and_items_go_first_each_by_its_own_row(self):
		item = make_item()
		ship_doc = make_ship_doc(lines=[{"item": item.name, "quantity": 1}], submit=True)
		frappe.db.commit()
		work()
		writes = [
			(entry["entity"], entry["operation"])
			for entry in self.company.get_requests()
			if entry["method"] == "POST"
		]
		creates = [entity for entity, operation in writes if operation == "create"]
		self.assertEqual(creates, ["Customer", "Item", "Invoice"])
		for doctype, name in (("AO Customer", ship_doc.customer), ("AO Item", item.name)):
			self.assertEqual([row.status for row in rows.get_rows(doctype, name)], ["Sent"])
			self.assertIsNotNone(get_link(self.company.realm_id, doctype, name, "record"))

	def test_the_form_says_why_and_links_to_the_twin(self):
		ship_doc = make_ship_doc()
		self.assertIn("draft", self.get_why(ship_doc)["sentence"])
		ship_doc.submit()
		frappe.db.commit()
		self.assertEqual(self.get_why(ship_doc)["status"], "Queued")
		work()
		why = self.get_why(ship_doc)
		self.assertEqual(why["status"], "Sent")
		self.assertIn(f"Invoice {ship_doc.name}", why["sentence"])
		self.assertEqual(why["links"][0]["url"].split("?")[0], f"{self.company.url}/app/invoice")
		self.assertTrue(why["locked"])

	def test_a_document_of_zero_is_not_needed_and_nothing_is_sent(self):
		ship_doc = make_ship_doc(
			lines=[{"item": make_item().name, "quantity": 2, "unit_price": 0}], submit=True
		)
		frappe.db.commit()
		work()
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Not Needed")
		self.assertEqual(self.company.get_invoices(), [])

	def test_sample_orders_never_post(self):
		make_sales_order()
		frappe.db.commit()
		work()
		self.assertEqual([e for e in self.company.get_requests() if e["operation"] == "create"], [])

	def test_new_list_records_go_at_once_where_the_settings_say_so(self):
		held_back = make_customer()
		frappe.db.set_single_value(SETTINGS, "send_list_changes", 1)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		customer, item = make_customer(), make_item()
		frappe.db.commit()
		work()
		names = [remote["DisplayName"] for remote in self.company.query("SELECT * FROM Customer")]
		self.assertEqual(names, [customer.name])
		self.assertNotIn(held_back.name, names)
		self.assertEqual([remote["Name"] for remote in self.company.query("SELECT * FROM Item")], [item.name])
		writes = [entry for entry in self.company.get_requests() if entry["operation"] == "create"]
		self.assertEqual(len(writes), 2)

	def test_nothing_new_to_send_sends_nothing(self):
		make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		before = len(self.company.get_requests())
		work()
		self.assertEqual(len(self.company.get_requests()), before)


class TestTriggers(PostingTestCase):
	def test_by_button_waits_for_the_button(self):
		self.set_rule("By Button")
		ship_doc = make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Not Sent")
		self.assertEqual(self.company.get_invoices(), [])
		self.assertIn("Invoice", self.get_why(ship_doc)["sentence"])

		first = documents.record(SHIP_DOC, ship_doc.name)
		second = documents.record(SHIP_DOC, ship_doc.name)
		frappe.db.commit()
		self.assertTrue(first["ok"] and second["ok"])
		self.get_row(ship_doc)
		work()
		self.assertEqual(len(self.company.get_invoices()), 1)
		third = documents.record(SHIP_DOC, ship_doc.name)
		self.assertIn(ship_doc.name, third["message"])
		work()
		self.assertEqual(len(self.company.get_invoices()), 1)

	def test_at_synchronization_waits_until_it_is_told(self):
		self.set_rule("At Synchronization")
		ship_doc = make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		self.assertEqual(self.company.get_invoices(), [])
		self.assertIn("next synchronization", self.get_why(ship_doc)["sentence"])
		queue_api.send_waiting_now()
		frappe.db.commit()
		work()
		self.assertEqual(len(self.company.get_invoices()), 1)

	def test_who_may_not_post_leaves_it_for_the_synchronization(self):
		customer, item, location = make_customer(), make_item(), make_location()
		with as_user("AO User") as user:
			ship_doc = make_ship_doc(
				customer=customer, lines=[{"item": item.name, "quantity": 1}], location=location.name
			)
			ship_doc.submit()
			with self.assertRaises(frappe.PermissionError):
				documents.record(SHIP_DOC, ship_doc.name)
		frappe.db.commit()
		work()
		row = self.get_row(ship_doc)
		self.assertEqual((row.status, row.waits_for_synchronization, row.triggered_by), ("Queued", 1, user))
		self.assertIn("may not send", row.reason)
		self.assertEqual(self.company.get_invoices(), [])

	def test_the_list_action_answers_for_each_row(self):
		self.set_rule("By Button")
		shipped = make_ship_doc(submit=True)
		draft = make_ship_doc()
		kept_out = make_ship_doc(submit=True)
		documents.never_send(SHIP_DOC, kept_out.name, "Sample")
		frappe.db.commit()
		results = documents.record_selected(
			SHIP_DOC, [shipped.name, draft.name, kept_out.name, "SD-0000-00000"]
		)
		frappe.db.commit()
		self.assertEqual([result["ok"] for result in results], [True, False, False, False])
		self.assertIn("draft", results[1]["message"])
		self.assertIn("Sample", results[2]["message"])
		self.assertIn("SD-0000-00000", results[3]["message"])
		work()
		self.assertEqual([invoice["DocNumber"] for invoice in self.company.get_invoices()], [shipped.name])

	def test_invoice_on_a_draft_submits_it_only_where_the_setting_says_so(self):
		draft = make_ship_doc()
		self.assertFalse(documents.record(SHIP_DOC, draft.name)["ok"])
		self.assertEqual(frappe.db.get_value(SHIP_DOC, draft.name, "docstatus"), 0)
		frappe.db.set_single_value("AO Settings", "invoice_submits_draft", 1)
		frappe.clear_document_cache("AO Settings", "AO Settings")
		try:
			self.assertTrue(documents.record(SHIP_DOC, draft.name)["ok"])
			frappe.db.commit()
			work()
			self.assertEqual(frappe.db.get_value(SHIP_DOC, draft.name, "docstatus"), 1)
			self.assertEqual(len(self.company.get_invoices()), 1)
		finally:
			frappe.db.set_single_value("AO Settings", "invoice_submits_draft", 0)
			frappe.clear_document_cache("AO Settings", "AO Settings")

	def test_never_send_keeps_it_out_with_its_reason(self):
		before = make_ship_doc(never_send=1, never_send_reason="Paid in cash at the fair", submit=True)
		after = make_ship_doc(submit=True)
		documents.never_send(SHIP_DOC, after.name, "Entered in QuickBooks by hand")
		frappe.db.commit()
		work()
		for doc, reason in ((before, "Paid in cash at the fair"), (after, "Entered in QuickBooks by hand")):
			self.assertEqual(frappe.db.get_value(SHIP_DOC, doc.name, "quickbooks_status"), "Never Send")
			self.assertIn(reason, self.get_why(doc)["sentence"])
			self.assertEqual(rows.get_rows(SHIP_DOC, doc.name), [])
		self.assertEqual(self.company.get_invoices(), [])

	def test_never_send_without_a_reason_is_refused(self):
		with self.assertRaisesRegex(frappe.ValidationError, "why"):
			make_ship_doc(never_send=1)

	def test_a_sent_document_cannot_be_kept_out_any_more(self):
		ship_doc = make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		with self.assertRaisesRegex(frappe.ValidationError, "in QuickBooks"):
			documents.never_send(SHIP_DOC, ship_doc.name, "Too late")


class TestLocks(PostingTestCase):
	def test_cancel_of_a_queued_document_takes_its_row_along(self):
		ship_doc = make_ship_doc(submit=True)
		frappe.db.commit()
		ship_doc.reload()
		ship_doc.cancel()
		frappe.db.commit()
		self.assertEqual(rows.get_rows(SHIP_DOC, ship_doc.name), [])
		work()
		self.assertEqual(self.company.get_invoices(), [])

	def test_cancel_of_a_sent_document_is_refused_saying_why(self):
		ship_doc = make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		ship_doc.reload()
		with self.assertRaisesRegex(
			frappe.ValidationError, f"QuickBooks holds it as Invoice {ship_doc.name}"
		):
			ship_doc.cancel()
		frappe.db.rollback()
		self.assertEqual(frappe.db.get_value(SHIP_DOC, ship_doc.name, "docstatus"), 1)

	def test_what_quickbooks_knows_cannot_be_deleted(self):
		ship_doc = make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		with self.assertRaisesRegex(frappe.ValidationError, "inactive instead"):
			frappe.delete_doc("AO Customer", ship_doc.customer, force=True)

	def test_the_quickbooks_fields_are_nobody_elses_to_write(self):
		ship_doc = make_ship_doc(quickbooks_status="Sent", quickbooks_id="42")
		self.assertFalse(ship_doc.quickbooks_status)
		self.assertFalse(ship_doc.quickbooks_id)
		ship_doc.submit()
		frappe.db.commit()
		work()
		ship_doc.reload()
		ship_doc.update({"quickbooks_status": "Not Sent", "quickbooks_id": None, "never_send": 1})
		ship_doc.save()
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Sent")
		self.assertTrue(ship_doc.quickbooks_id)
		self.assertFalse(ship_doc.never_send)

	def test_an_amended_document_starts_anew(self):
		ship_doc = make_ship_doc(submit=True)
		ship_doc.reload()
		ship_doc.cancel()
		amended = frappe.copy_doc(ship_doc)
		amended.docstatus = 0
		amended.amended_from = ship_doc.name
		amended.insert().submit()
		frappe.db.commit()
		work()
		self.assertEqual([invoice["DocNumber"] for invoice in self.company.get_invoices()], [amended.name])


class TestRoles(PostingTestCase):
	def test_writing_methods_need_the_role(self):
		ship_doc = make_ship_doc(submit=True)
		frappe.db.commit()
		row = self.get_row(ship_doc)
		attempts = (
			lambda: documents.record(SHIP_DOC, ship_doc.name),
			lambda: documents.record_selected(SHIP_DOC, [ship_doc.name]),
			lambda: documents.never_send(SHIP_DOC, ship_doc.name, "x"),
			lambda: documents.allow_sending(SHIP_DOC, ship_doc.name),
			lambda: queue_api.retry(row.name),
			lambda: queue_api.link_existing(row.name, "1"),
			lambda: queue_api.send_all_the_same(row.name),
			lambda: queue_api.send_waiting_now(),
		)
		for roles in (("AO Viewer",), ("AO User",), ("AO Manager",)):
			with as_user(*roles):
				for attempt in attempts:
					with self.assertRaises(frappe.PermissionError):
						attempt()

	def test_who_may_not_read_a_document_is_told_nothing_of_it(self):
		ship_doc = make_ship_doc(submit=True)
		frappe.db.commit()
		with as_user("Report Manager"), self.assertRaises(frappe.PermissionError):
			documents.get_quickbooks_state(SHIP_DOC, ship_doc.name)

	def test_a_poster_may_not_see_what_he_may_not_read(self):
		make_user("QuickBooks Poster")
		with as_user("QuickBooks Poster"), self.assertRaises(frappe.PermissionError):
			frappe.get_doc("QuickBooks Settings").check_permission("read")

	def test_the_machinery_cannot_be_written_by_hand(self):
		for doctype in (
			"QuickBooks Queue Entry",
			"QuickBooks Link",
			"QuickBooks Call",
			"QuickBooks Connection",
		):
			for ptype in ("create", "write", "delete"):
				with as_user("QuickBooks Manager", "AO Manager"):
					self.assertFalse(frappe.has_permission(doctype, ptype), f"{ptype} {doctype}")
