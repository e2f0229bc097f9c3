"""Who may import whom, read from the sources: the rooms stay rooms."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "allorders_qb"
DOCTYPES = APP / "allorders_qb" / "doctype"
PURE = ("money", "statements")


def list_sources(folder: Path) -> list[Path]:
	"""Return the Python files below `folder`, without what a symbolic link leads to."""
	return sorted(file for file in folder.rglob("*.py") if APP / "doctype" not in file.parents)


def list_imports(file: Path) -> Iterator[tuple[int, str]]:
	"""Yield line and full dotted name of everything a file imports, wherever in the file it does so."""
	package = file.relative_to(ROOT).parent.parts
	for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
		if isinstance(node, ast.Import):
			yield from ((node.lineno, alias.name) for alias in node.names)
		elif isinstance(node, ast.ImportFrom):
			base = list(package[: len(package) - node.level + 1]) if node.level else []
			module = ".".join([*base, *([node.module] if node.module else [])])
			yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def is_below(name: str, *modules: str) -> bool:
	return any(name == module or name.startswith(f"{module}.") for module in modules)


def find_breaches(folder: Path, *forbidden: str, but: tuple[str, ...] = ()) -> list[str]:
	"""Return "file:line imports name" for every import below `folder` of a forbidden module that is not in `but`."""
	return [
		f"{file.relative_to(ROOT)}:{line} imports {name}"
		for file in list_sources(folder)
		for line, name in list_imports(file)
		if is_below(name, *forbidden) and not is_below(name, *but)
	]


def leave_out_tests(breaches: list[str]) -> list[str]:
	return [breach for breach in breaches if "/test_" not in breach]


def test_the_reading_of_imports_sees_each_form(tmp_path, monkeypatch):
	monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
	file = tmp_path / "room" / "inner" / "one.py"
	file.parent.mkdir(parents=True)
	file.write_text(
		"import a.b\nfrom c import d\nfrom . import e\nfrom ..f import g\ndef h():\n\tfrom i.j import k\n"
	)
	assert [name for _, name in list_imports(file)] == ["a.b", "c.d", "room.inner.e", "room.f.g", "i.j.k"]


@pytest.mark.parametrize("room", ["mapping", "qbo"])
def test_pure_rooms_know_neither_frappe_nor_the_rest_of_the_app(room):
	allowed = tuple(f"allorders_qb.{name}" for name in (room, *PURE))
	assert list_sources(APP / room), f"allorders_qb/{room} has no sources"
	assert find_breaches(APP / room, "frappe", "allorders_qb", "qbo_emulator", "host", but=allowed) == []


def test_the_shared_pure_modules_import_nothing_of_the_app():
	for name in PURE:
		breaches = [
			found
			for _, found in list_imports(APP / f"{name}.py")
			if is_below(found, "frappe", "allorders_qb")
		]
		assert breaches == [], name


def test_app_and_emulator_do_not_know_each_other():
	assert find_breaches(APP, "qbo_emulator", "host") == []
	assert find_breaches(ROOT / "qbo_emulator", "allorders_qb", "frappe", "host") == []


def test_doctype_controllers_know_nothing_of_quickbooks_traffic():
	rooms = ("sync", "qbo", "mapping", "api")
	ours = [folder for folder in sorted(DOCTYPES.glob("ao_*")) if folder.is_dir()]
	assert ours
	forbidden = [f"allorders_qb.{room}" for room in rooms]
	assert [breach for folder in ours for breach in leave_out_tests(find_breaches(folder, *forbidden))] == []


def test_fulfilment_and_stock_know_nothing_of_quickbooks():
	forbidden = [f"allorders_qb.{room}" for room in ("sync", "qbo", "mapping", "api")]
	for room in ("fulfilment", "stock"):
		assert list_sources(APP / room), f"allorders_qb/{room} has no sources"
		assert find_breaches(APP / room, *forbidden) == []


def test_sync_does_not_reach_into_the_edge():
	assert find_breaches(APP / "sync", "allorders_qb.api", "allorders_qb.hooks") == []


def test_hooks_hold_pointers_and_no_code():
	tree = ast.parse((APP / "hooks.py").read_text())
	assert [type(node).__name__ for node in tree.body if not isinstance(node, ast.Assign | ast.Expr)] == []
	assert list(list_imports(APP / "hooks.py")) == []


def test_nothing_is_imported_through_the_link_for_readers():
	assert find_breaches(ROOT / "allorders_qb", "allorders_qb.doctype") == []
	for folder in ("host", "tests", "demo", "benchmarks"):
		assert find_breaches(ROOT / folder, "allorders_qb.doctype") == []


def test_host_runs_before_any_environment_exists():
	"""All of host but `inside/`, which the built environment's Python runs, needs the standard library alone.

	bin/bench reads its command line before that too, from modules that keep the same rule.
	"""
	allowed = sys.stdlib_module_names | {"host", "benchmarks"}
	for file in list_sources(ROOT / "host"):
		if file.parent.name == "inside":
			continue
		for line, name in list_imports(file):
			assert name.split(".")[0] in allowed, f"{file.name}:{line} imports {name}"
			assert not is_below(name, "host.inside"), f"{file.name}:{line} imports {name}"


def test_the_measurements_can_be_listed_before_any_environment_exists():
	allowed = sys.stdlib_module_names | {"host", "benchmarks"}
	files = [ROOT / "benchmarks" / name for name in ("cli.py", "machine.py", "failure.py")]
	for file in [*files, *(ROOT / "benchmarks").glob("measure_*.py")]:
		for node in ast.parse(file.read_text(encoding="utf-8")).body:
			names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
			names += [node.module] if isinstance(node, ast.ImportFrom) else []
			assert [name for name in names if name.split(".")[0] not in allowed] == [], file.name
