"""What QuickBooks' own reports say, as cents by name: asked of the company directly, past the app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import requests


def read_report(company: Any, name: str, **parameters: str) -> dict[str, Any]:
	answer = requests.get(
		f"{company.url}/v3/company/{company.realm_id}/reports/{name}",
		params=parameters,
		headers={
			"Authorization": f"Bearer {company.grant_tokens().access_token}",
			"Accept": "application/json",
		},
		timeout=30,
	)
	answer.raise_for_status()
	return answer.json()


def list_rows(report: dict[str, Any]) -> Iterator[list[str]]:
	"""Yield the cells of every data row, at whatever depth it stands."""
	waiting = [report]
	while waiting:
		part = waiting.pop(0)
		if "ColData" in part:
			yield [cell.get("value", "") for cell in part["ColData"]]
		waiting = [*part.get("Rows", {}).get("Row", []), *waiting]


def to_cents(text: str) -> int:
	return round(float(text or 0) * 100)


def read_trial_balance(company: Any, year: str) -> dict[str, int]:
	"""Return every account's balance, debit positive; those of zero are left out."""
	report = read_report(company, "TrialBalance", start_date=f"{year}-01-01", end_date=f"{year}-12-31")
	balances = {cells[0]: to_cents(cells[1]) - to_cents(cells[2]) for cells in list_rows(report)}
	return {name: cents for name, cents in balances.items() if cents}


def read_amounts(company: Any, name: str, **parameters: str) -> dict[str, int]:
	"""Return the last column of a report's data rows by the first; rows of zero are left out."""
	amounts = {cells[0]: to_cents(cells[-1]) for cells in list_rows(read_report(company, name, **parameters))}
	return {row: cents for row, cents in amounts.items() if cents}


def read_balance_sheet(company: Any, year: str) -> dict[str, int]:
	return read_amounts(company, "BalanceSheet", start_date=f"{year}-01-01", end_date=f"{year}-12-31")


def read_party_balances(company: Any, entity: str) -> dict[str, int]:
	"""Return what customers owe, or vendors are owed, each in the party's own currency."""
	return {
		row["DisplayName"]: to_cents(row["Balance"])
		for row in company.query(f"SELECT * FROM {entity} MAXRESULTS 1000")
	}
