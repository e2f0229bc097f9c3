"""Webhooks: who wants them, what was sent, and how it was answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.pages.addresses import build_address
from qbo_emulator.pages.html import Html, facts, link, table, tag
from qbo_emulator.pages.paging import PAGE_SIZE, build_pager, read_page
from qbo_emulator.pages.requests import format_body
from qbo_emulator.webhooks.deliveries import list_deliveries

NO_APPS = "No app wants webhooks. PUT /_control/webhooks/<client id> with url and verifier_token sets one."


def format_moment(company: Company, seconds: float | None) -> str:
	"""Return a moment in the company's own time, to the second."""
	if seconds is None:
		return ""
	return datetime.fromtimestamp(seconds, company.zone).strftime("%Y-%m-%d %H:%M:%S")


def name_result(delivery: dict[str, Any]) -> Html | str:
	"""Return how the last attempt ended."""
	if not delivery["attempts"]:
		return "not sent yet"
	last = delivery["attempts"][-1]
	text = str(last["problem"] or last["status"])
	return text if delivery["state"] == "acknowledged" else tag("span", text, class_="bad")


def show_webhooks(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	apps: list[list[object]] = [
		[app.client_id, app.url, app.format, ", ".join(app.entities) if app.entities else "all"]
		for app in emulator.webhook_apps.apps.values()
	]
	deliveries = list_deliveries(emulator, company)[::-1]
	first = (read_page(request) - 1) * PAGE_SIZE
	lines: list[list[object]] = [
		[
			link(build_address(company, "/app/webhook", key=delivery["key"]), delivery["key"]),
			format_moment(company, delivery["created"]),
			delivery["client_id"],
			delivery["state"],
			delivery["tried"],
			name_result(delivery),
			format_moment(company, delivery["next_at"]),
		]
		for delivery in deliveries[first : first + PAGE_SIZE]
	]
	headings = ["No.", "Made", "App", "State", "Attempts", "Last answer", "Next attempt"]
	return "Webhooks", [
		tag(
			"section", tag("h2", "Apps"), table(["App", "Address", "Format", "Entities"], apps, empty=NO_APPS)
		),
		tag(
			"section",
			tag("h2", "Notifications"),
			table(headings, lines, (4,), empty="No notifications yet."),
			build_pager(request, len(deliveries)),
		),
	]


def show_webhook(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	"""Return one notification with its attempts and what is in it."""
	key = request.query.get("key", "")
	found = [delivery for delivery in list_deliveries(emulator, company) if str(delivery["key"]) == key]
	if not found:
		raise LookupError(f"There is no notification {key} in {company.name}.")
	delivery = found[0]
	attempts: list[list[object]] = [
		[format_moment(company, attempt["at"]), attempt["status"] or "", attempt["problem"] or ""]
		for attempt in delivery["attempts"]
	]
	head = facts([
		("App", delivery["client_id"]), ("State", delivery["state"]), ("Made", format_moment(company, delivery["created"])),
		("Acknowledged", format_moment(company, delivery["acknowledged"])),
		("Next attempt", format_moment(company, delivery["next_at"])),
	])  # fmt: skip
	return f"Notification {key}", [
		tag("section", head),
		tag(
			"section",
			tag("h2", "Attempts"),
			table(["When", "Status", "Problem"], attempts, empty="Not sent yet."),
		),
		tag("section", tag("h2", "Body"), tag("pre", format_body(delivery["body"]))),
	]
