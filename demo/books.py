"""What QuickBooks' books say, asked over its own API."""

from __future__ import annotations

import time
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import requests

TIMEOUT = 60
PAGE = 1000
PAUSE = 5
PATIENCE = 90
"""Seconds: the app has just spent QuickBooks' requests of this minute, and the limit counts them for both of us."""
RECEIVABLE_TYPE, PAYABLE_TYPE = "Accounts Receivable", "Accounts Payable"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Balance:
	account: str
	debit: Decimal
	credit: Decimal


@dataclass(frozen=True)
class Invoice:
	"""An invoice as QuickBooks holds it; ``total`` includes ``tax``."""

	id: str
	number: str
	total: Decimal
	tax: Decimal
	balance: Decimal


class Books:
	"""One company of the emulator, read with a token of our own."""

	def __init__(self, url: str, realm_id: str):
		self.url = url
		self.realm_id = realm_id
		self.browser = requests.Session()
		granted = requests.post(f"{url}/_control/{realm_id}/tokens", json={}, timeout=TIMEOUT)
		granted.raise_for_status()
		self.browser.headers.update(
			{"Accept": "application/json", "Authorization": f"Bearer {granted.json()['access_token']}"}
		)

	def read_trial_balance(self) -> list[Balance]:
		"""Every account that is not zero, over all time: without dates a report is of this fiscal year."""
		report = self._get("reports/TrialBalance", start_date="1900-01-01", end_date="2999-12-31")
		return [
			Balance(cells[0], read_amount(cells[1]), read_amount(cells[2]))
			for row in report["Rows"].get("Row", [])
			if (cells := [cell.get("value", "") for cell in row.get("ColData", [])])
		]

	def read_invoices(self) -> list[Invoice]:
		"""Every invoice of the company."""
		return [
			Invoice(
				row["Id"],
				row.get("DocNumber", ""),
				read_amount(row["TotalAmt"]),
				read_amount((row.get("TxnTaxDetail") or {}).get("TotalTax")),
				read_amount(row["Balance"]),
			)
			for row in self._query("Invoice")
		]

	def add_up(self, entity: str) -> Decimal:
		"""What all transactions of a kind come to."""
		return sum((read_amount(row["TotalAmt"]) for row in self._query(entity)), ZERO)

	def get_receivable(self, balances: list[Balance]) -> Decimal:
		"""The balance of the accounts that hold what customers owe."""
		return self._add_up_type(RECEIVABLE_TYPE, balances)

	def get_payable(self, balances: list[Balance]) -> Decimal:
		"""The balance of the accounts that hold what is owed to vendors."""
		return -self._add_up_type(PAYABLE_TYPE, balances)

	def _add_up_type(self, account_type: str, balances: list[Balance]) -> Decimal:
		names = {
			row["FullyQualifiedName"] for row in self._query("Account") if row["AccountType"] == account_type
		}
		return sum((row.debit - row.credit for row in balances if row.account in names), ZERO)

	def _query(self, entity: str) -> list[dict[str, Any]]:
		found: list[dict[str, Any]] = []
		while True:
			statement = f"SELECT * FROM {entity} ORDERBY Id STARTPOSITION {len(found) + 1} MAXRESULTS {PAGE}"
			page = self._get("query", query=statement)["QueryResponse"].get(entity, [])
			found += page
			if len(page) < PAGE:
				return found

	def _get(self, path: str, **parameters: str) -> dict[str, Any]:
		address = f"{self.url}/v3/company/{self.realm_id}/{path}"
		gives_up_at = time.monotonic() + PATIENCE
		while True:
			answer = self.browser.get(address, params=parameters, timeout=TIMEOUT)
			if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS or time.monotonic() >= gives_up_at:
				break
			time.sleep(PAUSE)
		answer.raise_for_status()
		return answer.json(parse_float=Decimal)


def read_amount(value: Any) -> Decimal:
	"""An amount as QuickBooks writes it; nothing is zero."""
	return Decimal(str(value or 0))
