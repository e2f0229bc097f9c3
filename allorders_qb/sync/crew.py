"""Who in one process takes which row next: several senders, one list of what is due.

Waiting for QuickBooks' answers is most of a sender's time, so a drain has several, each a thread with a database connection
and a client of its own, as the web server's threads have. They share one look at the queue. Between processes and machines
nothing is shared but the queue itself, where a row is claimed by compare-and-set.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

import frappe

from allorders_qb.sync import rows
from allorders_qb.sync.connection import explain_not_ready, get_connection
from allorders_qb.sync.registry import LIST_TYPES

LOOK = 60
"""So many rows one look at the queue brings."""

BATCH_SIZE = 30
IDLE_SECONDS = 0.25
"""A sender that finds nothing looks again this often while others are at work: what they finish may set rows free."""

Piece = list[frappe._dict]
"""What one sender works on at once: one row, or list records of one kind that go in one batch."""


class Crew:
	"""The senders of one drain. ``worked`` counts rows, ``looks`` how often the queue was looked at."""

	def __init__(self, work: Callable[[], None], size: int, max_seconds: float):
		self._work = work
		self._size = size
		self._ends_at = time.monotonic() + max_seconds
		self._changed = threading.Condition()
		self._pieces: deque[Piece] = deque()
		self._taken: set[str] = set()
		self._helpers: list[threading.Thread] = []
		self._errors: list[BaseException] = []
		self._stopped = False
		self._stale = True
		self._looked_at = 0.0
		self.worked = 0
		self.looks = 0

	def run(self) -> None:
		"""Work in this thread, with helpers as the queue wants them, until nothing is due or the time is up.

		Raises what went wrong in any of the threads.
		"""
		try:
			self._work()
		except BaseException:
			# A job that is being ended does not wait for its helpers; what they hold is found by its lease.
			self.stop()
			raise
		for helper in self._helpers:
			helper.join()
		if self._errors:
			raise self._errors[0]

	def take(self) -> Piece | None:
		"""The next piece for the calling thread, which gives it back when done; None when there is no more to do.

		Waits while others are at work that may set rows free.
		"""
		with self._changed:
			while not self._stopped and not self.is_time_over():
				if not self._pieces and (self._stale or time.monotonic() - self._looked_at > IDLE_SECONDS):
					self._look()
				if self._pieces:
					piece = self._pieces.popleft()
					self._taken.update(entry.name for entry in piece)
					return piece
				if not self._taken:
					return None
				self._changed.wait(IDLE_SECONDS)
		return None

	def give_back(self, piece: Piece) -> None:
		"""A piece is done, as far as it goes now."""
		with self._changed:
			self._taken.difference_update(entry.name for entry in piece)
			self._stale = True
			self._changed.notify_all()

	def count(self, number: int) -> None:
		"""Note that so many rows were worked on."""
		with self._changed:
			self.worked += number

	def stop(self) -> None:
		"""Nothing new is taken on any more."""
		with self._changed:
			self._stopped = True
			self._changed.notify_all()

	def is_time_over(self) -> bool:
		"""Whether the drain has had its time."""
		return time.monotonic() >= self._ends_at

	def _look(self) -> None:
		# A new transaction: rows written since the last one are not in this one's view.
		frappe.db.commit()  # nosemgrep: frappe-manual-commit
		self._stale, self._looked_at = False, time.monotonic()
		self.looks += 1
		if explain_not_ready(get_connection()):
			self._stopped = True
			return
		due = [entry for entry in rows.select_due(LOOK) if entry.name not in self._taken]
		self._pieces.extend(make_pieces(due))
		while len(self._helpers) + 1 < min(self._size, len(self._pieces)):
			self._start_helper()

	def _start_helper(self) -> None:
		context = (frappe.local.site, frappe.local.sites_path, frappe.session.user, frappe.local.lang)
		helper = threading.Thread(target=self._help, args=context, daemon=True)
		self._helpers.append(helper)
		helper.start()

	def _help(self, site: str, sites_path: str, user: str, lang: str) -> None:
		try:
			frappe.init(site, sites_path=sites_path)
			frappe.connect()
			frappe.set_user(user)
			frappe.local.lang = lang
			self._work()
		except BaseException as error:
			self._errors.append(error)
			self.stop()
		finally:
			frappe.destroy()


def make_pieces(due: list[frappe._dict]) -> list[Piece]:
	"""Put due rows together: list records of one kind in batches, first those that others refer to (the order of
	``LIST_TYPES``); then everything else, row by row, in its order.

	A record of which something may be in QuickBooks is searched for, by itself.
	"""
	batches: dict[str, Piece] = {}
	singles: list[Piece] = []
	for entry in due:
		if entry.status == rows.QUEUED and entry.reference_doctype in LIST_TYPES:
			batches.setdefault(entry.reference_doctype, []).append(entry)
		else:
			singles.append([entry])
	pieces = []
	for doctype in LIST_TYPES:
		entries = batches.get(doctype, [])
		pieces += [entries[start : start + BATCH_SIZE] for start in range(0, len(entries), BATCH_SIZE)]
	return [*pieces, *singles]
