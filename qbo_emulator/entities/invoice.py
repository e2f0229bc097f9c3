"""Invoice: what is special to it beside the other sales forms: due date, deposit, and that it is owed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from qbo_emulator import ledger
from qbo_emulator.downloads import BASE
from qbo_emulator.entities.base import Column, FollowUp, in_body
from qbo_emulator.entities.currency import convert_to_home, find_receivable
from qbo_emulator.entities.headers import settle_due_date
from qbo_emulator.entities.payment import build_credit_application
from qbo_emulator.entities.sales_form import SALES_FIELDS, SalesForm
from qbo_emulator.faults import refuse_business
from qbo_emulator.fields import Day, Flag, Number, ReadOnly, Reference, Struct
from qbo_emulator.money import to_cents
from qbo_emulator.party import OWED
from qbo_emulator.store import Row
from qbo_emulator.work import Work

ZERO = Decimal(0)
ONLINE_PAYMENTS = ("AllowOnlineCreditCardPayment", "AllowOnlineACHPayment")


class Invoice(SalesForm):
	name = "Invoice"
	operations = frozenset({"read", "query", "create", "update", "delete", "void"})
	void_call = "void"
	open_fields = ("Balance",)
	side = OWED
	linked_by = frozenset({"Payment"})
	header_links = frozenset({"Estimate"})
	includes = frozenset({"invoicelink"})
	schema = Struct(
		**SALES_FIELDS,
		DueDate=Day(),
		SalesTermRef=Reference(),
		PaymentMethodRef=Reference(),
		Deposit=Number("amount"),
		DepositToAccountRef=Reference(),
		**dict.fromkeys(ONLINE_PAYMENTS, Flag()),
		**dict.fromkeys(
			(
				"AllowIPNPayment", "AllowOnlinePayment", "InvoiceLink", "EInvoiceStatus", "RemitToRef", "TDSCreditRef",
			),
			ReadOnly(),
		),
	)  # fmt: skip
	columns = {
		**SalesForm.columns,
		"DueDate": Column("due_date", "date"),
		"Balance": Column("balance", "money"),
		"SalesTermRef": in_body("SalesTermRef.value", "reference"),
	}

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		settle_due_date(work, document)
		deposit = document.get("Deposit", ZERO)
		if deposit < 0 or deposit > document["TotalAmt"]:
			raise refuse_business("The deposit must lie between 0 and the total", "Deposit")
		if deposit and "DepositToAccountRef" in document:
			reference = document["DepositToAccountRef"]
			document["DepositToAccountRef"] = work.refer("Account", reference, "DepositToAccountRef")

	def compute_open_cents(self, work: Work, document: dict[str, Any]) -> int:
		return to_cents(document["TotalAmt"]) - to_cents(document.get("Deposit", ZERO))

	def add_included(self, work: Work, document: dict[str, Any]) -> dict[str, Any]:
		"""Add InvoiceLink, which an invoice has that can be paid online and goes to an e-mail address."""
		if "BillEmail" in document and any(document.get(name) for name in ONLINE_PAYMENTS):
			words = urlencode({"txnId": document["Id"], "companyId": work.company.realm})
			document["InvoiceLink"] = f"{BASE.get()}/app/invoice?{words}"
		return document

	def list_follow_ups(self, work: Work, row: Row, document: dict[str, Any]) -> list[FollowUp]:
		return build_credit_application(work, row, document, "CreditMemo")

	def list_own_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		memo = f"Invoice {document.get('DocNumber', '')}".strip()
		receivable = find_receivable(work, self.get_currency(work, document))
		party = self.get_party(document)
		postings = [
			ledger.Posting(receivable, self.compute_home_open_cents(work, document), memo, party),
		]
		if document.get("Deposit"):
			account = document.get("DepositToAccountRef", {}).get("value")
			cents = to_cents(convert_to_home(document["Deposit"], self.get_rate(document)))
			account = int(account or work.company.get_role("undeposited_funds"))
			postings.append(ledger.Posting(account, cents, "Deposit", party))
		return postings
