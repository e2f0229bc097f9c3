"""Work that begins after commit, in the background. A dead Redis must neither undo nor delay what somebody saves.

What is to be done stands in the database; a wake-up is a courtesy, and whatever it misses a scheduled sweep finds. So Redis
is asked with a short probe first, and not again for a while after it failed.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import frappe
from redis.exceptions import RedisError

PROBE_SECONDS = 0.25
SILENT_SECONDS = 20
"""After a failed wake-up none is tried for this long."""

_failed_at: dict[str, float] = {}


def wake_after_commit(flag: str, wake: Callable[[], object]) -> None:
	"""Call `wake` once the current transaction is committed; once per transaction and `flag` (a name of the caller's)."""
	if frappe.flags.get(flag):
		return
	frappe.flags[flag] = True

	def forget() -> None:
		frappe.flags[flag] = False

	def wake_now() -> None:
		forget()
		wake()

	frappe.db.after_commit.add(wake_now)
	frappe.db.after_rollback.add(forget)


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


def enqueue_first_free(method: str, job_ids: tuple[str, ...], queue: str, timeout: int) -> None:
	"""Enqueue a job under the first of these ids that has not started yet; nothing where all have, or where it waits there.

	Two ids are enough: a job that has started may have looked at the work before the latest of it was there. One that still
	waits looks later than now. Only the statuses are asked for: reading whole jobs takes several times as long.
	"""
	from frappe.utils.background_jobs import create_job_id, get_redis_conn
	from rq.job import Job

	connection = get_redis_conn()
	for job_id in job_ids:
		status = connection.hget(Job.key_for(create_job_id(job_id)), "status")
		if status == b"queued":
			return
		if status != b"started":
			frappe.enqueue(method, queue=queue, timeout=timeout, job_id=job_id, deduplicate=True)
			return


def _probe(address: str) -> None:
	parts = urlsplit(address)
	if parts.scheme == "unix":
		return
	with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), PROBE_SECONDS):
		pass


def _note_failure(address: str, error: Exception) -> bool:
	_failed_at[address] = time.monotonic()
	frappe.logger("allorders_qb").warning(
		f"Redis did not take the wake-up ({error}); the scheduler will find what is to be done."
	)
	return False
