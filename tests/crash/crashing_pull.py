"""A worker of synchronizations that dies by SIGKILL at its nth commit while it pulls: the target of a process of the tests."""

import os
import signal

import frappe


def synchronize(site: str, sites_path: str, number: int) -> None:
	"""Carry out what is queued; die when the step that pulls is about to make its nth commit."""
	frappe.init(site=site, sites_path=sites_path)
	frappe.connect()
	frappe.set_user("Administrator")
	from allorders_qb.sync.runs.context import RunContext
	from allorders_qb.sync.runs.engine import carry_out_runs

	enter, commit, seen = RunContext.enter, type(frappe.local.db).commit, {"step": None, "commits": 0}

	def trapped_enter(context: RunContext, step, *arguments) -> None:
		seen["step"] = step.name
		enter(context, step, *arguments)

	def trapped_commit(database) -> None:
		if seen["step"] == "pull":
			seen["commits"] += 1
			if seen["commits"] == number:
				os.kill(os.getpid(), signal.SIGKILL)
		commit(database)

	RunContext.enter = trapped_enter
	type(frappe.local.db).commit = trapped_commit
	carry_out_runs()
