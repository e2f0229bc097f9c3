"""Worker processes that empty the queue, as on a server."""

from __future__ import annotations

import os
import subprocess

WORKERS = 2
POST_SECONDS = 900


def run_workers(host_info: dict) -> None:
	"""Have worker processes empty the queue, as many at once as WORKERS; fails when they don't get done."""
	command = [
		*host_info["commands"]["frappe"]["argv"],
		"execute",
		"allorders_qb.sync.worker.drain",
		"--kwargs",
	]
	environment = {**os.environ, **host_info["variables"]}
	folder = host_info["commands"]["frappe"]["cwd"]
	running = [
		subprocess.Popen(
			[*command, f"{{'max_seconds': {POST_SECONDS}}}"],
			cwd=folder,
			env=environment,
			stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT,
			text=True,
		)
		for _number in range(WORKERS)
	]
	said = [process.communicate(timeout=POST_SECONDS + 60)[0] for process in running]
	for process, text in zip(running, said, strict=True):
		assert process.returncode == 0, text
