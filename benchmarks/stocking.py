"""``python -m benchmarks.stocking INFO RESULT OPTIONS``: what ``bin/bench stock`` measures, on the site that INFO tells of."""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import frappe

from benchmarks.stock_history import History, write_history

SMALL = 1_000
LINES = 5
"""Lines of a document: one of the item with very many entries, the rest of others."""

SEED = 20260101


def main(info_file: str, result_file: str, words: str) -> None:
	"""Measure everything and write the result as JSON."""
	info, options = json.loads(Path(info_file).read_text()), json.loads(words)
	os.chdir(info["sites"])
	frappe.init(site=info["site"], sites_path=info["sites"])
	frappe.connect()
	frappe.set_user("Administrator")
	try:
		result = measure(options["entries"], options["submits"])
	finally:
		frappe.destroy()
	Path(result_file).write_text(json.dumps(result), encoding="utf-8")


def measure(entries: int, submits: int) -> dict[str, Any]:
	"""See ``bin/bench stock --help``."""
	from allorders_qb.tests.utils import make_customer, make_item, make_location, make_vendor

	site = {
		"customer": make_customer().name,
		"vendor": make_vendor().name,
		"location": make_location().name,
		"service": make_item(item_type="Service").name,
	}
	result: dict[str, Any] = {"entries": entries}
	for key, target in (("1k", SMALL), ("1m", entries)):
		missing = target - frappe.db.count("AO Stock Ledger Entry")
		say(f"{missing} entries are written")
		history = write_history(History.of(f"BENCH-{key}", missing), make_item().name, site["location"])
		say(f"{submits} ship docs and {submits} receivers are submitted")
		times, reads = time_submits(site, history, submits)
		result[f"submit_ms_{key}"] = round(statistics.mean((times["ship_doc"], times["receiver"])), 2)
		result |= {f"{kind}_ms_{key}": round(took, 2) for kind, took in times.items()}
		result |= {f"{kind}_rows_read_{key}": number for kind, number in reads.items()}
	result["ratio"] = round(result["submit_ms_1m"] / result["submit_ms_1k"], 3)
	return result


def say(what: str) -> None:
	print(f"  {time.strftime('%H:%M:%S')} {what}", flush=True)


def time_submits(site: dict, history: History, submits: int) -> tuple[dict[str, float], dict[str, int]]:
	"""Milliseconds of submit and commit by kind of document, and rows read for one, both at the median."""
	times: dict[str, list[float]] = defaultdict(list)
	reads: dict[str, list[int]] = defaultdict(list)
	choice = random.Random(SEED)
	for _round in range(submits):
		for kind, make in (
			("ship_doc", make_ship_doc),
			("receiver", make_receiver),
			("control", make_control),
		):
			document = make(site, [history.busy_item, *choice.sample(history.items, LINES - 1)])
			frappe.db.commit()
			before = count_reads()
			began = time.perf_counter()
			document.submit()
			frappe.db.commit()
			times[kind].append((time.perf_counter() - began) * 1000)
			reads[kind].append(count_reads() - before)
	return (
		{kind: statistics.median(found) for kind, found in times.items()},
		{kind: round(statistics.median(found)) for kind, found in reads.items()},
	)


def make_ship_doc(site: dict, items: list[str]) -> Any:
	from allorders_qb.tests.utils import make_ship_doc

	lines = [{"item": item, "quantity": 3} for item in items]
	return make_ship_doc(customer=site["customer"], lines=lines, location=site["location"])


def make_receiver(site: dict, items: list[str]) -> Any:
	from allorders_qb.tests.utils import make_receiver

	lines = [{"item": item, "quantity": 12, "unit_cost": 4.25} for item in items]
	return make_receiver(vendor=site["vendor"], lines=lines, location=site["location"], submit=False)


def make_control(site: dict, items: list[str]) -> Any:
	"""A ship doc of as many lines that moves nothing."""
	return make_ship_doc(site, [site["service"]] * len(items))


def count_reads() -> int:
	"""Rows that the database has read for this connection."""
	found = frappe.db.sql("SHOW SESSION STATUS LIKE 'Handler_read%'")
	return sum(int(number) for _name, number in found)


if __name__ == "__main__":
	main(*sys.argv[1:])
