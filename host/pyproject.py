"""Read the one thing needed of a pyproject.toml: its dependencies. (tomllib came with Python 3.11, and 3.10 must do.)"""

import re
from pathlib import Path

DEPENDENCIES = re.compile(r"^dependencies\s*=\s*\[(.*?)^\]", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
DIRECT_REFERENCE = re.compile(r"^([A-Za-z0-9._-]+(?:\[[^\]]*\])?)\s*@\s*.+$")


def read_dependencies(file: Path) -> list[str]:
	"""Return the requirements under `[project] dependencies`, as written; raises ValueError when there are none."""
	found = DEPENDENCIES.search(file.read_text())
	if not found:
		raise ValueError(f"{file} has no dependencies = [...] that ends with a bracket on a line of its own")
	return [
		double or single
		for double, single in re.findall(r'"([^"]*)"|\'([^\']*)\'', COMMENT.sub("", found[1]))
	]


def prefer_registry(requirement: str) -> str:
	"""Return the requirement without its git address: the package's release on PyPI does as well, and is always at hand."""
	found = DIRECT_REFERENCE.match(requirement)
	return found[1] if found else requirement
