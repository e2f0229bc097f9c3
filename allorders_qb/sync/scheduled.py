"""What the scheduler calls."""

from allorders_qb.sync.rows import has_work
from allorders_qb.sync.runs import schedule
from allorders_qb.sync.wake import wake_worker


def sweep_quickbooks_queue() -> None:
	"""Every minute: have a worker look where something is due, or was left behind by a worker that vanished.

	This is what makes a missed wake-up, a restarted Redis or an outage of QuickBooks heal by itself.
	"""
	if has_work():
		wake_worker()


def tick_quickbooks_runs() -> None:
	"""Every minute: begin the synchronizations that are due, and go on with those that were left behind."""
	schedule.tick()
