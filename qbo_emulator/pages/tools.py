"""Pages for whoever tests an app: the journal of requests, and the knobs."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.knobs import KNOBS, Knob
from qbo_emulator.pages.html import Html, facts, link, table, tag

SHOWN = 200


def show_requests(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	entries = emulator.journal.find(company.realm)
	lines: list[list[object]] = []
	for entry in reversed(entries[-SHOWN:]):
		status = entry.outcome if entry.status is None else str(entry.status)
		if entry.code:
			status += f" ({entry.code})"
		bad = entry.status is None or entry.status >= 400
		marks = [word for word, on in (("committed", entry.committed), ("replayed", entry.replayed)) if on]
		lines.append([
			link(f"/app/request?seq={entry.seq}&companyId={company.realm}", entry.seq), entry.time[11:23],
			f"{entry.operation or entry.method} {entry.entity or entry.path}", entry.entity_id or "",
			tag("span", status, class_="bad" if bad else None), ", ".join(marks),
			"" if entry.duration is None else f"{entry.duration * 1000:,.1f} ms",
		])  # fmt: skip
	shown = table(["No.", "Time", "What", "Id", "Answer", "", "Took"], lines, (6,))
	note = tag(
		"p",
		f"The latest {SHOWN} of {len(entries):,} requests since the emulator was started.",
		class_="quiet",
	)
	return "Requests", [tag("section", note, shown)]


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
	return f"Request {entry.seq}", [
		tag("section", details),
		tag("section", tag("h2", "Sent"), tag("pre", format_body(entry.request_body))),
		tag("section", tag("h2", "Answered"), tag("pre", format_body(entry.response_body))),
	]


def build_input(knob: Knob, value: Any) -> Html:
	"""Return the form control of a knob."""
	if knob.kind == "number":
		shown = "" if value is None else value
		return tag(
			"input",
			type="number",
			min=0,
			name=knob.name,
			value=shown,
			id=knob.name,
			required=not knob.optional,
		)
	options = knob.options if knob.kind == "choice" else ("true", "false")
	current = value if knob.kind == "choice" else str(value).lower()
	choices = [tag("option", option, value=option, selected=option == current) for option in options]
	return tag("select", *choices, name=knob.name, id=knob.name)


def show_knobs(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	values = company.get_all_knobs()
	groups: dict[str, list[list[object]]] = {}
	for knob in KNOBS:
		label = tag("label", knob.name, for_=knob.name)
		row: list[object] = [
			label,
			build_input(knob, values[knob.name]),
			tag("span", knob.meaning, class_="quiet"),
		]
		groups.setdefault(knob.group, []).append(row)
	parts = [
		part
		for group, rows in groups.items()
		for part in (tag("h2", group), table(["Knob", "Value", "Meaning"], rows))
	]
	form = tag(
		"form",
		*parts,
		tag("p", tag("button", "Turn", class_="main")),
		method="post",
		action=f"/app/knobs?companyId={company.realm}",
	)
	return "Knobs", [tag("section", form)]


def read_knob_form(form: dict[str, str]) -> dict[str, Any]:
	"""Return the knobs of the submitted form."""
	return {knob.name: form[knob.name] for knob in KNOBS if knob.name in form}
