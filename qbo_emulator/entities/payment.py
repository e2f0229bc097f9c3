"""Payment: money from a customer, applied to invoices with or without the customer's credits, or kept unapplied."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator import ledger
from qbo_emulator.entities.base import Column, FollowUp, in_body
from qbo_emulator.entities.currency import find_receivable, settle_currency
from qbo_emulator.entities.depositable import Depositable, settle_deposit_account
from qbo_emulator.entities.settlement import CREDIT_CARD, PAYMENT_LINES, Settlement
from qbo_emulator.entities.transaction import LINKED_TXN
from qbo_emulator.fields import COMMON, Day, Flag, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import from_cents, to_cents
from qbo_emulator.party import CREDIT
from qbo_emulator.store import Row
from qbo_emulator.work import Work, load_body, require_field


class Payment(Depositable, Settlement):
	name = "Payment"
	operations = frozenset({"read", "query", "create", "update", "delete", "void"})
	void_call = "update"
	party_entity = "Customer"
	open_fields = ("UnappliedAmt",)
	side = CREDIT
	payable_types = frozenset({"Invoice", "CreditMemo", "JournalEntry"})
	schema = Struct(
		**COMMON,
		CustomerRef=Reference(),
		TotalAmt=Number("amount"),
		Line=PAYMENT_LINES,
		TxnDate=Day(),
		PaymentRefNum=Text(21),
		PaymentMethodRef=Reference(),
		DepositToAccountRef=Reference(),
		ARAccountRef=Reference(),
		CurrencyRef=Reference(),
		ExchangeRate=Number(),
		PrivateNote=Text(4000),
		ProcessPayment=Flag(),
		CreditCardPayment=CREDIT_CARD,
		LinkedTxn=LINKED_TXN,
		**dict.fromkeys(
			(
				"UnappliedAmt", "DocNumber", "HomeTotalAmt", "TxnSource", "TransactionLocationType", "TaxExemptionRef",
				"PaymentType", "CheckPayment", "DepartmentRef", "TxnTaxDetail", "TxnStatus", "OverPayment",
			),
			ReadOnly(),
		),
	)  # fmt: skip
	columns = {
		"TxnDate": Column("txn_date", "date"),
		"CustomerRef": Column("party", "reference"),
		"TotalAmt": Column("total", "money"),
		"PaymentRefNum": in_body("PaymentRefNum"),
		"CurrencyRef": in_body("CurrencyRef.value"),
	}
	"""No DocNumber: Intuit's schema says "Filter support not provided for Payment"."""

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		_row, customer = work.require("Customer", require_field(document, "CustomerRef"), "CustomerRef")
		document["CustomerRef"] = {"value": customer["Id"], "name": customer["DisplayName"]}
		self.settle_total(document)
		document.setdefault("TxnDate", previous["TxnDate"] if previous else work.today)
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		self.settle_header_links(document, previous)
		settle_currency(work, document, customer)
		self.settle_references(work, document)
		if previous is None and "Line" not in document:
			document["Line"] = self.apply_to_oldest(work, document)
		self.settle_lines(work, document, previous)
		self.check_unchanged_in_deposit(work, document, previous)
		document.setdefault("ProcessPayment", False)
		return document

	def settle_references(self, work: Work, document: dict[str, Any]) -> None:
		if "PaymentMethodRef" in document:
			document["PaymentMethodRef"] = work.refer(
				"PaymentMethod", document["PaymentMethodRef"], "PaymentMethodRef"
			)
		document["DepositToAccountRef"] = settle_deposit_account(work, document)
		if "ARAccountRef" in document:
			document["ARAccountRef"] = work.refer("Account", document["ARAccountRef"], "ARAccountRef")

	def apply_to_oldest(self, work: Work, document: dict[str, Any]) -> list[dict[str, Any]]:
		"""Return lines over the customer's open invoices, oldest first, where the preference AutoApplyPayments is on."""
		if not work.company.get_preference("SalesFormsPrefs", "AutoApplyPayments"):
			return []
		return spread_over_open(work, "Invoice", document, to_cents(document["TotalAmt"]))

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		receivable = find_receivable(work, self.get_currency(work, document))
		account = int(document["DepositToAccountRef"]["value"])
		return self.build_settlement_postings(work, document, account, receivable)


def spread_over_open(work: Work, entity: str, document: dict[str, Any], cents: int) -> list[dict[str, Any]]:
	"""Return payment lines that give ``cents`` to the customer's open transactions of a kind, oldest first."""
	rows = work.store.execute(
		"SELECT id, balance, body FROM object WHERE company = ? AND entity = ? AND party = ? AND balance > 0"
		" ORDER BY txn_date, id",
		(work.company.key, entity, int(document["CustomerRef"]["value"])),
	)
	lines = []
	for identifier, balance, body in rows:
		if load_body(body)["CurrencyRef"]["value"] != document["CurrencyRef"]["value"]:
			continue
		share = min(balance, cents)
		if not share:
			break
		cents -= share
		linked = [{"TxnId": str(identifier), "TxnType": entity}]
		lines.append({"Amount": from_cents(share), "LinkedTxn": linked})
	return lines


def build_credit_application(work: Work, row: Row, document: dict[str, Any], against: str) -> list[FollowUp]:
	"""Return the payment of 0 that the service makes where the preference AutoApplyCredit is on.

	A new invoice takes the customer's open credit memos, a new credit memo goes to the open invoices; oldest first.
	"""
	if not work.company.get_preference("SalesFormsPrefs", "AutoApplyCredit"):
		return []
	others = spread_over_open(work, against, document, row.balance or 0)
	if not others:
		return []
	amount = sum((line["Amount"] for line in others), Decimal(0))
	own = {"Amount": amount, "LinkedTxn": [{"TxnId": str(row.id), "TxnType": row.entity}]}
	payment = {
		"CustomerRef": document["CustomerRef"],
		"TotalAmt": 0,
		"TxnDate": document["TxnDate"],
		"CurrencyRef": document["CurrencyRef"],
		"Line": [own, *others],
		"PrivateNote": "Created by QB Online to link credits to charges.",
	}
	if "ExchangeRate" in document:
		payment["ExchangeRate"] = document["ExchangeRate"]
	return [("Payment", payment)]
