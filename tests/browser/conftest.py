"""The browser tests: the real desk in Chromium, on the site and with the emulator that ALLORDERS_HOST_INFO names.

Everything is reached as people and programs reach it, over HTTP; the site's own worker does the sending.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parent))

from desk_cast import (
	DOMAIN,
	PASSWORD,
	bring_lists,
	bring_people,
	bring_stock,
	make_inventory_settings,
	make_settings,
)
from desk_rest import RestSession
from desk_user import OLD_FRAPPE_FAULTS, SLOW, DeskUser
from desk_warehouse import Warehouse
from playwright.sync_api import Browser, expect, sync_playwright

from allorders_qb.tests.emulated import Company

REPOSITORY = Path(__file__).resolve().parents[2]
COMPANY_FILE = REPOSITORY / "qbo_emulator" / "companies" / "us_wholesaler.json"
INFO = os.environ.get("ALLORDERS_HOST_INFO")
PICTURES = os.environ.get("ALLORDERS_DOCS_IMAGES")
CHROMIUM_ARGUMENTS = (
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
)


@pytest.fixture(scope="session")
def host_info() -> dict:
	if not INFO:
		pytest.fail("Run these tests with bin/test browser: they need a site (ALLORDERS_HOST_INFO).")
	return json.loads(Path(INFO).read_text())


@pytest.fixture(scope="session")
def office(host_info) -> RestSession:
	"""The administrator's REST session: sets things up and looks things up."""
	return RestSession(host_info["web_url"], host_info["admin_user"], host_info["admin_password"])


@pytest.fixture(scope="session")
def company(host_info) -> Company:
	"""The emulated QuickBooks company beside the site."""
	realm_id = json.loads(COMPANY_FILE.read_text())["realm_id"]
	company = Company(host_info["emulator_url"], realm_id)
	company.set_knobs(throttle={"enabled": False})
	return company


@pytest.fixture(scope="session")
def browser(host_info) -> Iterator[Browser]:
	expect.set_options(timeout=SLOW)
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(
			executable_path=host_info["chromium"],
			args=[*CHROMIUM_ARGUMENTS, f"--host-resolver-rules=MAP {host_info['site']} 127.0.0.1"],
		)
		yield browser
		browser.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
	"""Where the screenshots go: into the docs where ALLORDERS_DOCS_IMAGES says so."""
	folder = REPOSITORY / PICTURES if PICTURES else tmp_path_factory.mktemp("pictures")
	folder.mkdir(parents=True, exist_ok=True)
	return folder


@pytest.fixture(scope="session")
def people(office) -> None:
	bring_people(office)


@pytest.fixture(scope="session")
def connected(office, people, company) -> None:
	"""The site has its company: connected as a browser would, by a person's consent, but without the browser."""
	status = office.call("allorders_qb.api.connection.get_connection_status")
	if not status.get("ready"):
		connect_site(office, company)


def connect_site(office: RestSession, company: Company) -> None:
	"""Save the settings, ask for consent, give it, and follow the way back."""
	office.update("QuickBooks Settings", "QuickBooks Settings", **make_settings(company))
	consent = urlsplit(office.call("allorders_qb.api.connection.get_consent_url"))
	answer = {**dict(parse_qsl(consent.query)), "realmId": company.realm_id, "decision": "connect"}
	way_back = requests.post(
		f"{company.url}{consent.path}", data=answer, allow_redirects=False, timeout=30
	).headers["Location"]
	office.http.get(way_back, timeout=60).raise_for_status()
	assert office.call("allorders_qb.api.connection.get_connection_status")["ready"]


@pytest.fixture(scope="session")
def lists(office, connected) -> None:
	"""Customers, items, locations and what is on the shelves."""
	bring_lists(office)
	bring_stock(office)


@pytest.fixture(scope="session")
def log_in(browser, host_info, pictures, people) -> Iterator[Callable[[str], DeskUser]]:
	"""Log a person in, by the part of the address before the @; the same person keeps the same window."""
	windows: dict[str, DeskUser] = {}
	excused = OLD_FRAPPE_FAULTS if host_info["frappe"]["kind"] == "redistribution" else ()

	def open_window(name: str) -> DeskUser:
		if name not in windows:
			windows[name] = DeskUser(
				browser, host_info["web_url"], f"{name}@{DOMAIN}", PASSWORD, pictures, excused
			)
		return windows[name]

	yield open_window
	for window in windows.values():
		window.context.close()


def watch(window: DeskUser) -> Iterator[DeskUser]:
	"""A test's user; nothing unexpected may have gone wrong on its pages."""
	window.troubles.clear()
	yield window
	assert not window.troubles, "\n".join(window.troubles)


@pytest.fixture
def clerk(log_in, lists) -> Iterator[DeskUser]:
	"""Enters orders, ships, and may send to QuickBooks."""
	yield from watch(log_in("clerk"))


@pytest.fixture
def packer(log_in, lists) -> Iterator[DeskUser]:
	"""Ships, but may not send to QuickBooks."""
	yield from watch(log_in("packer"))


@pytest.fixture
def viewer(log_in, lists) -> Iterator[DeskUser]:
	"""May look at everything and change nothing."""
	yield from watch(log_in("viewer"))


@pytest.fixture
def books(log_in) -> Iterator[DeskUser]:
	"""Keeps the connection to QuickBooks, and may cancel documents."""
	yield from watch(log_in("books"))


@pytest.fixture
def set_rule(office, connected) -> Iterator[Callable[[str], None]]:
	"""Set when ship docs leave; on submit again afterwards."""

	def write(rule: str) -> None:
		rules = [{"document_type": "AO Ship Doc", "rule": rule}]
		office.update("QuickBooks Settings", "QuickBooks Settings", posting_rules=rules)

	yield write
	write("On Submit")


@pytest.fixture(scope="session")
def values_only(office, lists, company) -> None:
	"""QuickBooks is told of the values of stock; for the module that runs last, since the mode stays once it is used."""
	company.clear_faults()
	warehouse = Warehouse(office)
	warehouse.empty_queue()
	office.update("QuickBooks Settings", "QuickBooks Settings", **make_inventory_settings())


@pytest.fixture
def warehouse(office, lists) -> Warehouse:
	return Warehouse(office)
