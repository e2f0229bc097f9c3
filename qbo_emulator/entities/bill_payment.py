"""BillPayment: money to a vendor by check or credit card, applied to bills with or without the vendor's credits."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger, links
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.currency import find_payable, settle_currency
from qbo_emulator.entities.headers import refer_account, settle_tracking
from qbo_emulator.entities.purchase_numbers import CHECK_WARNING, check_number
from qbo_emulator.entities.settlement import PAYMENT_LINES, Settlement
from qbo_emulator.entities.transaction import LINKED_TXN, VOIDED
from qbo_emulator.faults import refuse_missing
from qbo_emulator.fields import COMMON, Choice, Day, Flag, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.party import CREDIT
from qbo_emulator.store import Id
from qbo_emulator.work import Work, require_field

MEANS = {
	"Check": ("CheckPayment", "BankAccountRef", ("Bank",)),
	"CreditCard": ("CreditCardPayment", "CCAccountRef", ("Credit Card",)),
}
"""By PayType: the property that holds the account, the account's name in it, and the account types allowed (6430)."""


class BillPayment(Settlement):
	name = "BillPayment"
	operations = frozenset({"read", "query", "create", "update", "delete", "void"})
	void_call = "update"
	party_entity = "Vendor"
	required_on_update = frozenset({"VendorRef"})
	direction = -1
	side = CREDIT
	payable_types = frozenset({"Bill", "VendorCredit", "JournalEntry"})
	schema = Struct(
		**COMMON,
		VendorRef=Reference(),
		TotalAmt=Number("amount"),
		PayType=Choice(*MEANS),
		CheckPayment=Struct(BankAccountRef=Reference(), PrintStatus=Text(30)),
		CreditCardPayment=Struct(CCAccountRef=Reference()),
		APAccountRef=Reference(),
		Line=PAYMENT_LINES,
		DocNumber=Text(21),
		TxnDate=Day(),
		PrivateNote=Text(4000),
		DepartmentRef=Reference(),
		CurrencyRef=Reference(),
		ExchangeRate=Number(),
		ProcessBillPayment=Flag(),
		LinkedTxn=LINKED_TXN,
		**dict.fromkeys(("HomeTotalAmt", "TransactionLocationType", "TxnSource", "TxnTaxDetail"), ReadOnly()),
	)
	columns = {
		"DocNumber": Column("doc_number", "text"),
		"TxnDate": Column("txn_date", "date"),
		"VendorRef": Column("party", "reference"),
		"TotalAmt": Column("total", "money"),
		"PayType": in_body("PayType"),
		"CurrencyRef": in_body("CurrencyRef.value"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		_row, vendor = work.require("Vendor", require_field(document, "VendorRef"), "VendorRef")
		document["VendorRef"] = {"value": vendor["Id"], "name": vendor["DisplayName"]}
		if previous is None:
			require_field(document, "Line")
		self.settle_total(document)
		self.settle_means(work, document)
		document.setdefault("TxnDate", previous["TxnDate"] if previous else work.today)
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		self.settle_header_links(document, previous)
		settle_currency(work, document, vendor, "vendor")
		settle_tracking(work, document)
		check_number(work, self.name, document, previous, CHECK_WARNING)
		if previous is None and self.pays_nothing(work, document):
			document = self.blank(document)
		self.settle_lines(work, document, previous)
		refer_account(work, document, "APAccountRef", ("Accounts Payable",))
		return document

	def settle_means(self, work: Work, document: dict[str, Any]) -> None:
		"""Check PayType and its account. Raises 2020, 2500, 610 or 6430."""
		require_field(document, "PayType")
		holder, name, kinds = MEANS[document["PayType"]]
		details = dict(document.get(holder, {}))
		if name not in details:
			raise refuse_missing(f"{holder}.{name}")
		refer_account(work, details, name, kinds)
		document[holder] = details
		for other, _name, _kinds in MEANS.values():
			if other != holder:
				document.pop(other, None)

	def pays_nothing(self, work: Work, document: dict[str, Any]) -> bool:
		"""Whether all it names is paid already: then the service stores it voided and without lines.

		Source: a comment in python-quickbooks' tests.
		"""
		named = [linked for line in document.get("Line", []) for linked in line.get("LinkedTxn", [])]
		bills = [linked for linked in named if linked.get("TxnType") == "Bill"]
		return (
			bool(bills)
			and bills == named
			and not any(
				links.find_transaction(work, "Bill", linked.get("TxnId", ""))[1].balance for linked in bills
			)
		)

	def complete(self, work: Work, identifier: Id, document: dict[str, Any], is_new: bool) -> dict[str, Any]:
		columns = super().complete(work, identifier, document, is_new)
		if is_new and not document["Line"] and document.get("PrivateNote", "").startswith(VOIDED):
			columns["state"] = "voided"
		return columns

	def get_txn_type(self, document: dict[str, Any]) -> str:
		return f"BillPayment{document['PayType']}"

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		holder, name, _kinds = MEANS[document["PayType"]]
		payable = document.get("APAccountRef", {}).get("value")
		payable = payable or find_payable(work, self.get_currency(work, document))
		account = int(document[holder][name]["value"])
		return self.build_settlement_postings(work, document, account, int(payable))
