"""What the reports say, read into plain values. Pure.

A report is rows of cells under columns that are known by their key; a row may be a section of its own, with a heading, rows
and a sum. What stands for a record carries its Id in the first cell; sums carry none. Amounts are text.
Sources: Intuit's "Report Service" pages, one for each report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from allorders_qb.qbo.faults import OutcomeUnknown, word_silence

VALUATION = "InventoryValuationSummary"
LEDGER = "GeneralLedger"
TRIAL_BALANCE = "TrialBalance"

LEDGER_COLUMNS = ("tx_date", "txn_type", "doc_num", "item_name", "subt_nat_amount")
HOME_AMOUNT = "subt_nat_home_amount"
"""Beside them where the company keeps several currencies: the other amount is in the transaction's own."""
TOO_MUCH = "unable to display more data"
"""How the last row of a report begins that would have been longer than QuickBooks makes them."""
STARTING_VALUE = "Inventory Starting Value"
"""The type of what an item began with; its id is none of a transaction."""

ZERO = Decimal(0)
Cells = list[dict[str, Any]]


@dataclass(frozen=True)
class Stock:
	"""What QuickBooks has of an item: units, and their value in home currency."""

	quantity: Decimal
	value: Decimal


@dataclass(frozen=True)
class LedgerLine:
	"""What a transaction did to an account with one of its items. ``amount`` is in home currency and has the account's natural sign; ``item`` and
	``transaction`` are Ids, empty where QuickBooks names none."""

	account: str
	day: str
	kind: str
	transaction: str
	doc_number: str
	item: str
	amount: Decimal


def read_valuation(report: Mapping[str, Any]) -> dict[str, Stock]:
	"""Return what InventoryValuationSummary says, by the item's Id. An item with others below it stands with its own stock."""
	places = _find_columns(report, VALUATION, ("qty", "Qty"), ("asset_value", "Asset Value"))
	found: dict[str, Stock] = {}
	for cells in _list_records(report):
		texts = [_read_text(cells, place) for place in places]
		if any(texts):
			quantity, value = (_read_number(text, VALUATION) for text in texts)
			found[cells[0]["id"]] = Stock(quantity, value)
	return found


def read_ledger(report: Mapping[str, Any]) -> list[LedgerLine] | None:
	"""Return the lines of a GeneralLedger with LEDGER_COLUMNS; None where it is longer than QuickBooks makes them."""
	titles = ("Date", "Transaction Type", "Num", "Product/Service", "Amount")
	day, kind, number, item, amount = _find_columns(report, LEDGER, *zip(LEDGER_COLUMNS, titles, strict=True))
	keys = _list_keys(report)
	amount = next((place for place, names in enumerate(keys) if HOME_AMOUNT in names), amount)
	lines: list[LedgerLine] = []
	for account, cells in _list_lines(report.get("Rows") or {}, ""):
		if _read_text(cells, 0).lower().startswith(TOO_MUCH):
			return None
		if len(cells) > amount and _read_id(cells, kind):
			lines.append(
				LedgerLine(
					account,
					_read_text(cells, day),
					_read_text(cells, kind),
					"" if _read_text(cells, kind) == STARTING_VALUE else _read_id(cells, kind),
					_read_text(cells, number),
					_read_id(cells, item),
					_read_number(_read_text(cells, amount), LEDGER),
				)
			)
	return lines


def read_trial_balance(report: Mapping[str, Any]) -> dict[str, Decimal]:
	"""Return each account's balance, debit positive, by the account's Id."""
	debit, credit = _find_columns(report, TRIAL_BALANCE, ("debit", "Debit"), ("credit", "Credit"))
	return {
		cells[0]["id"]: _read_number(_read_text(cells, debit), TRIAL_BALANCE)
		- _read_number(_read_text(cells, credit), TRIAL_BALANCE)
		for cells in _list_records(report)
	}


def _find_columns(report: Mapping[str, Any], name: str, *wanted: tuple[str, str]) -> list[int]:
	"""Where the columns stand, each given by its key and its title; raises OutcomeUnknown where one is missing."""
	columns, keys = _list_columns(report), _list_keys(report)
	titles = [str(column.get("ColTitle") or "").strip().lower() for column in columns]
	places = []
	for key, title in wanted:
		known = [place for place, names in enumerate(keys) if key in names]
		if known:
			places.append(known[0])
		elif title.lower() in titles:
			places.append(titles.index(title.lower()))
		elif not (report.get("Rows") or {}).get("Row"):
			places.append(0)
		else:
			raise OutcomeUnknown(
				word_silence(f"QuickBooks' report {name} has no column {title}", reading=True)
			)
	return places


def _list_columns(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
	return (report.get("Columns") or {}).get("Column") or []


def _list_keys(report: Mapping[str, Any]) -> list[set[str]]:
	"""What each column is known by: its key, which some reports give as its type."""
	return [
		{
			str(column.get("ColType") or ""),
			*(
				str(pair.get("Value"))
				for pair in column.get("MetaData") or ()
				if pair.get("Name") == "ColKey"
			),
		}
		for column in _list_columns(report)
	]


def _list_records(report: Mapping[str, Any]) -> Iterator[Cells]:
	"""The cells of each row, or section's heading, that stands for a record."""
	for _section, cells in _list_lines(report.get("Rows") or {}, "", with_headings=True):
		if cells and cells[0].get("id"):
			yield cells


def _list_lines(
	rows: Mapping[str, Any], section: str, with_headings: bool = False
) -> Iterator[tuple[str, Cells]]:
	"""The Id of the section that each row of data is in, and the row's cells; sums are left out."""
	for row in rows.get("Row") or ():
		heading = (row.get("Header") or {}).get("ColData") or []
		if with_headings and heading:
			yield section, heading
		inner = str(heading[0].get("id") or section) if heading else section
		yield from _list_lines(row.get("Rows") or {}, inner, with_headings)
		if row.get("ColData"):
			yield section, row["ColData"]


def _read_text(cells: Cells, place: int) -> str:
	return str(cells[place].get("value") or "").strip() if place < len(cells) else ""


def _read_id(cells: Cells, place: int) -> str:
	return str(cells[place].get("id") or "") if place < len(cells) else ""


def _read_number(text: str, name: str) -> Decimal:
	try:
		return Decimal(text.replace(",", "") or "0")
	except InvalidOperation:
		raise OutcomeUnknown(
			word_silence(f"QuickBooks' report {name} has {text} where a number belongs", reading=True)
		) from None
