"""Accounts with their sums from the ledger, for statements: by type, nested, one sum for each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qbo_emulator.reports.period import Query
from qbo_emulator.reports.shapes import Node, build_forest
from qbo_emulator.work import load_body

ACCOUNT_ORDER = (
	"Bank", "Accounts Receivable", "Other Current Asset", "Fixed Asset", "Other Asset", "Accounts Payable",
	"Credit Card", "Other Current Liability", "Long Term Liability", "Equity", "Income", "Cost of Goods Sold",
	"Expense", "Other Income", "Other Expense",
)  # fmt: skip
INCOME_TYPES = ("Income", "Cost of Goods Sold", "Expense", "Other Income", "Other Expense")
"""Accounts that begin at zero every fiscal year; what they sum up to goes to retained earnings."""
CREDIT_TYPES = (
	"Accounts Payable", "Credit Card", "Other Current Liability", "Long Term Liability", "Equity", "Income", "Other Income",
)  # fmt: skip
"""Accounts whose balance is shown positive when it is a credit."""


@dataclass
class AccountSums:
	"""An account and its cents by day, debit positive."""

	identifier: int
	name: str
	full_name: str
	kind: str
	subtype: str
	parent: int | None
	days: dict[str, int] = field(default_factory=dict)

	@property
	def sign(self) -> int:
		return -1 if self.kind in CREDIT_TYPES else 1

	@property
	def is_income(self) -> bool:
		return self.kind in INCOME_TYPES

	def add(self, start: str, end: str) -> int:
		"""Return the cents between two days, both included, debit positive."""
		return sum(cents for day, cents in self.days.items() if start <= day <= end)


def load_accounts(query: Query) -> list[AccountSums]:
	"""Return all accounts in the order of a chart of accounts, with what the filters let through."""
	accounts = {}
	for row in query.work.store.find(query.company.key, "Account"):
		body = load_body(row.body)
		parent = body.get("ParentRef", {}).get("value")
		accounts[int(row.id)] = AccountSums(
			int(row.id),
			body["Name"],
			body["FullyQualifiedName"],
			body["AccountType"],
			body.get("AccountSubType", ""),
			int(parent) if parent else None,
		)
	where, values = build_filter(query)
	cursor = query.work.store.execute(
		"SELECT account, txn_date, sum(cents) FROM posting WHERE company = ?"
		f"{where} GROUP BY account, txn_date HAVING sum(cents) <> 0",
		(query.company.key, *values),
	)
	for account, day, cents in cursor:
		accounts[account].days[day] = cents
	return sorted(
		accounts.values(), key=lambda account: (ACCOUNT_ORDER.index(account.kind), account.identifier)
	)


def build_filter(query: Query, prefix: str = "") -> tuple[str, list[Any]]:
	"""Return SQL conditions on postings, each beginning with AND, for the filters customer, vendor, item and account."""
	parts, values = "", []
	parties = query.get_ids("customer") + query.get_ids("vendor")
	for column, ids in (
		("party", parties),
		("item", query.get_ids("item")),
		("account", query.get_ids("account")),
	):
		if ids:
			parts += f" AND {prefix}{column} IN ({', '.join('?' * len(ids))})"
			values.extend(ids)
	return parts, values


def build_nodes(
	accounts: Sequence[AccountSums], kinds: Sequence[str], columns: list[list[int]]
) -> list[Node]:
	"""Return the accounts of some types as nodes; ``columns`` are the sums of all accounts, a list for each of them."""
	found = [
		(Node(account.identifier, account.name, [account.sign * cents for cents in sums]), account.parent)
		for account, sums in zip(accounts, columns, strict=True)
		if account.kind in kinds
	]
	return build_forest(found)


def find_retained_earnings(accounts: Sequence[AccountSums]) -> AccountSums | None:
	"""Return the account that earlier years' income goes to, if the company has one."""
	return next((account for account in accounts if account.subtype == "RetainedEarnings"), None)
