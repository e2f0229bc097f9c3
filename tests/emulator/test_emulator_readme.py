"""What the README and --help say is what there is."""

import re
import subprocess
import sys
from pathlib import Path

from qbo_emulator.knobs import KNOBS
from qbo_emulator.reports import REPORTS

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "qbo_emulator" / "README.md"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]*?) \| (.*) \|$", re.MULTILINE)


def format_default(knob) -> str:
	if knob.default in (None, ""):
		return "(empty)"
	return str(knob.default).lower() if isinstance(knob.default, bool) else str(knob.default)


def format_meaning(knob) -> str:
	"""A choice's options stand behind its meaning."""
	return f"{knob.meaning} ({', '.join(knob.options)})" if knob.options else knob.meaning


def test_emulator_readme_lists_the_knobs_as_they_are():
	table = README.read_text(encoding="utf-8").partition("## Knobs")[2].partition("\n## ")[0]
	written = {name: (default, meaning) for name, default, meaning in ROW.findall(table)}
	assert written == {knob.name: (format_default(knob), format_meaning(knob)) for knob in KNOBS}


def test_emulator_help_lists_options_and_knobs():
	command = [sys.executable, "-m", "qbo_emulator", "--help"]
	text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30).stdout
	options = set(re.findall(r"--[a-z-]+", text.partition("knobs (")[0])) - {"--help", "--version"}
	assert options >= {"--port", "--host", "--company", "--state", "--realm", "--knob"}
	readme = README.read_text(encoding="utf-8")
	assert [word for word in sorted(options) if word not in readme] == []
	flat = " ".join(text.split())
	for knob in KNOBS:
		assert knob.name in flat and " ".join(knob.meaning.split()) in flat


def test_emulator_readme_names_every_report():
	text = README.read_text(encoding="utf-8")
	missing = [name for name in REPORTS if name.removesuffix("Detail") not in text]
	assert missing == []
