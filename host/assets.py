"""The desk's JavaScript and style sheets: built by Frappe's own build, or by ours where its sources lack one."""

import json
import os
import re
import shutil
from pathlib import Path

from host.apt import NODE, NPM, get_program
from host.artefacts import ensure_artefact, hash_files, make_key
from host.commands import run
from host.paths import get_cache
from host.sources import Source

OWN_BUILD = Path(__file__).with_name("assets")
OWN_FILES = ("build.mjs", "scripts.mjs", "styles.mjs", "package.json", "package-lock.json")
YARN = "yarn@1.22.22"
NPM_ADVICE = "check that the npm registry can be reached (npm's own settings are used), then run the same command again"
# Packages that the official list takes from git, and the release on npm that does as well.
RELEASES = {"air-datepicker": "2.2.3"}
RECIPE = 1  # raise it when the way assets are built changes


def ensure_assets(source: Source, folder: Path) -> Path:
	"""Return the folder of the built assets: `frappe/`, which the web server gives out as /assets/frappe, and the two lists of bundles."""
	own = "" if source.has_repository else hash_files((OWN_BUILD / name for name in OWN_FILES), OWN_BUILD)
	key = make_key(RECIPE, source.key, own)
	build = build_official if source.has_repository else build_own
	return ensure_artefact("assets", key, lambda assets: build(folder, assets))


def build_own(source: Path, assets: Path) -> None:
	"""Build with the scripts in `host/assets`, in the artefact's folder so that they find their packages."""
	log = get_cache() / "logs" / "assets.log"
	for name in OWN_FILES:
		shutil.copy(OWN_BUILD / name, assets / name)
	run([get_program(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], log, NPM_ADVICE, cwd=assets)
	run([get_program(NODE), "build.mjs", "frappe", source / "frappe", assets], log, cwd=assets)


def build_official(source: Path, assets: Path) -> None:
	"""Build as `bench` does: yarn, then the repository's own esbuild script, in the bench that stands around the source."""
	log = get_cache() / "logs" / "assets.log"
	bench = source.parent.parent
	sites = bench / "sites"
	(sites / "assets").mkdir(parents=True, exist_ok=True)
	(sites / "apps.txt").write_text("frappe\n")
	(sites / "common_site_config.json").write_text("{}\n")
	take_releases(source)
	yarn = ensure_yarn(log)
	node = get_program(NODE)
	environment = {**os.environ, "FRAPPE_BENCH_ROOT": str(bench), "CI": "Yes"}
	run(
		[node, yarn, "install", "--non-interactive", "--ignore-scripts"],
		log,
		NPM_ADVICE,
		cwd=source,
		env=environment,
	)
	link_entries(source, sites / "assets" / "frappe")
	run([node, "esbuild", "--production"], log, cwd=source, env=environment)
	for name in ("assets.json", "assets-rtl.json"):
		shutil.copy(sites / "assets" / name, assets / name)
	(assets / "frappe").symlink_to(sites / "assets" / "frappe")


def ensure_yarn(log: Path) -> Path:
	"""Return the script of classic yarn, from npm."""

	def build(folder: Path) -> None:
		command = [
			get_program(NPM),
			"install",
			"--prefix",
			folder,
			"--ignore-scripts",
			"--no-audit",
			"--no-fund",
			YARN,
		]
		run(command, log, NPM_ADVICE)

	return ensure_artefact("yarn", make_key(YARN), build) / "node_modules" / "yarn" / "bin" / "yarn.js"


def take_releases(source: Path) -> None:
	"""Let the packages that would come from git come from npm instead: in package.json, and out of yarn's lock."""
	file = source / "package.json"
	package = json.loads(file.read_text())
	lock = source / "yarn.lock"
	for name, release in RELEASES.items():
		wanted = package["dependencies"].get(name, "")
		if wanted.startswith("github:"):
			package["dependencies"][name] = release
			lock.write_text(drop_lock_entry(lock.read_text(), f"{name}@{wanted}"))
	file.write_text(json.dumps(package, indent=2) + "\n")


def drop_lock_entry(lock: str, name: str) -> str:
	"""Return yarn's lock without the entry of `name`; yarn then looks it up anew."""
	return re.sub(rf'^"?{re.escape(name)}"?:\n(?:[ \t]+.*\n)*\n?', "", lock, flags=re.MULTILINE)


def link_entries(source: Path, folder: Path) -> None:
	"""Make `folder` what /assets/frappe gives out: a link to every entry of `public`, and to the npm packages."""
	folder.mkdir(parents=True, exist_ok=True)
	public = source / "frappe" / "public"
	for target in [*public.iterdir(), source / "node_modules"]:
		link = folder / target.name
		if not link.is_symlink():
			link.symlink_to(target)
