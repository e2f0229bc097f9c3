"""Put Frappe's names back into its PyPI redistribution.

`criscostack` 1.0.0 (MIT) on PyPI is Frappe 15.0.0-dev of 2023-08-05 with its names replaced throughout; Frappe's own
name there is an empty placeholder. Putting the names back gives the official sources but for 25 small files.
"""

import os
from pathlib import Path

# The order matters: each name is put back before a shorter name inside it is.
NAMES = (
	("criscostackframework", "frappeframework"),
	("criscostack", "frappe"),
	("Criscostack", "Frappe"),
	("CRISCOSTACK", "FRAPPE"),
	("criscoerp", "erpnext"),
	("Criscoerp", "ERPNext"),
	("CriscoTestCase", "FrappeTestCase"),
	("Crisco Technologies", "Frappe Technologies"),
	("Crisco", "Frappe"),
)
RENAMED_FILES = (("utils/brik_helper.py", "utils/bench_helper.py"),)


def restore_name(text: str) -> str:
	"""Return `text` with every replaced name put back."""
	for replaced, original in NAMES:
		text = text.replace(replaced, original)
	return text


def restore_bytes(content: bytes) -> bytes:
	"""Return a file's content with the names put back; what is not UTF-8 text (pictures, fonts) stays as it is."""
	if b"risco" not in content and b"RISCO" not in content:
		return content
	try:
		return restore_name(content.decode("utf-8")).encode("utf-8")
	except UnicodeDecodeError:
		return content


def restore_tree(folder: Path) -> None:
	"""Put the names back in every file and in every file and folder name below `folder`."""
	for parent, folders, files in os.walk(folder, topdown=False):
		for name in files:
			path = Path(parent, name)
			content = path.read_bytes()
			restored = restore_bytes(content)
			if restored != content:
				path.write_bytes(restored)
		for name in [*files, *folders]:
			if restore_name(name) != name:
				Path(parent, name).rename(Path(parent, restore_name(name)))


def restore_renamed_files(package: Path) -> None:
	"""Give the files of the `frappe` package that were renamed on their own their first names again."""
	for renamed, original in RENAMED_FILES:
		(package / renamed).rename(package / original)
