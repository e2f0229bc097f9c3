"""ProfitAndLoss and BalanceSheet, in total or in columns of days, weeks, months, quarters or years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from qbo_emulator.reports.accounts import AccountSums, build_nodes, find_retained_earnings, load_accounts
from qbo_emulator.reports.period import BEGINNING, Query, Span, describe_span
from qbo_emulator.reports.shapes import (
	Line,
	Node,
	add_up,
	format_cents,
	list_node_rows,
	make_column,
	make_data,
	make_report,
	make_section,
	make_summary,
)

ACCRUAL = {"ReportBasis": "Accrual"}
STANDARD = ("AccountingStandard", "GAAP")
CURRENT_ASSETS = (
	("Bank Accounts", "BankAccounts", ("Bank",)),
	("Accounts Receivable", "AR", ("Accounts Receivable",)),
	("Other Current Assets", "OtherCurrentAssets", ("Other Current Asset",)),
)
LATER_ASSETS = (
	("Fixed Assets", "FixedAssets", ("Fixed Asset",)),
	("Other Assets", "OtherAssets", ("Other Asset",)),
)
CURRENT_LIABILITIES = (
	("Accounts Payable", "AP", ("Accounts Payable",)),
	("Credit Cards", "CreditCards", ("Credit Card",)),
	("Other Current Liabilities", "OtherCurrentLiabilities", ("Other Current Liability",)),
)
LATER_LIABILITIES = (("Long-Term Liabilities", "LongTermLiabilities", ("Long Term Liability",)),)


class Part:
	"""A section being built: its rows and what they add up to."""

	def __init__(self, width: int) -> None:
		self.width = width
		self.rows: list[Line] = []
		self.totals = [0] * width

	def add_rows(self, rows: list[Line], totals: Sequence[int]) -> None:
		self.rows.extend(rows)
		self.totals = add_up([self.totals, totals], self.width)

	def add_nodes(self, nodes: list[Node]) -> None:
		self.add_rows(list_node_rows(nodes), add_up([node.totals for node in nodes], self.width))

	def add_part(self, name: str, group: str, part: Part, always: bool = False) -> None:
		"""Add a section below this one, unless there is nothing in it."""
		if part.rows or always:
			self.add_rows([part.close(name, group)], part.totals)

	def close(self, name: str, group: str, total_name: str = "") -> Line:
		totals = [format_cents(cents) for cents in self.totals] if self.rows else [""] * self.width
		return make_section(name, self.rows, total_name or f"Total {name}", totals, group)


def build_profit_and_loss(query: Query) -> dict[str, Any]:
	"""Return ProfitAndLoss. Columns by time end with a Total."""
	span = query.get_span()
	parts = query.cut_columns(span)
	columns = [*parts, span]
	accounts = load_accounts(query)
	sums = [[account.add(part.start, part.end) for part in columns] for account in accounts]

	def build(*kinds: str) -> Part:
		part = Part(len(columns))
		part.add_nodes(build_nodes(accounts, kinds, sums))
		return part

	income, cost, expense = build("Income"), build("Cost of Goods Sold"), build("Expense")
	other_income, other_expense = build("Other Income"), build("Other Expense")

	def subtract(first: Sequence[int], second: Sequence[int]) -> list[int]:
		return [one - other for one, other in zip(first, second, strict=True)]

	def close(name: str, group: str, totals: Sequence[int]) -> Line:
		return make_summary(name, [format_cents(cents) for cents in totals], group)

	gross = subtract(income.totals, cost.totals)
	operating = subtract(gross, expense.totals)
	other = subtract(other_income.totals, other_expense.totals)
	net = add_up([operating, other], len(columns))
	rows = [income.close("Income", "Income")]
	if cost.rows:
		rows.append(cost.close("Cost of Goods Sold", "COGS"))
	rows.append(close("Gross Profit", "GrossProfit", gross))
	rows.append(expense.close("Expenses", "Expenses"))
	rows.append(close("Net Operating Income", "NetOperatingIncome", operating))
	if other_income.rows:
		rows.append(other_income.close("Other Income", "OtherIncome"))
	if other_expense.rows:
		rows.append(other_expense.close("Other Expenses", "OtherExpenses"))
	if other_income.rows or other_expense.rows:
		rows.append(close("Net Other Income", "NetOtherIncome", other))
	rows.append(close("Net Income", "NetIncome", net))
	has_data = any(part.rows for part in (income, cost, expense, other_income, other_expense))
	header = {**ACCRUAL, **describe_span(query, span), "SummarizeColumnsBy": name_columns(query)}
	return make_report(query, header, make_columns(parts, with_total=True), rows, has_data, [STANDARD])


def build_balance_sheet(query: Query) -> dict[str, Any]:
	"""Return BalanceSheet, as of the end of each column.

	Net Income is that of the fiscal year the column ends in; earlier years' stands in Retained Earnings.
	"""
	span = query.get_span()
	parts = query.cut_columns(span)
	columns = parts or [span]
	accounts = load_accounts(query)
	sums = [[account.add(BEGINNING, part.end) for part in columns] for account in accounts]
	assets = build_side(accounts, sums, len(columns), "Current Assets", CURRENT_ASSETS, LATER_ASSETS)
	liabilities = build_side(
		accounts, sums, len(columns), "Current Liabilities", CURRENT_LIABILITIES, LATER_LIABILITIES
	)
	equity = build_equity(query, accounts, sums, columns)
	both = Part(len(columns))
	both.add_part("Liabilities", "Liabilities", liabilities, always=True)
	both.add_part("Equity", "Equity", equity, always=True)
	rows = [
		assets.close("ASSETS", "TotalAssets", "TOTAL ASSETS"),
		both.close("LIABILITIES AND EQUITY", "TotalLiabilitiesAndEquity", "TOTAL LIABILITIES AND EQUITY"),
	]
	header = {**ACCRUAL, **describe_span(query, span), "SummarizeColumnsBy": name_columns(query)}
	has_data = bool(assets.rows or liabilities.rows or equity.rows)
	return make_report(query, header, make_columns(parts), rows, has_data, [STANDARD])


def build_side(
	accounts: list[AccountSums],
	sums: list[list[int]],
	width: int,
	current_name: str,
	current_groups: Sequence[tuple[str, str, tuple[str, ...]]],
	later_groups: Sequence[tuple[str, str, tuple[str, ...]]],
) -> Part:
	"""Return the assets or the liabilities: a section for what is current, then the later ones beside it."""
	side, current = Part(width), Part(width)

	def build(kinds: tuple[str, ...]) -> Part:
		part = Part(width)
		part.add_nodes(build_nodes(accounts, kinds, sums))
		return part

	for name, group, kinds in current_groups:
		current.add_part(name, group, build(kinds))
	side.add_part(current_name, current_name.replace(" ", ""), current)
	for name, group, kinds in later_groups:
		side.add_part(name, group, build(kinds))
	return side


def build_equity(
	query: Query, accounts: list[AccountSums], sums: list[list[int]], columns: Sequence[Span]
) -> Part:
	"""Return the equity accounts, retained earnings with the income of earlier years, and this year's net income."""
	earlier, current = [], []
	for column in columns:
		first = query.find_fiscal_year(date.fromisoformat(column.end))
		before = (first - timedelta(1)).isoformat() if first > date.min else BEGINNING
		earlier.append(-sum(account.add(BEGINNING, before) for account in accounts if account.is_income))
		current.append(
			-sum(account.add(first.isoformat(), column.end) for account in accounts if account.is_income)
		)
	equity = Part(len(columns))
	retained = find_retained_earnings(accounts)
	sums = [
		[cents - more for cents, more in zip(row, earlier, strict=True)] if account is retained else row
		for account, row in zip(accounts, sums, strict=True)
	]
	equity.add_nodes(build_nodes(accounts, ("Equity",), sums))
	if retained is None and any(earlier):
		equity.add_nodes([Node(None, "Retained Earnings", earlier)])
	if any(current):
		values = [format_cents(cents) for cents in current]
		equity.add_rows([make_data("Net Income", None, values, "NetIncome")], current)
	return equity


def name_columns(query: Query) -> str:
	return query.parameters.get("summarize_column_by", "Total").capitalize()


def make_columns(parts: Sequence[Span], with_total: bool = False) -> list[dict[str, Any]]:
	columns = [make_column("", "Account", "account")]
	for part in parts:
		columns.append(make_column(part.title, "Money", part.title, StartDate=part.start, EndDate=part.end))
	if with_total or not parts:
		columns.append(make_column("Total", "Money", "total"))
	return columns
