"""`bin/test`: the parts of the tests, each with what it needs, and one summary.

unit and emulator need the environment's Python alone. site, crash, browser, books and northwind each begin with a clean site on
an instance of their own, which is ended afterwards, whatever happens.
"""

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from xml.etree.ElementTree import ParseError

from host.apt import find_chromium
from host.instance import Instance
from host.lifecycle import bring_down, build_python, reset, write_info
from host.paths import APP, REPOSITORY, get_cache
from host.results import Result, format_table, get_exit_code, read_junit
from host.steps import StepFailed, Steps, format_failure

TESTS = REPOSITORY / "tests"
INTERRUPTED = 130
NO_TESTS_COLLECTED = 5  # pytest's exit code


@dataclass(frozen=True)
class Part:
	"""One part of the tests: its folder under tests/ (None: Frappe's own runner), and the servers it does without."""

	name: str
	folder: str | None
	needs_site: bool = True
	without: tuple[str, ...] = ()
	browser: bool = False


PARTS = (
	Part("unit", "", needs_site=False),
	Part("emulator", "emulator", needs_site=False),
	Part("site", None, without=("worker", "scheduler")),
	Part("crash", "crash", without=("scheduler",)),
	Part("browser", "browser", browser=True),
	Part("books", "books"),
	Part("northwind", "northwind"),
)
FOLDERS_OF_THEIR_OWN = tuple(part.folder for part in PARTS if part.folder)


def main(words: list[str]) -> int:
	"""Run the parts asked for; prints the summary and returns the exit code."""
	cut = words.index("--") if "--" in words else len(words)
	options = make_parser().parse_args(words[:cut])
	signal.signal(signal.SIGTERM, interrupt)
	parts = [part for part in PARTS if options.part in ("all", part.name)]
	steps, results = Steps(), []
	with claim_instance(options.instance) as instance:
		try:
			for part in parts:
				results.append(run_part(part, instance, steps, words[cut + 1 :]))
		except KeyboardInterrupt:
			sys.stderr.write("\nInterrupted.\n")
		finally:
			if instance.folder.exists() and not options.keep:
				bring_down(instance, steps)
	print(format_table(results), flush=True)
	return get_exit_code(results) if len(results) == len(parts) else INTERRUPTED


def make_parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(
		prog="bin/test",
		description="Run the tests, all or a part. What follows after -- is passed on to pytest.",
	)
	parser.add_argument("part", nargs="?", default="all", choices=["all", *(part.name for part in PARTS)])
	parser.add_argument("--keep", action="store_true", help="leave the site running afterwards")
	parser.add_argument(
		"--instance", metavar="NAME", help="the site's name (default: test, or test-2 … when in use)"
	)
	return parser


def interrupt(_number: int, _frame: FrameType | None) -> None:
	"""Take SIGTERM as Ctrl-C, so that what was started is ended."""
	raise KeyboardInterrupt


@contextmanager
def claim_instance(name: str | None) -> Iterator[Instance]:
	"""Yield an instance that no other run of the tests uses at the same time."""
	folder = get_cache() / "locks"
	folder.mkdir(parents=True, exist_ok=True)
	for candidate in [name] if name else ["test", *(f"test-{number}" for number in range(2, 10))]:
		with (folder / f"tests-{candidate}.lock").open("w") as lock:
			try:
				fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
			except BlockingIOError:
				continue
			yield Instance(candidate)
			return
	raise SystemExit(f"The instance {name or 'test'} is in use by another run of the tests.")


def run_part(part: Part, instance: Instance, steps: Steps, extra: list[str]) -> Result:
	"""Run one part; whatever goes wrong with it stands in the result."""
	print(f"\n== {part.name} ==", flush=True)
	result = Result(part.name)
	began = time.monotonic()
	if part.folder and not (TESTS / part.folder).is_dir():
		result.absent = f"there is no tests/{part.folder} yet"
		return result
	try:
		with TemporaryDirectory(prefix="allorders-tests-") as folder:
			report = Path(folder) / "junit.xml"
			code = run_tests(part, instance, steps, report, extra)
			read_report(report, code, result)
	except StepFailed as failure:
		sys.stderr.write(format_failure(failure))
		result.trouble = failure.reason
	result.seconds = time.monotonic() - began
	return result


def read_report(report: Path, code: int, result: Result) -> None:
	"""Add what the run wrote to `result`; a run that told nothing, or failed without saying where, is a failure."""
	try:
		read_junit(report, result)
	except (FileNotFoundError, ParseError):
		result.trouble = f"the run ended with code {code} before it could tell its results"
		return
	if not (result.passed or result.failed or result.skipped):
		result.trouble = "there are no tests in it"
	elif code and not result.failed:
		result.trouble = f"the run ended with code {code} though no test failed"


def run_tests(part: Part, instance: Instance, steps: Steps, report: Path, extra: list[str]) -> int:
	"""Bring up what the part needs and run it, its output going where ours goes; returns its exit code."""
	if not part.needs_site:
		python = build_python(steps)
		return run_pytest(part, str(python), dict(os.environ), report, extra)
	reset(instance, steps, without=part.without, browser=part.browser)
	if part.browser and not find_chromium():
		raise StepFailed("The browser tests need Chromium.", advice="install it, or name one in CHROMIUM")
	environment = {**instance.make_environment(), "ALLORDERS_HOST_INFO": str(write_info(instance))}
	if part.folder is None:
		command = instance.make_frappe_command("run-tests", "--app", APP, "--junit-xml-output", str(report))
		# Frappe tells by its exit code that tests failed only where CI is set.
		return run_child(command, instance.sites, {**environment, "CI": "true"})
	return run_pytest(part, str(instance.python), environment, report, extra)


def run_pytest(part: Part, python: str, environment: dict[str, str], report: Path, extra: list[str]) -> int:
	"""Run pytest on the part's folder; `unit` is all that is in no folder of another part."""
	folder = TESTS / part.folder if part.folder else TESTS
	ignored = [] if part.folder else [f"--ignore={TESTS / name}" for name in FOLDERS_OF_THEIR_OWN]
	command = [python, "-m", "pytest", str(folder), *ignored, f"--junitxml={report}", "-q", *extra]
	return run_child(command, REPOSITORY, environment)


def run_child(command: list[str], folder: Path, environment: dict[str, str]) -> int:
	"""Run a command to its end, with its output in ours; on Ctrl-C wait for it to end before passing that on."""
	child = subprocess.Popen(
		command, cwd=folder, env={**environment, "PYTHONUNBUFFERED": "1"}, stdin=subprocess.DEVNULL
	)
	try:
		return child.wait()
	except KeyboardInterrupt:
		child.send_signal(signal.SIGINT)
		child.wait()
		raise
