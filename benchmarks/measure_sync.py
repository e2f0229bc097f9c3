"""The synchronization: invoices a minute under Intuit's limits, beside the plain loop over python-quickbooks.

A site of its own with one background worker, and the emulator with Intuit's limits and 300 ms of latency. Measured: the plain
`save()` loop, then ours over some steady minutes with customers and items there already (`share_of_limit` of the permitted
500 a minute, `throttled`: answers 429 meanwhile); what posting adds to a submit at the median; what a synchronization with
nothing to do asks QuickBooks; how long the web server takes to answer a notification (`webhook_answer_ms`, and its ratio to
Frappe's ping); how long a full synchronization takes to bring in QuickBooks' lists (`import_s`, and by how much the peak of
memory grew, `import_memory_mb`), and to link them where both sides have them (`link_pairs_s`).
"""

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.failure import MeasureFailed

ROOT = Path(__file__).resolve().parent.parent


def add_options(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--minutes", type=float, default=5, metavar="M", help="steady minutes of sending (5)")
	parser.add_argument(
		"--plain-minutes", type=float, default=1, metavar="M", help="minutes of the plain loop (1)"
	)
	parser.add_argument(
		"--latency", type=int, default=300, metavar="MS", help="latency of the emulator (300 ms)"
	)
	parser.add_argument(
		"--submits", type=int, default=100, metavar="N", help="submits timed with and without posting (100)"
	)
	parser.add_argument(
		"--records",
		type=int,
		default=10_000,
		metavar="N",
		help="customers, and as many items, to be brought in from QuickBooks; 0: leave that out (10000)",
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
		reset(instance, steps, without={"scheduler", "worker", "emulator"})
		info = write_info(instance)
		result = instance.folder / "bench-result.json"
		result.unlink(missing_ok=True)
		words = {
			"minutes": options.minutes,
			"plain_minutes": options.plain_minutes,
			"latency": options.latency,
			"submits": options.submits,
			"records": options.records,
		}
		command = [
			str(instance.python),
			"-m",
			"benchmarks.syncing",
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
