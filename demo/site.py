"""The site the story is played on: its addresses, and Frappe connected to it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import frappe


@dataclass(frozen=True)
class Place:
	"""Where the site and its QuickBooks company are, as ``python3 -m host info`` tells it."""

	site: str
	sites: str
	web_url: str
	emulator_url: str
	variables: dict[str, str]


def read_place(file: Path) -> Place:
	"""Read the JSON file that host wrote. Raises SystemExit with a sentence when there is no emulator in it."""
	info = json.loads(file.read_text(encoding="utf-8"))
	if not info.get("emulator_url"):
		raise SystemExit("The host has no QuickBooks Online emulator running; the story needs one.")
	return Place(
		info["site"],
		info["sites"],
		info["web_url"].rstrip("/"),
		info["emulator_url"].rstrip("/"),
		info.get("variables", {}),
	)


@contextmanager
def open_site(place: Place) -> Iterator[None]:
	"""Frappe connected to the site as Administrator, from the folder that Frappe's commands run in."""
	os.environ.update(place.variables)
	began_in = Path.cwd()
	os.chdir(place.sites)
	frappe.init(site=place.site, sites_path=place.sites)
	frappe.connect()
	frappe.set_user("Administrator")
	try:
		yield
	finally:
		frappe.destroy()
		os.chdir(began_in)


@contextmanager
def act_as(user: str) -> Iterator[None]:
	"""Do what follows as that user, with no rights but theirs."""
	before = frappe.session.user
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.set_user(before)
