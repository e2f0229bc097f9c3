"""Start processes that outlive this one, and end those and no others.

A process is known by its id and its start time (Linux gives each id out again), and everything it starts inherits a
mark in its environment, by which what it left behind is found.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MARK = "ALLORDERS_INSTANCE"
PROC = Path("/proc")
START_TIME_FIELD = 19  # of /proc/ID/stat, counted after the command name, which may hold spaces
STATE_FIELD = 0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Running:
	"""A process as it was started: its id, and its start time in clock ticks since boot."""

	pid: int
	started: int


def read_stat(pid: int) -> list[str] | None:
	"""Return the fields of a process's stat file after its name; None when there is no such process."""
	try:
		text = (PROC / str(pid) / "stat").read_text()
	except (FileNotFoundError, ProcessLookupError):
		return None
	return text[text.rindex(")") + 1 :].split()


def read_start_time(pid: int) -> int | None:
	"""Return when process `pid` was started, in clock ticks since boot; None when it is gone, or dead and not yet reaped."""
	fields = read_stat(pid)
	if fields is None or fields[STATE_FIELD] == "Z":
		return None
	return int(fields[START_TIME_FIELD])


def is_running(process: Running) -> bool:
	"""Tell whether that very process still runs, rather than a later one that was given its id."""
	return read_start_time(process.pid) == process.started


def start_process(
	command: Sequence[str | Path], log: Path, pid_file: Path, mark: str, env: Mapping[str, str], cwd: Path
) -> Running:
	"""Start `command` in a session of its own, its output appended to `log`, and write down which process it is."""
	log.parent.mkdir(parents=True, exist_ok=True)
	pid_file.parent.mkdir(parents=True, exist_ok=True)
	with log.open("ab") as out:
		child = subprocess.Popen(
			[str(word) for word in command],
			stdin=subprocess.DEVNULL,
			stdout=out,
			stderr=subprocess.STDOUT,
			cwd=cwd,
			env={**env, MARK: mark},
			start_new_session=True,
		)
	child.returncode = 0  # it is meant to outlive us: no warning about a child still running
	process = Running(child.pid, read_start_time(child.pid) or 0)
	pid_file.write_text(json.dumps({"pid": process.pid, "started": process.started}))
	return process


def read_pid_file(pid_file: Path) -> Running | None:
	"""Return the process a pid file tells of if that process still runs, else None."""
	try:
		process = Running(**json.loads(pid_file.read_text()))
	except (FileNotFoundError, ValueError, TypeError):
		return None
	return process if is_running(process) else None


def stop_process(process: Running, patience: float) -> None:
	"""End a process we started: SIGTERM, and after `patience` seconds SIGKILL. Does nothing when it is no longer that process."""
	for name in (signal.SIGTERM, signal.SIGKILL):
		if not is_running(process):
			return
		try:
			os.kill(process.pid, name)
		except ProcessLookupError:
			return
		wait_for_end(process, patience)


def wait_for_end(process: Running, patience: float) -> bool:
	"""Wait until the process is gone, at most `patience` seconds; tell whether it is."""
	deadline = time.monotonic() + patience
	while is_running(process):
		reap(process.pid)
		if time.monotonic() > deadline:
			return False
		time.sleep(POLL_SECONDS)
	return True


def reap(pid: int) -> None:
	"""Collect a child's end, when it is our child, so that it does not stay a zombie."""
	try:
		os.waitpid(pid, os.WNOHANG)
	except ChildProcessError:
		return


def find_marked(mark: str) -> list[Running]:
	"""Return every process of this user that one of ours left behind: those whose environment bears `mark`."""
	wanted = f"{MARK}={mark}".encode()
	found = []
	for folder in PROC.iterdir():
		if not folder.name.isdigit() or int(folder.name) == os.getpid():
			continue
		try:
			environment = (folder / "environ").read_bytes().split(b"\0")
		except OSError:
			continue  # gone meanwhile, or another user's: not ours either way
		started = read_start_time(int(folder.name))
		if wanted in environment and started is not None:
			found.append(Running(int(folder.name), started))
	return found
