"""The Python environment: one per Frappe and Python, shared by instances; and a thin one of each instance's own over it."""

import sys
from pathlib import Path

from host.artefacts import ensure_artefact, make_key
from host.packages import create_venv, install
from host.paths import REPOSITORY
from host.pyproject import read_dependencies

OWN_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
CONSTRAINTS = Path(__file__).with_name("constraints.txt")
PYTHON_NAME = f"python{sys.version_info[0]}.{sys.version_info[1]}"
RECIPE = 2  # raise it when the way an environment is built changes


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
		limits = ["-c", CONSTRAINTS] if constrained else []
		install(folder, ["-r", wanted, "-r", OWN_REQUIREMENTS, *limits])
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
	create_venv(folder)
	lines = [f"import site; site.addsitedir({str(get_site_packages(shared))!r})", str(REPOSITORY)]
	get_site_packages(folder).joinpath("allorders_qb.pth").write_text("\n".join(lines) + "\n")
	for program in (shared / "bin").iterdir():
		if not (folder / "bin" / program.name).exists():
			(folder / "bin" / program.name).symlink_to(program)
