"""Send All: what is available goes, what stays says why, and a second person's release holds for every way out."""

import frappe
from frappe.utils import add_days, today

from allorders_qb.api import documents
from allorders_qb.api import send_all as send_all_api
from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.sync.release import get_release
from allorders_qb.tests.emulated import read_preferences_again, work
from allorders_qb.tests.test_runs_engine import RunsTestCase
from allorders_qb.tests.utils import as_user, make_customer, make_item, make_ship_doc, make_user

SHIP_DOC = "AO Ship Doc"


class SendAllTestCase(RunsTestCase):
	def setUp(self):
		super().setUp()
		# What other tests left unsent is not this test's.
		for doctype in POSTING_TYPES:
			frappe.db.set_value(doctype, {"docstatus": 1}, "quickbooks_status", "Sent", update_modified=False)
		self.configure(rule="By Button", send_all_transactions=1)

	def tearDown(self):
		frappe.set_user("Administrator")
		self.configure(
			rule="On Submit", send_all_transactions=0, send_all_filters=[], release_by_second_person=0
		)
		super().tearDown()

	def configure(self, rule: str | None = None, **values) -> None:
		settings = frappe.get_doc(SETTINGS)
		for row in settings.posting_rules if rule else ():
			row.rule = rule
		settings.update(values)
		settings.save()
		frappe.db.commit()

	def ship(self, **values):
		doc = make_ship_doc(**{"submit": True, **values})
		frappe.db.commit()
		return doc

	def synchronize(self):
		name = self.start()
		self.assertEqual(self.run_all(), [name])
		return self.get(name)

	def get_sent(self) -> set[str]:
		return {invoice["DocNumber"] for invoice in self.company.get_invoices()}

	def get_preview(self) -> dict[str, tuple]:
		rows_shown = send_all_api.preview()["rows"]
		return {row["name"]: (row["goes"], row["reason"]) for row in rows_shown}


class TestSendAll(SendAllTestCase):
	def test_what_nobody_pressed_the_button_for_goes(self):
		sent = {self.ship().name, self.ship().name}
		draft = make_ship_doc()
		frappe.db.commit()
		run = self.synchronize()
		self.assertEqual(self.get_sent(), sent)
		self.assertEqual({row.list_type: row.sent for row in run.lists}["AO Ship Doc"], 2)
		self.assertEqual(rows.get_rows(SHIP_DOC, draft.name), [])
		row = rows.get_rows(SHIP_DOC, next(iter(sent)))[0]
		self.assertEqual((row.trigger, row.status), ("Synchronization", "Sent"))
		self.synchronize()
		self.assertEqual(len(self.company.get_invoices()), 2)

	def test_without_the_switch_nothing_goes_but_what_waits_in_the_queue(self):
		self.configure(send_all_transactions=0)
		self.ship()
		self.configure(rule="At Synchronization")
		waiting = self.ship()
		self.synchronize()
		self.assertEqual(self.get_sent(), {waiting.name})

	def test_never_send_is_a_hold(self):
		held, gone = self.ship(), self.ship()
		documents.never_send(SHIP_DOC, held.name, "It is in QuickBooks by hand")
		frappe.db.commit()
		self.assertEqual(self.get_preview()[held.name][0], False)
		self.assertIn("by hand", self.get_preview()[held.name][1])
		self.synchronize()
		self.assertEqual(self.get_sent(), {gone.name})

	def test_filters_and_the_preview_that_names_them(self):
		chosen, other = make_customer(), make_customer()
		line = lambda price: [{"item": make_item(unit_price=price).name, "quantity": 1}]  # noqa: E731
		good = self.ship(customer=chosen, lines=line(90))
		dear = self.ship(customer=chosen, lines=line(110))
		old = self.ship(customer=chosen, lines=line(90), posting_date=add_days(today(), -10))
		foreign = self.ship(customer=other, lines=line(90))
		self.configure(
			send_all_filters=[
				{
					"document_type": SHIP_DOC,
					"party_type": "AO Customer",
					"party": chosen.name,
					"from_date": add_days(today(), -5),
					"amount_up_to": 100,
				}
			]
		)
		preview = self.get_preview()
		self.assertEqual(preview[good.name], (True, ""))
		self.assertIn("too much", preview[dear.name][1])
		self.assertIn("too early", preview[old.name][1])
		self.assertIn(other.name, preview[foreign.name][1])
		whole = send_all_api.preview()
		self.assertEqual((whole["going"], whole["staying"], whole["totals"]), (1, 3, {"USD": 90.0}))
		self.synchronize()
		self.assertEqual(self.get_sent(), {good.name})

	def test_filters_that_let_nothing_through_are_refused(self):
		for row in ({"from_date": today(), "to_date": add_days(today(), -1)}, {"party_type": "AO Customer"}):
			with self.assertRaises(frappe.ValidationError) as refused:
				self.configure(send_all_filters=[row])
			self.assertIn("row 1", str(refused.exception))

	def test_a_closed_period_stays_and_says_so(self):
		doc = self.ship(posting_date=add_days(today(), -40))
		self.company.control(
			"PATCH",
			f"{self.company.realm_id}/preferences",
			{"AccountingInfoPrefs": {"BookCloseDate": add_days(today(), -30)}},
		)
		read_preferences_again()
		from allorders_qb.sync.connecting import read_company

		read_company(self.company.realm_id)
		self.assertIn("closed", self.get_preview()[doc.name][1])
		self.synchronize()
		self.assertEqual(rows.get_rows(SHIP_DOC, doc.name), [])

	def test_what_waits_in_the_queue_is_in_the_preview(self):
		self.configure(rule="At Synchronization", send_all_transactions=0)
		doc = self.ship()
		goes, reason = self.get_preview()[doc.name]
		self.assertTrue(goes)
		self.assertIn("next synchronization", reason)

	def test_payments_have_a_switch_of_their_own(self):
		from dataclasses import replace
		from unittest.mock import patch

		from allorders_qb.sync.registry import PAYMENTS, POSTING_TYPES

		as_payment = {SHIP_DOC: replace(POSTING_TYPES[SHIP_DOC], group=PAYMENTS)}
		doc = self.ship()
		with patch.dict(POSTING_TYPES, as_payment):
			self.synchronize()
			self.assertEqual(self.get_sent(), set())
			self.configure(send_all_transactions=0, send_all_payments=1)
			self.synchronize()
		self.configure(send_all_payments=0)
		self.assertEqual(self.get_sent(), {doc.name})

	def test_only_managers_see_the_preview(self):
		with as_user("QuickBooks Poster"), self.assertRaises(frappe.PermissionError):
			send_all_api.preview()


class TestRelease(SendAllTestCase):
	def setUp(self):
		super().setUp()
		self.configure(rule="On Submit", release_by_second_person=1)
		self.author = make_user("AO Manager", "QuickBooks Poster")
		self.second = make_user("AO Viewer", "QuickBooks Poster")
		make_customer()

	def ship(self, **values):
		doc = make_ship_doc(**values)
		frappe.set_user(self.author)
		doc.submit()
		frappe.set_user("Administrator")
		frappe.db.commit()
		return doc

	def release(self, user: str, *names: str) -> list[dict]:
		frappe.set_user(user)
		results = send_all_api.release_documents(SHIP_DOC, list(names))
		frappe.set_user("Administrator")
		frappe.db.commit()
		return results

	def test_nothing_leaves_before_a_second_person_has_released_it(self):
		doc = self.ship()
		work()
		why = documents.get_quickbooks_state(SHIP_DOC, doc.name)
		self.assertEqual((why["status"], why["awaits_release"]), ("Not Sent", True))
		self.assertIn("somebody other than", why["sentence"])
		self.assertFalse(documents.record(SHIP_DOC, doc.name)["ok"])
		self.assertIn("It waits until somebody other", self.get_preview()[doc.name][1])
		self.synchronize()
		self.assertEqual(self.get_sent(), set())
		[answer] = self.release(self.second, doc.name)
		self.assertTrue(answer["ok"], answer)
		work()
		self.assertEqual(self.get_sent(), {doc.name})
		release = get_release(SHIP_DOC, doc.name)
		self.assertEqual((release.author, release.released_by), (self.author, self.second))
		self.assertIsNotNone(release.released_at)

	def test_the_author_cannot_release_it_and_the_rest_of_a_selection_goes(self):
		own, others = self.ship(), self.ship()
		frappe.db.set_value("QuickBooks Release", {"reference_name": others.name}, "author", self.second)
		frappe.db.commit()
		refused, released = self.release(self.author, own.name, others.name)
		self.assertFalse(refused["ok"])
		self.assertIn("somebody else", refused["message"])
		self.assertTrue(released["ok"])
		work()
		self.assertEqual(self.get_sent(), {others.name})

	def test_who_made_it_cannot_release_it_either(self):
		doc = self.ship()
		frappe.db.set_value(SHIP_DOC, doc.name, "owner", self.second)
		frappe.db.commit()
		[answer] = self.release(self.second, doc.name)
		self.assertFalse(answer["ok"])

	def test_by_button_a_release_only_opens_the_way(self):
		self.configure(rule="By Button", send_all_transactions=1)
		doc = self.ship()
		self.release(self.second, doc.name)
		self.assertEqual(rows.get_rows(SHIP_DOC, doc.name), [])
		self.synchronize()
		self.assertEqual(self.get_sent(), {doc.name})

	def test_cancelling_takes_the_release_with_it(self):
		doc = self.ship()
		doc.reload()
		doc.cancel()
		self.assertIsNone(get_release(SHIP_DOC, doc.name))

	def test_releasing_needs_the_role(self):
		doc = self.ship()
		with as_user("AO User"), self.assertRaises(frappe.PermissionError):
			send_all_api.release_documents(SHIP_DOC, [doc.name])
