"""The Northwind test runs against a real site, with an emulated company of its own beside it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Test folders are no packages, so a helper beside the tests is found by its folder.
sys.path.insert(0, str(Path(__file__).parent))
# The independent calculation is that of the books.
sys.path.insert(1, str(Path(__file__).parents[1] / "books"))

from northwind_files import Northwind

REPOSITORY = Path(__file__).resolve().parents[2]
INFO = os.environ.get("ALLORDERS_HOST_INFO")
DATA = Path(os.environ.get("ALLORDERS_NORTHWIND") or REPOSITORY.parent / "shared" / "data" / "northwind")


@pytest.fixture(scope="session")
def northwind() -> Northwind:
	if not (DATA / "orders.csv").exists():
		pytest.skip(
			f"NORTHWIND NOT TESTED: there are no files in {DATA}; name their folder in ALLORDERS_NORTHWIND."
		)
	return Northwind(DATA)


@pytest.fixture(scope="session")
def host_info() -> dict:
	if not INFO:
		pytest.fail("Run these tests with bin/test northwind: they need a site (ALLORDERS_HOST_INFO).")
	return json.loads(Path(INFO).read_text())


def run_host(host_info: dict, *arguments: str) -> None:
	"""Stop or start services of the instance under test."""
	command = [sys.executable, "-m", "host", *arguments, "--instance", host_info["name"]]
	subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def site(northwind: Northwind, host_info: dict) -> Iterator:
	"""Frappe, connected to the site as Administrator; the site's own worker and scheduler are stopped, so that what
	is measured is ours."""
	import frappe

	run_host(host_info, "stop", "worker", "scheduler")
	began_in = Path.cwd()
	os.chdir(host_info["sites"])  # Frappe finds its logs from here
	frappe.init(site=host_info["site"], sites_path=host_info["sites"])
	frappe.connect()
	frappe.set_user("Administrator")
	known = frappe.get_all(
		"AO Customer",
		filters={"name": ("in", [row["companyName"] for row in northwind.customers.values()])},
		pluck="name",
		order_by="name",
	)
	if known:
		pytest.fail(
			f"Northwind has been loaded into this site already ({known[0]}, …); begin with a clean one."
		)
	yield frappe
	frappe.destroy()
	os.chdir(began_in)
	run_host(host_info, "start", "worker", "scheduler")


@pytest.fixture(scope="session")
def company(site) -> Iterator:
	"""An empty emulated company without limits, connected to the site, that keeps values only; documents leave on submit."""
	from books_site import choose_mode

	from allorders_qb.tests.emulated import connect_site, run_emulator

	with run_emulator() as emulated:
		emulated.reset()
		connect_site(emulated, request_timeout=30, silence_wait=30)
		choose_mode(site, "Values Only", "1996-07-01")
		yield emulated
