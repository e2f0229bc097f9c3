"""QuickBooks is down, throttles or drops at any step of a run: afterwards the books and the lists are right, once."""

from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import frappe
from frappe.utils import now_datetime

from allorders_qb.sync.connection import CONNECTION
from allorders_qb.sync.runs import run_rows, steps
from allorders_qb.tests.emulated import let_time_pass, read_preferences_again, work
from allorders_qb.tests.test_runs_send_all import SHIP_DOC, SendAllTestCase
from allorders_qb.tests.utils import make_customer, make_item, make_ship_doc

RECEIVABLES = "Accounts Receivable (A/R)"
TROUBLES = ("down", "throttled", "dropped", "dropped after the commit")


class TestBadDays(SendAllTestCase):
	def setUp(self):
		super().setUp()
		customer, item = make_customer(), make_item(unit_price=25)
		lines = [{"item": item.name, "quantity": 2}]
		self.configure(rule="On Submit")
		# Of others, so that what follows is all new to QuickBooks.
		sent_before = [{"item": make_item(unit_price=25).name, "quantity": 2}]
		self.gone, self.edited = (
			make_ship_doc(customer=make_customer(), lines=sent_before, submit=True) for _number in range(2)
		)
		frappe.db.commit()
		work()
		read_preferences_again()
		waiting = make_ship_doc(customer=customer, lines=lines)
		self.configure(rule="At Synchronization")
		waiting.submit()
		self.configure(rule="By Button")
		unsent = make_ship_doc(customer=customer, lines=lines, submit=True)
		frappe.db.commit()
		self.docs = [waiting, unsent]
		self.customer = customer
		self.term = self.company.query("SELECT * FROM Term")[0]

	def trouble(self, kind: str) -> None:
		if kind == "down":
			self.company.set_knobs(http_503_html=True)
		elif kind == "throttled":
			self.company.queue_fault(
				match={},
				times=None,
				status=429,
				body={
					"fault": {
						"error": [{"message": "ThrottleExceeded", "code": "003001"}],
						"type": "THROTTLED",
					}
				},
			)
		elif kind == "dropped":
			self.company.queue_fault(match={}, times=None, drop="answer")
		else:
			self.company.set_knobs(drop="after_commit")
			self.company.queue_fault(match={"operation": "query"}, times=None, drop="answer")

	@contextmanager
	def trouble_at(self, name: str, kind: str):
		"""From the moment on at which that step begins."""

		def spoil(step):
			def carry_out(context):
				self.trouble(kind)
				return step.carry_out(context)

			return replace(step, carry_out=carry_out)

		spoiled = tuple(spoil(step) if step.name == name else step for step in steps.STEPS)
		with patch.object(steps, "STEPS", spoiled):
			yield

	def check(self, name: str, kind: str) -> None:
		new_name = f"Net 45 {frappe.generate_hash(length=5)}"
		self.company.post(
			"Term",
			{"Id": self.term["Id"], "SyncToken": self.term["SyncToken"], "Name": new_name, "sparse": True},
		)
		self.change_what_was_sent()
		# Only when all ids are due does comparing ask QuickBooks; else it has what capture brought.
		swept_at = None if name == "compare" else now_datetime()
		frappe.db.set_value(CONNECTION, self.company.realm_id, "swept_at", swept_at)
		frappe.db.commit()
		first = self.start()
		with self.trouble_at(name, kind):
			self.run_all()
		run = self.get(first)
		interrupted = run.status == "Failed"
		if interrupted:
			self.assertTrue(run.continue_at, run.summary)
			self.assertNotIn(name, run.steps_done or "[]")
		else:
			# One answer that was lost is that document's matter: the run goes on and tells of it.
			self.assertEqual((run.status, run.error_count), ("Finished with Errors", 1))
			self.assertEqual(run.errors[0].reference_name, self.docs[1].name)
		self.assertTrue(run.summary)
		self.company.clear_faults()
		for _round in range(3):
			let_time_pass(1000)
			work()
			self.run_all()
			if self.follow(first).status == "Finished":
				break
		self.assertEqual(self.get(first).status, "Continued" if interrupted else run.status)
		self.assertEqual(run_rows.find_runs(self.company.realm_id, "Running", "Queued"), [])
		last = self.follow(first)
		self.assertEqual(last.status, "Finished" if interrupted else run.status, last.summary)
		self.assertEqual(self.get_numbers(), sorted(doc.name for doc in [self.edited, *self.docs]))
		self.assertEqual(self.company.get_balance(RECEIVABLES), 150.0)
		theirs = self.company.query(f"SELECT * FROM Customer WHERE DisplayName = '{self.customer.name}'")
		self.assertEqual(len(theirs), 1)
		mirrored = frappe.db.get_value("QuickBooks Term", {"quickbooks_id": self.term["Id"]}, "name")
		self.assertEqual(mirrored, new_name)
		for doc in self.docs:
			self.assertEqual(self.read_status(doc)[0], "Sent")
		self.assertEqual(self.read_status(self.gone)[0], "Deleted in QuickBooks")
		status, reason = self.read_status(self.edited)
		self.assertEqual(status, "Edited in QuickBooks")
		self.assertIn("Date:", reason)

	def change_what_was_sent(self) -> None:
		"""Somebody deletes one invoice in QuickBooks itself, and gives another one a new date."""
		invoices = {invoice["DocNumber"]: invoice for invoice in self.company.get_invoices()}
		gone, edited = (invoices[doc.name] for doc in (self.gone, self.edited))
		for operation, body in (
			("delete", {"Id": gone["Id"], "SyncToken": gone["SyncToken"]}),
			("update", {**edited, "TxnDate": "2020-02-02"}),
		):
			self.company.control(
				"POST",
				f"{self.company.realm_id}/as_user",
				{"entity": "Invoice", "operation": operation, "body": body},
			)

	def read_status(self, doc) -> tuple[str, str]:
		return frappe.db.get_value(SHIP_DOC, doc.name, ["quickbooks_status", "quickbooks_reason"])

	def follow(self, name: str):
		run = self.get(name)
		following = frappe.db.get_value(run_rows.RUN, {"continues": name}, "name")
		return self.follow(following) if following else run

	def get_numbers(self) -> list[str]:
		return sorted(invoice["DocNumber"] for invoice in self.company.get_invoices())


def _add_test(step: str, kind: str) -> None:
	def test(self):
		self.check(step, kind)

	test.__name__ = f"test_{kind.replace(' ', '_')}_at_{step}"
	setattr(TestBadDays, test.__name__, test)


for _step in ("flush", "pull", "send_all", "compare"):
	for _kind in TROUBLES:
		if (_step, _kind) != ("pull", "dropped after the commit"):
			_add_test(_step, _kind)
