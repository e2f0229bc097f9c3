"""What lies in Undeposited Funds until a Deposit brings it to the bank: payments and sales receipts."""

from __future__ import annotations

from typing import Any

from qbo_emulator import links
from qbo_emulator.entities.settlement import check_unsettled
from qbo_emulator.entities.transaction import Transaction
from qbo_emulator.faults import Fault
from qbo_emulator.store import Row
from qbo_emulator.work import Work

DEPOSITED = "6540"
"""What a change of deposited money is refused with, until it is taken out of its deposit."""
MONEY_FIELDS = ("TotalAmt", "CustomerRef", "DepositToAccountRef", "ExchangeRate")


class Depositable(Transaction):
	linked_by = frozenset({"Deposit"})
	guards = {"Deposit": DEPOSITED}

	def check_unchanged_in_deposit(
		self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None
	) -> None:
		"""Raise 6540 where an update would change money that lies in a deposit."""
		if previous is None or all(document.get(name) == previous.get(name) for name in MONEY_FIELDS):
			return
		deposit = self.find_deposit(work, int(previous["Id"]))
		if deposit is not None:
			detail = f"{self.name} {previous['Id']} is in Deposit {deposit}; remove it from there first"
			raise Fault(DEPOSITED, detail)

	def find_deposit(self, work: Work, identifier: int) -> int | None:
		"""Return the Id of the deposit it lies in, or None."""
		for link in links.list_incoming(work, self.name, identifier):
			if link.entity == "Deposit":
				return link.id
		return None

	def check_link(
		self, work: Work, row: Row, document: dict[str, Any], payer: Transaction, paying: dict[str, Any]
	) -> None:
		super().check_link(work, row, document, payer, paying)
		deposit = self.find_deposit(work, int(row.id))
		if deposit is not None:
			raise Fault("620", f"{self.name} {row.id} is in Deposit {deposit} already", "Line.LinkedTxn")

	def release(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		check_unsettled(document)
		super().release(work, row, document)


def settle_deposit_account(work: Work, document: dict[str, Any]) -> dict[str, str]:
	"""Return a checked DepositToAccountRef, Undeposited Funds where none was sent. Raises 2500, 610 or 6430."""
	default = {"value": str(work.company.get_role("undeposited_funds"))}
	reference = document.get("DepositToAccountRef", default)
	_row, account = work.require("Account", reference, "DepositToAccountRef")
	if account["AccountType"] not in ("Bank", "Other Current Asset", "Credit Card"):
		detail = f"{account['Name']} is of type {account['AccountType']}; money cannot be deposited there"
		raise Fault("6430", detail, "DepositToAccountRef")
	return {"value": account["Id"], "name": account["FullyQualifiedName"]}
