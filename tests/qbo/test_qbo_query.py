"""Statements: what is escaped, what is refused, and their fixed form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allorders_qb.qbo.query import UnsafeValue, quote, word_condition, word_select


def test_quote():
	assert quote('Bob\'s "Best": Café') == "'Bob\\'s \"Best\": Café'"
	assert quote(True) == "true" and quote(False) == "false"
	assert quote(Decimal("1E+2")) == "'100'" and quote(Decimal("12.50")) == "'12.50'"
	assert quote(date(2026, 11, 23)) == "'2026-11-23'"
	assert quote(5) == "'5'"


@pytest.mark.parametrize("value", ["Café\\Tab", "ends with \\", "\\' OR Id > '0", "a\tb", "a\nb", "a\x00b"])
def test_what_cannot_be_asked_is_refused_and_says_why(value):
	with pytest.raises(UnsafeValue, match="cannot search for"):
		quote(value)


@given(st.text())
def test_a_quoted_value_never_ends_early(value):
	try:
		quoted = quote(value)
	except UnsafeValue:
		return
	inner = quoted[1:-1]
	assert quoted[0] == quoted[-1] == "'"
	assert "'" not in inner.replace("\\'", "")
	assert inner.replace("\\'", "'") == value


def test_select():
	assert (
		word_select("Customer", [("DisplayName", "=", "Bob's"), ("Active", "in", (True, False))], limit=10)
		== "SELECT * FROM Customer WHERE DisplayName = 'Bob\\'s' AND Active IN (true, false) ORDER BY Id STARTPOSITION 1 MAXRESULTS 10"
	)
	assert (
		word_select("Item", "Type = 'Service'", start=1001)
		== "SELECT * FROM Item WHERE Type = 'Service' ORDER BY Id STARTPOSITION 1001 MAXRESULTS 1000"
	)


@pytest.mark.parametrize(
	"arguments",
	[
		("Customer; DROP", ()),
		("Customer", [("Name' OR 'a", "=", "x")]),
		("Customer", [("Name", "OR", "x")]),
		("Customer", [("Name", "IN", ())]),
	],
)
def test_malformed_parts_are_refused(arguments):
	with pytest.raises(ValueError):
		word_select(*arguments)


@pytest.mark.parametrize(("start", "limit"), [(0, 10), (1, 0), (1, 1001)])
def test_pages_out_of_range_are_refused(start, limit):
	with pytest.raises(ValueError):
		word_select("Customer", start=start, limit=limit)


def test_metadata_fields():
	assert (
		word_condition("MetaData.CreateTime", ">=", "2026-11-23T08:00:00-08:00")
		== "MetaData.CreateTime >= '2026-11-23T08:00:00-08:00'"
	)
