"""What the steps of a synchronization are given: the client, the counters, the progress, and the point of commit.

A step reads and writes in its own transactions and calls ``check_lease`` wherever it would commit. There the fence is
looked at, so that a worker which was thought dead and has been replaced can't commit anything behind the other's back.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from allorders_qb.qbo.client import CallRecord, QuickBooksClient
from allorders_qb.sync.call_log import CallLog
from allorders_qb.sync.connection import (
	get_access_token,
	get_company_profile,
	get_connection,
	get_timing,
	open_client,
)
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.runs import lease
from allorders_qb.sync.runs.run_rows import RUN, change_run

LIST_ROW = "QuickBooks Sync Run List"
ERROR_ROW = "QuickBooks Sync Run Error"
MAX_ERRORS_KEPT = 200

TOKEN_SECONDS = 60
"""So often it is made sure that the token outlives the next requests."""

SHOW_SECONDS = 0.5
"""Progress is written and told no more often than this."""

EVENT = "quickbooks_run"


class RunLost(Exception):
	"""Another worker has taken this synchronization over: nothing more may be written by this one."""


class RunStopped(Exception):
	"""Somebody has asked this synchronization to stop. The message is the user's name."""


class RunContext:
	"""One synchronization at work.

	``realm_id`` is the company, ``run`` the run's fields (kind, trigger, scope …), ``scope`` what it is limited to
	(``lists``, ``since``, ``records``), ``started_at`` when it began, in the site's time.
	"""

	def __init__(self, run: frappe._dict, owner: str, fence: int):
		self.run = run
		self.realm_id = run.realm_id
		self.owner = owner
		self.fence = fence
		self.scope = json.loads(run.scope or "{}")
		self.done = set(json.loads(run.steps_done or "[]"))
		self.inherited = frozenset(self.done)
		"""What the run that this one continues had done: what it held in memory besides is lost."""
		self.lease_seconds = get_timing().lease
		self.log = CallLog(run.realm_id)
		self.started_at = now_datetime()
		self.began = time.monotonic()
		self.requests = 0
		self.error_count = 0
		self.captured: dict[str, list[dict]] = {}
		"""What capture brought of the transactions that we have sent, by entity: for the step that compares."""
		self.step: Any = None
		self.span = (0.0, 100.0)
		self.counts: dict[str, dict[str, int]] = {}
		self._count_rows: dict[str, str] = {}
		self._uncounted: set[str] = set()
		self._unwritten_errors: list[dict] = []
		self._news: dict[str, Any] = {}
		self._shown_at = 0.0
		self._client: QuickBooksClient | None = None
		self._token_at = 0.0
		self._around: Surroundings | None = None

	# What a step works with

	@property
	def client(self) -> QuickBooksClient:
		"""The client of this run, opened when it is first needed; what it asks is kept as QuickBooks Calls.

		Opening it may commit. Raises what ``connection.open_client`` raises.
		"""
		if not self._client:
			self._client = open_client(self.realm_id, on_call=self._note_call)
			self._token_at = time.monotonic()
		return self._client

	@property
	def around(self) -> Surroundings:
		"""The company and how it calls things."""
		if not self._around:
			self._around = Surroundings(self.realm_id, get_company_profile(get_connection(self.realm_id)))
		return self._around

	def forget_surroundings(self) -> None:
		"""Have ``around`` read anew: a list that it holds has changed."""
		self._around = None

	def renew_token(self, rejected: str | None = None) -> None:
		"""Make sure that the client's token is good; ``rejected`` is one that QuickBooks has refused. Commits."""
		self.client.access_token = get_access_token(self.realm_id, rejected)
		self._token_at = time.monotonic()

	# What it did

	def count(self, list_type: str, **numbers: int) -> None:
		"""Add to what the run has done to a list: read, created, updated, deactivated, conflicts, changed_there, sent,
		errors."""
		counted = self.counts.setdefault(list_type, {})
		for column, number in numbers.items():
			counted[column] = counted.get(column, 0) + number
		self._uncounted.add(list_type)

	def note_error(
		self, message: str, reference_doctype: str | None = None, reference_name: str | None = None
	) -> None:
		"""One record could not be done, the run goes on: kept with the run, counted for its list."""
		self.error_count += 1
		if reference_doctype:
			self.count(reference_doctype, errors=1)
		if self.error_count <= MAX_ERRORS_KEPT:
			self._unwritten_errors.append(
				{
					"step": self.step.label if self.step else None,
					"reference_doctype": reference_doctype,
					"reference_name": reference_name,
					"message": make_plain(message),
				}
			)

	def is_done(self, part: str) -> bool:
		"""Whether this part was done already, by this run or by one that it continues."""
		return part in self.done

	def mark_done(self, part: str) -> None:
		"""This part need not be done again, should this run die. Counts from the next ``check_lease`` on."""
		self.done.add(part)
		self._news["steps_done"] = json.dumps(sorted(self.done))

	# How far it is

	def enter(self, step: Any, begins: float, ends: float) -> None:
		"""A step begins; it takes the run from ``begins`` to ``ends`` percent. Commits."""
		self.step, self.span = step, (begins, ends)
		self._shown_at = 0.0
		self.report(_(step.label))
		self.check_lease()

	@contextmanager
	def portion(self, begins: float, ends: float) -> Iterator[None]:
		"""Within the block, what is reported covers this part (0 to 1) of the step."""
		start, end = self.span
		self.span = (start + (end - start) * begins, start + (end - start) * ends)
		try:
			yield
		finally:
			self.span = (start, end)

	def report(self, text: str, done: int = 0, total: int = 0) -> None:
		"""Say what is being done and how far it is: ``done`` of ``total``. Shown with the next ``check_lease``."""
		begins, ends = self.span
		share = min(done / total, 1) if total else 0
		self._news["step"] = _(self.step.label) if self.step else None
		self._news["percent"] = round(begins + (ends - begins) * share, 1)
		self._news["progress_text"] = _("{0}: {1} of {2}").format(text, done, total) if total else text

	def check_lease(self) -> None:
		"""The point of commit: commits what was written so far, if this run is still this worker's to do.

		Raises ``RunLost`` (and rolls back) where it is not, ``RunStopped`` where somebody wants it to stop.
		"""
		if not lease.renew_lease(self.realm_id, self.fence, self.lease_seconds):
			frappe.db.rollback()
			raise RunLost(self.run.name)
		shows = time.monotonic() - self._shown_at >= SHOW_SECONDS
		if shows or "steps_done" in self._news:
			self._write_news()
		self._write_counts()
		self._write_errors()
		self.log.write()
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  the fence has just been looked at
		if shows:
			self._tell()
		stopped_by = frappe.db.get_value(RUN, self.run.name, "stop_requested_by")
		if stopped_by:
			raise RunStopped(stopped_by)
		if self._client and time.monotonic() - self._token_at > TOKEN_SECONDS:
			self.renew_token()

	def finish(self, status: str, summary: str | None = None, **values: Any) -> None:
		"""Write the end of the run and release the lease. Commits; raises ``RunLost``."""
		self._news.update(
			status=status,
			summary=summary,
			finished_at=now_datetime(),
			duration=round(time.monotonic() - self.began, 1),
			lease_until=None,
			**values,
		)
		if not lease.renew_lease(self.realm_id, self.fence, self.lease_seconds):
			frappe.db.rollback()
			raise RunLost(self.run.name)
		self._write_news()
		self._write_counts()
		self._write_errors()
		self.log.write()
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  the fence has just been looked at
		self._tell()

	def close(self) -> None:
		"""Close the client's connections."""
		if self._client:
			self._client.close()

	def _note_call(self, record: CallRecord) -> None:
		self.requests += 1
		self.log(record)

	def _write_news(self) -> None:
		self._shown_at = time.monotonic()
		lease_until = now_datetime() + timedelta(seconds=self.lease_seconds)
		change_run(
			self.run.name,
			**{"lease_until": lease_until, **self._news},
			requests=self.requests,
			error_count=self.error_count,
		)
		self._news = {}

	def _write_counts(self) -> None:
		for list_type in sorted(self._uncounted):
			if list_type in self._count_rows:
				frappe.db.set_value(LIST_ROW, self._count_rows[list_type], self.counts[list_type])
			else:
				self._count_rows[list_type] = self._insert_child(
					LIST_ROW,
					"lists",
					len(self._count_rows) + 1,
					{"list_type": list_type, **self.counts[list_type]},
				)
		self._uncounted.clear()

	def _write_errors(self) -> None:
		first = min(self.error_count, MAX_ERRORS_KEPT) - len(self._unwritten_errors)
		for index, error in enumerate(self._unwritten_errors, first + 1):
			self._insert_child(ERROR_ROW, "errors", index, error)
		self._unwritten_errors.clear()

	def _insert_child(self, doctype: str, field: str, index: int, values: dict) -> str:
		row = frappe.get_doc(
			{
				"doctype": doctype,
				"parenttype": RUN,
				"parent": self.run.name,
				"parentfield": field,
				"idx": index,
				**values,
			}
		)
		row.flags.ignore_links = True
		row.db_insert()
		return row.name

	def _tell(self) -> None:
		frappe.publish_realtime(EVENT, {"name": self.run.name}, doctype=RUN, docname=self.run.name)
