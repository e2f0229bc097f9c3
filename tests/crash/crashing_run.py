"""A worker of synchronizations that dies by SIGKILL at a named point: run as a process of its own by the crash tests.

``crashing_run.py SITES_PATH SITE POINT``, where POINT is ``lease`` (it has been taken), ``enter STEP``, ``inside STEP`` (its
first commit is about to be made), ``done STEP`` (noted, not yet committed), ``finish`` (all is done but the end is not
written), ``release`` (the end is written, the lease still held), or ``never``. In any step: ``commit NUMBER`` and ``committed NUMBER``
(right before and after so many points of commit), ``answer ENTITY`` (a transaction's answer is in hand), ``batch`` (a batch's).
"""

import os
import signal
import sys

import frappe


def die(*_arguments, **_named) -> None:
	os.kill(os.getpid(), signal.SIGKILL)


def set_trap(point: str) -> None:
	"""Wrap the moment at which this worker is to die."""
	from allorders_qb.sync.runs import engine
	from allorders_qb.sync.runs.context import RunContext

	kind, _space, step = point.partition(" ")
	enter, check_lease, mark_done = RunContext.enter, RunContext.check_lease, RunContext.mark_done

	def is_at(context) -> bool:
		return context.step is not None and context.step.name == step

	def trapped_enter(self, entered, *arguments):
		if kind == "enter" and entered.name == step:
			die()
		enter(self, entered, *arguments)
		self.has_entered = entered.name

	def trapped_check_lease(self):
		if kind == "inside" and is_at(self) and getattr(self, "has_entered", None) == step:
			die()
		check_lease(self)

	def trapped_mark_done(self, part):
		if kind == "inside" and part == step:
			# A step that had nothing to commit of its own dies at its end.
			die()
		mark_done(self, part)
		if kind == "done" and part == step:
			die()

	def trapped_commit(self):
		self.commits = getattr(self, "commits", 0) + 1
		if kind == "commit" and self.commits == int(step):
			die()
		check_lease(self)
		if kind == "committed" and self.commits == int(step):
			die()

	if kind in ("commit", "committed"):
		RunContext.check_lease = trapped_commit
		return
	if kind in ("answer", "batch"):
		set_answer_trap(kind, step)
		return
	RunContext.enter = trapped_enter
	RunContext.check_lease = trapped_check_lease
	RunContext.mark_done = trapped_mark_done
	if kind == "lease":
		engine.choose_run = die
	elif kind == "finish":
		RunContext.finish = die
	elif kind == "release":
		engine.release_lease = die


def set_answer_trap(kind: str, entity: str) -> None:
	"""Die with an answer of QuickBooks in hand: of a transaction of that entity, or of a batch."""
	from allorders_qb.qbo.client import QuickBooksClient
	from allorders_qb.sync.sender import Sender

	store, batch = Sender.store_answer, QuickBooksClient.batch

	def trapped_store(self, held, answer):
		if held.row.entity == entity:
			die()
		store(self, held, answer)

	def trapped_batch(self, items, *arguments, **named):
		answers = batch(self, items, *arguments, **named)
		if any(not item.is_reading for item in items):
			die()
		return answers

	if kind == "answer":
		Sender.store_answer = trapped_store
	else:
		QuickBooksClient.batch = trapped_batch


def main(sites_path: str, site: str, point: str) -> None:
	frappe.init(site=site, sites_path=sites_path)
	frappe.connect()
	frappe.set_user("Administrator")
	from allorders_qb.sync.runs.engine import carry_out_runs

	set_trap(point)
	print("working", flush=True)
	print("did", *carry_out_runs(), flush=True)


if __name__ == "__main__":
	main(*sys.argv[1:])
