"""The documentation leads where it says: every relative link and picture exists, and pictures stay small."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
	ROOT / "README.md",
	ROOT / "CONTRIBUTING.md",
	ROOT / "CHANGELOG.md",
	*sorted((ROOT / "docs").rglob("*.md")),
]
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
MAX_PICTURE_BYTES = 150_000


def list_targets(page: Path) -> list[Path]:
	"""The files that a page links to."""
	found = LINK.findall(page.read_text(encoding="utf-8"))
	return [(page.parent / target).resolve() for target, _anchor in found if "://" not in target]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page):
	assert [str(target) for target in list_targets(page) if not target.exists()] == []


def test_pictures_are_small_and_shown_somewhere():
	shown = {target for page in PAGES for target in list_targets(page)}
	for picture in sorted((ROOT / "docs" / "images").iterdir()):
		assert picture in shown, f"{picture.name} stands on no page"
		assert picture.stat().st_size < MAX_PICTURE_BYTES, f"{picture.name} is too large"
