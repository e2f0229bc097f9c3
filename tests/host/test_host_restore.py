"""Frappe's names, put back into its PyPI redistribution."""

import pytest

from host.restore import NAMES, restore_bytes, restore_name, restore_renamed_files, restore_tree


@pytest.mark.parametrize(
	"replaced, original",
	[
		("import criscostack", "import frappe"),
		("https://criscostackframework.com", "https://frappeframework.com"),
		("CRISCOSTACK_SITE", "FRAPPE_SITE"),
		("Criscostack Technologies", "Frappe Technologies"),
		("Crisco Technologies Pvt. Ltd.", "Frappe Technologies Pvt. Ltd."),
		("class TestNote(CriscoTestCase)", "class TestNote(FrappeTestCase)"),
		("X-Crisco-Site-Name", "X-Frappe-Site-Name"),
		("criscoerp, Criscoerp", "erpnext, ERPNext"),
		("a crisp cistern", "a crisp cistern"),
	],
)
def test_names(replaced, original):
	assert restore_name(replaced) == original


def test_a_longer_name_is_put_back_before_a_shorter_one_inside_it():
	replaced = [name for name, _ in NAMES]
	for index, name in enumerate(replaced):
		assert not [later for later in replaced[index + 1 :] if name in later]


def test_what_is_no_text_stays_as_it_is():
	picture = b"\x89PNG\xff criscostack \xfe"
	assert restore_bytes(picture) == picture
	assert restore_bytes("criscostack é".encode()) == "frappe é".encode()


def test_files_folders_and_contents(tmp_path):
	inner = tmp_path / "criscostack" / "public" / "criscostackframework_icons"
	inner.mkdir(parents=True)
	(inner / "criscostack-logo.svg").write_text("<title>Criscostack</title>")
	helper = tmp_path / "criscostack" / "utils" / "brik_helper.py"
	helper.parent.mkdir()
	helper.write_text("import criscostack\n")
	restore_tree(tmp_path)
	restore_renamed_files(tmp_path / "frappe")
	logo = tmp_path / "frappe" / "public" / "frappeframework_icons" / "frappe-logo.svg"
	assert logo.read_text() == "<title>Frappe</title>"
	assert (tmp_path / "frappe" / "utils" / "bench_helper.py").read_text() == "import frappe\n"
	assert not [path for path in tmp_path.rglob("*") if "risco" in path.name or "brik" in path.name]
