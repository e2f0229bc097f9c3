"""The desk's JavaScript and style sheets: built by Frappe's own build, or by ours where its sources lack one."""

from pathlib import Path

from host.sources import Source


def ensure_assets(source: Source, folder: Path) -> Path | None:
	return None
