"""``python -m benchmarks.syncing INFO RESULT OPTIONS``: what ``bin/bench sync`` measures, on the site that INFO tells of."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import frappe

from benchmarks.pairs import measure_pairs
from benchmarks.plain_loop import count_plain_saves
from benchmarks.remote_lists import fill_lists
from benchmarks.webhook_answers import TOKEN, measure_answers

PERMITTED_PER_MINUTE = 500
PARTIES = 60
"""A party's documents leave one after the other, so there must be several."""

RAMP_SECONDS = 20
"""From the start of the worker until sending counts as steady."""


def main(info_file: str, result_file: str, words: str) -> None:
	"""Measure everything and write the result as JSON."""
	info, options = json.loads(Path(info_file).read_text()), json.loads(words)
	os.chdir(info["sites"])
	frappe.init(site=info["site"], sites_path=info["sites"])
	frappe.connect()
	frappe.set_user("Administrator")
	try:
		result = measure(info, options)
	finally:
		frappe.destroy()
	Path(result_file).write_text(json.dumps(result), encoding="utf-8")


def measure(info: dict, options: dict) -> dict[str, Any]:
	"""See ``bin/bench sync --help``."""
	from allorders_qb.tests.emulated import run_emulator

	with run_emulator() as company:
		return measure_with(company, info, options)


def measure_with(company: Any, info: dict, options: dict) -> dict[str, Any]:
	company.reset()
	connect(company)
	say("customers and items")
	customers, item, location = make_lists(company)
	say("what posting adds to a submit")
	added = measure_added(customers, item, location, options["submits"])
	empty_queue()
	say("a synchronization with nothing to do")
	idle = count_idle_requests(company)

	company.set_knobs(latency_ms=options["latency"], throttle={"enabled": True})
	say(f"the plain loop, {options['plain_minutes']} minutes")
	plain = count_plain_saves(company, options["plain_minutes"] * 60) / options["plain_minutes"]
	time.sleep(61)  # so that its requests are not counted against ours
	documents = int(options["minutes"] * PERMITTED_PER_MINUTE) + 300
	say(f"{documents} documents are made")
	company.set_knobs(latency_ms=0)
	make_documents(customers, item, location, documents)
	company.set_knobs(latency_ms=options["latency"])
	say(f"sending, {options['minutes']} minutes")
	ours, throttled = measure_sending(info, company, options["minutes"])

	company.set_knobs(latency_ms=0, throttle={"enabled": False})
	say("what QuickBooks waits for when it notifies the site")
	answers = measure_webhook(company, info)
	memory = read_peak_memory()
	import_s = measure_import(company, options["records"])
	memory = read_peak_memory() - memory
	return {
		"share_of_limit": round(ours / PERMITTED_PER_MINUTE, 4),
		"plain_loop_per_min": round(plain, 1),
		"ours_per_min": round(ours, 1),
		"throttled": throttled,
		"submit_added_ms": round(added, 2),
		"idle_requests": idle,
		**answers,
		"import_s": import_s,
		"import_memory_mb": round(memory, 1) if import_s else None,
		"link_pairs_s": measure_linking(company) if import_s else None,
		"minutes": options["minutes"],
		"latency_ms": options["latency"],
	}


def say(what: str) -> None:
	print(f"  {time.strftime('%H:%M:%S')} {what}", flush=True)


def connect(company: Any) -> None:
	"""Bind the site to the company with the times and the pace of a real one."""
	from allorders_qb.sync.connection import SETTINGS
	from allorders_qb.tests.emulated import connect_site

	connect_site(company, request_timeout=130, silence_wait=120)
	settings = frappe.get_doc(SETTINGS)
	pace = ("requests_per_minute", "requests_per_second", "requests_at_once", "senders")
	settings.update({field: int(settings.meta.get_field(field).default) for field in pace})
	settings.save()
	frappe.db.commit()


def make_lists(company: Any) -> tuple[list[str], str, str]:
	"""Customers, an item and a location, the first two in QuickBooks already."""
	from allorders_qb.tests.utils import make_customer, make_item, make_location, make_ship_doc

	customers = [make_customer().name for _number in range(PARTIES)]
	item, location = make_item(unit_price=25).name, make_location().name
	for customer in customers:
		make_ship_doc(
			customer=customer, lines=[{"item": item, "quantity": 1}], location=location, submit=True
		)
	frappe.db.commit()
	empty_queue()
	return customers, item, location


def empty_queue() -> None:
	"""Send what is queued, in this process."""
	from allorders_qb.sync import rows
	from allorders_qb.sync.worker import drain

	while rows.has_work():
		drain()
		frappe.db.commit()


def measure_added(customers: list[str], item: str, location: str, submits: int) -> float:
	"""Milliseconds that queueing adds to submit and commit, at the median, with and without it by turns."""
	from allorders_qb.tests.utils import make_ship_doc

	times: dict[bool, list[float]] = {True: [], False: []}
	for number in range(2 * submits):
		queues = bool(number % 2)
		doc = make_ship_doc(
			customer=customers[number % PARTIES],
			lines=[{"item": item, "quantity": 1}],
			location=location,
		)
		frappe.db.commit()
		with leave_out_queueing() if not queues else patch_nothing():
			began = time.perf_counter()
			doc.submit()
			frappe.db.commit()
			times[queues].append((time.perf_counter() - began) * 1000)
	return statistics.median(times[True]) - statistics.median(times[False])


@contextmanager
def leave_out_queueing() -> Iterator[None]:
	with patch("allorders_qb.sync.events.queue_document"):
		yield


@contextmanager
def patch_nothing() -> Iterator[None]:
	yield


def count_idle_requests(company: Any) -> int:
	"""Requests of a synchronization *since last* when neither side has anything new."""
	from allorders_qb.sync.runs.engine import carry_out_runs
	from allorders_qb.sync.runs.start import start_run

	for _round in range(2):
		# The first one reads what has never been read.
		company.control("DELETE", f"{company.realm_id}/requests")
		start_run("Since Last", trigger="Button")
		frappe.db.commit()
		carry_out_runs()
		frappe.db.commit()
	return len(company.get_requests())


def measure_webhook(company: Any, info: dict) -> dict[str, float]:
	"""See ``webhook_answers``; the inbox is as empty afterwards as before."""
	from allorders_qb.sync.connection import SETTINGS
	from allorders_qb.sync.inbox import INBOX

	settings = frappe.get_doc(SETTINGS)
	settings.webhook_verifier_token = TOKEN
	settings.save()
	frappe.db.commit()
	try:
		return measure_answers(info, company.realm_id)
	finally:
		frappe.db.delete(INBOX)
		frappe.db.commit()


def make_documents(customers: list[str], item: str, location: str, number: int) -> None:
	"""Submitted ship docs that wait for a synchronization, so that sending begins with all of them there."""
	from allorders_qb.sync.connection import SETTINGS
	from allorders_qb.sync.queue import send_waiting
	from allorders_qb.tests.utils import make_ship_doc

	settings = frappe.get_doc(SETTINGS)
	for rule in settings.posting_rules:
		rule.rule = "At Synchronization"
	settings.save()
	for index in range(number):
		make_ship_doc(
			customer=customers[index % PARTIES],
			lines=[{"item": item, "quantity": 1}],
			location=location,
			submit=True,
		)
		if index % 50 == 49:
			frappe.db.commit()
	frappe.db.commit()
	send_waiting()
	frappe.db.commit()


def measure_sending(info: dict, company: Any, minutes: float) -> tuple[float, int]:
	"""Transactions a minute that one background worker sends, and how many answers were 429."""
	from allorders_qb.sync import rows
	from allorders_qb.sync.wake import wake_worker

	company.control("DELETE", f"{company.realm_id}/requests")
	command = info["commands"]["worker"]
	worker = subprocess.Popen(command["argv"], cwd=command["cwd"], stdin=subprocess.DEVNULL)
	try:
		wake_worker()
		time.sleep(RAMP_SECONDS)
		began, began_at = time.monotonic(), frappe.utils.now_datetime()
		while time.monotonic() - began < minutes * 60:
			time.sleep(5)
			frappe.db.commit()
		ended_at, took = frappe.utils.now_datetime(), time.monotonic() - began
		sent = frappe.db.count(
			rows.QUEUE,
			{
				"reference_doctype": "AO Ship Doc",
				"status": rows.SENT,
				"answered_at": ("between", [began_at, ended_at]),
			},
		)
		return sent * 60 / took, len(company.get_requests(status=429))
	finally:
		stop_worker(worker, company)


def stop_worker(worker: subprocess.Popen, company: Any) -> None:
	"""End the worker as soon as its senders have done what they had in hand: a pause tells them to take nothing more."""
	from allorders_qb.sync.connection import CONNECTION, pause

	pause(company.realm_id, "The measurement is over.", 3600)
	frappe.db.commit()
	worker.terminate()
	worker.wait(timeout=300)
	frappe.db.set_value(CONNECTION, company.realm_id, {"paused_until": None, "pauses_in_a_row": 0})
	frappe.db.commit()


def measure_import(company: Any, records: int) -> float | None:
	"""Seconds in which a full synchronization brings in that many customers and items; None where it did not."""
	from allorders_qb.sync.runs.engine import carry_out_runs
	from allorders_qb.sync.runs.start import start_run

	if not records:
		return None
	say(f"{records} customers and items are made in QuickBooks")
	fill_lists(company, records)
	say("they are brought in")
	before = {doctype: frappe.db.count(doctype) for doctype in ("AO Customer", "AO Item")}
	began = time.monotonic()
	start_run("Full", trigger="Button")
	frappe.db.commit()
	carry_out_runs()
	took = time.monotonic() - began
	frappe.db.commit()
	if any(frappe.db.count(doctype) - number < records for doctype, number in before.items()):
		say("a full synchronization did not bring all of them in")
		return None
	return round(took, 1)


def read_peak_memory() -> float:
	"""Megabytes of memory that this process has held at most so far."""
	return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_linking(company: Any) -> float | None:
	"""Seconds in which what was brought in is linked, as if both sides had had it before they were connected."""
	say("they are linked")
	took = measure_pairs(company)
	if took is None:
		say("not every pair was linked")
	return took


if __name__ == "__main__":
	main(*sys.argv[1:])
