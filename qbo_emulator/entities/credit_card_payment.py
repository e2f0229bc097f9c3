"""Payment of a credit card's balance from a bank account. Intuit calls the address CreditCardPayment, the record CreditCardPaymentTxn."""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.transfer import MoneyMove
from qbo_emulator.fields import COMMON, Day, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.work import Work


class CreditCardPayment(MoneyMove):
	name = "CreditCardPaymentTxn"
	memo = "Credit card payment"
	accounts = {"BankAccountRef": ("Bank",), "CreditCardAccountRef": ("Credit Card",)}
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
		document = super().prepare(work, sent, previous)
		if "VendorRef" in document:
			document["VendorRef"] = work.refer("Vendor", document["VendorRef"], "VendorRef", "DisplayName")
		return document
