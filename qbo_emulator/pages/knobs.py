"""The page of the knobs: what each does, its value, and what it is without anybody's turning it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.knobs import KNOBS, Knob
from qbo_emulator.pages.addresses import build_address
from qbo_emulator.pages.html import Html, tag


def build_input(knob: Knob, value: Any) -> Html:
	"""Return the form control of a knob."""
	if knob.kind in ("flag", "choice"):
		options = knob.options if knob.kind == "choice" else ("true", "false")
		current = value if knob.kind == "choice" else str(value).lower()
		choices = [tag("option", option, value=option, selected=option == current) for option in options]
		return tag("select", *choices, name=knob.name, id=knob.name)
	shown = "" if value is None else value
	kind = {"type": "number", "min": 0} if knob.kind == "number" else {"type": "text"}
	required = knob.kind == "number" and not knob.optional
	return tag("input", name=knob.name, value=shown, id=knob.name, required=required, **kind)


def format_default(knob: Knob) -> str:
	"""Return a knob's default in words."""
	if knob.default in (None, ""):
		return "empty"
	return str(knob.default).lower() if isinstance(knob.default, bool) else str(knob.default)


def build_group(group: str, values: dict[str, Any]) -> Html:
	"""Return one group's knobs; those that are not at their default are marked."""
	rows = []
	for knob in KNOBS:
		if knob.group != group:
			continue
		value = values[knob.name]
		meaning = tag("span", f"{knob.meaning}. Default: {format_default(knob)}.", class_="quiet")
		label = tag("label", tag("code", knob.name), for_=knob.name)
		cells = (tag("td", label), tag("td", build_input(knob, value)), tag("td", meaning))
		rows.append(tag("tr", *cells, class_=None if value == knob.default else "changed"))
	head = tag("tr", tag("th", "Knob"), tag("th", "Value"), tag("th", "Meaning"))
	shown = tag("table", tag("thead", head), tag("tbody", *rows))
	return tag("section", tag("h2", group), tag("div", shown, class_="scroll"))


def show_knobs(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	values = company.get_all_knobs()
	groups = dict.fromkeys(knob.group for knob in KNOBS)
	parts = [build_group(group, values) for group in groups]
	buttons = tag(
		"p", tag("button", "Turn", class_="main"), " ", tag("button", "All to their defaults", name="defaults", value="1"),
	)  # fmt: skip
	intro = tag(
		"p", "Knobs that stand at another value than their default are marked at the left.", class_="quiet"
	)
	form = tag(
		"form", *parts, buttons, method="post", action=build_address(company, "/app/knobs"), class_="knobs"
	)
	return "Knobs", [Html(f"<section>{intro}</section>{form}")]


def read_knob_form(form: dict[str, str]) -> dict[str, Any]:
	"""Return the knobs of the submitted form; all at their defaults where that button was pressed."""
	if "defaults" in form:
		return {knob.name: knob.default for knob in KNOBS}
	return {knob.name: form[knob.name] for knob in KNOBS if knob.name in form}
