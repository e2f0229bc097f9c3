"""Sync This and Sync Lists: what was selected is synchronized, and nothing else."""

import json

import frappe

from allorders_qb.api import runs as runs_api
from allorders_qb.sync import rows
from allorders_qb.sync.runs import run_rows
from allorders_qb.tests.test_runs_engine import make_waiting_ship_doc
from allorders_qb.tests.test_runs_send_all import SHIP_DOC, SendAllTestCase
from allorders_qb.tests.utils import as_user, make_customer, make_ship_doc


class TestSelectedRecords(SendAllTestCase):
	def sync(self, doctype: str, *names: str):
		state = runs_api.sync_records(doctype, list(names))
		frappe.db.commit()
		self.assertEqual(self.run_all(), [state["name"]])
		return self.get(state["name"])

	def test_selected_documents_go_and_others_stay(self):
		chosen, other = self.ship(), self.ship()
		waiting = make_held_ship_doc(self)
		run = self.sync(SHIP_DOC, chosen.name)
		self.assertEqual((run.kind, run.trigger, run.status), ("Selected Records", "Form", "Finished"))
		self.assertEqual(self.get_sent(), {chosen.name})
		self.assertEqual(rows.get_rows(SHIP_DOC, other.name), [])
		self.assertEqual(rows.get_rows(SHIP_DOC, waiting.name)[0].waits_for_synchronization, 1)

	def test_a_waiting_record_goes_alone(self):
		doc = make_held_ship_doc(self)
		self.sync("AO Customer", doc.customer)
		theirs = self.company.query(f"SELECT * FROM Customer WHERE DisplayName = '{doc.customer}'")
		self.assertEqual(len(theirs), 1)
		self.assertEqual(self.get_sent(), set())

	def test_what_quickbooks_has_changed_of_them_comes_here(self):
		doc = self.ship()
		self.sync(SHIP_DOC, doc.name)
		customer = self.company.query(f"SELECT * FROM Customer WHERE DisplayName = '{doc.customer}'")[0]
		self.company.post(
			"Customer",
			{
				"Id": customer["Id"],
				"SyncToken": customer["SyncToken"],
				"CompanyName": "Of Old",
				"sparse": True,
			},
		)
		[invoice] = self.company.get_invoices()
		self.company.post(
			"Invoice",
			{
				"Id": invoice["Id"],
				"SyncToken": invoice["SyncToken"],
				"DueDate": "2027-03-31",
				"sparse": True,
			},
		)
		self.sync("AO Customer", doc.customer)
		self.assertEqual(frappe.db.get_value("AO Customer", doc.customer, "company_name"), "Of Old")
		self.sync(SHIP_DOC, doc.name)
		self.assertEqual(frappe.db.get_value(SHIP_DOC, doc.name, "quickbooks_status"), "Edited in QuickBooks")

	def test_what_can_not_be_sent_is_told_and_the_rest_goes(self):
		draft, good = make_ship_doc(), self.ship()
		frappe.db.commit()
		run = self.sync(SHIP_DOC, draft.name, good.name)
		self.assertEqual((run.status, run.error_count), ("Finished with Errors", 1))
		self.assertEqual(run.errors[0].reference_name, draft.name)
		self.assertIn("still a draft", run.errors[0].message)
		self.assertEqual(self.get_sent(), {good.name})

	def test_who_may(self):
		customer = make_customer().name
		frappe.db.commit()
		with as_user("AO Viewer", "QuickBooks Poster"):
			self.assertEqual(runs_api.sync_records("AO Customer", [customer])["kind"], "Selected Records")
		with as_user("AO Manager"), self.assertRaises(frappe.PermissionError):
			runs_api.sync_records("AO Customer", [customer])
		with as_user("QuickBooks Poster"), self.assertRaises(frappe.ValidationError):
			runs_api.sync_records("AO Sales Order", ["SO-1"])
		with self.assertRaises(frappe.ValidationError):
			runs_api.sync_records("AO Customer", [])


class TestSelectedLists(SendAllTestCase):
	def test_lists_and_date_are_kept_with_the_run(self):
		state = runs_api.sync_lists(["QuickBooks Term", "AO Customer"], "2026-11-01")
		frappe.db.commit()
		self.run_all()
		run = self.get(state["name"])
		self.assertEqual((run.kind, run.status), ("Selected Lists", "Finished"))
		expected = {"lists": ["AO Customer", "QuickBooks Term"], "since": "2026-11-01"}
		self.assertEqual(json.loads(run.scope), expected)
		self.assertIn("QuickBooks Term", {row.list_type for row in run.lists})

	def test_it_sends_nothing_of_send_all(self):
		self.ship()
		runs_api.sync_lists(["QuickBooks Term"])
		frappe.db.commit()
		self.run_all()
		self.assertEqual(self.get_sent(), set())

	def test_unknown_lists_are_refused(self):
		for lists in ([], ["User"]):
			with self.assertRaises(frappe.ValidationError):
				runs_api.sync_lists(lists)
		self.assertEqual(run_rows.find_runs(self.company.realm_id, "Queued"), [])

	def test_only_managers(self):
		with as_user("QuickBooks Poster"), self.assertRaises(frappe.PermissionError):
			runs_api.sync_lists(["QuickBooks Term"])


def make_held_ship_doc(test: SendAllTestCase):
	"""A ship doc whose row waits for the synchronization, whatever the rule is otherwise."""
	test.configure(rule="On Submit")
	doc = make_waiting_ship_doc()
	test.configure(rule="By Button")
	return doc
