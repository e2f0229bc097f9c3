"""Python packages from PyPI: installed by uv, which takes a quarter of pip's time; by pip where uv cannot.

uv reads none of pip's settings, so where those name another index, pip is the one that gets through.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from host.artefacts import ensure_artefact, make_key
from host.commands import run
from host.paths import get_cache
from host.steps import StepFailed

UV = "uv==0.13.9"
PIP_ADVICE = "check that PyPI can be reached (pip's own settings are used), then run the same command again"


def create_venv(folder: Path, pip: bool = False) -> None:
	"""Create an empty virtual environment of the Python that runs this."""
	without = [] if pip else ["--without-pip"]
	advice = "install Python's venv module (Debian: apt-get install python3-venv)"
	run([sys.executable, "-m", "venv", *without, folder], get_cache() / "logs" / "venv.log", advice)


def get_bin(environment: Path, program: str) -> Path:
	return environment / "bin" / program


def ensure_tools() -> Path:
	"""Return an environment with pip, and with uv if that can be had."""

	def build(folder: Path) -> None:
		create_venv(folder, pip=True)
		try:
			run([*make_pip(folder), "install", "--upgrade", "pip", UV], get_log(), PIP_ADVICE)
		except StepFailed as failure:
			note(f"uv cannot be installed here ({failure.reason}); pip does its work")

	return ensure_artefact("tools", make_key(UV, sys.base_prefix, sys.version), build)


def make_pip(environment: Path) -> list[str | Path]:
	return [get_bin(environment, "python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]


def get_log() -> Path:
	return get_cache() / "logs" / "packages.log"


def note(line: str) -> None:
	"""Add a line to the log of package installations."""
	with get_log().open("a") as log:
		log.write(f"{line}\n")


def download(requirements: Path, folder: Path) -> None:
	"""Fetch what the requirements file names, by digest and without what it requires, into `folder`."""
	pip = make_pip(ensure_tools())
	run(
		[*pip, "download", "--no-deps", "--require-hashes", "-d", folder, "-r", requirements],
		get_log(),
		PIP_ADVICE,
	)


def install(environment: Path, words: Sequence[str | Path]) -> None:
	"""Install into an environment without pip what `words` name, as in "-r requirements.txt -c constraints.txt"."""
	tools = ensure_tools()
	python = get_bin(environment, "python")
	if get_bin(tools, "uv").exists():
		variables = {**os.environ, "UV_CACHE_DIR": str(get_cache() / "uv"), "UV_PYTHON_DOWNLOADS": "never"}
		try:
			run(
				[get_bin(tools, "uv"), "pip", "install", "--native-tls", "--python", python, *words],
				get_log(),
				env=variables,
			)
			return
		except StepFailed as failure:
			note(f"{failure.reason} Now with pip.")
	run([*make_pip(tools), "--python", python, "install", "--no-compile", *words], get_log(), PIP_ADVICE)
