"""The Python environment: one per Frappe and Python, shared by instances; and a thin one of each instance's own over it."""

import sys
from importlib.util import find_spec
from pathlib import Path

from host.artefacts import ensure_artefact, make_key
from host.commands import run
from host.paths import REPOSITORY, get_cache
from host.pyproject import read_dependencies

OWN_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
CONSTRAINTS = Path(__file__).with_name("constraints.txt")
PIP_ADVICE = "check that PyPI can be reached (pip's own settings are used), then run the same command again"
PYTHON_NAME = f"python{sys.version_info[0]}.{sys.version_info[1]}"
RECIPE = 1  # raise it when the way an environment is built changes


def make_pip() -> list[str]:
	"""Return the words that call a pip before there is an environment."""
	if find_spec("pip"):
		return [sys.executable, "-m", "pip"]
	key = make_key(RECIPE, sys.base_prefix, sys.version)
	folder = ensure_artefact("pip", key, lambda folder: create_venv(folder / "env"))
	return [str(folder / "env" / "bin" / "python"), "-m", "pip"]


def create_venv(folder: Path, pip: bool = True) -> None:
	"""Create an empty virtual environment of the Python that runs this."""
	without = [] if pip else ["--without-pip"]
	advice = "install Python's venv module (Debian: apt-get install python3-venv)"
	run([sys.executable, "-m", "venv", *without, folder], get_cache() / "logs" / "venv.log", advice)


def list_app_requirements() -> list[str]:
	"""Return what the app itself requires, from its pyproject.toml."""
	return read_dependencies(REPOSITORY / "pyproject.toml")


def ensure_environment(requirements: list[str], source: Path, constrained: bool) -> Path:
	"""Return the folder of the environment with Frappe importable from `source`; builds it when missing.

	There is another one for other requirements, another Frappe or another Python. `constrained` holds what is installed to
	the releases in constraints.txt.
	"""
	own = [
		*list_app_requirements(),
		OWN_REQUIREMENTS.read_text(),
		CONSTRAINTS.read_text() if constrained else "",
	]
	key = make_key(RECIPE, str(source), requirements, own, sys.version, sys.base_prefix)

	def build(folder: Path) -> None:
		create_venv(folder)
		wanted = folder / "requirements.txt"
		wanted.write_text("\n".join([*requirements, *list_app_requirements()]) + "\n")
		pip = [folder / "bin" / "python", "-m", "pip", "install", "--no-compile", "--no-input"]
		log = get_cache() / "logs" / "pip.log"
		limits = ["-c", CONSTRAINTS] if constrained else []
		run([*pip, "-r", wanted, "-r", OWN_REQUIREMENTS, *limits], log, PIP_ADVICE)
		get_site_packages(folder).joinpath("frappe.pth").write_text(f"{source}\n")

	return ensure_artefact("env", key, build)


def get_site_packages(environment: Path) -> Path:
	return environment / "lib" / PYTHON_NAME / "site-packages"


def get_python(environment: Path) -> Path:
	return environment / "bin" / "python"


def create_thin_environment(folder: Path, shared: Path) -> None:
	"""Create an instance's own environment: the shared one's packages, and the app straight from the working tree.

	So clones of this repository can share what took long to install, and each runs its own code.
	"""
	create_venv(folder, pip=False)
	lines = [f"import site; site.addsitedir({str(get_site_packages(shared))!r})", str(REPOSITORY)]
	get_site_packages(folder).joinpath("allorders_qb.pth").write_text("\n".join(lines) + "\n")
	for program in (shared / "bin").iterdir():
		if not (folder / "bin" / program.name).exists():
			(folder / "bin" / program.name).symlink_to(program)
