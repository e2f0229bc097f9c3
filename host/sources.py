"""Where Frappe comes from: the caller's path or address, else the official repository, else PyPI.

1. ALLORDERS_FRAPPE, a folder (a work tree, a bare repository, or plain files) or a git address, at ALLORDERS_FRAPPE_REF
   (a tag, branch or commit; what is checked out when not given).
2. The official repository's branch version-15, when it can be reached.
3. The PyPI redistribution that `restore` describes. For development and tests only.
"""

import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_string
from pathlib import Path

from host.artefacts import ensure_artefact, make_key
from host.commands import read_output, run
from host.packages import download
from host.paths import get_cache
from host.pyproject import prefer_registry, read_dependencies
from host.restore import restore_renamed_files, restore_tree
from host.steps import StepFailed

OFFICIAL = "https://github.com/frappe/frappe"
OFFICIAL_BRANCH = "version-15"
PROBE_SECONDS = 8
WHEEL = "criscostack"
WHEEL_VERSION = "1.0.0"
WHEEL_SHA256 = "dc58aaf29c59b7666edc953596e5b31f77d7286b2ed6b14c6a205b217c210349"
RECIPE = 1  # raise it when the way a source is laid out changes


@dataclass(frozen=True)
class Source:
	"""A Frappe to build on. `kind` is "git", "folder" or "redistribution"; `revision` changes when its files do."""

	kind: str
	location: str
	revision: str
	why: str

	@property
	def key(self) -> str:
		return make_key(RECIPE, self.kind, self.revision)

	@property
	def has_repository(self) -> bool:
		"""Tell whether the repository's root came along, and with it the official asset build and socket.io server."""
		return self.kind != "redistribution"

	def describe(self) -> str:
		"""Return one line for people: which Frappe, and why this one."""
		return f"{self.location} at {self.revision[:12]} ({self.why})"


def choose_source(had: Source | None = None, environment: Mapping[str, str] = os.environ) -> Source:
	"""Return the Frappe to build on, in the order that the module's docstring gives.

	What the caller does not name is left as it was: `had`, the one an existing instance was made with.
	"""
	given = environment.get("ALLORDERS_FRAPPE")
	if given:
		return choose_given(given, environment.get("ALLORDERS_FRAPPE_REF") or "HEAD")
	if had:
		return had
	commit = find_remote_commit(OFFICIAL, OFFICIAL_BRANCH)
	if commit:
		return Source("git", OFFICIAL, commit, f"the official repository's {OFFICIAL_BRANCH}")
	return Source(
		"redistribution",
		f"{WHEEL} {WHEEL_VERSION} from PyPI, Frappe 15.0.0-dev of 2023-08-05",
		WHEEL_SHA256,
		"the official repository cannot be reached from here",
	)


def choose_given(location: str, reference: str) -> Source:
	"""Return the Frappe that the caller named. Raises StepFailed when there is none at that place."""
	folder = Path(location).expanduser()
	if not folder.exists():
		commit = find_remote_commit(location, reference)
		if not commit:
			raise StepFailed(
				f"ALLORDERS_FRAPPE names {location}, which is no folder, nor a git address with {reference}.",
				advice="correct ALLORDERS_FRAPPE and ALLORDERS_FRAPPE_REF, or unset both",
			)
		return Source("git", location, commit, "named by ALLORDERS_FRAPPE")
	folder = folder.resolve()
	commit = read_output(["git", "-C", folder, "rev-parse", "--verify", f"{reference}^{{commit}}"])
	if commit:
		return Source("git", str(folder), commit, f"named by ALLORDERS_FRAPPE, {reference}")
	if (folder / "frappe" / "hooks.py").exists() and (folder / "pyproject.toml").exists():
		return Source("folder", str(folder), make_key(list_stamps(folder)), "named by ALLORDERS_FRAPPE")
	raise StepFailed(
		f"ALLORDERS_FRAPPE names {folder}, which holds no Frappe at {reference}.",
		advice="name a clone of Frappe's repository and, in ALLORDERS_FRAPPE_REF, a tag or branch that it has",
	)


def find_remote_commit(address: str, reference: str) -> str | None:
	"""Return the commit that `reference` has at a git address, or None when the address does not answer in time."""
	names = [reference, f"{reference}^{{}}"]
	environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
	try:
		done = subprocess.run(
			["git", "ls-remote", address, *names],
			capture_output=True,
			text=True,
			timeout=PROBE_SECONDS,
			env=environment,
			stdin=subprocess.DEVNULL,
		)
	except (FileNotFoundError, subprocess.TimeoutExpired):
		return None
	lines = done.stdout.split("\n") if done.returncode == 0 else []
	found = {name: commit for commit, _, name in (line.partition("\t") for line in lines) if name}
	peeled = [commit for name, commit in found.items() if name.endswith("^{}")]
	return next(iter(peeled or found.values()), None)


def list_stamps(folder: Path) -> list[str]:
	"""Return path, size and time of every file of plain (unversioned) sources: a cheap way to see that they changed."""
	stamps = []
	for parent, folders, files in os.walk(folder):
		folders[:] = sorted(
			name for name in folders if name not in (".git", "node_modules", "__pycache__", "dist")
		)
		for name in sorted(files):
			state = os.stat(os.path.join(parent, name))
			stamps.append(f"{parent}/{name} {state.st_size} {state.st_mtime_ns}")
	return stamps


def fetch_source(source: Source) -> Path:
	"""Return a folder with the source's files, as `apps/frappe` has them: a `frappe` package and, but for the
	redistribution, everything of the repository's root."""
	ways = {"git": fetch_git, "folder": copy_folder, "redistribution": fetch_redistribution}
	inner = (
		Path("apps", "frappe") if source.has_repository else Path()
	)  # the official build looks for a bench around it
	return (
		ensure_artefact("frappe", source.key, lambda folder: ways[source.kind](source, folder / inner))
		/ inner
	)


def fetch_git(source: Source, folder: Path) -> None:
	"""Check out one commit, without its history."""
	log = get_cache() / "logs" / "frappe.log"
	address = source.location if "://" in source.location else Path(source.location).as_uri()
	if not Path(source.location).exists():
		address = source.location
	advice = "check that the git address can be reached, or name a local clone in ALLORDERS_FRAPPE"
	run(["git", "init", "-q", folder], log)
	run(["git", "-C", folder, "fetch", "-q", "--depth", "1", address, source.revision], log, advice)
	run(["git", "-C", folder, "-c", "advice.detachedHead=false", "checkout", "-q", "FETCH_HEAD"], log, advice)


def copy_folder(source: Source, folder: Path) -> None:
	"""Copy plain sources, so that building never writes into the caller's folder."""
	ignore = shutil.ignore_patterns(".git", "node_modules", "__pycache__", "dist")
	shutil.copytree(source.location, folder, ignore=ignore, symlinks=True, dirs_exist_ok=True)


def fetch_redistribution(source: Source, folder: Path) -> None:
	"""Fetch the wheel from PyPI, pinned by its digest, and put the names back."""
	pin = folder / "pin.txt"
	pin.write_text(f"{WHEEL}=={WHEEL_VERSION} --hash=sha256:{source.revision}\n")
	download(pin, folder)
	wheel = next(folder.glob("*.whl"))
	with zipfile.ZipFile(wheel) as archive:
		archive.extractall(folder)
	wheel.unlink()
	restore_tree(folder)
	restore_renamed_files(folder / "frappe")


def list_requirements(folder: Path) -> list[str]:
	"""Return what the Frappe in `folder` requires of PyPI, as pip takes it."""
	project = folder / "pyproject.toml"
	if project.exists():
		return [prefer_registry(requirement) for requirement in read_dependencies(project)]
	metadata = next(folder.glob("*.dist-info")) / "METADATA"
	return message_from_string(metadata.read_text()).get_all("Requires-Dist") or []


def read_version(folder: Path) -> str:
	"""Return the version that the Frappe in `folder` gives itself."""
	for line in (folder / "frappe" / "__init__.py").read_text().splitlines():
		if line.startswith("__version__"):
			return line.split("=")[1].strip().strip("\"'")
	return "unknown"
