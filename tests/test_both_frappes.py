"""One branch runs on Frappe 15 and 16: what only one of the two understands is not written anywhere."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "allorders_qb"
FILES = sorted(path for path in APP.rglob("*.py") if not path.is_symlink())
QUERIES = ("get_all", "get_list")
OLD_PAGING = {"limit_start", "limit_page_length", "page_length", "start"}
FUNCTION_IN_TEXT = re.compile(r"\b(sum|count|max|min|avg|ifnull|coalesce|distinct)\s*\(", re.IGNORECASE)
GONE = {
	"frappe.db.is_column_missing",
	"frappe.client_cache",
	"frappe.get_test_records",
	"frappe.in_test",
	"frappe.db.set",
}
"""Names that one of the two does not have."""


def list_calls() -> Iterator[tuple[str, ast.Call]]:
	for path in FILES:
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Call):
				yield f"{path.relative_to(ROOT)}:{node.lineno}", node


CALLS = list(list_calls())
FOUND = [
	(place, call)
	for place, call in CALLS
	if ast.unparse(call.func) in {f"frappe.{name}" for name in QUERIES}
	or ast.unparse(call.func) in {f"frappe.db.{name}" for name in QUERIES}
]


def test_there_are_queries_to_look_at():
	assert len(FOUND) > 50


def test_every_query_says_its_order():
	"""Without one Frappe 15 sorts by modified and 16 by creation."""
	assert [place for place, call in FOUND if "order_by" not in {word.arg for word in call.keywords}] == []


def test_no_query_uses_words_that_are_going():
	assert [place for place, call in FOUND if OLD_PAGING & {word.arg for word in call.keywords}] == []


def test_functions_go_through_the_query_builder():
	"""Frappe 16 refuses them in the texts of fields, group_by, order_by and pluck."""
	guilty = [
		place
		for place, call in FOUND
		for word in call.keywords
		if word.arg in ("fields", "group_by", "order_by", "pluck")
		and any(
			isinstance(node, ast.Constant)
			and isinstance(node.value, str)
			and FUNCTION_IN_TEXT.search(node.value)
			for node in ast.walk(word.value)
		)
	]
	assert guilty == []


def test_nothing_is_used_that_one_of_them_lacks():
	guilty = [
		f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)}"
		for path in FILES
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
		if isinstance(node, ast.Attribute) and ast.unparse(node) in GONE
	]
	assert guilty == []


def test_the_cache_is_an_object():
	assert [place for place, call in CALLS if ast.unparse(call.func) == "frappe.cache"] == []


@pytest.mark.parametrize(
	"path", sorted((APP / "allorders_qb" / "doctype").glob("*/*.json")), ids=lambda path: path.stem
)
def test_every_doctype_says_how_it_is_sorted(path):
	doctype = json.loads(path.read_text(encoding="utf-8"))
	if not (doctype.get("issingle") or doctype.get("istable")):
		assert doctype["sort_field"] and doctype["sort_order"] in ("ASC", "DESC")
