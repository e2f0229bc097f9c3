"""Journal entries and inventory adjustments: golden payloads, and what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provisions import GB, MARKER, REFERENCES, US, check_golden

from allorders_qb.mapping.adjustment import LINE, build_adjustment
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.journal import build_journal, is_zero_journal
from allorders_qb.mapping.posting import AdjustmentDocument, AdjustmentLine, JournalDocument, JournalLine

D = Decimal
COUNTING = replace(US, tracks_quantities=True)


def make_journal(*lines, **values):
	lines = lines or (
		JournalLine("Cost of Goods Sold", D("135.00"), "Cost of what was shipped", "Wholesale", "Portland"),
		JournalLine("Inventory Asset", D("-135.00"), "Cost of what was shipped"),
	)
	return JournalDocument(
		**{
			"kind": "cogs",
			"source_doctype": "AO Ship Doc",
			"source_name": "SD-2026-00117",
			"posting_date": date(2026, 11, 23),
			"doc_number": "SD-2026-00117-C",
			"lines": lines,
			**values,
		}
	)


def make_adjustment(*lines, **values):
	lines = lines or (AdjustmentLine(1, "CHAI-10", D("-2")), AdjustmentLine(2, "CUP-12", D("0.5")))
	return AdjustmentDocument(
		**{
			"kind": "adjustment",
			"source_doctype": "AO Quantity Adjustment",
			"source_name": "QA-2026-00004",
			"posting_date": date(2026, 11, 23),
			"doc_number": "QA-2026-00004",
			"account": "Inventory Shrinkage",
			"lines": lines,
			**values,
		}
	)


def refuse(build, document, company) -> str:
	with pytest.raises(MappingError) as caught:
		build(document, REFERENCES, company, MARKER)
	assert str(caught.value).startswith(document.source_name)
	return str(caught.value)


def test_cost_of_goods():
	company = replace(US, tracks_departments=True, tracks_classes_per_line=True)
	check_golden("journal_cogs", build_journal(make_journal(), REFERENCES, company, MARKER))


def test_a_journal_is_in_home_currency():
	company = replace(US, multicurrency=True, tracks_departments=True, tracks_classes_per_line=True)
	payload = build_journal(make_journal(), REFERENCES, company, MARKER)
	assert (payload["CurrencyRef"], payload["ExchangeRate"]) == ({"value": "USD"}, 1)


def test_lines_of_zero_are_left_out():
	journal = make_journal(
		JournalLine("Inventory Asset", D("1.00")),
		JournalLine("Checking", D("0.00")),
		JournalLine("Cost of Goods Sold", D("-1.00")),
	)
	assert len(build_journal(journal, REFERENCES, US, MARKER)["Line"]) == 2


def test_a_journal_of_nothing_is_seen_and_refused():
	journal = make_journal(JournalLine("Checking", D(0)))
	assert is_zero_journal(journal) and not is_zero_journal(make_journal())
	assert "nothing to record" in refuse(build_journal, journal, US)


@given(st.lists(st.decimals("-9999", "9999", places=2), min_size=1, max_size=12))
def test_debits_equal_credits_or_it_is_refused(amounts):
	rest = -sum(amounts, D(0))
	journal = make_journal(*(JournalLine("Checking", amount) for amount in [*amounts, rest]))
	if is_zero_journal(journal):
		return
	sums = {"Debit": D(0), "Credit": D(0)}
	for line in build_journal(journal, REFERENCES, US, MARKER)["Line"]:
		assert line["Amount"] > 0
		sums[line["JournalEntryLineDetail"]["PostingType"]] += line["Amount"]
	assert sums["Debit"] == sums["Credit"]
	lame = make_journal(*(JournalLine("Checking", amount) for amount in [*amounts, rest + D("0.01")]))
	assert "differ by 0.01" in refuse(build_journal, lame, US)


def test_parts_of_a_cent_are_refused():
	assert "whole cents" in refuse(build_journal, make_journal(JournalLine("Checking", D("0.005"))), US)


def test_quantities():
	check_golden("inventory_adjustment", build_adjustment(make_adjustment(), REFERENCES, COUNTING, MARKER))


def test_one_line_an_item():
	adjustment = make_adjustment(
		AdjustmentLine(1, "CHAI-10", D(-2)),
		AdjustmentLine(2, "CUP-12", D(3)),
		AdjustmentLine(3, "CUP-12", D(-3)),
		AdjustmentLine(4, "CHAI-10", D(-1)),
	)
	lines = build_adjustment(adjustment, REFERENCES, COUNTING, MARKER)["Line"]
	assert [line[LINE] for line in lines] == [{"ItemRef": {"value": "11"}, "QtyDiff": D(-3)}]


def test_an_adjustment_of_nothing_is_refused():
	nothing = make_adjustment(AdjustmentLine(1, "CHAI-10", D(0)))
	assert "no quantity changes" in refuse(build_adjustment, nothing, COUNTING)


@pytest.mark.parametrize("company", (US, replace(GB, tracks_quantities=True)))
def test_adjustments_need_a_us_company_with_inventory(company):
	assert "Values Only" in refuse(build_adjustment, make_adjustment(), company)
