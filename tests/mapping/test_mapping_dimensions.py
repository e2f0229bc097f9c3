"""Class and location on every kind of transaction, as QuickBooks' preferences allow: on lines, on the whole, or refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from provisions import MARKER, REFERENCES, US, check_golden, make_line, make_sale
from test_mapping_books import make_adjustment, make_journal
from test_mapping_purchase import item_line, make_bill

from allorders_qb.mapping.dispatch import Charges, build_posting
from allorders_qb.mapping.errors import MappingError

NOTHING = replace(US, tracks_quantities=True)
BY_LINE = replace(NOTHING, tracks_departments=True, tracks_classes_per_line=True)
AS_A_WHOLE = replace(NOTHING, tracks_departments=True, tracks_classes_per_transaction=True)
WHOLESALE, PORTLAND = {"value": "5000000000000012345"}, {"value": "1"}
PLACES = {"department": "Portland"}
POSTINGS = {
	"sale": make_sale(make_line(class_name="Wholesale"), **PLACES),
	"bill": make_bill(item_line(class_name="Wholesale"), **PLACES),
	"adjustment": make_adjustment(class_name="Wholesale", **PLACES),
	"journal": make_journal(),
}
"""All of them of the class Wholesale, in Portland."""


def build(name, company):
	return build_posting(POSTINGS[name], REFERENCES, company, MARKER, Charges())


def read_details(payload) -> list[dict]:
	return [line[line["DetailType"]] for line in payload["Line"]]


@pytest.mark.parametrize("name", ["sale", "bill", "adjustment"])
def test_lines_bear_their_class_and_the_whole_its_location(name):
	payload = build(name, BY_LINE)
	assert "ClassRef" not in payload and payload["DepartmentRef"] == PORTLAND
	assert all(detail["ClassRef"] == WHOLESALE for detail in read_details(payload))
	check_golden(f"dimensions_{name}_by_line", payload)


@pytest.mark.parametrize("name", ["sale", "adjustment"])
def test_the_whole_bears_its_class(name):
	payload = build(name, AS_A_WHOLE)
	assert (payload["ClassRef"], payload["DepartmentRef"]) == (WHOLESALE, PORTLAND)
	assert all("ClassRef" not in detail for detail in read_details(payload))


@pytest.mark.parametrize("company", [BY_LINE, AS_A_WHOLE])
def test_a_journal_bears_both_on_its_lines(company):
	payload = build("journal", company)
	detail = read_details(payload)[0]
	assert (detail["ClassRef"], detail["DepartmentRef"]) == (WHOLESALE, PORTLAND)
	assert "ClassRef" not in payload


@pytest.mark.parametrize("name", list(POSTINGS))
@pytest.mark.parametrize(
	("company", "words"),
	[
		(replace(BY_LINE, tracks_classes_per_line=False), "does not track classes"),
		(replace(BY_LINE, tracks_departments=False), "does not track locations"),
	],
)
def test_what_quickbooks_does_not_track_is_refused(name, company, words):
	with pytest.raises(MappingError, match=words):
		build(name, company)
