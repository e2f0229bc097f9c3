"""Whatever kills a matching: it goes on where it was, and everything is on both sides once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path(__file__).with_name("crashing_matching.py")
NUMBER = 12


@pytest.fixture
def both_sides(site, company):
	"""So many customers to link, to import and to create; nothing else is matched."""
	from allorders_qb.sync.connection import CONNECTION, SETTINGS
	from allorders_qb.sync.matching.gate import MATCH
	from allorders_qb.tests.test_runs_engine import forget_runs
	from allorders_qb.tests.utils import make_customer

	forget_runs()
	site.db.delete(MATCH)
	fields = ("matching_status", "matching_run", "matching_read_at", "matched_at", "capture_watermark")
	site.db.set_value(CONNECTION, company.realm_id, dict.fromkeys(fields))
	site.db.set_value(CONNECTION, company.realm_id, "matching_status", "Required")
	tag = site.generate_hash(length=6)
	names = {
		kind: [f"{kind} {tag} {number}" for number in range(NUMBER)] for kind in ("Both", "There", "Here")
	}
	for name in (*names["Both"], *names["Here"]):
		make_customer(customer_name=name)
	for name in (*names["Both"], *names["There"]):
		company.post("Customer", {"DisplayName": name})
	site.db.set_single_value(SETTINGS, "send_list_changes", 1)
	site.clear_document_cache(SETTINGS, SETTINGS)
	site.db.commit()
	yield names
	site.db.set_single_value(SETTINGS, "send_list_changes", 0)
	site.clear_document_cache(SETTINGS, SETTINGS)
	site.db.delete(MATCH)
	site.db.set_value(CONNECTION, company.realm_id, dict.fromkeys(fields))
	site.db.commit()


def run_and_die(host_info, *point: str) -> None:
	runner = subprocess.run(
		[sys.executable, str(RUNNER), host_info["sites"], host_info["site"], *point],
		cwd=host_info["sites"],
		env={**os.environ, **host_info.get("variables", {})},
		capture_output=True,
		text=True,
		timeout=120,
	)
	assert runner.returncode == -signal.SIGKILL, runner.stdout + runner.stderr


def recover(site) -> None:
	from allorders_qb.sync.runs.engine import carry_out_runs
	from allorders_qb.tests.emulated import let_time_pass

	let_time_pass(700)
	carry_out_runs()
	site.db.commit()


def decide(site, names) -> None:
	from allorders_qb.sync.connection import get_realm_id
	from allorders_qb.sync.matching import deciding, pages

	realm_id = get_realm_id()
	for decision, state, side, kind in (
		("Link", "Proposed", "QuickBooks", "Both"),
		("Import", "Unmatched", "QuickBooks", "There"),
		("Create", "Unmatched", "Here", "Here"),
	):
		filters = {"state": state, "side": side, "search": names[kind][0].rpartition(" ")[0]}
		found = pages.list_names(realm_id, "AO Customer", filters)
		assert len(found) == NUMBER
		assert deciding.decide(decision, found) == NUMBER
	for list_type in ("AO Customer", "AO Vendor", "AO Item"):
		for state in ("Unmatched", "Proposed", "Several Candidates"):
			deciding.decide("Leave Alone", pages.list_names(realm_id, list_type, {"state": state}))
	site.db.commit()


def assert_all_there_once(site, company, names) -> None:
	from allorders_qb.tests.emulated import work

	work()
	site.db.rollback()
	wanted = sorted(name for kind in names.values() for name in kind)
	here = [name for name in site.get_all("AO Customer", pluck="name", order_by="name") if name in wanted]
	there = [one["DisplayName"] for one in company.query("SELECT * FROM Customer ORDERBY Id MAXRESULTS 1000")]
	assert sorted(here) == wanted
	assert sorted(name for name in there if name in wanted) == wanted
	links = site.get_all(
		"QuickBooks Link",
		filters={"reference_doctype": "AO Customer"},
		pluck="reference_name",
		order_by="creation",
	)
	assert sorted(links) == wanted


@pytest.mark.parametrize("chunk", ["1", "3", "7"])
def test_killed_while_reading(site, host_info, company, both_sides, chunk):
	from allorders_qb.sync.connection import CONNECTION
	from allorders_qb.sync.matching import course
	from allorders_qb.sync.matching.gate import MATCH

	course.start_reading()
	site.db.commit()
	run_and_die(host_info, "Reading", chunk)
	recover(site)
	assert site.db.get_value(CONNECTION, company.realm_id, "matching_status") == "Deciding"
	assert site.db.count(MATCH, {"list_type": "AO Customer", "side": "QuickBooks"}) == 2 * NUMBER
	assert not [one for one in company.get_requests() if one["operation"] in ("create", "update", "batch")][
		2 * NUMBER :
	]


@pytest.mark.parametrize("decision", ["Link", "Import", "Create"])
@pytest.mark.parametrize("chunk", ["1", "2", "3"])
def test_killed_while_carrying_out(site, host_info, company, both_sides, decision, chunk):
	from allorders_qb.sync.connection import CONNECTION
	from allorders_qb.sync.matching import course

	course.start_reading()
	site.db.commit()
	recover(site)
	decide(site, both_sides)
	course.confirm()
	site.db.commit()
	run_and_die(host_info, decision, chunk)
	recover(site)
	assert site.db.get_value(CONNECTION, company.realm_id, "matching_status") == "Finished"
	assert_all_there_once(site, company, both_sides)
