"""The site: made once as a template, copied into each instance, given the app, kept clean to go back to."""

import json
import os
import shutil
from pathlib import Path

from host.apt import MARIADB_INSTALL, get_program
from host.artefacts import ensure_artefact, hash_files, make_key
from host.commands import run
from host.instance import ADMIN_PASSWORD, Instance
from host.paths import APP, APP_FOLDER, SITE
from host.services import STORES, start_services, stop_all, stop_services
from host.sources import Source

RECIPE = 1  # raise it when the way the template is made changes
SCHEMA_FILES = ("hooks.py", "install.py", "modules.txt", "patches.txt")
INSIDE = Path(__file__).parent / "inside"


def ensure_template(source: Source, frappe: Path, environment: Path) -> Path:
	"""Return the folder of a fresh site of that Frappe, without the app; makes it when missing."""
	recipe = (INSIDE / "prepare_site.py").read_text()

	def build(folder: Path) -> None:
		template = Instance("template", folder)
		template.lay_out(frappe, environment, None, with_app=False)
		template.settle_ports(set())
		create_database(template)
		try:
			start_services(template, STORES)
			(folder / "first-start.sql").unlink()
			create_site(template)
		finally:
			stop_all(template)

	return ensure_artefact("template", make_key(RECIPE, source.key, recipe), build)


def create_database(instance: Instance) -> None:
	"""Make an empty MariaDB data folder, whose root password is set at its first start."""
	instance.run.mkdir(parents=True, exist_ok=True)
	command = [
		get_program(MARIADB_INSTALL),
		"--no-defaults",
		f"--datadir={instance.mysql}",
		"--auth-root-authentication-method=normal",
		"--skip-test-db",
		*(["--user=root"] if os.geteuid() == 0 else []),
	]
	run(command, instance.logs / "mariadb-install.log")
	accounts = ("'root'@'localhost'", "'root'@'127.0.0.1'")
	lines = []
	for account in accounts:
		lines.append(f"CREATE USER IF NOT EXISTS {account};")
		lines.append(f"GRANT ALL PRIVILEGES ON *.* TO {account} WITH GRANT OPTION;")
		lines.append(f"ALTER USER {account} IDENTIFIED BY '{instance.root_password}';")
	(instance.folder / "first-start.sql").write_text("\n".join(lines) + "\n")


def create_site(instance: Instance) -> None:
	"""Make the site with Frappe alone, and answer its setup wizard."""
	new_site = instance.make_frappe_command(
		"new-site",
		SITE,
		*["--db-root-username", "root", "--db-root-password", instance.root_password],
		*["--admin-password", ADMIN_PASSWORD, "--no-mariadb-socket", "--force"],
		site=False,
	)
	log = instance.logs / "new-site.log"
	environment = instance.make_environment()
	run(new_site, log, cwd=instance.sites, env=environment)
	prepare = [instance.python, INSIDE / "prepare_site.py", SITE]
	run(prepare, log, cwd=instance.sites, env=environment)


def copy_template(instance: Instance, template: Path) -> None:
	"""Give the instance (whose services are down) the template's database and site, in place of what it had."""
	source = Instance("template", template)
	put_copy(instance, source.mysql, source.site_folder)
	instance.remember(root_password=source.root_password, app_hash=None, template=str(template))


def put_copy(instance: Instance, mysql: Path, site: Path) -> None:
	copy_folder(mysql, instance.mysql)
	copy_folder(site, instance.site_folder)
	shutil.rmtree(instance.emulator, ignore_errors=True)


def copy_folder(source: Path, target: Path) -> None:
	"""Replace the folder `target` by a copy of `source`."""
	shutil.rmtree(target, ignore_errors=True)
	target.parent.mkdir(parents=True, exist_ok=True)
	run(["cp", "-a", "--reflink=auto", source, target], target.parent / "copy.log")


def save_clean(instance: Instance) -> None:
	"""Keep a copy of the site as it is now; its services must be down."""
	copy_folder(instance.mysql, instance.clean / "mysql")
	copy_folder(instance.site_folder, instance.clean / "site")
	instance.remember(clean_hash=instance.state["app_hash"])


def has_clean(instance: Instance) -> bool:
	"""Tell whether a clean copy was kept that the app, as it is now, would be installed as."""
	return instance.state.get("clean_hash") == hash_schema() and (instance.clean / "site").exists()


def restore_clean(instance: Instance) -> None:
	"""Go back to the kept copy; the services must be down."""
	put_copy(instance, instance.clean / "mysql", instance.clean / "site")
	instance.remember(app_hash=instance.state["clean_hash"])


def hash_schema() -> str:
	"""Return a digest of all that only an install or a migrate brings to the site: DocTypes, hooks, patches."""
	files = [file for file in APP_FOLDER.rglob("*.json") if "public" not in file.parts]
	named = [APP_FOLDER / name for name in SCHEMA_FILES]
	return hash_files([*files, *[file for file in named if file.exists()]], APP_FOLDER)


def hash_code(folder: Path) -> str:
	"""Return a digest of the Python files below `folder`: when it changes, what runs them is to be started anew."""
	return hash_files(folder.rglob("*.py"), folder)


def bring_app(instance: Instance) -> None:
	"""Install the app or, when its DocTypes, hooks or patches changed, migrate. The data stores must run."""
	wanted = hash_schema()
	present = instance.state.get("app_hash")
	if present == wanted:
		return
	log = instance.logs / "app.log"
	words = ["migrate", "--skip-search-index"] if present else ["install-app", APP]
	advice = "mend what the log names in the app, then run the same command again"
	run(
		instance.make_frappe_command(*words), log, advice, cwd=instance.sites, env=instance.make_environment()
	)
	instance.remember(app_hash=wanted)


def read_site_config(instance: Instance) -> dict:
	"""Return Frappe's configuration of the site (its database's name and password)."""
	return json.loads((instance.site_folder / "site_config.json").read_text())


def refresh_clean(instance: Instance) -> None:
	"""Keep the site as it is now as the clean one: ends the data stores for the copy, and starts them again."""
	stop_services(instance, reversed(STORES))
	save_clean(instance)
	start_services(instance, STORES)
