"""The command line: `python3 -m host COMMAND [--instance NAME]`; the commands are at the end of this file."""

import argparse
import json
import os
import sys

from host.apt import ensure_packages
from host.instance import Instance
from host.lifecycle import bring_down, bring_up, make_info, remove, reset
from host.prune import prune
from host.services import FRONTS, STORES, start_services, stop_services
from host.sources import choose_source
from host.steps import StepFailed, Steps, format_failure, format_seconds

FAILED = 1


def main(words: list[str]) -> int:
	"""Carry out one command; returns the exit code."""
	cut = words.index("--") if "--" in words else len(words)
	options = make_parser().parse_intermixed_args(words[:cut])
	options.rest = words[cut + 1 :]
	if options.rest and options.command != "frappe":
		make_parser().error(f"unknown: {' '.join(options.rest)}")
	try:
		return COMMANDS[options.command](options) or 0
	except StepFailed as failure:
		sys.stderr.write(format_failure(failure))
		return FAILED


def make_parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(prog="python3 -m host", description="A Frappe site on a bare machine.")
	parser.add_argument("command", choices=sorted(COMMANDS))
	parser.add_argument("services", nargs="*", help="for start, stop, restart: which services")
	parser.add_argument("--instance", default="dev", metavar="NAME", help="which site (default: dev)")
	parser.add_argument(
		"--without", default="", metavar="NAMES", help="services not to start, with commas between"
	)
	parser.add_argument("--company", help="the emulator's company: a file or a name")
	parser.add_argument("--browser", action="store_true", help="see to Chromium too")
	parser.add_argument("--no-app", action="store_true", help="a site without the app")
	return parser


def read_options(options: argparse.Namespace) -> dict:
	without = {name for name in options.without.split(",") if name}
	if unknown := without - set(FRONTS):
		raise StepFailed(
			f"There is no service called {', '.join(sorted(unknown))}.",
			advice=f"choose from {', '.join(FRONTS)}",
		)
	return {
		"without": without,
		"browser": options.browser,
		"company": options.company,
		"with_app": not options.no_app,
	}


def run_up(options: argparse.Namespace) -> None:
	instance, steps = Instance(options.instance), Steps()
	bring_up(instance, steps, **read_options(options))
	print_ready(instance, steps)


def run_reset(options: argparse.Namespace) -> None:
	instance, steps = Instance(options.instance), Steps()
	reset(instance, steps, **read_options(options))
	print_ready(instance, steps)


def print_ready(instance: Instance, steps: Steps) -> None:
	info = make_info(instance)
	print(f"Ready after {format_seconds(steps.get_elapsed())}: {info['web_url']}/app")
	print(f"  log in as {info['admin_user']} with the password {info['admin_password']}")
	if info["emulator_url"]:
		print(f"  QuickBooks Online emulator: {info['emulator_url']}")


def run_down(options: argparse.Namespace) -> None:
	bring_down(Instance(options.instance), Steps())


def run_remove(options: argparse.Namespace) -> None:
	remove(Instance(options.instance), Steps())


def run_prune(options: argparse.Namespace) -> None:
	prune(Steps())


def run_info(options: argparse.Namespace) -> None:
	print(json.dumps(make_info(get_built(options.instance)), indent=1))


def run_where(options: argparse.Namespace) -> None:
	ensure_packages(Steps())
	print(f"Frappe comes from {choose_source().describe()}")


def run_frappe(options: argparse.Namespace) -> None:
	instance = get_built(options.instance)
	os.chdir(instance.sites)
	command = instance.make_frappe_command(*options.services, *options.rest)
	os.execve(command[0], command, instance.make_environment())


def run_start(options: argparse.Namespace) -> None:
	start_services(get_built(options.instance), check_services(options.services))


def run_stop(options: argparse.Namespace) -> None:
	stop_services(get_built(options.instance), check_services(options.services))


def run_restart(options: argparse.Namespace) -> None:
	run_stop(options)
	run_start(options)


def check_services(names: list[str]) -> list[str]:
	known = (*STORES, *FRONTS)
	if not names or set(names) - set(known):
		raise StepFailed(
			f"Which service? Asked for: {' '.join(names) or 'none'}.",
			advice=f"choose from {', '.join(known)}",
		)
	return names


def get_built(name: str) -> Instance:
	instance = Instance(name)
	if not instance.state.get("ports"):
		raise StepFailed(
			f"There is no instance {name}.", advice=f"make it: python3 -m host up --instance {name}"
		)
	return instance


COMMANDS = {
	"down": run_down,
	"frappe": run_frappe,
	"info": run_info,
	"prune": run_prune,
	"remove": run_remove,
	"reset": run_reset,
	"restart": run_restart,
	"start": run_start,
	"stop": run_stop,
	"up": run_up,
	"where": run_where,
}
