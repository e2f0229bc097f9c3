"""The steps of a synchronization in All Orders' order, one registry: what it does, not how.

A step is a function of the ``RunContext``. It may be begun again after a crash, so it does not do twice what it did
(``context.is_done``), and it commits by ``context.check_lease`` alone. Another step is one line here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from allorders_qb.sync.compare import compare
from allorders_qb.sync.matching.carrying_out import carry_out
from allorders_qb.sync.matching.reading import read_both_sides
from allorders_qb.sync.mode_change.work import carry_out as change_mode
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.runs.counting import read_counted_stock
from allorders_qb.sync.runs.flush import flush_queue
from allorders_qb.sync.runs.pulling import pull_lists, pull_selected
from allorders_qb.sync.runs.run_rows import (
	FULL,
	MATCHING_CARRYING_OUT,
	MATCHING_READING,
	MODE_CHANGE,
	SELECTED_LISTS,
	SELECTED_RECORDS,
	SINCE_LAST,
)
from allorders_qb.sync.runs.selected import send_selected
from allorders_qb.sync.runs.sending_all import send_everything

WHOLE = (SINCE_LAST, FULL)


@dataclass(frozen=True)
class Step:
	"""``weight`` is its share of the time a run usually takes, ``kinds`` the runs that it belongs to."""

	name: str
	label: str
	weight: int
	kinds: tuple[str, ...]
	carry_out: Callable[[RunContext], None]


STEPS = (
	Step("read_both_sides", "Reading both sides' lists", 100, (MATCHING_READING,), read_both_sides),
	Step("carry_out", "Carrying out what was decided", 100, (MATCHING_CARRYING_OUT,), carry_out),
	Step("change_mode", "Changing the inventory mode", 100, (MODE_CHANGE,), change_mode),
	Step("flush", "Sending what is queued", 30, (*WHOLE, SELECTED_LISTS), flush_queue),
	Step("send_selected", "Sending the selected records", 30, (SELECTED_RECORDS,), send_selected),
	Step("pull_selected", "Reading the selected records", 40, (SELECTED_RECORDS,), pull_selected),
	Step("pull", "Reading QuickBooks' lists", 40, (*WHOLE, SELECTED_LISTS), pull_lists),
	Step("send_all", "Sending all", 20, WHOLE, send_everything),
	Step("compare", "Comparing what was sent", 10, WHOLE, compare),
	Step("read_counted_stock", "Reading QuickBooks' stock", 5, WHOLE, read_counted_stock),
)


def get_steps(kind: str) -> list[Step]:
	"""The steps of a kind of run, in order."""
	return [step for step in STEPS if kind in step.kinds]
