"""When a synchronization begins by itself: every N minutes, on the first login of the day, after a crash."""

from datetime import timedelta
from unittest.mock import patch

import frappe
from frappe.utils import add_days, now_datetime
from frappe.utils.background_jobs import get_job_status, get_queue
from redis.exceptions import ConnectionError as RedisGone

from allorders_qb.sync.connection import SETTINGS, pause
from allorders_qb.sync.runs import run_rows, schedule
from allorders_qb.sync.runs.start import JOB_IDS
from allorders_qb.tests.committed import run_in_thread
from allorders_qb.tests.test_runs_engine import RunsTestCase, make_context
from allorders_qb.tests.utils import make_user


class ScheduleTestCase(RunsTestCase):
	def setUp(self):
		super().setUp()
		self.configure(sync_every_minutes=0, sync_on_first_login=0)
		frappe.db.set_value("User", {"name": ("!=", "")}, "last_login", None, update_modified=False)
		for queue in ("default", "long"):
			get_queue(queue).empty()

	def tearDown(self):
		self.configure(sync_every_minutes=0, sync_on_first_login=0)
		super().tearDown()

	def configure(self, **values) -> None:
		settings = frappe.get_doc(SETTINGS)
		settings.update(values)
		settings.save()
		frappe.db.commit()

	def tick(self) -> list[tuple[str, str]]:
		"""The runs that are there after a tick: (trigger, status)."""
		schedule.tick()
		frappe.db.commit()
		return [
			(run.trigger, run.status)
			for run in frappe.get_all(run_rows.RUN, fields=["trigger", "status"], order_by="creation")
		]

	def age(self, minutes: int) -> None:
		moment = now_datetime() - timedelta(minutes=minutes)
		frappe.db.set_value(run_rows.RUN, {"name": ("!=", "")}, "creation", moment, update_modified=False)
		frappe.db.commit()


class TestTimer(ScheduleTestCase):
	def test_by_hand_means_by_hand(self):
		self.assertEqual(self.tick(), [])

	def test_every_n_minutes_and_not_sooner(self):
		self.configure(sync_every_minutes=5)
		self.assertEqual(self.tick(), [("Timer", "Queued")])
		self.age(30)
		# It has not been carried out yet: another one would be no help.
		self.assertEqual(len(self.tick()), 1)
		self.run_all()
		self.age(4)
		self.assertEqual(self.tick(), [("Timer", "Finished")])
		self.age(5)
		self.assertEqual(self.tick(), [("Timer", "Finished"), ("Timer", "Queued")])

	def test_a_run_by_hand_counts_and_one_of_selected_records_does_not(self):
		self.configure(sync_every_minutes=5)
		self.start(run_rows.SELECTED_RECORDS, records=[("AO Item", "Freight")])
		self.run_all()
		self.assertIn(("Timer", "Queued"), self.tick())
		self.run_all()
		self.age(10)
		self.start()
		self.run_all()
		self.assertNotIn(("Timer", "Queued"), self.tick())

	def test_while_quickbooks_cannot_be_asked_nothing_begins(self):
		self.configure(sync_every_minutes=5)
		pause(self.company.realm_id, "resting", 600)
		self.assertEqual(self.tick(), [])


class TestFirstLogin(ScheduleTestCase):
	def log_in(self, days_ago: int = 0) -> None:
		moment = add_days(now_datetime(), -days_ago)
		frappe.db.set_value("User", "Administrator", "last_login", moment, update_modified=False)
		frappe.db.commit()

	def test_the_first_login_of_the_day_begins_one_and_later_ones_none(self):
		self.configure(sync_on_first_login=1)
		self.assertEqual(self.tick(), [])
		self.log_in(days_ago=1)
		self.assertEqual(self.tick(), [])
		self.log_in()
		self.assertEqual(self.tick(), [("First Login", "Queued")])
		self.run_all()
		self.log_in()
		self.assertEqual(self.tick(), [("First Login", "Finished")])
		self.age(24 * 60)
		self.assertIn(("First Login", "Queued"), self.tick())

	def test_where_it_is_off_a_login_begins_nothing(self):
		self.log_in()
		self.assertEqual(self.tick(), [])

	def test_a_real_login_has_the_tick_look_at_once(self):
		self.configure(sync_on_first_login=1)
		self.assertEqual(self.enter()[0], 200)
		self.assertEqual(str(get_job_status("quickbooks_tick")).lower().split(".")[-1], "queued")
		frappe.db.rollback()
		self.assertEqual(self.tick(), [("First Login", "Queued")])

	def test_a_login_neither_fails_nor_waits_without_redis_or_settings(self):
		self.configure(sync_on_first_login=1)
		gone = patch("allorders_qb.jobs._probe", side_effect=RedisGone("gone"))
		with patch.dict("allorders_qb.jobs._failed_at"), gone:
			self.assertEqual(self.enter()[0], 200)
		with patch("allorders_qb.sync.runs.schedule.cint", side_effect=ValueError("broken settings")):
			self.assertEqual(self.enter()[0], 200)

	def enter(self) -> tuple[int, str]:
		from frappe.utils import get_test_client
		from frappe.utils.password import update_password

		user = make_user("AO Viewer")
		update_password(user, "harbor-kettle-1874")
		frappe.db.commit()
		headers = {"X-Frappe-Site-Name": frappe.local.site}

		def send():
			answer = get_test_client(use_cookies=False).post(
				"/api/method/login", data={"usr": user, "pwd": "harbor-kettle-1874"}, headers=headers
			)
			return answer.status_code, answer.get_data(as_text=True)

		return run_in_thread(send)


class TestSweep(ScheduleTestCase):
	def test_a_run_that_was_left_behind_is_looked_after(self):
		name = self.start()
		context = make_context(self.company.realm_id, name)
		run_rows.change_run(name, status="Running")
		context.check_lease()
		get_queue("long").empty()
		self.tick()
		self.assertEqual(str(get_job_status(JOB_IDS[0])).lower().split(".")[-1], "queued")
		job = next(job for job in get_queue("long").jobs if job.id.endswith(JOB_IDS[0]))
		self.assertEqual(job.kwargs["method"], "allorders_qb.sync.runs.engine.carry_out_runs")
