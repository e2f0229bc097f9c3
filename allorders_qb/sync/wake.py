"""Waking a worker after commit, so that what was queued leaves within a second and not within a minute.

The row in the queue is what counts; the wake-up is a courtesy. A dead Redis must neither undo nor delay what
somebody saves, so it is asked with a short probe first, and not again for a while after it failed. Whatever
is missed here, the scheduler's sweep finds.
"""

import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import frappe
from redis.exceptions import RedisError

PROBE_SECONDS = 0.25
SILENT_SECONDS = 20
"""After a failed wake-up none is tried for this long."""

DRAIN = "allorders_qb.sync.worker.drain"
DRAIN_TIMEOUT = 600
"""Seconds; a drain takes its own time and, at worst, that of a search and a request begun at its end."""

JOB_IDS = ("quickbooks_drain", "quickbooks_drain_next")
"""Two, because a job that has started may have looked at the queue before this row was in it."""

_failed_at: dict[str, float] = {}


def wake_after_commit() -> None:
	"""Have a worker look at the queue once the current transaction is committed; once per transaction."""
	if frappe.flags.quickbooks_wake_registered:
		return
	frappe.flags.quickbooks_wake_registered = True
	frappe.db.after_commit.add(wake_worker)
	frappe.db.after_rollback.add(_forget_registration)


def _forget_registration() -> None:
	frappe.flags.quickbooks_wake_registered = False


def wake_worker() -> bool:
	"""Enqueue a drain of the queue; whether Redis took it. Never raises for a Redis that is gone."""
	_forget_registration()
	return ask_redis(lambda: enqueue_first_free(DRAIN, JOB_IDS, "default", DRAIN_TIMEOUT))


def ask_redis(enqueue: Callable[[], None]) -> bool:
	"""Have something enqueued, after a short probe; whether Redis took it. Never raises for a Redis that is gone."""
	address = frappe.conf.redis_queue or "redis://127.0.0.1:11311"
	if time.monotonic() - _failed_at.get(address, -SILENT_SECONDS) < SILENT_SECONDS:
		return False
	try:
		_probe(address)
		enqueue()
	except (OSError, RedisError) as error:
		return _note_failure(address, error)
	_failed_at.pop(address, None)
	return True


def _probe(address: str) -> None:
	parts = urlsplit(address)
	if parts.scheme == "unix":
		return
	with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), PROBE_SECONDS):
		pass


def enqueue_first_free(method: str, job_ids: tuple[str, ...], queue: str, timeout: int) -> None:
	"""Enqueue a job under the first of these ids that has not started yet; nothing where all have."""
	from frappe.utils.background_jobs import get_job_status

	for job_id in job_ids:
		if str(get_job_status(job_id) or "").lower().endswith("started"):
			continue
		frappe.enqueue(method, queue=queue, timeout=timeout, job_id=job_id, deduplicate=True)
		return


def _note_failure(address: str, error: Exception) -> bool:
	_failed_at[address] = time.monotonic()
	frappe.logger("allorders_qb").warning(
		f"Redis did not take the wake-up ({error}); the scheduler will send what is queued."
	)
	return False
