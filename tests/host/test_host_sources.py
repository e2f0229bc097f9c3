"""Where Frappe comes from, and what it is said to require."""

import subprocess
from pathlib import Path

import pytest

from host import sources
from host.assets import drop_lock_entry
from host.pyproject import prefer_registry, read_dependencies
from host.sources import Source, choose_source, fetch_git, find_remote_commit, list_requirements
from host.steps import StepFailed

PROJECT = """[project]
name = "frappe"
dependencies = [
    # core dependencies
    "Babel~=2.13.1",
    "bleach[css]~=6.0.0",
    "gunicorn @ git+https://github.com/frappe/gunicorn@2f5b49",
    'rq==1.15.1', # "quoted" here
]
[tool.other]
dependencies = "none"
"""
REFERENCE = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]


def run_git(folder: Path, *words: str) -> str:
	done = subprocess.run(["git", *REFERENCE, *words], cwd=folder, check=True, capture_output=True, text=True)
	return done.stdout.strip()


@pytest.fixture
def clone(tmp_path):
	"""A small repository that looks like Frappe's, with one tag."""
	folder = tmp_path / "clone"
	(folder / "frappe").mkdir(parents=True)
	(folder / "frappe" / "__init__.py").write_text('__version__ = "15.1.2"\n')
	(folder / "frappe" / "hooks.py").write_text("")
	(folder / "pyproject.toml").write_text(PROJECT)
	run_git(folder, "init", "-q")
	run_git(folder, "add", ".")
	run_git(folder, "commit", "-q", "-m", "one")
	run_git(folder, "tag", "-a", "v15.1.2", "-m", "release")
	return folder


@pytest.fixture
def offline(monkeypatch):
	monkeypatch.setattr(sources, "find_remote_commit", lambda address, reference: None)


def test_dependencies_are_read_without_comments(tmp_path):
	file = tmp_path / "pyproject.toml"
	file.write_text(PROJECT.replace(' # "quoted" here', ""))
	assert read_dependencies(file)[:2] == ["Babel~=2.13.1", "bleach[css]~=6.0.0"]
	assert list_requirements(tmp_path)[2:] == ["gunicorn", "rq==1.15.1"]


@pytest.mark.parametrize(
	"requirement, wanted",
	[
		("gunicorn @ git+https://github.com/frappe/gunicorn@2f5b", "gunicorn"),
		("gunicorn~=20.1.0", "gunicorn~=20.1.0"),
		("bleach[css]~=6.0", "bleach[css]~=6.0"),
	],
)
def test_git_addresses_are_left_for_the_registry(requirement, wanted):
	assert prefer_registry(requirement) == wanted


def test_the_callers_path_comes_first(clone, offline):
	chosen = choose_source(None, {"ALLORDERS_FRAPPE": str(clone), "ALLORDERS_FRAPPE_REF": "v15.1.2"})
	assert (chosen.kind, chosen.location) == ("git", str(clone))
	assert chosen.revision == run_git(clone, "rev-parse", "HEAD")
	assert chosen.has_repository


def test_a_bare_repository_and_a_tag_do(clone, tmp_path, offline):
	bare = tmp_path / "bare"
	run_git(tmp_path, "clone", "-q", "--bare", str(clone), str(bare))
	chosen = choose_source(None, {"ALLORDERS_FRAPPE": str(bare), "ALLORDERS_FRAPPE_REF": "v15.1.2"})
	folder = tmp_path / "fetched"
	fetch_git(chosen, folder)
	assert (folder / "frappe" / "hooks.py").exists()


def test_a_tag_of_a_git_address_is_the_commit_it_names(clone):
	assert find_remote_commit(clone.as_uri(), "v15.1.2") == run_git(clone, "rev-parse", "HEAD")
	assert find_remote_commit(clone.as_uri(), "v99") is None
	assert find_remote_commit((clone / "nowhere").as_uri(), "v15.1.2") is None


@pytest.mark.parametrize("reference", ["v99", None])
def test_a_place_without_frappe_is_refused_with_what_to_do(tmp_path, offline, reference):
	environment = {"ALLORDERS_FRAPPE": str(tmp_path)}
	if reference:
		environment["ALLORDERS_FRAPPE_REF"] = reference
	with pytest.raises(StepFailed) as failure:
		choose_source(None, environment)
	assert str(tmp_path) in failure.value.reason and "ALLORDERS_FRAPPE_REF" in failure.value.advice


def test_plain_files_that_changed_are_another_source(clone, tmp_path, offline):
	plain = tmp_path / "plain"
	(plain / "frappe").mkdir(parents=True)
	for name in ("pyproject.toml", "frappe/hooks.py"):
		(plain / name).write_text("one")
	first = choose_source(None, {"ALLORDERS_FRAPPE": str(plain)})
	(plain / "frappe" / "hooks.py").write_text("changed")
	second = choose_source(None, {"ALLORDERS_FRAPPE": str(plain)})
	assert first.kind == "folder" and first.key != second.key


def test_without_a_wish_the_official_repository_then_the_registry(monkeypatch):
	monkeypatch.setattr(sources, "find_remote_commit", lambda address, reference: f"commit of {reference}")
	assert choose_source(None, {}).revision == "commit of version-15"
	monkeypatch.setattr(sources, "find_remote_commit", lambda address, reference: None)
	fallback = choose_source(None, {})
	assert fallback.kind == "redistribution" and not fallback.has_repository
	assert len(fallback.revision) == 64


def test_an_instance_keeps_its_frappe_until_another_is_named(clone, offline):
	had = Source("git", "somewhere", "abc", "as before")
	assert choose_source(had, {}) == had
	assert choose_source(had, {"ALLORDERS_FRAPPE": str(clone)}) != had


def test_one_entry_is_dropped_from_yarns_lock():
	lock = (
		'abc@^1:\n  version "1"\n\n'
		'"air-datepicker@github:frappe/air-datepicker":\n  version "2.2.3"\n  dependencies:\n    jquery ">=2"\n\n'
		'zed@^1:\n  version "1"\n'
	)
	assert drop_lock_entry(lock, "air-datepicker@github:frappe/air-datepicker") == (
		'abc@^1:\n  version "1"\n\nzed@^1:\n  version "1"\n'
	)
