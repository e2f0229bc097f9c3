"""Waking a worker after commit, so that what was queued leaves within a second and not within a minute.

The row in the queue is what counts; whatever is missed here, the scheduler's sweep finds.
"""

from allorders_qb import jobs

DRAIN = "allorders_qb.sync.worker.drain"
DRAIN_TIMEOUT = 600
"""Seconds; a drain takes its own time and, at worst, that of a search and a request begun at its end."""

JOB_IDS = ("quickbooks_drain", "quickbooks_drain_next")
"""Two, because a job that has started may have looked at the queue before this row was in it."""


def wake_after_commit() -> None:
	"""Have a worker look at the queue once the current transaction is committed; once per transaction."""
	jobs.wake_after_commit("quickbooks_wake_registered", wake_worker)


def wake_worker() -> bool:
	"""Enqueue a drain of the queue; whether Redis took it. Never raises for a Redis that is gone."""
	return jobs.ask_redis(lambda: jobs.enqueue_first_free(DRAIN, JOB_IDS, "default", DRAIN_TIMEOUT))
