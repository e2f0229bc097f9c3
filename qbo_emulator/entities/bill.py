"""Bill and VendorCredit: what is owed to a vendor, and what the vendor owes."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger, links
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.currency import find_payable
from qbo_emulator.entities.headers import refer_account, settle_due_date
from qbo_emulator.entities.purchase_form import PURCHASE_FIELDS, PurchaseForm
from qbo_emulator.entities.purchase_numbers import BILL_WARNING, check_number
from qbo_emulator.faults import refuse_business
from qbo_emulator.fields import ADDRESS, Day, ReadOnly, Reference, Struct
from qbo_emulator.party import CREDIT, OWED
from qbo_emulator.store import Row
from qbo_emulator.work import Work

PAYABLE_FIELDS = {
	**PURCHASE_FIELDS,
	"VendorRef": Reference(),
	"APAccountRef": Reference(),
	"VendorAddr": ADDRESS,
	**dict.fromkeys(
		("Balance", "HomeBalance", "ReplyEmail", "RemitToAddr", "IncludeInAnnualTPAR"), ReadOnly()
	),
}


class Payable(PurchaseForm):
	"""What a BillPayment settles or uses."""

	required_on_update = frozenset({"VendorRef"})
	open_fields = ("Balance",)
	linked_by = frozenset({"BillPayment"})
	columns = {
		**PurchaseForm.columns,
		"VendorRef": Column("party", "reference"),
		"Balance": Column("balance", "money"),
		"APAccountRef": in_body("APAccountRef.value", "reference"),
	}

	def settle_accounts(self, work: Work, document: dict[str, Any], party: dict[str, Any]) -> None:
		"""APAccountRef: the sent one, else the vendor's, else that of the currency."""
		currency = document["CurrencyRef"]["value"]
		default = {"value": str(find_payable(work, currency))}
		if "APAccountRef" in party and currency == work.company.home_currency:
			default = party["APAccountRef"]
		document.setdefault("APAccountRef", default)
		account = refer_account(work, document, "APAccountRef", ("Accounts Payable",))
		assert account is not None
		if account["CurrencyRef"]["value"] != currency:
			raise refuse_business(f"{account['Name']} is not an account in {currency}", "APAccountRef")

	def get_party_account(self, document: dict[str, Any]) -> int | None:
		return int(document["APAccountRef"]["value"])

	def record_effects(
		self, work: Work, row: Row, document: dict[str, Any], previous: dict[str, Any] | None
	) -> None:
		super().record_effects(work, row, document, previous)
		if previous is not None and previous["APAccountRef"] != document["APAccountRef"]:
			for link in links.list_incoming(work, self.name, row.id):
				links.repost(work, link)

	def settle_number(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		check_number(work, self.name, document, previous, BILL_WARNING)

	def list_own_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		cents = -self.sign * self.compute_home_open_cents(work, document)
		memo = f"{self.name} {document.get('DocNumber', '')}".strip()
		return [ledger.Posting(int(document["APAccountRef"]["value"]), cents, memo, self.get_party(document))]


class Bill(Payable):
	"""Deleting one that is paid is refused until the payment lets it go (Intuit: unlink linked transactions first)."""

	name = "Bill"
	side = OWED
	void_refusal = "crash"
	header_links = frozenset({"PurchaseOrder"})
	guards = {"BillPayment": "800"}
	schema = Struct(**PAYABLE_FIELDS, DueDate=Day(), SalesTermRef=Reference())
	columns = {
		**Payable.columns,
		"DueDate": Column("due_date", "date"),
		"SalesTermRef": in_body("SalesTermRef.value", "reference"),
	}

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		if "SalesTermRef" in document:
			document["SalesTermRef"] = work.refer("Term", document["SalesTermRef"], "SalesTermRef")
		settle_due_date(work, document)

	def record_effects(
		self, work: Work, row: Row, document: dict[str, Any], previous: dict[str, Any] | None
	) -> None:
		"""Also tell the orders that were billed before how much of them is billed now."""
		super().record_effects(work, row, document, previous)
		billed = self.list_links(document)
		for link in self.list_links(previous or {}):
			if link in billed:
				order, order_row, body = links.find_transaction(work, link.target_entity, link.target_id)
				order.refresh(work, order_row, body)


class VendorCredit(Payable):
	name = "VendorCredit"
	sign = -1
	side = CREDIT
	schema = Struct(**PAYABLE_FIELDS)
