"""Whatever kills a synchronization, and whenever: the next one goes on, and everything is in QuickBooks once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path(__file__).with_name("crashing_run.py")
RECEIVABLES = "Accounts Receivable (A/R)"
STEPS = ("flush", "pull", "send_all", "compare", "read_counted_stock")
POINTS = (
	"lease",
	*(f"{kind} {step}" for step in STEPS for kind in ("enter", "inside", "done")),
	"finish",
	"release",
)


@pytest.fixture
def books(site, company):
	"""A waiting ship doc and one that only Send All sends, no runs, and a term renamed in QuickBooks."""
	from allorders_qb.sync.connection import SETTINGS
	from allorders_qb.tests.test_runs_engine import forget_runs
	from allorders_qb.tests.utils import make_customer, make_item, make_ship_doc

	forget_runs()
	site.db.set_value("AO Ship Doc", {"docstatus": 1}, "quickbooks_status", "Sent", update_modified=False)
	settings = site.get_doc(SETTINGS)
	before = [rule.rule for rule in settings.posting_rules]

	def set_rule(rule: str, **values) -> None:
		for row in settings.posting_rules:
			row.rule = rule
		settings.update(values)
		settings.save()

	customer, lines = make_customer(), [{"item": make_item(unit_price=25).name, "quantity": 2}]
	set_rule("At Synchronization", send_all_transactions=1)
	docs = [make_ship_doc(customer=customer, lines=lines, submit=True)]
	set_rule("By Button")
	docs.append(make_ship_doc(customer=customer, lines=lines, submit=True))
	term = company.query("SELECT * FROM Term")[0]
	name = f"Net 45 {site.generate_hash(length=5)}"
	company.post("Term", {"Id": term["Id"], "SyncToken": term["SyncToken"], "Name": name, "sparse": True})
	site.db.commit()
	yield {"docs": docs, "customer": customer.name, "term": (term["Id"], name)}
	for row, rule in zip(settings.posting_rules, before, strict=True):
		row.rule = rule
	settings.update({"send_all_transactions": 0})
	settings.save()
	site.db.commit()


def start(site, kind="Since Last") -> str:
	from allorders_qb.sync.runs.start import start_run

	name = start_run(kind, trigger="Button")
	site.db.commit()
	return name


def start_runner(host_info, point="never"):
	return subprocess.Popen(
		[sys.executable, str(RUNNER), host_info["sites"], host_info["site"], point],
		cwd=host_info["sites"],
		env={**os.environ, **host_info.get("variables", {})},
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		text=True,
	)


def recover() -> list[str]:
	from allorders_qb.sync.runs.engine import carry_out_runs
	from allorders_qb.tests.emulated import let_time_pass, work

	let_time_pass(700)
	done = carry_out_runs()
	let_time_pass(700)
	work()
	return done


def assert_all_there_once(site, company, books) -> None:
	site.db.rollback()
	invoices = company.get_invoices()
	assert sorted(one["DocNumber"] for one in invoices) == sorted(doc.name for doc in books["docs"])
	assert company.get_balance(RECEIVABLES) == pytest.approx(100, abs=1e-9)
	assert len(company.query(f"SELECT * FROM Customer WHERE DisplayName = '{books['customer']}'")) == 1
	for doc in books["docs"]:
		assert site.db.get_value("AO Ship Doc", doc.name, "quickbooks_status") == "Sent"
	quickbooks_id, name = books["term"]
	assert site.db.get_value("QuickBooks Term", {"quickbooks_id": quickbooks_id}, "name") == name


def test_every_step_is_killed_below():
	from allorders_qb.sync.runs.steps import get_steps

	assert tuple(step.name for step in get_steps("Since Last")) == STEPS


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_synchronization_is_continued(site, host_info, company, books, point):
	from allorders_qb.sync.runs import run_rows

	name = start(site)
	runner = start_runner(host_info, point)
	said, _nothing = runner.communicate(timeout=90)
	assert runner.returncode == -signal.SIGKILL, f"the worker was to die here; it said:\n{said}"
	site.db.rollback()
	before = recover()
	assert_all_there_once(site, company, books)
	run = site.get_doc(run_rows.RUN, name)
	if point == "lease":
		assert (run.status, before) == ("Finished", [name])
	elif point == "release":
		assert (run.status, before) == ("Finished", [])
	else:
		assert run.status == "Continued"
		[following] = before
		continuing = site.get_doc(run_rows.RUN, following)
		assert (continuing.continues, continuing.status, continuing.deaths) == (name, "Finished", 1)


def test_before_its_lease_has_ended_nobody_takes_a_dead_ones_place(site, host_info, company, books):
	from allorders_qb.sync.runs.engine import carry_out_runs

	start(site)
	start_runner(host_info, "enter pull").communicate(timeout=90)
	assert carry_out_runs() == []


def test_two_workers_do_two_runs_one_after_the_other(site, host_info, company, books):
	from allorders_qb.sync.runs import run_rows

	company.set_knobs(latency_ms=150)
	names = {start(site), start(site, "Full")}
	runners = [start_runner(host_info) for _number in range(3)]
	said = [runner.communicate(timeout=120)[0] for runner in runners]
	company.set_knobs(latency_ms=0)
	assert [runner.returncode for runner in runners] == [0, 0, 0], said
	recover()
	assert_all_there_once(site, company, books)
	runs = site.get_all(
		run_rows.RUN, fields=["name", "status", "started_at", "finished_at"], order_by="started_at"
	)
	assert {run.name for run in runs} == names
	assert [run.status for run in runs] == ["Finished", "Finished"]
	assert runs[0].finished_at <= runs[1].started_at
