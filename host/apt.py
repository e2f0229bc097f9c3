"""What the machine itself has to have: MariaDB, Redis, Node, venv, and Chromium for the browser tests."""

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec

from host.commands import read_output, run
from host.paths import get_cache
from host.steps import StepFailed, Steps

SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/sbin")
NODE_OLDEST = 18


@dataclass(frozen=True)
class Need:
	"""A program that must be there, under any of its names, and the Debian package that brings it."""

	package: str
	names: tuple[str, ...]


MARIADB = Need("mariadb-server", ("mariadbd",))
MARIADB_INSTALL = Need("mariadb-server", ("mariadb-install-db",))
MARIADB_CLIENT = Need("mariadb-client", ("mariadb",))
REDIS = Need("redis-server", ("redis-server",))
GIT = Need("git", ("git",))
NODE = Need("nodejs", ("node", "nodejs"))
NPM = Need("npm", ("npm",))
CHROMIUM = Need("chromium", ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
BASE_NEEDS = (MARIADB, MARIADB_INSTALL, MARIADB_CLIENT, REDIS, GIT, NODE, NPM)


def find_program(need: Need) -> str | None:
	"""Return the full path of the first of the need's names that is installed, or None."""
	path = os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS])
	for name in need.names:
		if found := shutil.which(name, path=path):
			return found
	return None


def get_program(need: Need) -> str:
	"""Return the full path of a program that `ensure_packages` has seen to; raises StepFailed without it."""
	found = find_program(need)
	if not found:
		raise StepFailed(
			f"The program {need.names[0]} is not installed.", advice=f"run: apt-get install {need.package}"
		)
	return found


def find_chromium() -> str | None:
	"""Return the browser for the browser tests: $CHROMIUM, or the first Chromium or Chrome found."""
	return os.environ.get("CHROMIUM") or find_program(CHROMIUM)


def list_missing_packages(browser: bool) -> list[str]:
	"""Return the Debian packages to install, sorted; with `browser` also Chromium's."""
	missing = {need.package for need in BASE_NEEDS if not find_program(need)}
	if find_spec("ensurepip") is None:
		missing.add("python3-venv")
	if browser and not find_chromium():
		missing.add(CHROMIUM.package)
	return sorted(missing)


def ensure_packages(steps: Steps, browser: bool = False) -> None:
	"""Install the missing packages through apt. Raises StepFailed with the one command to run when that is not ours to do."""
	check_node()
	missing = list_missing_packages(browser)
	if not missing:
		return
	by_hand = f"apt-get update && apt-get install --yes --no-install-recommends {' '.join(missing)}"
	root = get_root_prefix()
	if root is None or not shutil.which("apt-get"):
		raise StepFailed(
			f"This machine lacks {', '.join(missing)}.",
			advice=f"run this once as root, then try again: {by_hand}",
		)
	log = get_cache() / "logs" / "apt.log"
	environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
	with steps.step(f"System packages ({', '.join(missing)})"):
		run([*root, "apt-get", "update", "-q"], log, "check this machine's apt sources", env=environment)
		command = [*root, "apt-get", "install", "--yes", "-q", "--no-install-recommends", *missing]
		run(command, log, f"run this as root and read what it says: {by_hand}", env=environment)


def get_root_prefix() -> list[str] | None:
	"""Return the words to put before a command that needs root: none as root, sudo where it asks for no password."""
	if os.geteuid() == 0:
		return []
	if read_output(["sudo", "-n", "true"], timeout=10) is not None:
		return ["sudo", "-n"]
	return None


def check_node() -> None:
	"""Raise StepFailed when Node is of a version that cannot build Frappe 15's desk."""
	node = find_program(NODE)
	version = read_output([node, "--version"]) if node else None
	if version and int(version.lstrip("v").split(".")[0]) < NODE_OLDEST:
		raise StepFailed(
			f"Node {version} at {node} is too old to build the desk.",
			advice=f"install Node {NODE_OLDEST} or later and put it first in PATH",
		)
