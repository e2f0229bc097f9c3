"""What tests came out as: read from JUnit XML, added up, printed as a table."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from host.steps import format_seconds


@dataclass
class Result:
	"""The outcome of one part of the tests. `trouble` says why it failed as a whole, `absent` why it has nothing to run."""

	part: str
	passed: int = 0
	failed: int = 0
	skipped: list[str] = field(default_factory=list)
	seconds: float = 0.0
	trouble: str = ""
	absent: str = ""

	@property
	def word(self) -> str:
		if self.absent:
			return "absent"
		return "FAILED" if self.failed or self.trouble else "ok"


def read_junit(file: Path, result: Result) -> None:
	"""Add the test cases of a JUnit XML file to `result`. Raises FileNotFoundError or ElementTree.ParseError."""
	for case in ElementTree.parse(file).getroot().iter("testcase"):
		skip = case.find("skipped")
		if case.find("failure") is not None or case.find("error") is not None:
			result.failed += 1
		elif skip is not None:
			name = f"{case.get('classname')}.{case.get('name')}"
			result.skipped.append(
				f"{name}: {skip.get('message') or (skip.text or '').strip() or 'no reason given'}"
			)
		else:
			result.passed += 1


def format_table(results: Sequence[Result]) -> str:
	"""Return the table of all parts, what was skipped and why, and last the plain line that machines read."""
	lines = ["", f"{'part':<12}{'result':<9}{'passed':>8}{'failed':>8}{'skipped':>9}{'time':>14}"]
	for one in results:
		counts = f"{one.passed:>8}{one.failed:>8}{len(one.skipped):>9}{format_seconds(one.seconds):>14}"
		lines.append(f"{one.part:<12}{one.word:<9}{counts}")
	lines += [f"{one.part} FAILED: {one.trouble}" for one in results if one.trouble]
	lines += [f"{one.part} has NOTHING TO RUN: {one.absent}" for one in results if one.absent]
	skips = [f"  {one.part}: {skip}" for one in results for skip in one.skipped]
	if skips:
		lines += ["Skipped:", *skips]
	passed, failed, skipped = count(results)
	lines += ["", f"{passed} passed, {failed} failed, {skipped} skipped"]
	return "\n".join(lines)


def count(results: Sequence[Result]) -> tuple[int, int, int]:
	"""Return the sums of passed, failed and skipped; a part that failed as a whole counts as one failure more."""
	passed = sum(one.passed for one in results)
	failed = sum(one.failed + (1 if one.trouble and not one.failed else 0) for one in results)
	return passed, failed, sum(len(one.skipped) for one in results)


def get_exit_code(results: Sequence[Result]) -> int:
	"""Return 0 when tests ran and none failed, else 1."""
	passed, failed, _ = count(results)
	return 0 if passed and not failed else 1
