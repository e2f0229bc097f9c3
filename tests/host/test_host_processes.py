"""Ports that are free, and processes that are ours."""

import os
import socket
import subprocess
import sys
import time

import pytest

from host.ports import LOOPBACK, is_free, keep_or_pick, pick_ports
from host.processes import (
	Running,
	find_marked,
	is_running,
	read_pid_file,
	read_start_time,
	start_process,
	stop_process,
	wait_for_end,
)

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def listener():
	with socket.socket() as one:
		one.bind((LOOPBACK, 0))
		one.listen()
		yield one.getsockname()[1]


@pytest.fixture
def bystander():
	"""A process that somebody else started."""
	with subprocess.Popen(SLEEP) as process:
		yield process
		process.kill()


def start(tmp_path, command, mark="mine"):
	return start_process(
		command, tmp_path / "log", tmp_path / "one.pid", f"{tmp_path}/{mark}", dict(os.environ), tmp_path
	)


def test_ports_differ_and_are_free():
	ports = pick_ports(20)
	assert len(set(ports)) == 20
	assert all(is_free(port) for port in ports)


def test_a_port_in_use_is_not_free(listener):
	assert not is_free(listener)


def test_a_port_is_kept_while_it_is_free_or_its_owners_own(listener):
	(free,) = pick_ports(1)
	had = {"web": free, "database": listener, "emulator": listener}
	ports = keep_or_pick(had, ["web", "database", "emulator", "socketio"], running={"database"})
	assert ports["web"] == free
	assert ports["database"] == listener
	assert ports["emulator"] != listener
	assert set(ports) == {"web", "database", "emulator", "socketio"}


def test_a_started_process_is_found_again_and_ended(tmp_path):
	process = start(tmp_path, SLEEP)
	assert read_pid_file(tmp_path / "one.pid") == process
	assert is_running(process)
	stop_process(process, patience=10)
	assert not is_running(process)
	assert read_pid_file(tmp_path / "one.pid") is None


def test_a_process_that_ignores_the_request_to_end_is_killed(tmp_path):
	stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
	process = start(tmp_path, [sys.executable, "-c", stubborn])
	deadline = time.monotonic() + 20
	while "deaf" not in (tmp_path / "log").read_text() and time.monotonic() < deadline:
		time.sleep(0.02)
	stop_process(process, patience=0.3)
	assert not is_running(process)


def test_another_process_under_a_remembered_id_is_left_alone(bystander):
	"""After a restart of the machine, a pid file may name somebody else's process."""
	remembered = Running(bystander.pid, read_start_time(bystander.pid) - 1)
	assert not is_running(remembered)
	stop_process(remembered, patience=0.1)
	assert bystander.poll() is None


@pytest.mark.parametrize("content", ["", "4711", "{}", '{"pid": 4711}'])
def test_a_broken_pid_file_names_nobody(tmp_path, content):
	(tmp_path / "one.pid").write_text(content)
	assert read_pid_file(tmp_path / "one.pid") is None


def test_what_a_process_leaves_behind_is_found_by_its_mark(tmp_path, bystander):
	"""A killed worker's child goes on, with another parent; it still bears the mark."""
	parent = f"import subprocess, sys; subprocess.Popen({SLEEP!r}, start_new_session=True)"
	process = start(tmp_path, [sys.executable, "-c", parent])
	assert wait_for_end(process, patience=20)
	left = find_marked(f"{tmp_path}/mine")
	assert len(left) == 1
	for one in left:
		stop_process(one, patience=5)
	assert find_marked(f"{tmp_path}/mine") == []
	assert bystander.poll() is None
