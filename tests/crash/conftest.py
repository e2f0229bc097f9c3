"""The crash tests run against a real site: this process is connected to it, its own workers are stopped."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
INFO = os.environ.get("ALLORDERS_HOST_INFO")


@pytest.fixture(scope="session")
def host_info() -> dict:
	if not INFO:
		pytest.fail("Run these tests with bin/test crash: they need a site (ALLORDERS_HOST_INFO).")
	return json.loads(Path(INFO).read_text())


def run_host(host_info: dict, *arguments: str) -> None:
	"""Stop or start services of the instance under test."""
	command = [sys.executable, "-m", "host", arguments[0], "--instance", host_info["name"], *arguments[1:]]
	subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def site(host_info):
	"""Frappe, connected to the site as Administrator, with the site's own worker and scheduler stopped."""
	import frappe

	run_host(host_info, "stop", "worker", "scheduler")
	frappe.init(site=host_info["site"], sites_path=host_info["sites"])
	frappe.connect()
	frappe.set_user("Administrator")
	yield frappe
	frappe.destroy()
	run_host(host_info, "start", "worker", "scheduler")


@pytest.fixture(scope="session")
def emulated_company(site):
	from allorders_qb.tests.emulated import run_emulator

	with run_emulator() as company:
		yield company


@pytest.fixture
def company(site, emulated_company):
	"""An empty emulated company, connected to the site."""
	from allorders_qb.tests.emulated import connect_site

	site.db.rollback()
	emulated_company.reset()
	connect_site(emulated_company)
	site.db.commit()
	return emulated_company
