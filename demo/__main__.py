"""``python -m demo --info FILE``: play the story on the site that FILE (``python3 -m host info``) tells of."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import frappe
import requests

from demo import consent, report
from demo.books import Books
from demo.loading import Loader
from demo.people import enter_people, get_person
from demo.posting import wait_for_worker
from demo.site import Place, open_site, read_place
from demo.story import ZERO, Fulfilment, Story, StoryError
from demo.workings import Workings

FAILED = 1


def main(words: list[str]) -> int:
	"""Play the story; the exit code says whether the books tie."""
	options = make_parser().parse_args(words)
	place = read_place(options.info.resolve())
	try:
		with open_site(place):
			return play(place, Story(), stays=not options.once)
	except (consent.NotConnected, StoryError, requests.RequestException) as error:
		sys.stderr.write(f"\nThe story cannot go on: {error}\n")
		return FAILED


def make_parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(
		prog="python -m demo",
		description="Play the story of a wholesaler on a site, and look at QuickBooks' books.",
	)
	parser.add_argument(
		"--info", "--bench-info", required=True, type=Path, metavar="FILE", help="what `host info` prints"
	)
	parser.add_argument(
		"--once", action="store_true", help="the site is taken down afterwards: say nothing of logging in"
	)
	return parser


def play(place: Place, story: Story, stays: bool) -> int:
	"""Connect, load, wait, look at the books; the exit code."""
	print(f"\n{story.lists['company']}, as told in demo/data/STORY.md")
	company = connect(place, story)
	loader = load(story)
	waiting = wait_for_worker()
	print(f"  posted by {waiting.by}; {waiting.seconds:.1f} s after the last document")
	fine = show_books(place, story, loader, company)
	if waiting.left:
		print(f"\n{waiting.left} entries of the queue are still on their way; the sentences above say why.")
	if stays:
		show_people(place, story)
	return 0 if fine and not waiting.left else FAILED


def connect(place: Place, story: Story) -> str:
	"""Make the people, and connect QuickBooks by the way of the Connect button; the company's name."""
	made = enter_people(story)
	print(f"  people: {f'{made} entered' if made else 'all there already'}")
	if not consent.is_connected(place):
		consent.enter_settings(place)
		accountant = get_person(story, "QuickBooks Manager")
		consent.connect(place, accountant["email"], accountant["password"])
		frappe.db.rollback()  # a new look at what the web server has committed
		frappe.clear_cache()
		how = f"{accountant['name']} pressed Connect and agreed on QuickBooks' page"
	else:
		how = "connected already"
	realm_id = frappe.db.get_single_value(consent.SETTINGS, "realm_id")
	company = frappe.db.get_value(consent.CONNECTION, realm_id, "company_name")
	print(f"  QuickBooks company: {company} ({how})")
	return company


def load(story: Story) -> Loader:
	"""Enter the story, a line for each chapter."""
	loader = Loader(story)
	began = time.monotonic()
	loader.load_lists()
	print(f"  lists: {describe_tally(loader)}{format_time(began)}")
	for chapter in story.chapters:
		began = time.monotonic()
		loader.load_chapter(chapter)
		print(f"  {chapter.title}: {describe_tally(loader)}{format_time(began)}", flush=True)
	began = time.monotonic()
	Workings(loader).play()
	print(f"  Behind the counter: {describe_tally(loader)}{format_time(began)}", flush=True)
	return loader


def describe_tally(loader: Loader) -> str:
	"""What was entered since the last time it was asked, in words."""
	tally = loader.tally
	parts = [f"{count} {doctype.removeprefix('AO ')}" for doctype, count in tally.entered.items()]
	known = sum(tally.known.values())
	if known:
		parts.append(f"{known} there already")
	tally.entered, tally.known = {}, {}
	return ", ".join(parts)


def format_time(began: float) -> str:
	return f" ({time.monotonic() - began:.1f} s)"


def show_books(place: Place, story: Story, loader: Loader, company: str) -> bool:
	"""Print the tables, and whether everything ties."""
	ship_docs = report.read_ship_docs()
	books = Books(place.emulator_url, frappe.db.get_single_value(consent.SETTINGS, "realm_id"))
	balances = books.read_trial_balance()
	report.print_business(report.read_orders(), ship_docs)
	report.print_workings()
	report.print_absent(ship_docs)
	report.print_trial_balance(balances, company)
	told, loaded = add_up_shipments(story, loader, ship_docs)
	findings = report.check_books(ship_docs, books.read_invoices(), balances, told, loaded)
	report.check_parties(findings, books, balances)
	print("\nDo the books tie?")
	for line in [*findings.lines, *findings.faults]:
		print(line)
	return not findings.faults


def add_up_shipments(story: Story, loader: Loader, ship_docs: list) -> tuple:
	"""What the story's ship docs come to: by its files, and as documents of the site."""
	fulfilment = Fulfilment(story)
	totals = {doc.name: report.to_amount(doc.total) for doc in ship_docs}
	told = loaded = ZERO
	for position, shipment in enumerate(story.shipments):
		lines, freight = fulfilment.take(shipment)
		told += sum((line.amount for line in lines), freight)
		loaded += totals.get(loader.ship_doc_names[position], ZERO)
	return told, loaded


def show_people(place: Place, story: Story) -> None:
	print(f"\nLook at it: the desk at {place.web_url}/app, QuickBooks at {place.emulator_url}")
	for person in story.lists["people"]:
		print(f"  {person['email']:<32}{person['password']:<12}{person['name']}, {person['job']}")


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
