"""A worker that carries out a matching and dies by SIGKILL: ``crashing_matching.py SITES_PATH SITE DECISION CHUNK``.

It dies when it is about to commit chunk number CHUNK (from 1) of the rows with that decision, all of it written; with the
decision ``Reading`` at its point of commit number CHUNK while it reads.
"""

import os
import signal
import sys

import frappe


def die() -> None:
	os.kill(os.getpid(), signal.SIGKILL)


def set_trap(decision: str, chunk: int) -> None:
	"""Wrap the moment at which this worker is to die, with chunks small enough for there to be several."""
	from allorders_qb.sync.lists import bulk
	from allorders_qb.sync.matching import carrying_out, reading
	from allorders_qb.sync.runs.context import RunContext

	bulk.FEW = 2
	carrying_out.AT_ONCE = carrying_out.PAIRS_AT_ONCE = carrying_out.FEW_AT_ONCE = reading.AT_ONCE = 5
	check_lease, fetch = RunContext.check_lease, carrying_out.Work._fetch
	seen = {"decision": None, "number": 0}

	def trapped_fetch(self, definition, wanted, number):
		seen["decision"] = wanted
		for rows in fetch(self, definition, wanted, number):
			seen["number"] += wanted == decision
			yield rows

	def trapped_check_lease(self):
		if decision == "Reading":
			seen["number"] += bool(self.step)
		if seen["number"] >= chunk and decision in ("Reading", seen["decision"]):
			die()
		check_lease(self)

	carrying_out.Work._fetch = trapped_fetch
	RunContext.check_lease = trapped_check_lease


def main(sites_path: str, site: str, decision: str, chunk: str) -> None:
	frappe.init(site=site, sites_path=sites_path)
	frappe.connect()
	frappe.set_user("Administrator")
	from allorders_qb.sync.runs.engine import carry_out_runs

	set_trap(decision, int(chunk))
	print("did", *carry_out_runs(), flush=True)


if __name__ == "__main__":
	main(*sys.argv[1:])
