"""Progress and failures, as people read them."""

import io

import pytest

from host.steps import LOG_TAIL_LINES, StepFailed, Steps, format_failure, format_seconds


class Clock:
	def __init__(self):
		self.now = 100.0

	def __call__(self):
		return self.now


@pytest.mark.parametrize(
	"seconds, text",
	[(0.04, "0.0 s"), (18.26, "18.3 s"), (99.9, "99.9 s"), (100, "1 min 40 s"), (185.2, "3 min 05 s")],
)
def test_seconds(seconds, text):
	assert format_seconds(seconds) == text


def test_a_step_shows_its_title_before_and_its_time_after():
	out, clock = io.StringIO(), Clock()
	steps = Steps(out, clock)
	with steps.step("Desk assets"):
		assert out.getvalue() == "  Desk assets ... "
		clock.now += 6.25
	assert out.getvalue() == "  Desk assets ... 6.2 s\n"
	assert steps.get_elapsed() == 6.25


def test_a_failed_step_says_so_and_passes_the_failure_on():
	out, clock = io.StringIO(), Clock()
	with pytest.raises(StepFailed), Steps(out, clock).step("Template site"):
		clock.now += 3
		raise StepFailed("new-site ended with code 1.")
	assert out.getvalue() == "  Template site ... FAILED after 3.0 s\n"


def test_a_failure_ends_with_the_log_and_what_to_do(tmp_path):
	log = tmp_path / "pip.log"
	log.write_text("\n".join(f"line {number}" for number in range(100)))
	text = format_failure(StepFailed("pip ended with code 1.", log, "check the network"))
	assert text.startswith("\npip ended with code 1.")
	assert f"line {100 - LOG_TAIL_LINES}\n" in text
	assert f"line {100 - LOG_TAIL_LINES - 1}\n" not in text
	assert text.rstrip().endswith("What to do: check the network")


def test_a_failure_without_a_log():
	assert (
		format_failure(StepFailed("No Node.", None, "install Node 18"))
		== "\nNo Node.\n\nWhat to do: install Node 18\n"
	)
