"""Command line: ``python -m qbo_emulator --port 8080 --company us_wholesaler``."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage

from qbo_emulator import VERSION, ctl
from qbo_emulator.app import build_app
from qbo_emulator.company_file import CompanyFileError, read_company_file
from qbo_emulator.emulator import Emulator
from qbo_emulator.knobs import KNOBS, parse_assignment
from qbo_emulator.saving import save_company

LAST_PORT = 65535
MAX_LINE = 128 * 1024
"""Longest request line and header: a query statement may come in the address."""


def build_parser() -> argparse.ArgumentParser:
	knobs = "\n".join(f"  {knob.name:<28}{knob.default!s:<12}{knob.meaning}" for knob in KNOBS)
	parser = argparse.ArgumentParser(
		prog="python -m qbo_emulator",
		description="A QuickBooks Online company on your own machine. `ctl --help` talks to a running one.",
		epilog=f"knobs (name, default, meaning):\n{knobs}",
		formatter_class=argparse.RawDescriptionHelpFormatter,
	)
	parser.add_argument("--port", type=int, default=8081, help="TCP port; 0 takes a free one (default 8081)")
	parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
	parser.add_argument(
		"--company",
		action="append",
		metavar="NAME|FILE",
		help="shipped company or JSON file; may be repeated",
	)
	parser.add_argument(
		"--state", metavar="FILE", default=":memory:", help="SQLite file; without it nothing is kept"
	)
	parser.add_argument("--realm", help="realm id instead of the one in the company file")
	parser.add_argument(
		"--knob", action="append", default=[], metavar="NAME=VALUE", help="turn a knob at the start"
	)
	parser.add_argument(
		"--save",
		metavar="FILE",
		help="write the company of --state (or the first --company) to a company file, and end",
	)
	parser.add_argument(
		"--fault", action="append", default=[], metavar="JSON", help="order a fault at the start (repeatable)"
	)
	parser.add_argument(
		"--webhooks-anywhere", action="store_true", help="let webhooks go to other machines than this one"
	)
	parser.add_argument("--version", action="version", version=f"qbo_emulator {VERSION}")
	return parser


def read_fault(text: str) -> Any:
	"""Return a fault to order. Raises ValueError with a sentence."""
	try:
		return json.loads(text)
	except ValueError:
		raise ValueError(f"--fault {text[:200]} is not JSON.") from None


def open_emulator(arguments: argparse.Namespace) -> Emulator:
	"""Return the emulator with its companies open. Raises ValueError, CompanyFileError or sqlite3.Error."""
	changes: dict[str, Any] = dict(parse_assignment(text) for text in arguments.knob)
	files = arguments.company or ["us_wholesaler"]
	if arguments.realm and len(files) > 1:
		raise ValueError("--realm goes with one company only.")
	if arguments.realm and not arguments.realm.isalnum():
		raise ValueError("--realm is made of letters and digits.")
	if not 0 <= arguments.port <= LAST_PORT:
		raise ValueError(f"--port is a number from 0 to {LAST_PORT}.")
	emulator = Emulator(arguments.state)
	if arguments.save and emulator.companies and not arguments.company:
		files = []  # what the state file holds is to be saved
	emulator.start_knobs = changes
	emulator.webhooks_anywhere = arguments.webhooks_anywhere
	emulator.start_faults = [read_fault(text) for text in arguments.fault]
	for company in emulator.companies.values():
		emulator.order_start_faults(company)
	for name in files:
		company = emulator.add_company(read_company_file(name), arguments.realm)
		if changes:
			emulator.change_knobs(company, changes)
	return emulator


def save(emulator: Emulator, realm: str | None, path: str) -> None:
	"""Write a company to a file that loads back to the same books. Raises ValueError with a sentence."""
	company = emulator.companies.get(realm or next(iter(emulator.companies)))
	if company is None:
		raise ValueError(f"There is no company {realm} to save.")
	text = json.dumps(save_company(emulator.store, company), ensure_ascii=False, indent="\t")
	try:
		Path(path).write_text(text + "\n", encoding="utf-8")
	except OSError as error:
		raise ValueError(f"{path} cannot be written: {error.strerror}.") from error


def is_worth_a_line(record: logging.LogRecord) -> bool:
	"""Return False for bytes that are no HTTP: they are answered with 400, and are nobody's mistake here."""
	return not (record.exc_info and isinstance(record.exc_info[1], BadHttpMessage))


async def serve(arguments: argparse.Namespace, emulator: Emulator) -> None:
	logging.getLogger("aiohttp.server").addFilter(is_worth_a_line)
	stopped = asyncio.Event()
	loop = asyncio.get_running_loop()
	for number in (signal.SIGINT, signal.SIGTERM):
		loop.add_signal_handler(number, stopped.set)
	runner = web.AppRunner(
		build_app(emulator),
		access_log=None,
		max_line_size=MAX_LINE,
		max_field_size=MAX_LINE,
		shutdown_timeout=0.2,
		auto_decompress=False,  # Api unpacks by itself, so that a body that is not what it says gets the service's fault
	)
	await runner.setup()
	site = web.TCPSite(runner, arguments.host, arguments.port, backlog=512)
	await site.start()
	address = runner.addresses[0]
	host = f"[{address[0]}]" if ":" in address[0] else address[0]
	companies = [{"realm": company.realm, "name": company.name} for company in emulator.companies.values()]
	ready = {
		"ready": True,
		"url": f"http://{host}:{address[1]}",
		"port": address[1],
		"pid": os.getpid(),
		"realm": companies[0]["realm"],
		"companies": companies,
	}
	sys.stdout.write(json.dumps(ready) + "\n")
	sys.stdout.flush()
	await stopped.wait()
	await runner.cleanup()


def main() -> int:
	if sys.argv[1:2] == ["ctl"]:
		return ctl.main(sys.argv[2:])
	arguments = build_parser().parse_args()
	try:
		emulator = open_emulator(arguments)
		if arguments.save:
			save(emulator, arguments.realm, arguments.save)
			emulator.close()
			return 0
	except (ValueError, CompanyFileError) as error:
		sys.stderr.write(f"qbo_emulator: {error}\n")
		return 2
	except sqlite3.Error as error:
		sys.stderr.write(f"qbo_emulator: the state file {arguments.state} cannot be used: {error}\n")
		return 2
	try:
		asyncio.run(serve(arguments, emulator))
	except OSError as error:
		sys.stderr.write(
			f"qbo_emulator: cannot listen on {arguments.host}:{arguments.port}: {error.strerror}\n"
		)
		return 1
	finally:
		emulator.close()
	return 0


if __name__ == "__main__":
	sys.exit(main())
