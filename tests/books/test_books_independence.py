"""The calculation and the story share no code with what they judge: they import the standard library and each other alone."""

import ast
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
OURS = {file.stem for file in FOLDER.glob("books_*.py")} - {
	"books_site",
	"books_site_a",
	"books_reports",
	"books_replay",
}


def list_imports(file: Path) -> set[str]:
	found = set()
	for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
		if isinstance(node, ast.Import):
			found |= {alias.name.partition(".")[0] for alias in node.names}
		elif isinstance(node, ast.ImportFrom):
			assert not node.level, f"{file.name} imports by a relative path"
			found.add((node.module or "").partition(".")[0])
	return found


@pytest.mark.parametrize("name", sorted(OURS))
def test_neither_app_nor_emulator_is_in_the_calculation(name):
	assert list_imports(FOLDER / f"{name}.py") <= sys.stdlib_module_names | OURS


def test_the_reports_are_read_past_the_app():
	assert list_imports(FOLDER / "books_reports.py") <= sys.stdlib_module_names | OURS | {"requests"}


def test_the_story_is_of_no_mode():
	"""What both modes tell must not know either of them."""
	for name in ("books_events", "books_year"):
		assert not {other for other in list_imports(FOLDER / f"{name}.py") if "model" in other}, name
