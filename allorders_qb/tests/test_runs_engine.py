"""A synchronization does its steps in order, once, one at a time; what is interrupted is continued."""

import json
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import frappe
from rq.timeouts import JobTimeoutException

from allorders_qb.api import runs as runs_api
from allorders_qb.sync import rows
from allorders_qb.sync.connection import CONNECTION, pause
from allorders_qb.sync.runs import engine, lease, run_rows, steps
from allorders_qb.sync.runs.context import RunContext, RunLost
from allorders_qb.sync.runs.start import request_stop, start_run
from allorders_qb.tests.emulated import connect_site, let_time_pass, run_emulator
from allorders_qb.tests.utils import IntegrationTestCase, as_user, make_customer, make_ship_doc


class RunsTestCase(IntegrationTestCase):
	"""A connected site; every test begins with an empty company, an empty queue and no runs."""

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
		forget_runs()

	def start(self, kind=run_rows.SINCE_LAST, trigger="Button", **scope) -> str:
		name = start_run(kind, trigger=trigger, **scope)
		frappe.db.commit()
		return name

	def run_all(self) -> list[str]:
		return engine.carry_out_runs()

	def get(self, name: str):
		frappe.db.rollback()
		return frappe.get_doc(run_rows.RUN, name)


def forget_runs() -> None:
	"""No run, no lease."""
	for doctype in (run_rows.RUN, "QuickBooks Sync Run List", "QuickBooks Sync Run Error"):
		frappe.db.delete(doctype)
	frappe.db.set_value(
		CONNECTION, {"name": ("!=", "")}, {"run_lease_owner": None, "run_lease_until": None, "run_fence": 0}
	)
	frappe.db.commit()


def make_waiting_ship_doc(**values):
	"""A submitted ship doc of a user who may not send: its row waits for the synchronization."""
	doc = make_ship_doc(**values)
	with as_user("AO User"):
		doc.submit()
	frappe.db.commit()
	return doc


class TestRuns(RunsTestCase):
	def test_what_waits_is_sent_and_counted(self):
		doc = make_waiting_ship_doc()
		self.assertEqual(rows.get_rows(doc.doctype, doc.name)[0].waits_for_synchronization, 1)
		name = self.start()
		self.assertEqual(self.run_all(), [name])
		run = self.get(name)
		self.assertEqual((run.status, run.percent), ("Finished", 100))
		self.assertEqual([invoice["DocNumber"] for invoice in self.company.get_invoices()], [doc.name])
		sent = {row.list_type: row.sent for row in run.lists}
		self.assertEqual((sent["AO Ship Doc"], sent["AO Customer"], sent["AO Item"]), (1, 1, 1))
		self.assertIn("1 sent", run.summary)
		self.assertEqual(json.loads(run.steps_done), sorted(step.name for step in steps.get_steps(run.kind)))
		self.assertIsNone(lease.read_lease(self.company.realm_id).run_lease_owner)

	def test_a_run_with_nothing_to_do_costs_one_request(self):
		for _round in range(2):
			self.start()
			self.run_all()
		before = len(self.company.get_requests())
		name = self.start()
		self.run_all()
		self.assertEqual(len(self.company.get_requests()) - before, 1)
		self.assertEqual((self.get(name).requests, self.get(name).summary), (1, "Nothing had changed."))

	def test_a_second_press_joins_the_run_that_is_queued(self):
		self.assertEqual(self.start(), self.start())
		self.assertNotEqual(self.start(), self.start(run_rows.FULL))

	def test_while_another_worker_synchronizes_nothing_begins(self):
		name = self.start()
		self.assertTrue(lease.take_lease(self.company.realm_id, "another", 60))
		self.assertEqual(self.run_all(), [])
		self.assertEqual(self.get(name).status, "Queued")
		let_lease_end()
		self.assertEqual(self.run_all(), [name])

	def test_who_lost_the_lease_commits_nothing_any_more(self):
		name = self.start()
		context = make_context(self.company.realm_id, name)
		let_lease_end()
		self.assertTrue(lease.take_lease(self.company.realm_id, "another", 60))
		before = frappe.db.get_value(CONNECTION, self.company.realm_id, "company_name")
		frappe.db.set_value(CONNECTION, self.company.realm_id, "company_name", "written by a ghost")
		context.count("AO Customer", created=7)
		with self.assertRaises(RunLost):
			context.check_lease()
		with self.assertRaises(RunLost):
			context.finish("Finished")
		frappe.db.rollback()
		self.assertEqual(frappe.db.get_value(CONNECTION, self.company.realm_id, "company_name"), before)
		self.assertEqual(self.get(name).lists, [])

	def test_a_dead_run_is_continued_and_what_it_did_is_not_done_again(self):
		dead = self.start(run_rows.FULL)
		context = make_context(self.company.realm_id, dead)
		run_rows.change_run(dead, status="Running")
		context.mark_done("flush")
		context.check_lease()
		doc = make_waiting_ship_doc()
		let_lease_end()
		[continuing] = self.run_all()
		self.assertEqual(self.get(dead).status, "Continued")
		run = self.get(continuing)
		self.assertEqual((run.kind, run.status, run.continues), ("Full", "Finished", dead))
		# The flush was the dead run's, so what waits since then still does.
		self.assertEqual(rows.get_rows(doc.doctype, doc.name)[0].waits_for_synchronization, 1)

	def test_a_run_that_dies_again_and_again_is_given_up(self):
		name = self.start()
		for death in range(engine.MAX_DEATHS + 1):
			fence = lease.take_lease(self.company.realm_id, "doomed", 60)
			run = engine.choose_run(self.company.realm_id)
			self.assertEqual(run.deaths, death)
			run_rows.change_run(run.name, status="Running")
			lease.release_lease(self.company.realm_id, fence)
			frappe.db.commit()
		self.assertEqual(self.run_all(), [])
		self.assertEqual(self.get(name).status, "Continued")
		self.assertEqual(self.get(run.name).status, "Failed")
		self.assertIn("not continued any more", self.get(run.name).summary)

	def test_stopping(self):
		queued = self.start()
		self.assertIn("before it began", request_stop(queued))
		frappe.db.commit()
		self.assertEqual(self.run_all(), [])
		self.assertEqual(self.get(queued).status, "Stopped")
		name = self.start()
		[stop_in] = [step.carry_out for step in steps.STEPS if step.name == "flush"]

		def stop_there(context):
			request_stop(context.run.name)
			stop_in(context)

		with replace_step("flush", stop_there):
			self.run_all()
		run = self.get(name)
		self.assertEqual(run.status, "Stopped")
		self.assertIn("Administrator", run.summary)
		self.assertEqual(json.loads(run.steps_done or "[]"), [])

	def test_a_record_that_needs_a_person_is_noted_with_the_run(self):
		customer = make_customer().name
		self.company.post("Customer", {"DisplayName": customer})
		make_waiting_ship_doc(customer=customer)
		name = self.start()
		self.run_all()
		run = self.get(name)
		self.assertEqual((run.status, run.error_count), ("Finished with Errors", 1))
		self.assertEqual(
			[(error.reference_doctype, error.reference_name) for error in run.errors],
			[("AO Customer", customer)],
		)
		self.assertIn(customer, run.errors[0].message)

	def test_a_defect_fails_the_run_and_is_in_the_error_log(self):
		def break_down(context):
			raise ValueError("a bolt came off")

		name = self.start()
		with replace_step("pull", break_down):
			self.run_all()
		run = self.get(name)
		self.assertEqual((run.status, run.continue_at), ("Failed", None))
		self.assertIn("a bolt came off", run.summary)
		self.assertEqual(json.loads(run.steps_done), ["flush"])
		self.assertIsNone(lease.read_lease(self.company.realm_id).run_lease_owner)

	def test_a_run_that_the_job_queue_ends_is_continued_at_once(self):
		calls = []

		def take_too_long(context):
			calls.append(context.run.name)
			if len(calls) == 1:
				raise JobTimeoutException("too long")

		name = self.start()
		with replace_step("pull", take_too_long):
			first, second = self.run_all()
		self.assertEqual((first, self.get(first).status), (name, "Continued"))
		self.assertEqual((self.get(second).continues, self.get(second).status), (name, "Finished"))
		self.assertEqual(runs_api.get_progress(name)["continued_by"], second)

	def test_while_the_connection_rests_a_queued_run_waits(self):
		name = self.start()
		pause(self.company.realm_id, "QuickBooks is tired", 60)
		frappe.db.commit()
		self.assertEqual(self.run_all(), [])
		self.assertIn("QuickBooks is tired", runs_api.get_progress(name)["progress_text"])
		let_time_pass(100)
		self.assertEqual(self.run_all(), [name])

	def test_only_managers_start_and_stop(self):
		with as_user("QuickBooks Poster"), self.assertRaises(frappe.PermissionError):
			runs_api.sync_now()
		with as_user("AO Viewer"), self.assertRaises(frappe.PermissionError):
			runs_api.get_overview()
		with as_user("QuickBooks Manager"):
			state = runs_api.sync_now()
		self.assertEqual((state["status"], state["is_open"]), ("Queued", True))


@contextmanager
def replace_step(name: str, carry_out):
	"""Within the block the step of that name does something else."""
	changed = tuple(replace(step, carry_out=carry_out) if step.name == name else step for step in steps.STEPS)
	with patch.object(steps, "STEPS", changed):
		yield


def make_context(realm_id: str, name: str) -> RunContext:
	"""A worker that has taken the lease for that run."""
	fence = lease.take_lease(realm_id, "the first", 60)
	[run] = run_rows.find_runs(realm_id, *run_rows.OPEN_STATUSES, name=name)
	return RunContext(run, "the first", fence)


def let_lease_end() -> None:
	"""As if the one who holds the lease had vanished long ago."""
	frappe.db.set_value(CONNECTION, {"name": ("!=", "")}, "run_lease_until", "2020-01-01 00:00:00")
	frappe.db.commit()
