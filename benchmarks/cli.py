"""The command line of the measurements.

Every module of this folder that is called `measure_<name>.py` is the sub-command `<name>`. It has a docstring, of which
the first line is the help, `add_options(parser)`, and `measure(options) -> dict`, whose keys and values are printed and
written to the `--json` file. At its top it imports the standard library and benchmarks alone: the command line is read before anything is
installed.
"""

import argparse
import json
import pkgutil
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from benchmarks.failure import MeasureFailed
from benchmarks.machine import describe_load, describe_machine

PREFIX = "measure_"


def list_measures() -> dict[str, ModuleType]:
	"""Return the measurements by name."""
	found = pkgutil.iter_modules([str(Path(__file__).parent)])
	names = sorted(module.name for module in found if module.name.startswith(PREFIX))
	return {name.removeprefix(PREFIX): import_module(f"benchmarks.{name}") for name in names}


def make_parser(measures: dict[str, ModuleType]) -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(prog="bin/bench", description="Measure how fast a part is.")
	commands = parser.add_subparsers(dest="name", required=True, metavar="NAME")
	for name, module in measures.items():
		first_line = (module.__doc__ or "").strip().splitlines()[0]
		command = commands.add_parser(name, help=first_line, description=module.__doc__)
		command.add_argument("--json", type=Path, metavar="FILE", help="write what was measured to FILE")
		module.add_options(command)
	return parser


def main(words: list[str]) -> int:
	"""Take one measurement, print it, and write it where asked; returns the exit code."""
	measures = list_measures()
	options = make_parser(measures).parse_args(words)
	result = {**describe_machine(), "load_before": describe_load()}
	try:
		result.update(measures[options.name].measure(options))
	except MeasureFailed as failure:
		sys.stderr.write(f"bin/bench {options.name}: {failure}\n")
		return 1
	result["load_after"] = describe_load()
	for key, value in result.items():
		print(f"{key:<24}{value}")
	if options.json:
		options.json.write_text(json.dumps(result, indent="\t") + "\n", encoding="utf-8")
	return 0
