"""Workers as processes of their own, to be killed; and what brings the queue to its end afterwards."""

import os
import signal
import subprocess
import sys
from pathlib import Path

WORKER = Path(__file__).with_name("crashing_worker.py")


def start_worker(host_info, point="never", doctype="AO Ship Doc"):
	return subprocess.Popen(
		[sys.executable, str(WORKER), host_info["sites"], host_info["site"], point, doctype],
		cwd=host_info["sites"],
		env={**os.environ, **host_info.get("variables", {})},
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		text=True,
	)


def assert_killed(process) -> None:
	said, _nothing = process.communicate(timeout=60)
	assert process.returncode == -signal.SIGKILL, f"the worker was to die here; it said:\n{said}"


def recover(site) -> None:
	from allorders_qb.tests.emulated import let_time_pass, work

	let_time_pass(700)
	work()
