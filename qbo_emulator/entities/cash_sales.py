"""SalesReceipt and RefundReceipt: sales and returns whose money moves at once, so that nothing of them is ever open."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger
from qbo_emulator.entities.base import Column
from qbo_emulator.entities.currency import convert_to_home
from qbo_emulator.entities.depositable import Depositable, settle_deposit_account
from qbo_emulator.entities.sales_form import PAYING_FIELDS, SALES_FIELDS, SalesForm
from qbo_emulator.entities.settlement import CREDIT_CARD
from qbo_emulator.entities.transaction import ZERO
from qbo_emulator.faults import refuse_missing
from qbo_emulator.fields import ReadOnly, Reference, Struct
from qbo_emulator.money import to_cents
from qbo_emulator.work import Work


class CashSale(SalesForm):
	customer_required = False
	words = ""
	columns = {**SalesForm.columns, "Balance": Column("balance", "money")}

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		document["DepositToAccountRef"] = settle_deposit_account(work, document)
		document["Balance"] = ZERO
		if "ExchangeRate" in document:
			document["HomeBalance"] = ZERO

	def compute_party_cents(self, work: Work, document: dict[str, Any]) -> int:
		return 0

	def list_own_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		cents = self.sign * to_cents(convert_to_home(document["TotalAmt"], self.get_rate(document)))
		memo = f"{self.words} {document.get('DocNumber', '')}".strip()
		account = int(document["DepositToAccountRef"]["value"])
		return [ledger.Posting(account, cents, memo, self.get_party(document))]


class SalesReceipt(Depositable, CashSale):
	name = "SalesReceipt"
	words = "Sales receipt"
	operations = frozenset({"read", "query", "create", "update", "delete", "void"})
	void_call = "update"
	schema = Struct(**SALES_FIELDS, **PAYING_FIELDS, CreditCardPayment=CREDIT_CARD, CheckPayment=ReadOnly())

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		super().apply_rules(work, document, previous)
		self.check_unchanged_in_deposit(work, document, previous)


class RefundReceipt(CashSale):
	"""``DepositToAccountRef`` is the account that pays out."""

	name = "RefundReceipt"
	words = "Refund receipt"
	sign = -1
	schema = Struct(**SALES_FIELDS, **PAYING_FIELDS, CheckPayment=ReadOnly(), ARAccountRef=Reference())

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		if "DepositToAccountRef" not in document:
			raise refuse_missing("DepositToAccountRef")
		super().apply_rules(work, document, previous)
