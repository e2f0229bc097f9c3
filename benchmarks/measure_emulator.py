"""The emulator: invoices created and read a second, with 100,000 transactions in its file.

The company is filled through the emulator's own operations, one core serves it over loopback, and a client process on another core
keeps several connections busy. Each invoice has two item lines, one of them of a stocked item, with sales tax.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.failure import MeasureFailed
from benchmarks.machine import bind, choose_cores

CONNECTIONS = 4
ROOT = Path(__file__).resolve().parent.parent


def add_options(parser: argparse.ArgumentParser) -> None:
	parser.add_argument(
		"--transactions", type=int, default=100_000, metavar="N", help="how many the file holds (100000)"
	)
	parser.add_argument("--seconds", type=float, default=10, metavar="S", help="length of each part (10)")
	parser.add_argument(
		"--state",
		type=Path,
		metavar="FILE",
		help="keep the filled file here; one that is there already is measured as it is",
	)


def measure(options: argparse.Namespace) -> dict[str, Any]:
	"""Return creates_per_s, reads_per_s and the rest; raises MeasureFailed when the emulator refused anything."""
	folder = Path(tempfile.mkdtemp(prefix="bench-", dir=find_disk()))
	state = options.state or folder / "company.sqlite"
	try:
		result = fill_state(state, options.transactions)
		result.update(measure_over_http(state, options.seconds))
		result["file_mib"] = round(state.stat().st_size / 2**20, 1)
		return result
	finally:
		shutil.rmtree(folder)


def find_disk() -> str:
	"""Return a folder on a disk: the cache of bin/test and bin/demo, as /tmp may be memory."""
	cache = Path(os.environ.get("ALLORDERS_CACHE") or Path.home() / ".cache" / "allorders_qb").expanduser()
	cache.mkdir(parents=True, exist_ok=True)
	return str(cache)


def fill_state(state: Path, transactions: int) -> dict[str, Any]:
	"""Make sure that the file holds the transactions; returns how long that took."""
	from benchmarks.filling import fill

	began = time.monotonic()
	made = 0 if state.exists() else fill(state, transactions)
	seconds = time.monotonic() - began
	return {"filled": made, "fill_seconds": round(seconds, 1)}


def measure_over_http(state: Path, seconds: float) -> dict[str, Any]:
	"""Serve the file on one core and return what the client on the other counts."""
	served, asking = choose_cores()
	command = [sys.executable, "-m", "qbo_emulator", "--port", "0", "--state", str(state)]
	emulator = subprocess.Popen(
		[*command, "--knob", "throttle.enabled=false"], cwd=ROOT, stdout=subprocess.PIPE, text=True
	)
	try:
		bind(emulator.pid, served)
		line = emulator.stdout.readline()
		if not line:
			raise MeasureFailed(f"the emulator did not start on {state}; it says above why.")
		ready = json.loads(line)
		job = {
			"port": ready["port"],
			"realm": ready["realm"],
			"connections": CONNECTIONS,
			"seconds": seconds,
			"core": asking,
			"process": emulator.pid,
		}
		client = subprocess.run(
			[sys.executable, "-m", "benchmarks.client", json.dumps(job)],
			cwd=ROOT,
			stdout=subprocess.PIPE,
			text=True,
		)
		if client.returncode:
			raise MeasureFailed("the client could not go on; its last line above says why.")
		return {
			"connections": CONNECTIONS,
			"one_core": served is not None,
			**json.loads(client.stdout),
			"memory_mib": read_memory(emulator.pid),
		}
	finally:
		emulator.terminate()
		emulator.wait(timeout=30)
		emulator.stdout.close()


def read_memory(process: int) -> float | None:
	"""Return the most memory a process has held, in MiB, where the system tells it."""
	try:
		lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
	except OSError:
		return None
	return next(round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmHWM"))
