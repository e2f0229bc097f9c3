"""The command line: help, errors as sentences, state files, companies of one's own."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

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
