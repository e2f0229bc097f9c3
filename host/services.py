"""The servers of an instance: what each is started with, how it is known to be ready, and how it ends."""

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from host.apt import MARIADB, NODE, REDIS, get_program
from host.instance import Instance
from host.paths import EMULATOR, EMULATOR_FOLDER, REPOSITORY
from host.ports import LOOPBACK
from host.processes import Running, find_marked, is_running, read_pid_file, start_process, stop_process
from host.steps import StepFailed

READY_SECONDS = 120
STOP_SECONDS = 25
POLL_SECONDS = 0.05
STORES = ("database", "redis_cache", "redis_queue")  # what holds data; started first, ended last
FRONTS = ("web", "worker", "scheduler", "socketio", "emulator")
WORKER_QUEUES = "short,default,long"
WEB_THREADS = 24  # an open desk keeps one waiting for socket.io


@dataclass(frozen=True)
class Service:
	"""One server. `is_ready` tells, once it runs, whether it answers."""

	name: str
	command: list[str]
	folder: Path
	is_ready: Callable[[], bool] = lambda: True
	environment: dict[str, str] = field(default_factory=dict)


def make_services(instance: Instance) -> dict[str, Service]:
	"""Return every service of the instance by name, in the order of starting; without those it has no program for."""
	makers = {
		"database": make_database,
		"redis_cache": make_redis_cache,
		"redis_queue": make_redis_queue,
		"web": make_web,
		"worker": make_worker,
		"scheduler": make_scheduler,
		"socketio": make_socketio,
		"emulator": make_emulator,
	}
	made = {name: make(instance) for name, make in makers.items()}
	return {name: service for name, service in made.items() if service}


def make_database(instance: Instance) -> Service:
	port = instance.ports["database"]
	command = [
		get_program(MARIADB),
		"--no-defaults",
		f"--datadir={instance.mysql}",
		"--socket=mariadb.sock",  # relative to the data folder: a long path would not fit in a socket's name
		f"--pid-file={instance.run / 'mariadb.server-pid'}",
		f"--port={port}",
		f"--bind-address={LOOPBACK}",
		# A folder of its own: at its start a server deletes the temporary files that it finds, also those of another.
		f"--tmpdir={instance.run}",
		"--character-set-server=utf8mb4",
		"--collation-server=utf8mb4_unicode_ci",
		"--skip-name-resolve",
		"--skip-log-bin",
		"--innodb-buffer-pool-size=256M",
		"--innodb-log-file-size=48M",
		"--innodb-flush-log-at-trx-commit=2",
		"--max-allowed-packet=64M",
		*(["--user=root"] if os.geteuid() == 0 else []),
	]
	first = instance.folder / "first-start.sql"
	if first.exists():
		command.append(f"--init-file={first}")
	return Service("database", command, instance.folder, lambda: greets(port))


def make_redis(instance: Instance, name: str, *limits: str) -> Service:
	port = instance.ports[name]
	command = [
		get_program(REDIS),
		*["--port", str(port)],
		*["--bind", LOOPBACK],
		*["--save", "", "--appendonly", "no"],
		*["--dir", str(instance.run)],
		*limits,
	]
	return Service(name, command, instance.folder, lambda: greets(port, b"PING\r\n"))


def make_redis_cache(instance: Instance) -> Service:
	return make_redis(instance, "redis_cache", "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru")


def make_redis_queue(instance: Instance) -> Service:
	return make_redis(instance, "redis_queue")


def make_web(instance: Instance) -> Service:
	command = [
		*[str(instance.python), "-m", "gunicorn", "host.inside.web:application"],
		*["--bind", f"{LOOPBACK}:{instance.ports['web']}"],
		*["--worker-class", "gthread", "--workers", "1", "--threads", str(WEB_THREADS)],
		*["--timeout", "120", "--graceful-timeout", "5", "--log-level", "warning"],
	]
	return Service("web", command, instance.sites, lambda: answers(f"{instance.web_url}/api/method/ping"))


def make_worker(instance: Instance) -> Service:
	return Service("worker", make_worker_command(instance), instance.sites)


def make_worker_command(instance: Instance) -> list[str]:
	"""Return the command line of one more background worker on all of the site's queues."""
	return instance.make_frappe_command("worker", "--queue", WORKER_QUEUES, "--quiet", site=False)


def make_scheduler(instance: Instance) -> Service:
	return Service("scheduler", instance.make_frappe_command("schedule", site=False), instance.sites)


def make_socketio(instance: Instance) -> Service | None:
	"""Return Frappe's socket.io server; None with the redistribution, which comes without it."""
	if not instance.has_socketio:
		return None
	program = instance.bench / "apps" / "frappe" / "socketio.js"
	port = instance.ports["socketio"]
	return Service("socketio", [get_program(NODE), str(program)], instance.bench, lambda: listens(port))


def make_emulator(instance: Instance) -> Service | None:
	"""Return the QuickBooks Online emulator; None as long as the repository has none."""
	if not (EMULATOR_FOLDER / "__main__.py").exists():
		return None
	command = [
		*[str(instance.python), "-m", EMULATOR],
		*["--host", LOOPBACK, "--port", str(instance.ports["emulator"])],
		*["--state", str(instance.emulator / "state.sqlite")],
	]
	if company := instance.state.get("company"):
		command += ["--company", company]
	return Service("emulator", command, REPOSITORY, lambda: listens(instance.ports["emulator"]))


def listens(port: int) -> bool:
	"""Tell whether something accepts connections on `port`."""
	with socket.socket() as one:
		one.settimeout(2)
		return one.connect_ex((LOOPBACK, port)) == 0


def greets(port: int, question: bytes = b"") -> bool:
	"""Tell whether the server on `port` says anything, after `question` if one is given."""
	try:
		with socket.create_connection((LOOPBACK, port), timeout=2) as one:
			one.sendall(question)
			return bool(one.recv(1))
	except OSError:
		return False


def answers(url: str) -> bool:
	"""Tell whether `url` answers with success."""
	try:
		with urllib.request.urlopen(url, timeout=20) as answer:
			return answer.status == 200
	except (urllib.error.URLError, OSError):
		return False


def get_pid_file(instance: Instance, name: str) -> Path:
	return instance.run / f"{name}.pid"


def find_running(instance: Instance, name: str) -> Running | None:
	"""Return the process of the named service if it runs."""
	return read_pid_file(get_pid_file(instance, name))


def list_running(instance: Instance) -> set[str]:
	"""Return the names of the services that run."""
	return {name for name in (*STORES, *FRONTS) if find_running(instance, name)}


def start_services(instance: Instance, names: Iterable[str]) -> None:
	"""Start the named services that do not run, and wait until each answers. Raises StepFailed for one that does not."""
	services = make_services(instance)
	started: list[tuple[Service, Running]] = []
	for name in names:
		if name not in services or find_running(instance, name):
			continue
		service = services[name]
		instance.emulator.mkdir(parents=True, exist_ok=True)
		environment = {**instance.make_environment(), **service.environment}
		process = start_process(
			service.command,
			get_log(instance, name),
			get_pid_file(instance, name),
			str(instance.folder),
			environment,
			service.folder,
		)
		started.append((service, process))
	for service, process in started:
		wait_until_ready(instance, service, process)


def get_log(instance: Instance, name: str) -> Path:
	return instance.logs / f"{name}.service.log"


def wait_until_ready(instance: Instance, service: Service, process: Running) -> None:
	"""Wait until the service answers; raises StepFailed when it ends or stays silent too long."""
	deadline = time.monotonic() + READY_SECONDS
	while True:
		if not is_running(process):
			raise StepFailed(
				f"The service {service.name} ended as soon as it was started.",
				get_log(instance, service.name),
			)
		if service.is_ready():
			return
		if time.monotonic() > deadline:
			raise StepFailed(
				f"The service {service.name} did not answer within {READY_SECONDS} s.",
				get_log(instance, service.name),
			)
		time.sleep(POLL_SECONDS)


def stop_services(instance: Instance, names: Iterable[str]) -> None:
	"""End the named services that run, each by its own process id."""
	for name in names:
		if process := find_running(instance, name):
			stop_process(process, STOP_SECONDS)
		get_pid_file(instance, name).unlink(missing_ok=True)


def stop_all(instance: Instance) -> None:
	"""End every service, those that hold data last, and whatever process one of them left behind."""
	stop_services(instance, FRONTS)
	stop_services(instance, reversed(STORES))
	for process in find_marked(str(instance.folder)):
		stop_process(process, STOP_SECONDS)
