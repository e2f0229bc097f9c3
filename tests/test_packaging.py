"""The repository as others meet it: links, packaging files, commands, nothing of anybody's machine."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from host.pyproject import read_dependencies

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "allorders_qb"
EXECUTABLES = ("bin/bench", "bin/demo", "bin/test", ".ci/run")
# Folders of a developer's own machine; a placeholder such as /home/runner (of GitHub's) is none.
MACHINE_PATH = re.compile(rb"(?<![\w./~$}-])/(?:root|work|tmp/\w|home/(?!runner\b|frappe\b)\w)[\w./-]*")
REGISTRY_HOST = re.compile(
	rb"(?:registry\.(?:npmjs\.org|yarnpkg\.com)|files\.pythonhosted\.org|pypi\.org/simple)"
)
PICTURES = (".png", ".jpg", ".gif", ".ico", ".woff", ".woff2")


def list_tracked() -> list[Path]:
	"""Return the files in git's index; skips where this is no clone."""
	done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
	if done.returncode:
		pytest.skip("not a git clone: there is no list of the repository's files")
	return [ROOT / name for name in done.stdout.split("\0") if name]


def read_setup() -> dict:
	"""Return the arguments that setup.py gives to setup(), those that are plain values."""
	tree = ast.parse((ROOT / "setup.py").read_text())
	call = next(
		node
		for node in ast.walk(tree)
		if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setup"
	)
	plain = (ast.Constant, ast.List)
	return {word.arg: ast.literal_eval(word.value) for word in call.keywords if isinstance(word.value, plain)}


def read_project(name: str) -> str:
	"""Return a one-line text value of pyproject.toml's [project] table."""
	table = (ROOT / "pyproject.toml").read_text().split("[build-system]")[0]
	return re.search(rf'^{name} = "(.+)"$', table, re.MULTILINE)[1]


@pytest.mark.parametrize(
	"link, target", [("allorders_qb/doctype", "allorders_qb/doctype"), ("fixtures", "allorders_qb/fixtures")]
)
def test_links_for_readers_are_relative_and_lead_somewhere(link, target):
	path = ROOT / link
	assert path.is_symlink()
	assert os.readlink(path) == target
	assert path.is_dir() and any(path.iterdir())


def test_setup_and_pyproject_agree():
	setup = read_setup()
	for theirs, ours in (
		("name", "name"),
		("description", "description"),
		("python_requires", "requires-python"),
	):
		assert setup[theirs] == read_project(ours)
	assert setup["install_requires"] == read_dependencies(ROOT / "pyproject.toml")
	assert "MIT" in (ROOT / "license.txt").read_text()


def test_setup_finds_every_package_once():
	setuptools = pytest.importorskip("setuptools")
	text = (ROOT / "setup.py").read_text()
	found = setuptools.find_packages(
		str(ROOT),
		include=["allorders_qb", "allorders_qb.*"],
		exclude=["allorders_qb.doctype", "allorders_qb.doctype.*"],
	)
	assert '"allorders_qb.doctype.*"' in text
	assert "allorders_qb.allorders_qb.doctype.ao_ship_doc" in found
	assert not [name for name in found if name.startswith("allorders_qb.doctype")]
	for room in ("mapping", "qbo", "sync", "fulfilment", "stock", "api"):
		assert f"allorders_qb.{room}" in found, f"allorders_qb/{room} lacks an __init__.py"


def test_frappe_is_left_to_bench():
	names = [
		re.split(r"[<>=~! @\[]", requirement)[0] for requirement in read_dependencies(ROOT / "pyproject.toml")
	]
	assert names == ["pyrate-limiter", "python-quickbooks", "requests"]
	assert 'frappe = ">=15.0.0,<17.0.0"' in (ROOT / "pyproject.toml").read_text()


def test_every_doctype_has_its_controller_and_package():
	folders = [
		folder for folder in (APP / "allorders_qb" / "doctype").iterdir() if list(folder.glob("*.json"))
	]
	assert folders
	for folder in folders:
		for name in ("__init__.py", f"{folder.name}.py", f"{folder.name}.json"):
			assert (folder / name).exists(), f"{folder.name} lacks {name}"


def test_test_files_have_names_of_their_own():
	"""Without packages below tests/, two files of one name would be one module."""
	assert not list((ROOT / "tests").rglob("__init__.py"))
	names = [file.name for file in (ROOT / "tests").rglob("test_*.py")]
	assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("name", EXECUTABLES)
def test_commands_can_be_called(name):
	path = ROOT / name
	assert os.access(path, os.X_OK)
	assert path.read_text().startswith("#!/usr/bin/env ")


@pytest.mark.parametrize("name", ["bin/bench", "bin/demo", "bin/test"])
def test_commands_explain_themselves(name):
	done = subprocess.run([sys.executable, ROOT / name, "--help"], capture_output=True, text=True, cwd="/")
	assert done.returncode == 0
	assert f"usage: {name}" in done.stdout


def test_nothing_of_anybodys_machine_is_in_the_repository():
	found = []
	for file in list_tracked():
		if (
			file.is_symlink()
			or not file.exists()
			or file.suffix in PICTURES
			or file == Path(__file__).resolve()
		):
			continue
		for number, line in enumerate(file.read_bytes().splitlines(), 1):
			if MACHINE_PATH.search(line) or REGISTRY_HOST.search(line):
				found.append(f"{file.relative_to(ROOT)}:{number}: {line[:120]!r}")
	assert found == []


def test_ruff_is_content():
	ruff = Path(sys.executable).with_name("ruff")
	program = str(ruff) if ruff.exists() else shutil.which("ruff")
	if not program:
		pytest.skip("ruff is not installed")
	for words in (["check"], ["format", "--check"]):
		done = subprocess.run([program, *words, "."], cwd=ROOT, capture_output=True, text=True)
		assert done.returncode == 0, done.stdout + done.stderr
