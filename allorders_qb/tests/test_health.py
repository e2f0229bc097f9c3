"""The connection's health, the mails before it ends, and the queue as a place to work in."""

from datetime import timedelta
from unittest.mock import patch

import frappe
from frappe.utils import now_datetime

from allorders_qb.api import connection as connection_api
from allorders_qb.api import queue as queue_api
from allorders_qb.sync import health, rows
from allorders_qb.sync.connection import CONNECTION, SETTINGS, pause
from allorders_qb.tests.emulated import work
from allorders_qb.tests.test_runs_engine import RunsTestCase, make_waiting_ship_doc
from allorders_qb.tests.utils import as_user, make_customer, make_item, make_ship_doc, make_user


class TestHealth(RunsTestCase):
	def read(self) -> dict[str, dict]:
		return {sign["key"]: sign for sign in connection_api.get_health()}

	def end_in(self, days: float) -> None:
		frappe.db.set_value(
			CONNECTION,
			self.company.realm_id,
			{
				"refresh_token_expires_at": now_datetime() + timedelta(days=days),
				"refresh_token_hard_expires_at": None,
			},
		)

	def test_all_is_well(self):
		self.start()
		self.run_all()
		with patch.object(health, "is_scheduler_disabled", return_value=False):
			signs = self.read()
		self.assertEqual(
			list(signs),
			["connection", "authorization", "queue", "runs", "notifications", "scheduler", "pace"],
		)
		for key in ("connection", "authorization", "queue", "runs", "scheduler"):
			self.assertEqual(signs[key]["state"], "Good", signs[key])
		self.assertIn("Finished", signs["runs"]["sentence"])

	def test_the_scheduler_says_when_it_is_off(self):
		with patch.object(health, "is_scheduler_disabled", return_value=True):
			sign = self.read()["scheduler"]
		self.assertEqual(sign["state"], "Bad")
		self.assertIn("bench enable-scheduler", sign["sentence"])

	def test_a_pause_and_a_lost_authorization(self):
		pause(self.company.realm_id, "QuickBooks is out", 600)
		self.assertEqual(self.read()["connection"]["state"], "Warning")
		frappe.db.set_value(CONNECTION, self.company.realm_id, "status", "Reconnect Required")
		signs = self.read()
		self.assertEqual((list(signs), signs["connection"]["state"]), (["connection"], "Bad"))

	def test_days_left(self):
		for days, state in ((90.5, "Good"), (13.5, "Warning"), (6.5, "Bad"), (-1, "Bad")):
			self.end_in(days)
			self.assertEqual(self.read()["authorization"]["state"], state, days)
		frappe.db.set_value(
			CONNECTION,
			self.company.realm_id,
			"refresh_token_hard_expires_at",
			now_datetime() + timedelta(days=3.5),
		)
		self.end_in(90)
		frappe.db.set_value(
			CONNECTION,
			self.company.realm_id,
			"refresh_token_hard_expires_at",
			now_datetime() + timedelta(days=3.5),
		)
		self.assertIn(
			"3 days left", self.read()["authorization"]["sentence"], "the sooner of the two ends counts"
		)

	def test_the_queue_shows_depth_age_and_what_needs_somebody(self):
		make_waiting_ship_doc()
		sign = self.read()["queue"]
		self.assertIn("waiting, the oldest since", sign["sentence"])
		self.assertEqual((sign["state"], sign["doctype"]), ("Good", rows.QUEUE))
		frappe.db.set_value(
			rows.QUEUE,
			{"name": ("!=", "")},
			"creation",
			now_datetime() - timedelta(hours=5),
			update_modified=False,
		)
		self.assertEqual(self.read()["queue"]["state"], "Warning")
		frappe.db.set_value(rows.QUEUE, {"name": ("!=", "")}, "status", "Needs Attention")
		self.assertEqual(self.read()["queue"]["state"], "Bad")

	def test_requests_used_of_those_permitted(self):
		frappe.db.set_single_value(SETTINGS, "requests_per_minute", 490)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		self.addCleanup(frappe.db.set_single_value, SETTINGS, "requests_per_minute", 0)
		self.start()
		self.run_all()
		sign = self.read()["pace"]
		self.assertRegex(sign["sentence"], r"^[1-9]\d* of 490 in the last minute\.$")

	def test_mails_at_fourteen_seven_and_one_day_once_each(self):
		make_user("QuickBooks Manager")
		sent = []
		with patch.object(frappe, "sendmail", side_effect=lambda **mail: sent.append(mail)):
			marks = []
			for days in (20.5, 14.5, 13.9, 10.2, 7.5, 6.9, 3.1, 1.5, 0.9, 0.4):
				self.end_in(days)
				marks.append(health.warn_of_expiry())
		self.assertEqual(marks, [None, 14, None, None, 7, None, None, 1, None, None])
		self.assertEqual(len(sent), 3)
		self.assertTrue(all(mail["recipients"] for mail in sent))
		self.assertIn("ends in 14 days", sent[0]["subject"])
		self.end_in(100)
		self.assertIsNone(health.warn_of_expiry())
		self.end_in(14)
		with patch.object(frappe, "sendmail") as mail:
			self.assertEqual(health.warn_of_expiry(), 14, "after connecting again it begins anew")
		mail.assert_called_once()

	def test_only_managers_see_it(self):
		with as_user("QuickBooks Poster"):
			self.assertRaises(frappe.PermissionError, connection_api.get_health)


class TestQueueWork(RunsTestCase):
	def test_what_never_left_can_be_taken_out(self):
		doc = make_waiting_ship_doc()
		(row,) = rows.get_rows(doc.doctype, doc.name)
		message = queue_api.remove(row.name)
		self.assertIn("is Not Sent now", message)
		self.assertEqual(rows.get_rows(doc.doctype, doc.name), [])
		self.assertEqual(frappe.db.get_value(doc.doctype, doc.name, "quickbooks_status"), "Not Sent")
		comments = frappe.get_all(
			"Comment", filters={"reference_name": doc.name}, pluck="content", order_by="creation"
		)
		self.assertIn("took it out of the QuickBooks queue", comments)

	def test_what_is_or_may_be_there_stays(self):
		doc = make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		(row,) = rows.get_rows(doc.doctype, doc.name)
		self.assertEqual(row.status, "Sent")
		self.assertRaises(frappe.ValidationError, queue_api.remove, row.name)
		frappe.db.set_value(rows.QUEUE, row.name, {"status": "Needs Attention", "possibly_stored": 1})
		self.assertRaises(frappe.ValidationError, queue_api.remove, row.name)

	def test_many_at_once_say_which_could_not_be(self):
		waiting = [rows.get_rows("AO Ship Doc", make_waiting_ship_doc().name)[0].name for _doc in range(2)]
		sent = make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		(gone,) = rows.get_rows("AO Ship Doc", sent.name)
		result = queue_api.remove_many([*waiting, gone.name, "no such entry"])
		self.assertEqual((result["done"], len(result["refused"])), (2, 2))
		self.assertEqual(queue_api.retry_many([gone.name])["done"], 0)

	def test_advice_says_what_waits_for_what_and_where_to_mend(self):
		item = make_item()
		doc = make_ship_doc(
			customer=make_customer().name, lines=[{"item": item.name, "quantity": 1}], submit=True
		)
		settings = frappe.get_doc(SETTINGS)
		account, settings.default_income_account = settings.default_income_account, None
		settings.save()
		self.addCleanup(frappe.db.set_single_value, SETTINGS, "default_income_account", account)
		frappe.db.commit()
		work()
		(stuck,) = rows.get_rows("AO Item", item.name)
		advice = queue_api.get_advice(stuck.name)
		self.assertIn("Income Account", advice["sentence"])
		self.assertIn(SETTINGS, [link["doctype"] for link in advice["links"]])
		(waiting,) = rows.get_rows(doc.doctype, doc.name)
		advice = queue_api.get_advice(waiting.name)
		self.assertIn(item.name, advice["sentence"])
		self.assertIn(stuck.name, [link["name"] for link in advice["links"]])

	def test_advice_counts_what_goes_first(self):
		docs = [make_ship_doc(submit=True) for _doc in range(2)]
		(last,) = rows.get_rows("AO Ship Doc", docs[1].name)
		self.assertGreaterEqual(queue_api.get_advice(last.name)["ahead"], 1)
