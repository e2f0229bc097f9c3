"""Reports read into plain values: the shapes of Intuit's pages, and what a company's lists make of them."""

from decimal import Decimal

import pytest

from allorders_qb.qbo.faults import OutcomeUnknown
from allorders_qb.qbo.reports import (
	STARTING_VALUE,
	LedgerLine,
	Stock,
	read_ledger,
	read_trial_balance,
	read_valuation,
)


def make_columns(*pairs: tuple[str, str]) -> dict:
	return {
		"Column": [
			{
				"ColTitle": title,
				"ColType": "Money",
				"MetaData": [{"Name": "ColKey", "Value": key}] if key else [],
			}
			for title, key in pairs
		]
	}


def make_cells(name: str, identifier: str | None, *values: str) -> list[dict]:
	return [
		{"value": name, **({"id": identifier} if identifier else {})},
		*({"value": value} for value in values),
	]


VALUATION_COLUMNS = make_columns(
	("", "products_and_service"),
	("SKU", "sku"),
	("Qty", "qty"),
	("Asset Value", "asset_value"),
	("Avg", "avg_cost"),
)
GRAND_TOTAL = {"ColData": make_cells("TOTAL", None, "", "", "1300.50", ""), "group": "GrandTotal"}


def make_valuation(*rows: dict, columns: dict = VALUATION_COLUMNS) -> dict:
	return {
		"Header": {"ReportName": "InventoryValuationSummary"},
		"Columns": columns,
		"Rows": {"Row": list(rows)} if rows else {},
	}


def test_quantity_and_value_by_item():
	report = make_valuation(
		{"ColData": make_cells("Pump", "7", "P-1", "12.00", "1,234.50", "")},
		{"ColData": make_cells("Hose", "8", "", "-3.125", "-66.00", "")},
		GRAND_TOTAL,
	)
	assert read_valuation(report) == {
		"7": Stock(Decimal("12.00"), Decimal("1234.50")),
		"8": Stock(Decimal("-3.125"), Decimal("-66.00")),
	}


def test_an_item_with_others_below_it_stands_with_its_own_and_a_category_with_none():
	report = make_valuation(
		{
			"Header": {"ColData": make_cells("Garden", "1", "", "", "", "")},
			"Rows": {
				"Row": [
					{
						"Header": {"ColData": make_cells("Pump", "7", "", "2.00", "20.00", "")},
						"Rows": {
							"Row": [{"ColData": make_cells("Pump, small", "9", "", "1.00", "5.00", "")}]
						},
						"Summary": {"ColData": make_cells("Total Pump", None, "", "3.00", "25.00", "")},
						"type": "Section",
					}
				]
			},
			"Summary": {"ColData": make_cells("Total Garden", None, "", "3.00", "25.00", "")},
			"type": "Section",
		},
		GRAND_TOTAL,
	)
	assert read_valuation(report) == {
		"7": Stock(Decimal(2), Decimal(20)),
		"9": Stock(Decimal(1), Decimal(5)),
	}


def test_nothing_in_stock():
	assert read_valuation(make_valuation()) == {}
	assert read_valuation(make_valuation(columns={})) == {}


def test_columns_are_known_by_their_titles_too():
	columns = make_columns(("", ""), ("Asset Value", ""), ("Qty", ""))
	report = make_valuation({"ColData": make_cells("Pump", "7", "20.00", "2.00")}, columns=columns)
	assert read_valuation(report) == {"7": Stock(Decimal(2), Decimal(20))}


def test_another_shape_is_no_answer():
	with pytest.raises(OutcomeUnknown, match="InventoryValuationSummary has no column Qty"):
		read_valuation(make_valuation(GRAND_TOTAL, columns=make_columns(("", "x"), ("Value", "y"))))
	with pytest.raises(OutcomeUnknown, match="has many where a number belongs"):
		read_valuation(make_valuation({"ColData": make_cells("Pump", "7", "", "many", "1.00", "")}))


LEDGER_COLUMNS = make_columns(
	("Date", "tx_date"), ("Transaction Type", "txn_type"), ("Num", "doc_num"), ("Product/Service", "item_name"),
	("Amount", "subt_nat_amount"),
)  # fmt: skip


def make_line(day: str, kind: str, transaction: str, item: str, amount: str) -> dict:
	cells = [
		{"value": day},
		{"value": kind, "id": transaction},
		{"value": "N-1"},
		{"value": "An item", "id": item},
		{"value": amount},
	]
	return {"ColData": cells, "type": "Data"}


def make_ledger(*rows: dict, more: tuple[dict, ...] = ()) -> dict:
	beginning = {
		"ColData": [{"value": "Beginning Balance"}, *({"value": ""} for _ in range(4))],
		"type": "Data",
	}
	section = {
		"Header": {"ColData": make_cells("Inventory Asset", "11", "", "", "", "")},
		"Rows": {"Row": [beginning, *rows]},
		"Summary": {"ColData": make_cells("Total for Inventory Asset", None, "", "", "", "99.00")},
		"type": "Section",
	}
	return {
		"Header": {"ReportName": "GeneralLedger"},
		"Columns": LEDGER_COLUMNS,
		"Rows": {"Row": [section, *more]},
	}


def test_ledger_lines_with_their_transaction_and_item():
	report = make_ledger(
		make_line("2026-01-02", "Bill", "31", "7", "40.00"),
		make_line("2026-01-01", STARTING_VALUE, "7", "7", "12.00"),
		make_line("2026-01-03", "Journal Entry", "32", "", "-5.00"),
	)
	assert read_ledger(report) == [
		LedgerLine("11", "2026-01-02", "Bill", "31", "N-1", "7", Decimal("40.00")),
		LedgerLine("11", "2026-01-01", STARTING_VALUE, "", "N-1", "7", Decimal("12.00")),
		LedgerLine("11", "2026-01-03", "Journal Entry", "32", "N-1", "", Decimal("-5.00")),
	]


def test_the_home_amount_counts_and_types_are_keys_too():
	report = make_ledger(make_line("2026-01-02", "Bill", "31", "7", "40.00"))
	titles = ("tx_date", "txn_type", "doc_num", "item_name", "subt_nat_amount", "subt_nat_home_amount")
	report["Columns"] = {"Column": [{"ColTitle": "", "ColType": key} for key in titles]}
	report["Rows"]["Row"][0]["Rows"]["Row"][1]["ColData"].append({"value": "44.00"})
	assert [line.amount for line in read_ledger(report)] == [Decimal("44.00")]


def test_a_ledger_that_is_too_long_is_none():
	row = {
		"ColData": [{"value": "Unable to display more data. Please reduce the date range."}],
		"type": "Data",
	}
	assert read_ledger(make_ledger(more=(row,))) is None


def test_balances_by_account():
	report = {
		"Columns": make_columns(("", "account"), ("Debit", "debit"), ("Credit", "credit")),
		"Rows": {
			"Row": [
				{"ColData": make_cells("Inventory Asset", "11", "30.00", "")},
				{"ColData": make_cells("Sales", "12", "", "30.00")},
				{"Summary": {"ColData": make_cells("TOTAL", None, "30.00", "30.00")}, "group": "GrandTotal"},
			]
		},
	}
	assert read_trial_balance(report) == {"11": Decimal(30), "12": Decimal(-30)}
