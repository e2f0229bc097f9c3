"""Transfer: money from one balance sheet account to another."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.currency import settle_currency
from qbo_emulator.entities.headers import refer_account, settle_tracking
from qbo_emulator.entities.transaction import Transaction
from qbo_emulator.faults import Fault, refuse_business
from qbo_emulator.fields import COMMON, Day, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import round_half_up, to_cents
from qbo_emulator.work import Work, require_field

BALANCE_SHEET = (
	"Bank", "Other Current Asset", "Fixed Asset", "Other Asset", "Credit Card", "Other Current Liability",
	"Long Term Liability", "Equity",
)  # fmt: skip


class MoneyMove(Transaction):
	"""An ``Amount`` from one account to another, in home currency."""

	accounts: dict[str, tuple[str, ...]] = {}
	"""The properties that name the account it leaves and the one it reaches, and the account types allowed (6430)."""
	memo = ""

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		for name, kinds in self.accounts.items():
			require_field(document, name)
			refer_account(work, document, name, kinds)
		left, reached = self.list_accounts(document)
		if left == reached:
			raise refuse_business(f"A {self.name} needs two different accounts", list(self.accounts)[1])
		document["Amount"] = round_half_up(require_field(document, "Amount"))
		if document["Amount"] <= 0:
			raise Fault("2290", "The amount must be more than 0", "Amount")
		document.setdefault("TxnDate", previous["TxnDate"] if previous else work.today)
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		home = {"value": work.company.home_currency}
		settle_currency(work, {"CurrencyRef": home, **document}, {"CurrencyRef": home}, "account")
		document["CurrencyRef"] = home
		document.pop("ExchangeRate", None)
		settle_tracking(work, document)
		return document

	def list_accounts(self, document: dict[str, Any]) -> list[int]:
		return [int(document[name]["value"]) for name in self.accounts]

	def compute_total_cents(self, document: dict[str, Any]) -> int:
		return to_cents(document["Amount"])

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		cents = to_cents(document["Amount"])
		left, reached = self.list_accounts(document)
		return [ledger.Posting(left, -cents, self.memo), ledger.Posting(reached, cents, self.memo)]


class Transfer(MoneyMove):
	name = "Transfer"
	memo = "Transfer"
	accounts = {"FromAccountRef": BALANCE_SHEET, "ToAccountRef": BALANCE_SHEET}
	schema = Struct(
		**COMMON,
		FromAccountRef=Reference(),
		ToAccountRef=Reference(),
		Amount=Number("amount"),
		TxnDate=Day(),
		PrivateNote=Text(4000),
		DepartmentRef=Reference(),
		CurrencyRef=Reference(),
		ExchangeRate=Number(),
		**dict.fromkeys(
			("TransactionLocationType", "RecurDataRef", "LinkedTxn", "Line", "TxnSource", "DocNumber"), ReadOnly()
		),
	)  # fmt: skip
	columns = {
		"TxnDate": Column("txn_date", "date"),
		"FromAccountRef": in_body("FromAccountRef.value", "reference"),
		"ToAccountRef": in_body("ToAccountRef.value", "reference"),
	}
