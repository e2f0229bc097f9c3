"""What the README and --help say is what there is. A failing test shows the rows that the README has to hold."""

import re
import subprocess
import sys
from pathlib import Path

from qbo_emulator.company_file import ROLES, SHAPES
from qbo_emulator.entities import ENTITIES
from qbo_emulator.knobs import KNOBS
from qbo_emulator.pages.reports import MEANINGS
from qbo_emulator.reports import REPORTS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "qbo_emulator" / "README.md").read_text(encoding="utf-8")
WORDS = {
	"create": "created",
	"update": "updated",
	"void": "voided",
	"delete": "deleted",
	"read": "read",
	"query": "queried",
}


def get_section(title: str) -> str:
	"""Return the text below a heading of the second level."""
	return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def list_rows(text: str) -> list[list[str]]:
	"""Return the rows of the tables in a text, headings and rules left out."""
	rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
	cells = [[cell.strip() for cell in row] for row in rows]
	return [
		row for row in cells if row[0] not in ("Knob", "Can be", "Report", "Option", "Call", "Key", "What")
	]


def format_default(knob) -> str:
	if knob.default in (None, ""):
		return "(empty)"
	return str(knob.default).lower() if isinstance(knob.default, bool) else str(knob.default)


def format_meaning(knob) -> str:
	"""A choice's options stand behind its meaning."""
	return f"{knob.meaning} ({', '.join(knob.options)})" if knob.options else knob.meaning


def test_emulator_readme_lists_the_knobs_as_they_are():
	"""Each below the heading of its group, as on the page."""
	groups = dict(re.findall(r"^### (.+)\n\n((?:\|.*\n)+)", get_section("Knobs"), re.MULTILINE))
	written = {group: list_rows(text) for group, text in groups.items()}
	expected: dict[str, list[list[str]]] = {}
	for knob in KNOBS:
		row = [f"`{knob.name}`", format_default(knob), format_meaning(knob)]
		expected.setdefault(knob.group, []).append(row)
	assert {group: sorted(rows) for group, rows in written.items()} == {
		group: sorted(rows) for group, rows in expected.items()
	}


def test_emulator_readme_lists_the_entities_as_they_are():
	text = get_section("What is emulated").partition("\n- ")[0]
	written = {entity: words for words, names in list_rows(text) for entity in names.split(", ")}
	expected = {
		name: ", ".join(word for operation, word in WORDS.items() if operation in entity.operations)
		for name, entity in ENTITIES.items()
	}
	assert written == expected


def test_emulator_readme_lists_the_reports_as_they_are():
	text = get_section("What is emulated").partition("\n### Reports\n")[2]
	assert dict(list_rows(text)) == MEANINGS and set(MEANINGS) == set(REPORTS)


def test_emulator_readme_and_help_name_every_option():
	command = [sys.executable, "-m", "qbo_emulator", "--help"]
	text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60).stdout
	options = set(re.findall(r"--[a-z-]+", text.partition("knobs (")[0])) - {"--help", "--version", "--port"}
	assert options >= {"--host", "--company", "--state", "--realm", "--knob", "--save"}
	assert [word for word in sorted(options) if f"`{word}" not in get_section("Options")] == []
	flat = " ".join(text.split())
	missing = [
		knob.name for knob in KNOBS if knob.name not in flat or " ".join(knob.meaning.split()) not in flat
	]
	assert missing == []


def test_emulator_readme_links_lead_to_headings():
	headings = {
		re.sub(r"[^a-z ]", "", heading.lower()).replace(" ", "-")
		for heading in re.findall(r"^## (.+)$", README, re.MULTILINE)
	}
	assert {link for link in re.findall(r"\]\(#([a-z-]+)\)", README)} <= headings


def test_emulator_readme_names_every_key_of_a_company_file():
	words = set(re.findall(r"[a-z_]+", get_section("A company file")))
	assert [key for key in SHAPES if key not in words] == []
	assert [role for role in ROLES if role.replace("_", " ") not in " ".join(README.split())] == []
