"""TrialBalance: every account with a balance, debits and credits equal."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger
from qbo_emulator.money import from_cents
from qbo_emulator.reports.accounts import ACCOUNT_ORDER, find_retained_earnings, load_accounts
from qbo_emulator.reports.period import BEGINNING, Query, describe_span
from qbo_emulator.reports.shapes import make_cells, make_column, make_report, make_summary
from qbo_emulator.work import Work, load_body


def list_balances(work: Work) -> list[tuple[str, str, int]]:
	"""Return (account Id, name, cents) of accounts that are not zero over all time, in the order of a chart of accounts."""
	totals = ledger.get_totals(work.store, work.company.key)
	accounts = []
	for row in work.store.find(work.company.key, "Account"):
		body = load_body(row.body)
		cents = totals.get(int(row.id), 0)
		if cents:
			order = ACCOUNT_ORDER.index(body["AccountType"])
			accounts.append((order, int(row.id), body["FullyQualifiedName"], cents))
	return [(str(identifier), name, cents) for _order, identifier, name, cents in sorted(accounts)]


def build_trial_balance(query: Query) -> dict[str, Any]:
	"""Return TrialBalance: balances at the end of the period, income and expenses from its start.

	Income and expenses of the time before are in Retained Earnings, so that debits equal credits.
	"""
	span = query.get_span()
	accounts = load_accounts(query)
	sums: list[tuple[int | None, str, int]] = []
	retained = find_retained_earnings(accounts)
	earlier = sum(
		account.add(BEGINNING, span.end) - account.add(span.start, span.end)
		for account in accounts
		if account.is_income
	)
	for account in accounts:
		start = span.start if account.is_income else BEGINNING
		cents = account.add(start, span.end) + (earlier if account is retained else 0)
		if cents:
			sums.append((account.identifier, account.full_name, cents))
	if retained is None and earlier:
		sums.append((None, "Retained Earnings", earlier))
	rows: list[dict[str, Any]] = [
		{"ColData": make_cells(name, identifier, split_sides(cents))} for identifier, name, cents in sums
	]
	if rows:
		debits = sum(cents for _id, _name, cents in sums if cents > 0)
		credits = -sum(cents for _id, _name, cents in sums if cents < 0)
		rows.append(make_summary("TOTAL", [str(from_cents(debits)), str(from_cents(credits))], "GrandTotal"))
	header = {"ReportBasis": "Accrual", **describe_span(query, span)}
	columns = [
		make_column("", "Account", "account"),
		make_column("Debit", "Money", "debit"),
		make_column("Credit", "Money", "credit"),
	]
	return make_report(query, header, columns, rows, bool(sums))


def split_sides(cents: int) -> list[str]:
	"""Return the debit and the credit cell of a balance."""
	return [str(from_cents(cents)) if cents > 0 else "", str(from_cents(-cents)) if cents < 0 else ""]
