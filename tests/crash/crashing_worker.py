"""A worker that dies by SIGKILL at a named point: run as a process of its own by the crash tests.

``crashing_worker.py SITES_PATH SITE POINT [DOCTYPE]``: the process kills itself at POINT, the first time that
a row of DOCTYPE (of one role of it: ``DOCTYPE:role``) reaches it. ``never`` lets it live; ``hold`` is for tests that kill it from outside.
"""

import os
import signal
import sys

import frappe


def die(*_arguments, **_named) -> None:
	os.kill(os.getpid(), signal.SIGKILL)


def is_wanted(held, doctype: str) -> bool:
	return held is not None and is_of(held.row, doctype)


def is_of(row, doctype: str) -> bool:
	name, _colon, role = doctype.partition(":")
	return row.reference_doctype == name and role in ("", row.role)


def set_trap(point: str, doctype: str) -> None:
	"""Wrap the step at which this worker is to die."""
	from allorders_qb.sync import batching, rows
	from allorders_qb.sync.payments import applying, planning
	from allorders_qb.sync.provisional import taking_out
	from allorders_qb.sync.sender import Sender

	def kill_before(owner, name):
		step = getattr(owner, name)

		def trapped(*arguments, **named):
			held = next((one for one in arguments if isinstance(one, rows.Claim)), None)
			if held is None or is_wanted(held, doctype):
				die()
			return step(*arguments, **named)

		setattr(owner, name, trapped)

	def kill_after(owner, name):
		step = getattr(owner, name)

		def trapped(*arguments, **named):
			result = step(*arguments, **named)
			held = (
				result
				if isinstance(result, rows.Claim)
				else next((one for one in arguments if isinstance(one, rows.Claim)), None)
			)
			if is_wanted(held, doctype):
				die()
			return result

		setattr(owner, name, trapped)

	def die_at_commit(module, name):
		store = getattr(module, name)

		def trapped_store(sender, held, *arguments):
			if is_wanted(held, doctype):
				sender.commit_answer = die
			return store(sender, held, *arguments)

		setattr(module, name, trapped_store)

	if point == "before_claim":
		claim = rows.claim

		def trapped_claim(name, *arguments):
			if is_of(rows.get_row(name), doctype):
				die()
			return claim(name, *arguments)

		rows.claim = trapped_claim
	elif point == "after_claim":
		kill_after(rows, "claim")
	elif point == "after_freeze":
		kill_after(Sender, "freeze")
	elif point == "after_answer":
		kill_before(Sender, "store_answer")
		kill_before(applying, "store_answer")
		kill_before(taking_out, "store_answer")
	elif point == "before_commit":
		record = Sender.record

		def trapped_record(self, held, *arguments, **named):
			if is_wanted(held, doctype):
				self.commit_answer = die
			return record(self, held, *arguments, **named)

		Sender.record = trapped_record
		die_at_commit(applying, "store_answer")
		die_at_commit(taking_out, "store_answer")
	elif point == "before_planning":
		plan_after = planning.plan_after

		def trapped_plan(row, *arguments):
			if is_wanted(frappe._dict(row=row), doctype):
				die()
			return plan_after(row, *arguments)

		planning.plan_after = trapped_plan
	elif point == "batch_noted":
		batching._request = die
	elif point == "batch_answered":
		batching._settle_each = die
	elif point == "batch_half_stored":
		store, stored = Sender.store_answer, []

		def trapped_store(self, held, answer):
			if len(stored) == 2:
				die()
			stored.append(held)
			return store(self, held, answer)

		Sender.store_answer = trapped_store
	elif point not in ("never", "hold"):
		raise SystemExit(f"unknown point {point}")


def main(sites_path: str, site: str, point: str, doctype: str = "AO Ship Doc") -> None:
	frappe.init(site=site, sites_path=sites_path)
	frappe.connect()
	frappe.set_user("Administrator")
	from allorders_qb.sync.worker import drain

	set_trap(point, doctype)
	print("working", flush=True)
	drain(60)
	frappe.db.commit()
	print("done", flush=True)


if __name__ == "__main__":
	main(*sys.argv[1:])
