"""Reports in the service's shape: header, columns, rows of cells. Amounts are text with two decimals."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger
from qbo_emulator.clock import format_time
from qbo_emulator.faults import Fault
from qbo_emulator.fields import ABSENT, Day
from qbo_emulator.money import from_cents
from qbo_emulator.work import Work, load_body

ACCOUNT_ORDER = (
	"Bank", "Accounts Receivable", "Other Current Asset", "Fixed Asset", "Other Asset", "Accounts Payable",
	"Credit Card", "Other Current Liability", "Long Term Liability", "Equity", "Income", "Cost of Goods Sold",
	"Expense", "Other Income", "Other Expense",
)  # fmt: skip


def list_balances(work: Work, start: str | None = None, end: str | None = None) -> list[tuple[str, str, int]]:
	"""Return (account Id, name, cents) of accounts that are not zero, in the order of a chart of accounts."""
	totals = ledger.get_totals(work.store, work.company.key, start, end)
	accounts = []
	for row in work.store.find(work.company.key, "Account"):
		body = load_body(row.body)
		cents = totals.get(int(row.id), 0)
		if cents:
			order = ACCOUNT_ORDER.index(body["AccountType"])
			accounts.append((order, int(row.id), body["FullyQualifiedName"], cents))
	return [(str(identifier), name, cents) for _order, identifier, name, cents in sorted(accounts)]


def build_trial_balance(work: Work, parameters: dict[str, str]) -> dict[str, Any]:
	"""Return TrialBalance. Without dates it covers everything that was posted. Raises 2060 for a bad date."""
	start = read_day(parameters, "start_date")
	end = read_day(parameters, "end_date")
	balances = list_balances(work, start, end)
	rows: list[dict[str, Any]] = [
		{"ColData": [{"value": name, "id": identifier}, *build_sides(cents)]}
		for identifier, name, cents in balances
	]
	debits, credits = ledger.sum_debits({int(identifier): cents for identifier, _name, cents in balances})
	if rows:
		total = [{"value": "TOTAL"}, {"value": str(debits)}, {"value": str(credits)}]
		rows.append({"Summary": {"ColData": total}, "type": "Section", "group": "GrandTotal"})
	first, last = work.store.execute(
		"SELECT min(txn_date), max(txn_date) FROM posting WHERE company = ?", (work.company.key,)
	).fetchone()
	return {
		"Header": {
			"Time": format_time(work.now, work.company.zone),
			"ReportName": "TrialBalance",
			"ReportBasis": "Accrual",
			"StartPeriod": start or first or work.today,
			"EndPeriod": end or last or work.today,
			"Currency": work.company.home_currency,
			"Option": [{"Name": "NoReportData", "Value": "false" if balances else "true"}],
		},
		"Columns": {
			"Column": [build_column("", "Account", "account"), build_column("Debit", "Money", "debit")]
			+ [build_column("Credit", "Money", "credit")]
		},
		"Rows": {"Row": rows} if rows else {},
	}


def build_sides(cents: int) -> list[dict[str, str]]:
	"""Return the debit and the credit cell of a balance."""
	return [
		{"value": str(from_cents(cents)) if cents > 0 else ""},
		{"value": str(from_cents(-cents)) if cents < 0 else ""},
	]


def build_column(title: str, kind: str, key: str) -> dict[str, Any]:
	return {"ColTitle": title, "ColType": kind, "MetaData": [{"Name": "ColKey", "Value": key}]}


def read_day(parameters: dict[str, str], name: str) -> str | None:
	day = Day().read(parameters.get(name), name)
	return None if day is ABSENT else str(day)


REPORTS = {"trialbalance": build_trial_balance}


def build_report(work: Work, name: str, parameters: dict[str, str]) -> dict[str, Any]:
	"""Return a report by its name. Raises 2000 for one that is not emulated."""
	builder = REPORTS.get(name.lower())
	if builder is None:
		raise Fault("2000", f"Report {name[:60]} is not emulated", "Report")
	return builder(work, parameters)
