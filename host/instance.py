"""An instance: one site with its own database, Redis, servers and data, in a bench-shaped folder."""

import json
import os
import secrets
import shutil
from pathlib import Path

from host.environment import create_thin_environment
from host.paths import APP, APP_FOLDER, REPOSITORY, SITE, get_instance_folder
from host.ports import LOOPBACK, keep_or_pick

PORT_NAMES = ["database", "redis_cache", "redis_queue", "web", "socketio", "emulator"]
ADMIN_PASSWORD = "admin"


class Instance:
	"""An instance's folder and what is remembered of it in `instance.json`.

	bench/ is shaped as Frappe's commands expect it (apps, env, sites, logs); mysql/ holds the database, clean/ a copy of the
	untouched site to go back to, run/ the pid files.
	"""

	def __init__(self, name: str, folder: Path | None = None):
		self.name = name
		self.folder = folder or get_instance_folder(name)
		self.bench = self.folder / "bench"
		self.sites = self.bench / "sites"
		self.site_folder = self.sites / SITE
		self.logs = self.bench / "logs"
		self.run = self.folder / "run"
		self.mysql = self.folder / "mysql"
		self.clean = self.folder / "clean"
		self.emulator = self.folder / "emulator"
		self.file = self.folder / "instance.json"
		self.state: dict = json.loads(self.file.read_text()) if self.file.exists() else {}

	def remember(self, **facts: object) -> None:
		"""Keep `facts` for the next time; the file holds passwords, so it is for its owner's eyes."""
		self.state.update(facts)
		self.folder.mkdir(parents=True, exist_ok=True)
		part = self.file.with_suffix(".part")
		part.touch(mode=0o600)
		part.write_text(json.dumps(self.state, indent=1, sort_keys=True))
		part.replace(self.file)

	@property
	def ports(self) -> dict[str, int]:
		return self.state.get("ports", {})

	@property
	def root_password(self) -> str:
		"""Return the database's root password, made up at first need."""
		if "root_password" not in self.state:
			self.remember(root_password=secrets.token_hex(16))
		return self.state["root_password"]

	@property
	def python(self) -> Path:
		return self.bench / "env" / "bin" / "python"

	@property
	def has_socketio(self) -> bool:
		"""Tell whether this Frappe comes with its socket.io server; without it the desk must not look for one."""
		return (self.bench / "apps" / "frappe" / "socketio.js").exists()

	@property
	def web_url(self) -> str:
		return f"http://{LOOPBACK}:{self.ports['web']}"

	@property
	def emulator_url(self) -> str:
		return f"http://{LOOPBACK}:{self.ports['emulator']}"

	def lay_out(self, source: Path, environment: Path, assets: Path | None, with_app: bool = True) -> None:
		"""Make or mend the bench-shaped folder over the given Frappe, environment and assets."""
		for folder in (self.bench / "apps", self.site_folder, self.logs, self.site_folder / "logs"):
			folder.mkdir(parents=True, exist_ok=True)
		apps = {"frappe": source, APP: REPOSITORY} if with_app else {"frappe": source}
		for app, folder in apps.items():
			link(self.bench / "apps" / app, folder)
		(self.sites / "apps.txt").write_text("\n".join(apps) + "\n")
		built_on = [str(environment), str(REPOSITORY)]
		if self.state.get("environment") != built_on or not self.python.exists():
			shutil.rmtree(self.bench / "env", ignore_errors=True)
			create_thin_environment(self.bench / "env", environment)
			self.remember(environment=built_on)
		self.lay_out_assets(source, assets)

	def lay_out_assets(self, source: Path, assets: Path | None) -> None:
		"""Point `sites/assets` at the built desk and at the app's own public files."""
		folder = self.sites / "assets"
		folder.mkdir(exist_ok=True)
		link(folder / "frappe", assets / "frappe" if assets else source / "frappe" / "public")
		link(folder / APP, APP_FOLDER / "public")
		for name in ("assets.json", "assets-rtl.json"):
			built = assets / name if assets else None
			(folder / name).write_text(built.read_text() if built and built.exists() else "{}")

	def settle_ports(self, running: set[str]) -> None:
		"""Give every server its port, the one it had if that is free, and write Frappe's configuration of them."""
		self.remember(ports=keep_or_pick(self.ports, PORT_NAMES, running))
		ports = self.ports
		cache = f"redis://{LOOPBACK}:{ports['redis_cache']}"
		queue = f"redis://{LOOPBACK}:{ports['redis_queue']}"
		common = {
			"allow_tests": True,
			"db_host": LOOPBACK,
			"db_port": ports["database"],
			"default_site": SITE,
			"developer_mode": 0,
			# Never switched off: the redistribution's lists stay empty without a client for socket.io, even one that
			# finds no server.
			"disable_async": 0,
			"mute_emails": 1,
			"redis_cache": cache,
			"redis_queue": queue,
			"redis_socketio": queue,
			"serve_default_site": True,
			"socketio_port": ports["socketio"],
			"webserver_port": ports["web"],
		}
		write_json(self.sites / "common_site_config.json", common)
		config = self.site_folder / "site_config.json"
		if config.exists():
			settings = json.loads(config.read_text())
			write_json(config, {**settings, "host_name": self.web_url, "http_port": ports["web"]})

	def make_environment(self) -> dict[str, str]:
		"""Return the environment variables that Frappe's commands and servers are run with."""
		kept = {
			name: value for name, value in os.environ.items() if not name.startswith(("FRAPPE_", "PYTHON"))
		}
		return {
			**kept,
			"ALLORDERS_SITE": SITE,
			"ALLORDERS_SOCKETIO_PORT": str(self.ports["socketio"]),
			"FRAPPE_BENCH_ROOT": str(self.bench),
			"PATH": os.pathsep.join([str(self.bench / "env" / "bin"), os.environ.get("PATH", os.defpath)]),
			"SITES_PATH": str(self.sites),
		}

	def make_frappe_command(self, *words: str, site: bool = True) -> list[str]:
		"""Return the command line of a Frappe command, to be run in `sites`; with `site` it is about this instance's site."""
		about = ["--site", SITE] if site else []
		return [str(self.python), "-m", "frappe.utils.bench_helper", "frappe", *about, *words]


def link(path: Path, target: Path) -> None:
	"""Make `path` a symbolic link to `target`, replacing what link was there."""
	if path.is_symlink() and os.readlink(path) == str(target):
		return
	path.unlink(missing_ok=True)
	path.symlink_to(target)


def write_json(file: Path, content: dict) -> None:
	file.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
