"""Stock: how long submitting takes with a thousand and with a million entries in the ledger.

A site of its own, with nothing in the background. A ship doc and a receiver are submitted by turns, each with four items of some
entries and one of very many; `submit_ms_1k` and `submit_ms_1m` are the mean of the two kinds' medians, submit and commit. Beside
them `rows_read_*`: the rows that the database read for one submit, which no load of the machine changes; and `control_ms_*`: the
submit of a document that moves nothing, which tells how busy the machine was.
"""

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.failure import MeasureFailed

ROOT = Path(__file__).resolve().parent.parent


def add_options(parser: argparse.ArgumentParser) -> None:
	parser.add_argument(
		"--entries", type=int, default=1_000_000, metavar="N", help="entries of the full ledger (1000000)"
	)
	parser.add_argument(
		"--submits", type=int, default=60, metavar="N", help="submits of each kind that are timed (60)"
	)
	parser.add_argument(
		"--instance", default="bench", metavar="NAME", help="name of the site's folder (bench)"
	)


def measure(options: argparse.Namespace) -> dict[str, Any]:
	"""Bring up a clean site, measure on it in a process of its own, and take it down; raises MeasureFailed."""
	from host.instance import Instance
	from host.lifecycle import bring_down, reset, write_info
	from host.steps import Steps

	instance, steps = Instance(options.instance), Steps()
	try:
		reset(instance, steps, without={"scheduler", "worker", "emulator", "web"})
		info = write_info(instance)
		result = instance.folder / "bench-result.json"
		result.unlink(missing_ok=True)
		words = {"entries": options.entries, "submits": options.submits}
		command = [
			str(instance.python),
			"-m",
			"benchmarks.stocking",
			str(info),
			str(result),
			json.dumps(words),
		]
		environment = {**instance.make_environment(), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
		code = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode
		if code or not result.exists():
			raise MeasureFailed(f"the measuring process ended with code {code}; what it said is above")
		return json.loads(result.read_text(encoding="utf-8"))
	finally:
		bring_down(instance, steps)
