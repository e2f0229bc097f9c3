"""The books' tests run against a real site, with an emulated company of its own beside it."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

# Test folders are no packages, so a helper beside the tests is found by its folder.
sys.path.insert(0, str(Path(__file__).parent))

from books_events import HOME, OpenStock, Year
from books_year import CALENDAR_YEAR, YEAR

REPOSITORY = Path(__file__).resolve().parents[2]
INFO = os.environ.get("ALLORDERS_HOST_INFO")


@pytest.fixture(scope="session")
def host_info() -> dict:
	if not INFO:
		pytest.fail("Run these tests with bin/test books: they need a site (ALLORDERS_HOST_INFO).")
	return json.loads(Path(INFO).read_text())


@pytest.fixture(scope="session")
def site(host_info):
	"""Frappe, connected to the site as Administrator, with the site's own worker and scheduler stopped."""
	import frappe

	def run_host(action: str) -> None:
		command = [
			sys.executable,
			"-m",
			"host",
			action,
			"--instance",
			host_info["name"],
			"worker",
			"scheduler",
		]
		subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, stdin=subprocess.DEVNULL)

	run_host("stop")
	before = os.getcwd()
	os.chdir(host_info["sites"])
	frappe.init(site=host_info["site"], sites_path=host_info["sites"])
	frappe.connect()
	frappe.set_user("Administrator")
	yield frappe
	frappe.destroy()
	os.chdir(before)
	run_host("start")


@pytest.fixture(scope="module")
def company(site):
	"""An empty emulated company that keeps euros too, connected to the site."""
	from allorders_qb.tests.emulated import connect_site, run_emulator

	with run_emulator() as emulated:
		emulated.reset()
		switched_on = {"CurrencyPrefs": {"MultiCurrencyEnabled": True}}
		emulated.control("PATCH", f"{emulated.realm_id}/preferences", switched_on)
		emulated.post("CompanyCurrency", {"Code": "EUR", "Name": "Euro"})
		connect_site(emulated)
		site.db.commit()
		yield emulated


def choose_mode(site, mode: str) -> None:
	"""Choose an inventory mode from the first day of the year on."""
	import books_site

	books_site.choose_mode(site, mode, f"{CALENDAR_YEAR}-01-01")


@pytest.fixture(scope="module")
def year(site) -> Year:
	"""The year, under names that no other test of this site has."""
	return YEAR.rename(site.generate_hash(length=4))


@pytest.fixture(scope="module")
def values_only(site, company, year):
	"""Inventory mode B; what was on the shelves at the start is entered in QuickBooks by a person."""
	from books_accounts import INVENTORY, OPENING
	from books_model_b import calculate

	choose_mode(site, "Values Only")
	opening = calculate(
		replace(year, story=tuple(event for event in year.story if isinstance(event, OpenStock)))
	)
	ids = {row["Name"]: row["Id"] for row in company.query("SELECT * FROM Account MAXRESULTS 1000")}
	company.post(
		"JournalEntry",
		{
			"TxnDate": f"{CALENDAR_YEAR}-01-02",
			"CurrencyRef": {"value": HOME},
			"Line": [
				{
					"Amount": opening.inventory / 100,
					"DetailType": "JournalEntryLineDetail",
					"JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": ids[account]}},
				}
				for side, account in (("Debit", INVENTORY), ("Credit", OPENING))
			],
		},
	)
