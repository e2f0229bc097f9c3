"""Payment of a credit card's balance from a bank account. Intuit calls the address CreditCardPayment, the record CreditCardPaymentTxn."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.headers import refer_account
from qbo_emulator.entities.transaction import Transaction
from qbo_emulator.faults import Fault
from qbo_emulator.fields import COMMON, Day, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import round_half_up, to_cents
from qbo_emulator.work import Work, require_field

ACCOUNTS = {"BankAccountRef": ("Bank",), "CreditCardAccountRef": ("Credit Card",)}


class CreditCardPayment(Transaction):
	name = "CreditCardPaymentTxn"
	schema = Struct(
		**COMMON,
		BankAccountRef=Reference(),
		CreditCardAccountRef=Reference(),
		Amount=Number("amount"),
		TxnDate=Day(),
		PrivateNote=Text(4000),
		Memo=Text(4000),
		CheckNum=Text(21),
		PrintStatus=Text(30),
		VendorRef=Reference(),
		**dict.fromkeys(("CurrencyRef", "LinkedTxn", "DepartmentRef", "TransactionLocationType"), ReadOnly()),
	)
	columns = {
		"TxnDate": Column("txn_date", "date"),
		"BankAccountRef": in_body("BankAccountRef.value", "reference"),
		"CreditCardAccountRef": in_body("CreditCardAccountRef.value", "reference"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		for name, kinds in ACCOUNTS.items():
			require_field(document, name)
			refer_account(work, document, name, kinds)
		document["Amount"] = round_half_up(require_field(document, "Amount"))
		if document["Amount"] <= 0:
			raise Fault("2290", "The amount of a payment must be more than 0", "Amount")
		document.setdefault("TxnDate", previous["TxnDate"] if previous else work.today)
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		if "VendorRef" in document:
			document["VendorRef"] = work.refer("Vendor", document["VendorRef"], "VendorRef", "DisplayName")
		document["CurrencyRef"] = {"value": work.company.home_currency}
		return document

	def compute_total_cents(self, document: dict[str, Any]) -> int:
		return to_cents(document["Amount"])

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		cents = to_cents(document["Amount"])
		return [
			ledger.Posting(int(document["BankAccountRef"]["value"]), -cents, "Credit card payment"),
			ledger.Posting(int(document["CreditCardAccountRef"]["value"]), cents, "Credit card payment"),
		]
