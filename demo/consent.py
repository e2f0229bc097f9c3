"""Connecting QuickBooks as a person does it in the browser: log in, press Connect, agree on Intuit's page, come back."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin

import frappe
import requests

from demo.site import Place

SETTINGS = "QuickBooks Settings"
CONNECTION = "QuickBooks Connection"
CLIENT_ID, CLIENT_SECRET = "demo-client", "demo-secret"
"""The emulator takes any pair of keys."""

TIMEOUT = 60
DECISION = ("decision", "connect")


class NotConnected(Exception):
	"""The way through the consent page did not end in a connection; the message says where it stopped."""


class ConsentForm(HTMLParser):
	"""Reads the form of a page: where it goes, and the values it would send (of radio buttons the chosen one)."""

	def __init__(self) -> None:
		super().__init__()
		self.action: str | None = None
		self.values: dict[str, str] = {}

	def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
		said = dict(attributes)
		if tag == "form":
			self.action = said.get("action") or ""
		elif tag == "input" and said.get("name") and self.action is not None:
			if said.get("type") != "radio" or "checked" in said:
				self.values[said["name"]] = said.get("value") or ""


def enter_settings(place: Place) -> None:
	"""Point the site to the emulator, with the keys of an app. Commits."""
	settings = frappe.get_doc(SETTINGS)
	settings.update(
		{
			"environment": "Emulator",
			"emulator_url": place.emulator_url,
			"client_id": CLIENT_ID,
			"client_secret": CLIENT_SECRET,
		}
	)
	settings.save()
	frappe.db.commit()


def is_connected(place: Place) -> bool:
	"""Whether the site is connected to the company at that address already."""
	realm_id = frappe.db.get_single_value(SETTINGS, "realm_id")
	known = realm_id and frappe.db.get_value(CONNECTION, realm_id, ["status", "emulator_url"], as_dict=True)
	return bool(known) and known.status == "Connected" and known.emulator_url == place.emulator_url


def connect(place: Place, user: str, password: str) -> str:
	"""Walk the way of the Connect button over HTTP; the name of the company. Raises NotConnected."""
	with requests.Session() as browser:
		log_in(browser, place, user, password)
		consent_url = call(browser, place, "get_consent_url")
		page = browser.get(consent_url, timeout=TIMEOUT)
		form = read_form(page)
		landed = browser.post(
			urljoin(page.url, form.action or ""),
			data={**form.values, DECISION[0]: DECISION[1]},
			allow_redirects=False,
			timeout=TIMEOUT,
		)
		if landed.status_code != 302:
			raise NotConnected(f"The consent page answered {landed.status_code}: {landed.text[:500]}")
		come_back(browser, landed.headers["Location"])
		status = call(browser, place, "get_connection_status")
	if not status["connected"]:
		raise NotConnected((status.get("result") or {}).get("message") or status["sentence"])
	return status["company"]


def log_in(browser: requests.Session, place: Place, user: str, password: str) -> None:
	answer = browser.post(
		f"{place.web_url}/api/method/login", data={"usr": user, "pwd": password}, timeout=TIMEOUT
	)
	if answer.status_code != 200:
		raise NotConnected(f"{user} could not log in to {place.web_url} ({answer.status_code}).")


def call(browser: requests.Session, place: Place, method: str):
	answer = browser.post(f"{place.web_url}/api/method/allorders_qb.api.connection.{method}", timeout=TIMEOUT)
	if answer.status_code != 200:
		raise NotConnected(f"The site answered {answer.status_code} to {method}: {answer.text[:500]}")
	return answer.json()["message"]


def read_form(page: requests.Response) -> ConsentForm:
	form = ConsentForm()
	form.feed(page.text)
	if page.status_code != 200 or form.action is None or not form.values.get("realmId"):
		raise NotConnected(f"There is no consent page at {page.url} ({page.status_code}): {page.text[:500]}")
	return form


def come_back(browser: requests.Session, callback: str) -> None:
	"""Go where QuickBooks sends the browser: the site takes the code there, and leads on to the desk."""
	answer = browser.get(callback, allow_redirects=False, timeout=TIMEOUT)
	if answer.status_code not in (301, 302):
		raise NotConnected(f"The site did not take the answer ({answer.status_code}): {answer.text[:500]}")
