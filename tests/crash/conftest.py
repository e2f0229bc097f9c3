"""The crash tests run against a real site: this process is connected to it, its own workers are stopped."""

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


@pytest.fixture(scope="session")
def host_info() -> dict:
	if not INFO:
		pytest.fail("Run these tests with bin/test crash: they need a site (ALLORDERS_HOST_INFO).")
	return json.loads(Path(INFO).read_text())


@pytest.fixture(scope="session")
def run_host(host_info):
	"""Stop or start services of the instance under test: ``run_host("stop", "worker")``."""

	def run(action: str, *services: str) -> None:
		command = [sys.executable, "-m", "host", action, "--instance", host_info["name"], *services]
		subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, stdin=subprocess.DEVNULL)

	return run


@pytest.fixture(scope="session")
def site(host_info, run_host):
	"""Frappe, connected to the site as Administrator, with the site's own worker and scheduler stopped."""
	import frappe

	run_host("stop", "worker", "scheduler")
	# Frappe writes its logs beside the folder it is run from.
	before = os.getcwd()
	os.chdir(host_info["sites"])
	frappe.init(site=host_info["site"], sites_path=host_info["sites"])
	frappe.connect()
	frappe.set_user("Administrator")
	yield frappe
	frappe.destroy()
	os.chdir(before)
	run_host("start", "worker", "scheduler")


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
