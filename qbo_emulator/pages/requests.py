"""The journal of requests, for whoever tests an app."""

from __future__ import annotations

import json

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.journal import Entry
from qbo_emulator.pages.addresses import build_address, link_record
from qbo_emulator.pages.html import Html, facts, link, table, tag
from qbo_emulator.pages.paging import PAGE_SIZE, build_pager, read_page

KINDS = ("", "answered", "refused", "dropped", "writes")


def is_wanted(entry: Entry, kind: str) -> bool:
	"""Return whether an entry is of a kind that the page can be narrowed to."""
	if kind == "refused":
		return entry.code is not None or (entry.status or 0) >= 400
	if kind == "writes":
		return entry.method == "POST" and entry.operation not in (None, "query")
	return not kind or entry.outcome == kind


def show_requests(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	"""Return the journal, latest first, narrowed to a kind by ``kind`` and to an entity by ``entity``."""
	kind, entity = request.query.get("kind", ""), request.query.get("entity", "").strip()
	entries = [
		entry
		for entry in emulator.journal.find(company.realm)
		if is_wanted(entry, kind) and (not entity or (entry.entity or "").lower() == entity.lower())
	]
	first = (read_page(request) - 1) * PAGE_SIZE
	lines = [build_line(company, entry) for entry in entries[::-1][first : first + PAGE_SIZE]]
	shown = table(
		["No.", "Time", "What", "Id", "Answer", "", "Took"], lines, (6,), empty="No requests of this kind."
	)
	tabs = [
		tag(
			"a", (word or "all").capitalize(), href=build_address(company, "/app/requests", kind=word, entity=entity),
			class_="here" if word == kind else None,
		)
		for word in KINDS
	]  # fmt: skip
	box = tag("input", type="search", name="entity", value=entity, placeholder="Entity", aria_label="Entity")
	hidden = [
		tag("input", type="hidden", name=name, value=value)
		for name, value in (("companyId", company.realm), ("kind", kind))
	]
	form = tag("form", *hidden, box, " ", tag("button", "Show"), method="get")
	note = tag("p", "What came in since the emulator was started.", class_="quiet")
	return "Requests", [
		tag(
			"section", note, tag("div", *tabs, class_="tabs"), form, shown, build_pager(request, len(entries))
		)
	]


def build_line(company: Company, entry: Entry) -> list[object]:
	status = entry.outcome if entry.status is None else str(entry.status)
	if entry.code:
		status += f" ({entry.code})"
	bad = entry.status is None or entry.status >= 400
	marks = [word for word, on in (("committed", entry.committed), ("replayed", entry.replayed)) if on]
	identifier: object = entry.entity_id or ""
	if entry.entity and entry.entity_id and entry.operation != "delete":
		identifier = link_record(company, entry.entity, entry.entity_id, entry.entity_id)
	return [
		link(build_address(company, "/app/request", seq=entry.seq), entry.seq), entry.time[11:23],
		f"{entry.operation or entry.method} {entry.entity or entry.path}", identifier,
		tag("span", status, class_="bad" if bad else None), ", ".join(marks),
		"" if entry.duration is None else f"{entry.duration * 1000:,.1f} ms",
	]  # fmt: skip


def format_body(text: str | None) -> str:
	"""Return a body indented if it is JSON, else as it is."""
	try:
		return json.dumps(json.loads(text or ""), indent=2, ensure_ascii=False)
	except ValueError:
		return text or "(empty, or too long ago)"


def show_request(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	wanted = request.query.get("seq", "")
	found = emulator.journal.find(company.realm, seq=wanted)
	if not found:
		raise LookupError(f"There is no request {wanted} in the journal.")
	entry = found[0]
	shown = entry.dump(bodies=False)
	names = (
		"time",
		"method",
		"path",
		"query",
		"requestid",
		"status",
		"code",
		"committed",
		"replayed",
		"entity_id",
		"outcome",
		"duration",
		"intuit_tid",
	)
	details = facts(
		[
			(name, shown[name] if not isinstance(shown[name], bool) else ("yes" if shown[name] else "no"))
			for name in names
		]
	)
	items = [["" if value is None else value for value in item.values()] for item in shown["items"] or []]
	parts = [tag("section", tag("h2", "Items"), table(list(shown["items"][0]), items))] if items else []
	return f"Request {entry.seq}", [
		tag("section", details),
		*parts,
		tag("section", tag("h2", "Sent"), tag("pre", format_body(entry.request_body))),
		tag("section", tag("h2", "Answered"), tag("pre", format_body(entry.response_body))),
	]
