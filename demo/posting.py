"""Waiting until everything that may leave has left for QuickBooks. The work is the worker's."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass

import frappe
from frappe.utils.background_jobs import get_workers

from allorders_qb.sync.connection import explain_not_ready, get_connection
from allorders_qb.sync.wake import wake_worker
from allorders_qb.sync.worker import drain

QUEUE = "QuickBooks Queue Entry"
MOVING = ("Queued", "Sending", "Outcome Unknown")
POLL_SECONDS = 0.5
SAY_SECONDS = 10
PATIENCE_SECONDS = 150
"""Without any progress for so long, something is the matter; longer than QuickBooks may take for one answer."""


@dataclass
class Waiting:
	"""How the queue emptied: who did the work, and how many rows are left of those that should have moved."""

	by: str
	left: int
	seconds: float


def count_rows() -> Counter[str]:
	"""Rows of the queue by status; those that wait for a synchronization count as ``Waits``."""
	frappe.db.rollback()  # a new look: what the worker has committed since the last one is not in this view
	counts: Counter[str] = Counter()
	for row in frappe.get_all(QUEUE, fields=["status", "waits_for_synchronization"], order_by="creation"):
		waits = row.waits_for_synchronization and row.status == "Queued"
		counts["Waits" if waits else row.status] += 1
	return counts


def wait_for_worker() -> Waiting:
	"""Watch the queue until nothing in it can move, or nothing has moved for too long."""
	began = time.monotonic()
	by_worker = bool(get_workers())
	if by_worker:
		wake_worker()
	else:
		drain()
	counts = count_rows()
	progress = Progress()
	changed_at = time.monotonic()
	while any(counts[status] for status in MOVING):
		progress.say(counts)
		if time.monotonic() - changed_at > PATIENCE_SECONDS:
			break
		time.sleep(POLL_SECONDS)
		before, counts = counts, count_rows()
		if counts != before:
			changed_at = time.monotonic()
	progress.say(counts, last=True)
	return Waiting(
		"the worker" if by_worker else "this process, as no worker runs",
		sum(counts[status] for status in MOVING),
		time.monotonic() - began,
	)


class Progress:
	"""A line that says how far it is: rewritten in a terminal, else said anew when it has changed, now and then."""

	def __init__(self) -> None:
		self.said = ""
		self.said_at = -float(SAY_SECONDS)
		self.rewrites = sys.stdout.isatty()

	def say(self, counts: Counter[str], last: bool = False) -> None:
		text = describe_progress(counts)
		if self.rewrites:
			print(f"\r{text:<{len(self.said)}}", end="\n" if last else "", flush=True)
		elif last or (text != self.said and time.monotonic() - self.said_at >= SAY_SECONDS):
			print(text, flush=True)
			self.said_at = time.monotonic()
		else:
			return
		self.said = text


def describe_progress(counts: Counter[str]) -> str:
	"""How many are in QuickBooks and how many are not; and why nothing moves, where QuickBooks or the connection is the reason."""
	left = sum(counts[status] for status in MOVING)
	text = f"  in QuickBooks: {counts['Sent'] + counts['Not Needed']}, on their way: {left}"
	if counts["Needs Attention"]:
		text += f", need a person: {counts['Needs Attention']}"
	reason = explain_not_ready(get_connection()) if left else None
	return f"{text}. {reason}" if reason else text
