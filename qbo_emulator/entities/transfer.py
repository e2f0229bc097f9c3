"""Transfer: money from one balance sheet account to another."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.currency import settle_currency
from qbo_emulator.entities.headers import refer_account, settle_tracking
from qbo_emulator.entities.transaction import Transaction
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import COMMON, Day, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import round_half_up, to_cents
from qbo_emulator.work import Work

BALANCE_SHEET = (
	"Bank", "Other Current Asset", "Fixed Asset", "Other Asset", "Credit Card", "Other Current Liability",
	"Long Term Liability", "Equity",
)  # fmt: skip


class Transfer(Transaction):
	name = "Transfer"
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

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		for name in ("FromAccountRef", "ToAccountRef", "Amount"):
			if name not in document:
				raise refuse_missing(name)
		document.setdefault("TxnDate", previous["TxnDate"] if previous else work.today)
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		home = {"value": work.company.home_currency}
		settle_currency(
			work, {**document, "CurrencyRef": document.get("CurrencyRef", home)}, {"CurrencyRef": home}
		)
		document["CurrencyRef"] = home
		document.pop("ExchangeRate", None)
		for name in ("FromAccountRef", "ToAccountRef"):
			refer_account(work, document, name, BALANCE_SHEET)
		if document["FromAccountRef"]["value"] == document["ToAccountRef"]["value"]:
			raise refuse_business("A transfer needs two different accounts", "ToAccountRef")
		document["Amount"] = round_half_up(document["Amount"])
		if document["Amount"] <= 0:
			raise Fault("2290", "The amount of a transfer must be more than 0", "Amount")
		settle_tracking(work, document)
		return document

	def compute_total_cents(self, document: dict[str, Any]) -> int:
		return to_cents(document["Amount"])

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		cents = to_cents(document["Amount"])
		return [
			ledger.Posting(int(document["FromAccountRef"]["value"]), -cents, "Transfer"),
			ledger.Posting(int(document["ToAccountRef"]["value"]), cents, "Transfer"),
		]
