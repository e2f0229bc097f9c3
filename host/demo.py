"""`bin/demo`: an instance with the wholesaler's story played on it, left running for a look around."""

import argparse
import subprocess
import sys

from host.apt import ensure_packages
from host.cli import print_ready
from host.instance import Instance
from host.lifecycle import bring_down, bring_up, reset, settle_source, write_info
from host.paths import REPOSITORY
from host.steps import StepFailed, Steps, format_failure

STORY = REPOSITORY / "demo"
FAILED = 1
INTERRUPTED = 130


def main(words: list[str]) -> int:
	"""Carry out `bin/demo` with these words; returns the exit code."""
	options = make_parser().parse_args(words)
	instance, steps = Instance(options.instance), Steps()
	try:
		return play(options, instance, steps)
	except StepFailed as failure:
		sys.stderr.write(format_failure(failure))
		return FAILED
	except KeyboardInterrupt:
		sys.stderr.write("\nInterrupted. What runs is ended by: bin/demo --down\n")
		return INTERRUPTED


def make_parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(
		prog="bin/demo",
		description="Bring up a real Frappe site with All Orders and a QuickBooks Online company beside it, and play "
		"the story of a wholesaler on it. Then the desk is left running.",
	)
	what = parser.add_mutually_exclusive_group()
	what.add_argument("--where", action="store_true", help="only say which Frappe it runs on")
	what.add_argument("--once", action="store_true", help="play the story, then take everything down again")
	what.add_argument("--down", action="store_true", help="take down what runs; the data stays")
	parser.add_argument("--reset", action="store_true", help="start over from a clean site")
	parser.add_argument(
		"--instance", default="demo", metavar="NAME", help="name of the site's folder (default: demo)"
	)
	return parser


def play(options: argparse.Namespace, instance: Instance, steps: Steps) -> int:
	if options.down:
		bring_down(instance, steps)
		return 0
	if options.where:
		ensure_packages(steps)
		print(f"Frappe comes from {settle_source(instance).describe()}")
		return 0
	try:
		(reset if options.reset else bring_up)(instance, steps)
		code = tell_story(instance, steps, options.once)
	finally:
		if options.once:
			bring_down(instance, steps)
	if not options.once:
		print_ready(instance, steps)
		print("  take it down again with: bin/demo --down")
	return code


def tell_story(instance: Instance, steps: Steps, once: bool) -> int:
	"""Let the story load its company and do the main job, in the environment's Python; returns its exit code."""
	if not (STORY / "__main__.py").exists():
		steps.say("NOT PLAYED: there is no story yet (demo/__main__.py); the site is empty")
		return 0
	command = [str(instance.python), "-m", STORY.name, "--bench-info", str(write_info(instance))]
	if once:
		command.append("--once")
	environment = {**instance.make_environment(), "PYTHONUNBUFFERED": "1"}
	return subprocess.run(command, cwd=REPOSITORY, env=environment, stdin=subprocess.DEVNULL).returncode
