"""What holds of the ship doc holds of every posting document: when it leaves, who may send it, what it says, its lock, its
list and its form; and what each of its roles is in QuickBooks, under each inventory mode, as a golden payload.

``role_cases`` names a document for every role and mode.
"""

import json
import os
from pathlib import Path

import frappe
from frappe.model.document import Document

from allorders_qb.api import documents
from allorders_qb.hooks import doc_events, doctype_js, doctype_list_js
from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.postings import READERS
from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.tests.booked import BooksTestCase
from allorders_qb.tests.payload_reader import describe_payload
from allorders_qb.tests.role_cases import CASES, COUNTED, PLANNED_LATER, VALUES, Case, Goods
from allorders_qb.tests.utils import IntegrationTestCase, as_user

GOLDEN = Path(__file__).parent / "golden"
DOCTYPES = tuple(doctype for doctype, known in POSTING_TYPES.items() if not known.guided)
"""All but those that have a guide of their own instead of a rule, a button and a list action."""

ONE_EACH = tuple(next(case for case in CASES if case.doctype == doctype) for doctype in DOCTYPES)
"""A document of each type."""

STATUS_FIELDS = (
	"quickbooks_status",
	"quickbooks_reason",
	"quickbooks_id",
	"quickbooks_doc_number",
	"never_send",
	"never_send_reason",
)


class MatrixTestCase(BooksTestCase):
	def tearDown(self):
		self.set_rules("On Submit")
		super().tearDown()

	def set_rules(self, rule: str) -> None:
		settings = frappe.get_doc(SETTINGS)
		for row in settings.posting_rules:
			row.rule = rule
		settings.save()
		frappe.db.commit()

	def begin(self, case: Case) -> Document:
		"""A draft of the case in an empty company, and what it needs there."""
		self.set_rules("On Submit")
		self.company.reset()
		# Where QuickBooks counts too, a true-up that is not settled holds up the next.
		for doctype in (
			"QuickBooks Queue Entry",
			"QuickBooks Link",
			"AO Cost True-Up",
			"AO Cost True-Up Line",
			"AO Cost True-Up Item",
		):
			frappe.db.delete(doctype)
		goods = Goods()
		before = case.prepare(goods)
		if before:
			self.send(before)
		return case.make(goods, before)

	def submit(self, case: Case, rule: str = "On Submit") -> Document:
		doc = self.begin(case)
		self.set_rules(rule)
		doc.submit()
		frappe.db.commit()
		return doc

	def get_state(self, doc: Document) -> dict:
		return documents.get_quickbooks_state(doc.doctype, doc.name)

	def list_rows(self, doc: Document) -> list[tuple[str, str]]:
		return [(row.role, row.status) for row in rows.get_rows(doc.doctype, doc.name)]

	def assert_sent(self, case: Case, doc: Document) -> None:
		"""Each role is one row and one link, and the document says so."""
		doc.reload()
		self.assertEqual(doc.quickbooks_status, "Sent", (case.name, doc.quickbooks_reason))
		self.assertEqual(self.list_rows(doc), [(role, "Sent") for role in case.roles], case.name)
		links = frappe.get_all(
			"QuickBooks Link", filters={"reference_name": doc.name}, pluck="role", order_by="creation"
		)
		self.assertEqual(sorted(links), sorted(case.roles), case.name)
		self.assertIn("In QuickBooks as ", self.get_state(doc)["sentence"], case.name)


class TestRolesInQuickBooks(MatrixTestCase):
	"""On submit, each role becomes one transaction, the one that its golden file shows; and then the document is locked."""

	maxDiff = None

	def check_mode(self, mode: str) -> None:
		self.choose_mode(mode)
		for case in CASES:
			if case.mode != mode:
				continue
			with self.subTest(case=case.name):
				doc = self.send(self.submit(case))
				self.assert_sent(case, doc)
				if case.golden:
					self.check_golden(case, doc)
				with self.assertRaisesRegex(frappe.ValidationError, f"{doc.name} can't be cancelled") as told:
					doc.cancel()
				self.assertIn("QuickBooks holds it as", str(told.exception))

	def check_golden(self, case: Case, doc: Document) -> None:
		"""Compare what was sent with the case's golden file. ALLORDERS_WRITE_GOLDEN=1 writes it anew: look at it then."""
		sent = {
			row.role: describe_payload(
				self.company, doc, frappe.db.get_value(rows.QUEUE, row.name, "payload")
			)
			for row in rows.get_rows(doc.doctype, doc.name)
		}
		path = GOLDEN / f"{case.name}.json"
		if os.environ.get("ALLORDERS_WRITE_GOLDEN"):
			path.write_text(json.dumps(sent, indent="\t", ensure_ascii=False) + "\n", encoding="utf-8")
		self.assertEqual(sent, json.loads(path.read_text(encoding="utf-8")), case.name)

	def test_values_only(self):
		self.check_mode(VALUES)

	def test_quickbooks_counts_too(self):
		self.check_mode(COUNTED)


class TestTriggers(MatrixTestCase):
	def setUp(self):
		super().setUp()
		self.choose_mode(VALUES)

	def test_by_button_it_waits_for_its_button_and_twice_is_once(self):
		for case in ONE_EACH:
			with self.subTest(case=case.name):
				doc = self.submit(case, "By Button")
				state = self.get_state(doc)
				button = POSTING_TYPES[case.doctype].button
				self.assertEqual((state["status"], state["button"]), ("Not Sent", button))
				self.assertEqual(state["sentence"], f"Not in QuickBooks: nobody has pressed {button} yet.")
				self.check_never_send(doc)
				for _time in range(2):
					self.assertTrue(documents.record(doc.doctype, doc.name)["ok"])
				self.assert_sent(case, self.send(doc))

	def check_never_send(self, doc: Document) -> None:
		"""It is said with its reason, holds, and can be taken back."""
		documents.never_send(doc.doctype, doc.name, "Samples for the trade fair.")
		state = self.get_state(doc)
		self.assertEqual(state["status"], "Never Send")
		self.assertIn("Never goes to QuickBooks: Samples for the trade fair.", state["sentence"])
		refused = documents.record(doc.doctype, doc.name)
		self.assertFalse(refused["ok"])
		self.assertIn("Samples for the trade fair.", refused["message"])
		documents.allow_sending(doc.doctype, doc.name)
		self.assertEqual(self.get_state(doc)["status"], "Not Sent")

	def test_at_synchronization_it_waits_and_the_list_sends_it(self):
		for case in ONE_EACH:
			with self.subTest(case=case.name):
				doc = self.send(self.submit(case, "At Synchronization"))
				self.assertIn("Waits for the next synchronization.", self.get_state(doc)["sentence"])
				self.assertEqual({status for _role, status in self.list_rows(doc)}, {"Queued"})
				(result,) = documents.record_selected(doc.doctype, [doc.name])
				self.assertEqual(result["message"], f"{doc.name} is on its way to QuickBooks.")
				self.assert_sent(case, self.send(doc))

	def test_what_a_user_without_the_right_to_post_submits_waits(self):
		for case in ONE_EACH:
			with self.subTest(case=case.name):
				doc = self.begin(case)
				self.assertIn("it is a draft", self.get_state(doc)["sentence"])
				self.assertIn("still a draft", documents.record(doc.doctype, doc.name)["message"])
				with as_user("AO Manager"):
					frappe.get_doc(doc.doctype, doc.name).submit()
					self.assertFalse(self.get_state(doc)["may_post"])
					with self.assertRaises(frappe.PermissionError):
						documents.record(doc.doctype, doc.name)
					with self.assertRaises(frappe.PermissionError):
						documents.never_send(doc.doctype, doc.name, "No.")
				self.send(doc)
				self.assertEqual({status for _role, status in self.list_rows(doc)}, {"Queued"})
				self.assertIn("may not send to QuickBooks", self.get_state(doc)["sentence"])

	def test_cancel_of_what_is_queued_takes_its_rows_along(self):
		for case in ONE_EACH:
			with self.subTest(case=case.name):
				doc = self.submit(case, "At Synchronization")
				frappe.get_doc(doc.doctype, doc.name).cancel()
				self.assertEqual(self.list_rows(doc), [])
				self.assertIn("Cancelled; it never went to QuickBooks.", self.get_state(doc)["sentence"])


class TestWiring(IntegrationTestCase):
	"""What is declared for one type is declared for all."""

	def test_every_role_has_a_case(self):
		declared = {(doctype, role.name) for doctype in DOCTYPES for role in POSTING_TYPES[doctype].roles}
		cased = {(case.doctype, role) for case in CASES for role in case.roles}
		self.assertEqual(declared - cased, set(PLANNED_LATER))

	def test_every_case_has_a_golden_file_and_every_file_a_case(self):
		self.assertEqual(
			{path.stem for path in GOLDEN.glob("*.json")}, {case.name for case in CASES if case.golden}
		)

	def test_every_type_is_read_watched_and_shown(self):
		public = Path(frappe.get_app_path("allorders_qb")) / "public" / "js"
		form, listing = (
			(public / name).read_text() for name in ("quickbooks_document.js", "quickbooks_list.js")
		)
		events = {
			"validate",
			"before_update_after_submit",
			"on_submit",
			"before_cancel",
			"on_cancel",
			"on_trash",
		}
		for doctype in DOCTYPES:
			with self.subTest(doctype=doctype):
				self.assertIn(doctype, READERS)
				self.assertLessEqual(events, set(doc_events[doctype]))
				self.assertIn("public/js/quickbooks_document.js", doctype_js[doctype])
				self.assertEqual(doctype_list_js[doctype], "public/js/quickbooks_list.js")
				for script in (form, listing):
					self.assertIn(f'"{doctype}"', script)

	def test_every_type_has_its_rule(self):
		rules = {row.document_type for row in frappe.get_doc(SETTINGS).posting_rules}
		self.assertLessEqual(set(DOCTYPES), rules)

	def test_every_type_has_the_fields_its_list_shows_them_and_each_status_has_a_colour(self):
		for doctype in DOCTYPES:
			with self.subTest(doctype=doctype):
				meta = frappe.get_meta(doctype)
				for fieldname in STATUS_FIELDS:
					df = meta.get_field(fieldname)
					self.assertTrue(df, fieldname)
					if fieldname.startswith("quickbooks_"):
						self.assertTrue(df.read_only and df.no_copy and df.allow_on_submit, fieldname)
				status = meta.get_field("quickbooks_status")
				self.assertTrue(status.in_list_view and status.in_standard_filter)
				self.assertTrue(meta.is_submittable and meta.get_field("status").read_only)
				options = meta.get_field("status").options.split("\n")
				self.assertEqual([state.title for state in meta.states], options)

	def test_every_type_is_connected_to_something(self):
		for doctype in DOCTYPES:
			if doctype == "AO Cost True-Up":
				# Each of its rows leads to its document.
				continue
			with self.subTest(doctype=doctype):
				self.assertTrue(frappe.get_meta(doctype).get_dashboard_data().get("transactions"))
