"""bin/bench emulator, on a small file: what it writes, and that the file really holds books."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_emulator_bench_measures_a_file_of_real_transactions(tmp_path):
	state, report = tmp_path / "company.sqlite", tmp_path / "report.json"
	words = ["--transactions", "60", "--seconds", "0.3", "--state", str(state), "--json", str(report)]
	command = [sys.executable, "-m", "benchmarks", "emulator", *words]
	done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
	assert done.returncode == 0, done.stderr
	result = json.loads(report.read_text())
	assert result["transactions"] == result["filled"] == 60 < result["transactions_after"]
	assert min(result[f"{name}_per_s"] for name in ("creates", "reads", "queries")) > 0
	assert 0 < result["BalanceSheet_s"] < 10
	assert result["load_before"] and result["machine"] and result["create_p50_ms"] <= result["create_p95_ms"]
	books = sqlite3.connect(state)
	count, cents = books.execute(
		"SELECT count(DISTINCT id), sum(cents) FROM posting WHERE entity = 'Invoice'"
	).fetchone()
	books.close()
	assert (count, cents) == (result["transactions_after"], 0)


def test_emulator_bench_says_why_it_could_not_measure(tmp_path):
	broken = tmp_path / "broken.sqlite"
	broken.write_text("this is no company")
	command = [sys.executable, "-m", "benchmarks", "emulator", "--state", str(broken)]
	done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
	assert done.returncode == 1 and "did not start" in done.stderr
