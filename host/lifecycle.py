"""Up, down, reset, remove: what the commands do with an instance, in order."""

import json
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from host.apt import ensure_packages, find_chromium
from host.artefacts import hold_lock, make_key
from host.assets import ensure_assets
from host.environment import ensure_environment, get_python
from host.instance import ADMIN_PASSWORD, Instance
from host.paths import APP_FOLDER, EMULATOR_FOLDER, REPOSITORY, SITE
from host.ports import LOOPBACK
from host.services import (
	FRONTS,
	STORES,
	find_running,
	list_running,
	make_services,
	make_worker_command,
	start_services,
	stop_all,
	stop_services,
)
from host.site import (
	bring_app,
	copy_template,
	ensure_template,
	has_clean,
	hash_code,
	read_site_config,
	refresh_clean,
	restore_clean,
)
from host.sources import Source, choose_source, fetch_source, list_requirements, read_version
from host.steps import StepFailed, Steps


def bring_up(
	instance: Instance,
	steps: Steps,
	without: Iterable[str] = (),
	browser: bool = False,
	company: str | None = None,
	with_app: bool = True,
) -> None:
	"""Bring the instance to a running site of the working tree's app; does only what is not done yet.

	`without` names services not to start; `company` is the emulator's company (kept for later runs); `browser` also
	sees to Chromium. Raises StepFailed.
	"""
	with hold_lock(f"instance-{instance.name}"):
		ensure_packages(steps, browser)
		if company:
			instance.remember(company=company)
		build(instance, steps)
		bring_data(instance, steps, with_app)
		start_fronts(instance, steps, set(without))


def build(instance: Instance, steps: Steps) -> None:
	"""See to Frappe, its environment and assets, the template, and the instance's own folder."""
	source = settle_source(instance)
	with steps.step(f"Frappe: {source.describe()}"):
		folder = fetch_source(source)
	with steps.step("Python environment and desk assets"), ThreadPoolExecutor() as both:
		coming_environment = both.submit(bring_environment, source, folder)
		coming_assets = both.submit(ensure_assets, source, folder)
		environment, assets = coming_environment.result(), coming_assets.result()
	with steps.step("Template site"):
		template = ensure_template(source, folder, environment)
	if instance.state.get("assets") != str(assets):
		stop_services(instance, ["redis_cache"])  # it remembers the names of the bundles
	instance.lay_out(folder, environment, assets)
	instance.remember(
		source=asdict(source), source_folder=str(folder), assets=str(assets), built_template=str(template)
	)


def bring_environment(source: Source, folder: Path) -> Path:
	"""Return the environment for the Frappe in `folder`."""
	return ensure_environment(list_requirements(folder), folder, constrained=not source.has_repository)


def build_python(steps: Steps) -> Path:
	"""Return the Python that has everything but a site: for the tests that need none."""
	ensure_packages(steps)
	source = choose_source()
	with steps.step(f"Frappe: {source.describe()}"):
		folder = fetch_source(source)
	with steps.step("Python environment"):
		return get_python(bring_environment(source, folder))


def settle_source(instance: Instance) -> Source:
	"""Return the Frappe of an existing instance, or choose one for a new instance.

	Raises StepFailed when the caller asks for another than the instance was made with.
	"""
	had = Source(**instance.state["source"]) if "source" in instance.state else None
	chosen = choose_source(had)
	if had and chosen.key != had.key and instance.mysql.exists():
		raise StepFailed(
			f"The instance {instance.name} was made with {had.describe()}; now asked for is {chosen.describe()}.",
			advice=f"keep the old one (unset ALLORDERS_FRAPPE), or drop its data: python3 -m host remove --instance {instance.name}",
		)
	return chosen


def bring_data(instance: Instance, steps: Steps, with_app: bool) -> None:
	"""Start the database and Redis on the instance's data, and bring the site to the app's present state."""
	if (
		not instance.state.get("app_hash")
		and instance.state.get("template") != instance.state["built_template"]
	):
		with steps.step("Copy of the template site"):
			stop_all(instance)
			copy_template(instance, Path(instance.state["built_template"]))
	instance.settle_ports(list_running(instance))
	with steps.step("MariaDB and Redis"):
		start_services(instance, STORES)
	if with_app:
		bring_site(instance, steps)


def bring_site(instance: Instance, steps: Steps) -> None:
	"""Install the app, or migrate; the first time, keep a clean copy. A failed install starts over next time."""
	installing = not instance.state.get("app_hash")
	try:
		with steps.step("App: install" if installing else "App: migrate if changed"):
			bring_app(instance)
	except StepFailed:
		if installing:
			instance.remember(template=None)
		raise
	if installing:
		with steps.step("Clean copy of the site"):
			refresh_clean(instance)


def start_fronts(instance: Instance, steps: Steps, without: set[str]) -> None:
	"""Start the servers around the site; those whose code changed since they were started are started anew."""
	environment = instance.state["environment"]
	codes = {
		"emulator": make_key(environment, hash_code(EMULATOR_FOLDER)),
		"app": make_key(environment, hash_code(APP_FOLDER)),
	}
	started_with = instance.state.get("codes", {})
	stale = [name for name in FRONTS if started_with.get(get_code(name)) != codes[get_code(name)]]
	stop_services(instance, [name for name in stale if name != "socketio"])
	instance.remember(codes=codes)
	names = [name for name in FRONTS if name not in without]
	available = make_services(instance)
	for name in names:
		if name not in available:
			steps.say(f"NOT STARTED: {name} ({WHY_ABSENT[name]})")
	names = [name for name in names if name in available]
	with steps.step(f"Servers: {', '.join(names)}"):
		start_services(instance, names)


def get_code(service: str) -> str:
	"""Return whose code a service runs."""
	return "emulator" if service == "emulator" else "app"


WHY_ABSENT = {
	"socketio": "Frappe's redistribution comes without it; live progress falls back to polling",
	"emulator": "there is no qbo_emulator/__main__.py in the repository yet",
}


def bring_down(instance: Instance, steps: Steps) -> None:
	"""End everything the instance runs."""
	with hold_lock(f"instance-{instance.name}"), steps.step(f"Stop {instance.name}"):
		stop_all(instance)


def reset(instance: Instance, steps: Steps, **options: object) -> None:
	"""Put the instance back to its clean site, and bring it up. One made with another Frappe than asked for is made anew."""
	with steps.step(f"Stop {instance.name}"):
		stop_all(instance)
	had = instance.state.get("source")
	if had and choose_source(None).key != Source(**had).key:
		remove(instance, steps)
		instance.state.clear()
	elif has_clean(instance):
		with steps.step("Back to the clean site"):
			restore_clean(instance)
	else:  # none was kept, or it is of other DocTypes than the working tree's: install the app afresh
		instance.remember(app_hash=None, template=None)
	bring_up(instance, steps, **options)  # type: ignore[arg-type]


def remove(instance: Instance, steps: Steps) -> None:
	"""End the instance and delete all its data."""
	bring_down(instance, steps)
	with steps.step(f"Delete {instance.folder}"):
		shutil.rmtree(instance.folder, ignore_errors=True)


def write_info(instance: Instance) -> Path:
	"""Write what `make_info` tells into the instance's folder, for programs to read; returns the file."""
	file = instance.folder / "info.json"
	file.touch(mode=0o600)
	file.write_text(json.dumps(make_info(instance), indent=1))
	return file


def make_info(instance: Instance) -> dict:
	"""Return what programs need to know of a built instance: places, addresses, passwords, what runs.

	`commands` holds the command lines of an extra worker and of the emulator, with the folder they are run in.
	"""
	services = make_services(instance)
	config = read_site_config(instance)
	source = instance.state["source"]
	return {
		"admin_password": ADMIN_PASSWORD,
		"admin_user": "Administrator",
		"bench": str(instance.bench),
		"chromium": find_chromium(),
		"commands": {
			name: {"argv": argv, "cwd": str(cwd)}
			for name, argv, cwd in [
				("frappe", instance.make_frappe_command(), instance.sites),
				("worker", make_worker_command(instance), instance.sites),
				*([("emulator", services["emulator"].command, REPOSITORY)] if "emulator" in services else []),
			]
		},
		"db_host": LOOPBACK,
		"db_name": config["db_name"],
		"db_password": config["db_password"],
		"db_port": instance.ports["database"],
		"db_root_password": instance.root_password,
		"emulator_url": instance.emulator_url if "emulator" in services else None,
		"frappe": {**source, "version": read_version(Path(instance.state["source_folder"]))},
		"logs": str(instance.logs),
		"name": instance.name,
		"python": str(instance.python),
		"redis_cache_port": instance.ports["redis_cache"],
		"redis_queue_port": instance.ports["redis_queue"],
		"repository": str(REPOSITORY),
		"services": {
			name: running.pid if (running := find_running(instance, name)) else None for name in services
		},
		"site": SITE,
		"sites": str(instance.sites),
		"socketio_port": instance.ports["socketio"],
		"variables": {
			name: value
			for name, value in instance.make_environment().items()
			if name.startswith(("FRAPPE_", "ALLORDERS_", "SITES_"))
		},
		"web_url": instance.web_url,
	}
