"""The command line: help, errors as sentences, state files, companies of one's own."""

import ast
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from qbo_emulator.company_file import CompanyFileError, read_company_file
from qbo_emulator.emulator import Emulator

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess:
	command = [sys.executable, "-m", "qbo_emulator", *arguments]
	return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize(
	("arguments", "words"),
	[
		(("--company", "nowhere.json"), "cannot be read"),
		(("--knob", "speed=9"), "There is no knob 'speed'"),
		(("--knob", "latency_ms"), "not of the form name=value"),
		(("--state", "/nowhere/at/all.sqlite"), "cannot be used"),
		(("--host", "203.0.113.7", "--port", "0"), "cannot listen"),
		(("--port", "99999"), "from 0 to 65535"),
		(("--realm", "a/b"), "letters and digits"),
		(("--company", "us_wholesale"), "Shipped companies: uk_trader, us_wholesaler"),
	],
)
def test_emulator_start_errors_are_sentences(arguments, words):
	result = run(*arguments)
	assert result.returncode != 0 and words in result.stderr and "Traceback" not in result.stderr


def test_emulator_state_file_of_another_version_is_refused(start_process, tmp_path):
	"""Its tables may be others; it is left as it was."""
	path = tmp_path / "state.sqlite"
	start_process("--state", str(path)).kill()
	file = sqlite3.connect(path)
	file.execute("PRAGMA user_version = 1")
	file.close()
	result = run("--port", "0", "--state", str(path))
	assert result.returncode == 2 and "another version of qbo_emulator" in result.stderr
	assert "Traceback" not in result.stderr


def test_emulator_second_process_on_one_state_file_is_refused(start_process, tmp_path):
	state = ("--state", str(tmp_path / "state.sqlite"))
	start_process(*state)
	result = run("--port", "0", *state)
	assert result.returncode == 2 and "cannot be used" in result.stderr


def test_emulator_company_file_of_ones_own(start_process, open_books, tmp_path):
	"""Realm from the command line, two companies in one process, records in the file."""
	definition = json.loads((ROOT / "qbo_emulator/companies/us_wholesaler.json").read_text(encoding="utf-8"))
	definition["realm_id"] = "77"
	definition["company_info"]["CompanyName"] = "Second Co."
	definition["customers"] = [{"Id": "5", "DisplayName": "Old Friend"}]
	definition["items"] = [
		{
			"Id": "9",
			"Name": "Hour",
			"Type": "Service",
			"IncomeAccountRef": {"value": "34", "name": "Services"},
		}
	]
	path = tmp_path / "second.json"
	path.write_text(json.dumps(definition), encoding="utf-8")
	process = start_process(
		"--company", "us_wholesaler", "--company", str(path), "--knob", "throttle.enabled=false"
	)
	assert [company["realm"] for company in process.ready["companies"]] == ["9341452718065230", "77"]
	first = open_books(process)
	process.realm = "77"
	second = open_books(process)
	invoice = second.invoice(second.line("9", 80), customer="5")
	assert invoice["CustomerRef"]["name"] == "Old Friend"
	second.refuse(second.post("customer", {"DisplayName": "old friend"}), "6240")
	assert second.customer("New Friend") == "6"
	assert first.query("select * from Invoice") == {}
	assert first.get("../77/invoice/1").status_code == 403
	alone = start_process("--realm", "4711")
	assert alone.realm == "4711"


PUMP = {"Id": "1", "Name": "P", "Type": "Inventory", "QtyOnHand": 5}


@pytest.mark.parametrize(
	("changes", "words"),
	[
		({"accounts": 5}, "something else than is expected in accounts"),
		({"customers": ["x"]}, "something else than objects in customers"),
		({"wharehouses": []}, "unknown key wharehouses"),
		({"account_roles": {}}, "no account for receivable"),
		({"accounts": []}, "not among its accounts"),
		({"time_zone": "Mars/Base"}, "Mars/Base, which does not exist"),
		({"knobs": {"speed": 9}}, "There is no knob 'speed'"),
		({"realm_id": "a/b"}, "other characters"),
		({"customers": [{"Id": "1"}]}, "Record 1 of customers in the company file lacks DisplayName."),
		({"items": [PUMP]}, "Record 1 of items in the company file lacks InvStartDate."),
		({"terms": [{"Id": "1", "Name": "A"}, {"Id": "1", "Name": "B"}]}, "Record 2 of terms"),
		({"terms": [{"Id": "1", "Name": "A"}, {"Id": "2", "Name": "a"}]}, "Record 2 of terms"),
	],
)
def test_emulator_company_file_that_cannot_be_used_is_explained(tmp_path, shipped_company, changes, words):
	path = tmp_path / "company.json"
	path.write_text(json.dumps({**shipped_company("us_wholesaler"), **changes}), encoding="utf-8")
	emulator = Emulator(":memory:")
	with pytest.raises(CompanyFileError) as refusal:
		emulator.add_company(read_company_file(str(path)))
	emulator.close()
	assert words in str(refusal.value)


def test_emulator_needs_nothing_but_its_requirements():
	"""A product of its own: it imports the standard library, what its requirements.txt names, and itself."""
	package = ROOT / "qbo_emulator"
	wanted = re.findall(r"^[\w-]+", (package / "requirements.txt").read_text(encoding="utf-8"), flags=re.M)
	allowed = {*sys.stdlib_module_names, *wanted, "qbo_emulator"}
	for file in package.rglob("*.py"):
		for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
			names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
			if isinstance(node, ast.ImportFrom) and not node.level:
				names = [str(node.module)]
			assert {name.partition(".")[0] for name in names} <= allowed, file


def test_emulator_runs_from_its_folder_alone(tmp_path):
	"""The README followed to the letter, in an empty folder."""
	shutil.copytree(
		ROOT / "qbo_emulator", tmp_path / "qbo_emulator", ignore=shutil.ignore_patterns("__pycache__")
	)
	command = [sys.executable, "-m", "qbo_emulator", "--port", "0", "--company", "us_wholesaler"]
	environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
	process = subprocess.Popen(
		[*command, "--state", "company.sqlite"],
		cwd=tmp_path,
		env=environment,
		stdout=subprocess.PIPE,
		text=True,
	)
	try:
		ready = json.loads(process.stdout.readline())
		assert set(ready) == {"ready", "url", "port", "pid", "realm", "companies"}
		assert (tmp_path / "company.sqlite").exists()
	finally:
		process.terminate()
		assert process.wait(timeout=20) == 0
		process.stdout.close()
