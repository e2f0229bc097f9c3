"""Connecting through the real consent page, and what happens when the authorization is refused, ends or is taken away."""

import threading
from datetime import timedelta
from urllib.parse import parse_qs, urljoin, urlsplit

import frappe
import requests
from frappe.utils import now_datetime
from frappe.utils.password import get_decrypted_password

from allorders_qb.api import connection as connection_api
from allorders_qb.sync import connecting, rows
from allorders_qb.sync.connection import (
	CONNECTION,
	RECONNECT_REQUIRED,
	SETTINGS,
	get_access_token,
	get_connection,
)
from allorders_qb.sync.health import count_days_left
from allorders_qb.tests.emulated import CLIENT_ID, let_time_pass, work
from allorders_qb.tests.test_sync_posting import PostingTestCase
from allorders_qb.tests.utils import as_user, make_ship_doc

CONSENT_BUTTON = "connect"


class TestConnecting(PostingTestCase):
	def consent(self, url: str, decision: str = CONSENT_BUTTON) -> dict[str, str]:
		"""Open Intuit's page as a browser does, press a button, and read what it sends the browser back with."""
		page = requests.get(url, timeout=20)
		page.raise_for_status()
		form = page.text.split("<form", 1)[1].split("</form>", 1)[0]
		action = _read_attribute(form.split(">", 1)[0], "action") or url
		fields = {
			_read_attribute(tag, "name"): _read_attribute(tag, "value")
			for tag in form.split("<input")[1:]
			if _read_attribute(tag.split(">", 1)[0], "name")
		}
		buttons = [tag for tag in form.split("<button")[1:] if decision.lower() in tag.lower()]
		self.assertTrue(buttons, f"no button {decision} on the consent page")
		name = _read_attribute(buttons[0].split(">", 1)[0], "name")
		if name:
			fields[name] = _read_attribute(buttons[0].split(">", 1)[0], "value")
		answer = requests.post(urljoin(url, action), data=fields, allow_redirects=False, timeout=20)
		self.assertIn(answer.status_code, (302, 303))
		return {
			key: values[0] for key, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()
		}

	def test_connect_through_the_consent_page(self):
		frappe.db.set_single_value(SETTINGS, "realm_id", None)
		frappe.delete_doc(CONNECTION, self.company.realm_id, force=True)
		back = self.consent(connection_api.get_consent_url())
		connection_api.finish_connecting(back["code"], back["state"], back["realmId"])
		connection = get_connection()
		self.assertEqual(connection.realm_id, self.company.realm_id)
		self.assertEqual(connection.status, "Connected")
		self.assertTrue(connection.company_name)
		self.assertEqual(frappe.local.response["type"], "redirect")
		self.assertTrue(frappe.local.flags.commit)
		status = connection_api.get_connection_status()
		self.assertIn(connection.company_name, status["result"]["message"])
		self.assertGreaterEqual(count_days_left(connection), 99)
		self.assertTrue(frappe.db.count("QuickBooks Account", {"realm_id": connection.realm_id}))

	def test_the_state_is_single_use_and_bound_to_the_user(self):
		back = self.consent(connection_api.get_consent_url())
		with as_user("QuickBooks Manager"), self.assertRaises(frappe.PermissionError):
			connection_api.finish_connecting(back["code"], back["state"], back["realmId"])
		with self.assertRaises(frappe.PermissionError):
			connection_api.finish_connecting(back["code"], back["state"], back["realmId"])
		with self.assertRaises(frappe.PermissionError):
			connection_api.finish_connecting(back["code"], "made up", back["realmId"])

	def test_cancel_on_the_consent_page_connects_nothing(self):
		before = get_decrypted_password(CONNECTION, self.company.realm_id, "access_token")
		back = self.consent(connection_api.get_consent_url(), "cancel")
		self.assertEqual(back.get("error"), "access_denied")
		connection_api.finish_connecting(state=back["state"], error=back["error"])
		self.assertIn("access_denied", connection_api.get_connection_status()["result"]["message"])
		self.assertEqual(get_decrypted_password(CONNECTION, self.company.realm_id, "access_token"), before)

	def test_only_managers_connect(self):
		for roles in (("AO Manager",), ("QuickBooks Poster",)):
			with as_user(*roles):
				for attempt in (
					connection_api.get_consent_url,
					connection_api.disconnect,
					connection_api.refresh_lists,
					connection_api.get_connection_status,
					connection_api.finish_connecting,
				):
					with self.assertRaises(frappe.PermissionError):
						attempt()

	def test_another_company_is_refused_once_documents_are_recorded(self):
		make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		with self.assertRaisesRegex(frappe.ValidationError, "another one"):
			connecting.finish_connecting("code", "9999999999")
		self.assertEqual(get_connection().realm_id, self.company.realm_id)

	def test_secrets_stay_out_of_the_database_and_the_log(self):
		make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		tokens = [
			get_decrypted_password(CONNECTION, self.company.realm_id, field)
			for field in ("access_token", "refresh_token")
		]
		stored = frappe.as_json(frappe.get_all(CONNECTION, fields=["*"], order_by="name"))
		logged = frappe.as_json(frappe.get_all("QuickBooks Call", fields=["*"], order_by="name"))
		settings = frappe.as_json(frappe.get_doc(SETTINGS).as_dict())
		self.assertTrue(frappe.db.count("QuickBooks Call"))
		for secret in (*tokens, "test-secret"):
			for text in (stored, logged, settings):
				self.assertNotIn(secret, text)


class TestTokens(PostingTestCase):
	def expire_token(self) -> None:
		frappe.db.set_value(
			CONNECTION,
			self.company.realm_id,
			"access_token_expires_at",
			now_datetime() - timedelta(minutes=1),
		)
		frappe.db.commit()

	def test_a_token_that_ended_in_mid_run_is_renewed_and_the_run_goes_on(self):
		first = make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		self.company.control("POST", "clock", {"advance_seconds": 3700})
		second = make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		self.assertEqual(
			sorted(invoice["DocNumber"] for invoice in self.company.get_invoices()),
			sorted([first.name, second.name]),
		)

	def test_the_rotated_token_is_stored_before_it_is_used(self):
		before = get_decrypted_password(CONNECTION, self.company.realm_id, "refresh_token")
		self.company.control("POST", "clock", {"advance_seconds": 25 * 3600})
		self.expire_token()
		token = get_access_token(self.company.realm_id)
		frappe.db.rollback()
		self.assertEqual(get_decrypted_password(CONNECTION, self.company.realm_id, "access_token"), token)
		self.assertNotEqual(
			get_decrypted_password(CONNECTION, self.company.realm_id, "refresh_token"), before
		)

	def test_many_workers_refresh_once(self):
		self.expire_token()
		site, sites_path = frappe.local.site, frappe.local.sites_path
		tokens, failures = [], []

		def ask():
			try:
				frappe.init(site=site, sites_path=sites_path)
				frappe.connect()
				tokens.append(get_access_token(self.company.realm_id))
			except Exception as error:
				failures.append(error)
			finally:
				frappe.destroy()

		threads = [threading.Thread(target=ask) for _number in range(6)]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join(60)
		self.assertEqual(failures, [])
		self.assertEqual(len(tokens), 6)
		self.assertEqual(len(set(tokens)), 1)

	def test_invalid_grant_pauses_the_queue_and_fails_nothing(self):
		ship_doc = make_ship_doc(submit=True)
		frappe.db.commit()
		self.company.control("POST", f"{self.company.realm_id}/revoke_all", {})
		work()
		row = rows.get_rows(ship_doc.doctype, ship_doc.name)[0]
		self.assertEqual(row.status, rows.QUEUED)
		self.assertEqual(get_connection().status, RECONNECT_REQUIRED)
		self.assertIn("press Connect", self._why(ship_doc))
		connecting.bind_company(self.company.realm_id, self.company.grant_tokens(CLIENT_ID))
		let_time_pass(60)
		work()
		self.assertEqual(len(self.company.get_invoices()), 1)

	def _why(self, ship_doc) -> str:
		from allorders_qb.api.documents import get_quickbooks_state

		return get_quickbooks_state(ship_doc.doctype, ship_doc.name)["sentence"]

	def test_disconnect_forgets_the_tokens_and_the_queue_waits(self):
		connection_api.disconnect()
		for field in ("access_token", "refresh_token"):
			self.assertIsNone(
				get_decrypted_password(CONNECTION, self.company.realm_id, field, raise_exception=False)
			)
		ship_doc = make_ship_doc(submit=True)
		frappe.db.commit()
		work()
		self.assertEqual(rows.get_rows(ship_doc.doctype, ship_doc.name)[0].status, rows.QUEUED)
		self.assertIn("disconnected", self._why(ship_doc))
		self.assertEqual(self.company.get_requests(entity="Invoice"), [])


def _read_attribute(tag: str, name: str) -> str | None:
	for quote in ('"', "'"):
		before, found, after = tag.partition(f" {name}={quote}")
		if found:
			return after.split(quote, 1)[0].replace("&amp;", "&")
	return None
