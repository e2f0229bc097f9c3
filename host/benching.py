"""`bin/bench`: runs benchmarks/ under the environment's Python, which it builds where it is missing."""

import os
import sys

from benchmarks.cli import list_measures, make_parser
from host.lifecycle import build_python
from host.paths import REPOSITORY
from host.steps import StepFailed, Steps, format_failure

FAILED = 1


def main(words: list[str]) -> int:
	"""Check the command line here, where nothing has to be installed yet; then become the measuring process."""
	make_parser(list_measures()).parse_args(words)
	try:
		python = build_python(Steps())
	except StepFailed as failure:
		sys.stderr.write(format_failure(failure))
		return FAILED
	environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
	os.execve(python, [str(python), "-m", "benchmarks", *words], environment)
