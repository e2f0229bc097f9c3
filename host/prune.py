"""Delete what was built and no instance uses any more: a new release of Frappe or of a pinned package leaves the old one behind."""

import shutil
from pathlib import Path

from host.instance import Instance
from host.paths import get_cache
from host.steps import Steps

KINDS = ("assets", "env", "frappe", "template")
USES = ("assets", "environment", "source_folder", "built_template", "template")


def list_used() -> list[Path]:
	"""Return every folder that an instance of this cache says it is made of."""
	used = []
	for folder in sorted((get_cache() / "instances").glob("*")):
		state = Instance(folder.name).state
		for name in USES:
			value = state.get(name)
			used += [Path(value[0] if isinstance(value, list) else value)] if value else []
	return used


def list_unused(used: list[Path]) -> list[Path]:
	"""Return the built folders that neither are, nor hold, any of `used`."""
	built = [folder for kind in KINDS for folder in sorted((get_cache() / kind).glob("*"))]
	return [folder for folder in built if not any(folder == path or folder in path.parents for path in used)]


def prune(steps: Steps) -> None:
	"""Delete what no instance uses."""
	for folder in list_unused(list_used()):
		with steps.step(f"Delete {folder}"):
			shutil.rmtree(folder)
