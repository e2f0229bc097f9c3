"""The books' tests run against a real site, with an emulated company of its own beside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# Test folders are no packages, so a helper beside the tests is found by its folder.
sys.path.insert(0, str(Path(__file__).parent))

REPOSITORY = Path(__file__).resolve().parents[2]
INFO = os.environ.get("ALLORDERS_HOST_INFO")
OPENING_ACCOUNTS = ("Inventory Asset", "Opening Balance Equity")


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
	"""An empty emulated company, connected to the site."""
	from allorders_qb.tests.emulated import connect_site, run_emulator

	with run_emulator() as emulated:
		emulated.reset()
		connect_site(emulated)
		site.db.commit()
		yield emulated


@pytest.fixture(scope="module")
def choose_values_only(site, company):
	"""Inventory mode B with all its accounts; what was on the shelves at the start is entered in QuickBooks by a person."""
	from books_model import INVENTORY, Books
	from books_year import tell

	from allorders_qb.tests.booked import ACCOUNTS

	settings = site.get_doc("QuickBooks Settings")
	settings.update({"inventory_mode": "Values Only", "inventory_start_date": "2025-01-01", **ACCOUNTS})
	settings.default_income_account = "Sales of Product Income"
	settings.save()
	site.db.commit()
	opening = Books()
	opening.ship = opening.take_back = opening.build = opening.adjust = opening.revalue = lambda *_a, **_k: (
		None
	)
	tell(opening)
	ids = {row["Name"]: row["Id"] for row in company.query("SELECT * FROM Account MAXRESULTS 1000")}
	company.post(
		"JournalEntry",
		{
			"TxnDate": "2025-01-02",
			"Line": [
				{
					"Amount": opening.accounts[INVENTORY] / 100,
					"DetailType": "JournalEntryLineDetail",
					"JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": ids[account]}},
				}
				for side, account in zip(("Debit", "Credit"), OPENING_ACCOUNTS, strict=True)
			],
		},
	)
