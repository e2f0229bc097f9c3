"""Notifications of QuickBooks: who is let in, what is stored once, and that a synchronization begins early."""

import base64
import hashlib
import hmac
import json

import frappe

from allorders_qb.api import webhooks
from allorders_qb.sync import inbox, queue
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.runs import run_rows
from allorders_qb.tests.emulated import connect_site, run_emulator, work
from allorders_qb.tests.utils import IntegrationTestCase, make_customer, make_item, make_ship_doc

TOKEN = "ee1a-verifier"


def make_body(realm_id: str, *changes: tuple[str, str, str, str]) -> bytes:
	"""A notification in the legacy format, of (entity, id, operation, time)."""
	entities = [
		{"name": entity, "id": entity_id, "operation": operation, "lastUpdated": moment}
		for entity, entity_id, operation, moment in changes
	]
	return json.dumps(
		{"eventNotifications": [{"realmId": realm_id, "dataChangeEvent": {"entities": entities}}]}
	).encode()


def make_merge(form: str, realm_id: str, stays: str, gone: str) -> bytes:
	"""A notification that a customer was merged into another, in either format."""
	moment = "2026-11-24T10:00:00Z"
	if form == "cloudevents":
		event = {
			"specversion": "1.0",
			"id": f"merge-{gone}",
			"type": "qbo.customer.merged.v1",
			"time": moment,
			"intuitentityid": stays,
			"intuitaccountid": realm_id,
			"data": {"deletedId": gone},
		}
		return json.dumps([event]).encode()
	change = {
		"name": "Customer",
		"id": stays,
		"operation": "Merge",
		"lastUpdated": moment,
		"deletedId": gone,
	}
	notification = {"realmId": realm_id, "dataChangeEvent": {"entities": [change]}}
	return json.dumps({"eventNotifications": [notification]}).encode()


def sign(body: bytes) -> str:
	return base64.b64encode(hmac.new(TOKEN.encode(), body, hashlib.sha256).digest()).decode()


class TestInbox(IntegrationTestCase):
	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		cls.emulator = run_emulator()
		cls.company = cls.emulator.__enter__()
		cls.addClassCleanup(cls.emulator.__exit__, None, None, None)

	def setUp(self) -> None:
		self.company.reset()
		connect_site(self.company)
		settings = frappe.get_doc(SETTINGS)
		settings.webhook_verifier_token = TOKEN
		settings.save()
		frappe.db.delete(inbox.INBOX)
		frappe.db.delete(run_rows.RUN)
		frappe.db.commit()

	def receive(self, body: bytes, signature: str | None = None) -> int:
		"""Post a body as Guest would; returns the status."""
		request = frappe._dict(
			get_data=lambda: body,
			content_length=len(body),
			headers={"intuit-signature": sign(body) if signature is None else signature},
		)
		before = frappe.local.request if hasattr(frappe.local, "request") else None
		frappe.local.request = request
		frappe.local.response = frappe._dict()
		try:
			webhooks.receive()
			return frappe.local.response.http_status_code
		finally:
			frappe.local.request = before

	def count(self, **filters) -> int:
		return frappe.db.count(inbox.INBOX, filters)

	def count_runs(self) -> int:
		return frappe.db.count(run_rows.RUN, {"trigger": "Webhook"})

	def test_only_what_is_signed_comes_in(self) -> None:
		body = make_body(self.company.realm_id, ("Customer", "1", "Update", "2026-11-24T10:00:00Z"))
		for signature in ("", "forged", sign(b"another body")):
			self.assertEqual(self.receive(body, signature), 401)
		self.assertEqual(self.count(), 0)
		self.assertEqual(self.receive(body), 200)
		self.assertEqual(self.count(status="New"), 1)

	def test_what_is_no_notification_is_told_so(self) -> None:
		self.assertEqual(self.receive(b"[]x"), 400)
		self.assertEqual(self.receive(b" " * 1_000_001), 413)

	def test_without_a_token_nothing_is_taken(self) -> None:
		settings = frappe.get_doc(SETTINGS)
		settings.webhook_verifier_token = ""
		settings.save()
		self.assertEqual(self.receive(b"{}"), 503)

	def test_an_event_that_comes_again_is_the_same_event(self) -> None:
		body = make_body(self.company.realm_id, ("Customer", "1", "Update", "2026-11-24T10:00:00Z"))
		for _delivery in range(3):
			self.receive(body)
		self.assertEqual(self.count(), 1)
		self.assertEqual(frappe.db.get_value(inbox.INBOX, {}, "deliveries"), 3)

	def test_a_change_begins_one_synchronization_early(self) -> None:
		changes = [("Customer", str(number), "Update", "2026-11-24T10:00:00Z") for number in range(50)]
		self.receive(make_body(self.company.realm_id, *changes))
		self.assertTrue(inbox.handle_events())
		self.assertEqual((self.count(status="Handled"), self.count_runs()), (50, 1))
		self.assertFalse(inbox.handle_events(), "it is done once")
		self.assertEqual(self.count_runs(), 1)

	def test_what_we_wrote_ourselves_begins_nothing(self) -> None:
		doc = make_ship_doc(
			customer=make_customer().name, lines=[{"item": make_item().name, "quantity": 1}], submit=True
		)
		frappe.db.commit()
		work()
		invoice = self.company.get_invoices()[0]
		self.assertEqual(invoice["DocNumber"], doc.name)
		ours = ("Invoice", invoice["Id"], "Create", invoice["MetaData"]["LastUpdatedTime"])
		self.receive(make_body(self.company.realm_id, ours))
		self.assertFalse(inbox.handle_events())
		self.assertEqual((self.count(status="Ours"), self.count_runs()), (1, 0))
		self.receive(make_body(self.company.realm_id, (*ours[:2], "Update", "2099-01-01T00:00:00Z")))
		self.assertTrue(inbox.handle_events(), "somebody else changed it later")

	def test_another_companys_events_are_kept_and_left_alone(self) -> None:
		self.receive(make_body("999", ("Customer", "1", "Update", "2026-11-24T10:00:00Z")))
		self.assertFalse(inbox.handle_events())
		self.assertEqual(self.count(status="Another Company"), 1)

	def test_events_wait_while_quickbooks_cannot_be_asked(self) -> None:
		self.receive(make_body(self.company.realm_id, ("Customer", "1", "Update", "2026-11-24T10:00:00Z")))
		frappe.db.set_value("QuickBooks Connection", self.company.realm_id, "status", "Disconnected")
		self.assertFalse(inbox.handle_events())
		self.assertEqual(self.count(status="New"), 1)
		frappe.db.set_value("QuickBooks Connection", self.company.realm_id, "status", "Connected")
		self.assertTrue(inbox.handle_events())

	def test_a_merge_is_told_by_its_event(self) -> None:
		"""Both formats say which of the two is gone; the customer that was here is linked to the one that stays."""
		realm = self.company.realm_id
		for number, form in enumerate(("legacy", "cloudevents")):
			name = make_customer().name
			frappe.db.commit()
			queue.queue_needed_record("AO Customer", name)
			frappe.db.commit()
			work()
			link = {"reference_doctype": "AO Customer", "reference_name": name}
			gone = frappe.db.get_value("QuickBooks Link", link, "quickbooks_id")
			stays = self.company.post("Customer", {"DisplayName": f"Stays {number}"})["Id"]
			body = make_merge(form, realm, stays, gone)
			for _delivery in range(2):
				self.receive(body)
				inbox.handle_events()
			self.assertEqual(frappe.db.get_value("QuickBooks Link", link, "quickbooks_id"), stays)
			told = {"kind": "Merged in QuickBooks", "record": name, "status": "Open"}
			self.assertEqual(frappe.db.count("QuickBooks Conflict", told), 1)

	def test_a_notification_is_one_insert(self) -> None:
		"""However many events it holds: QuickBooks waits for the answer."""
		changes = [("Customer", str(number), "Update", "2026-11-24T10:00:00Z") for number in range(100)]
		before = self.count_statements()
		self.assertEqual(self.receive(make_body(self.company.realm_id, *changes)), 200)
		frappe.db.commit()
		after = self.count_statements()
		self.assertEqual(after["Com_insert"] - before["Com_insert"], 1)
		self.assertEqual(after["Com_update"] - before["Com_update"], 0)
		self.assertLessEqual(after["Com_select"] - before["Com_select"], 3)

	def count_statements(self) -> dict[str, int]:
		found = frappe.db.sql("SHOW SESSION STATUS LIKE 'Com\\_%'")
		return {name: int(number) for name, number in found}

	def test_a_storm_of_ten_thousand(self) -> None:
		"""Duplicates, disorder, and forgeries between: each event once, one synchronization, no forged one in."""
		moments = [f"2026-11-24T{hour:02d}:{minute:02d}:00Z" for hour in range(10) for minute in range(50)]
		changes = [("Customer", str(number), "Update", moment) for number in range(20) for moment in moments]
		delivered = 0
		for number, start in enumerate(range(0, len(changes), 100)):
			part = changes[start : start + 100]
			body = make_body(self.company.realm_id, *reversed(part))
			self.assertEqual(self.receive(body), 200)
			delivered += len(part)
			if number % 3 == 0:
				self.assertEqual(self.receive(body), 200)
				delivered += len(part)
			if number % 5 == 0:
				forged = make_body(
					self.company.realm_id, ("Customer", f"forged {number}", "Update", moments[0])
				)
				self.assertEqual(self.receive(forged, sign(body)), 401)
		self.assertEqual(self.count(), len(changes))
		self.assertEqual(sum(frappe.get_all(inbox.INBOX, pluck="deliveries", order_by="name")), delivered)
		self.assertEqual(self.count(entity_id=("like", "forged%")), 0)
		inbox.handle_events()
		self.assertEqual((self.count(status="Handled"), self.count_runs()), (len(changes), 1))
