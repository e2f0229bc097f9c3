"""Purchase: what was paid at once, in cash, by check or by credit card; with Credit, a refund on the card."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.headers import find_name, refer_account
from qbo_emulator.entities.purchase_form import PURCHASE_FIELDS, PurchaseForm
from qbo_emulator.entities.purchase_numbers import CHECK_WARNING, check_number
from qbo_emulator.faults import refuse_business, refuse_missing
from qbo_emulator.fields import ADDRESS, Choice, Flag, Reference, Struct, Text
from qbo_emulator.work import Work

CREDIT_CARD = "CreditCard"
PAYING_ACCOUNTS = {
	"Cash": ("Bank", "Other Current Asset"),
	"Check": ("Bank",),
	CREDIT_CARD: ("Credit Card",),
}
"""Account types by PaymentType; others are refused with 6430."""


class Purchase(PurchaseForm):
	name = "Purchase"
	party_entity = None
	required_on_update = frozenset({"PaymentType"})
	schema = Struct(
		**PURCHASE_FIELDS,
		PaymentType=Choice(*PAYING_ACCOUNTS),
		AccountRef=Reference(),
		EntityRef=Struct(value=Text(60), name=Text(500), type=Choice("Vendor", "Customer", "Employee")),
		Credit=Flag(),
		PaymentMethodRef=Reference(),
		PaymentRefNum=Text(21),
		PrintStatus=Choice("NotSet", "NeedToPrint", "PrintComplete"),
		RemitToAddr=ADDRESS,
	)
	columns = {
		**PurchaseForm.columns,
		"PaymentType": in_body("PaymentType"),
		"AccountRef": in_body("AccountRef.value", "reference"),
		"EntityRef": Column("party", "reference"),
	}

	def settle_party(self, work: Work, document: dict[str, Any]) -> dict[str, Any]:
		"""Check EntityRef, a vendor, a customer or an employee; it may be left out."""
		home = document.get("CurrencyRef", {}).get("value", work.company.home_currency)
		reference = document.pop("EntityRef", {})
		if "value" not in reference:
			return {"CurrencyRef": {"value": home}}
		entity, party = find_name(work, reference, "EntityRef")
		document["EntityRef"] = {"value": party["Id"], "name": party["DisplayName"], "type": entity}
		return party

	def get_party(self, document: dict[str, Any]) -> int | None:
		return int(document["EntityRef"]["value"]) if "EntityRef" in document else None

	def get_sign(self, document: dict[str, Any]) -> int:
		return -1 if document.get("Credit") else 1

	def settle_accounts(self, work: Work, document: dict[str, Any], party: dict[str, Any]) -> None:
		for name in ("PaymentType", "AccountRef"):
			if name not in document:
				raise refuse_missing(name)
		refer_account(work, document, "AccountRef", PAYING_ACCOUNTS[document["PaymentType"]])
		if document.get("Credit") and document["PaymentType"] != CREDIT_CARD:
			raise refuse_business("Only a credit card purchase can be a refund", "Credit")
		if document["PaymentType"] == CREDIT_CARD:
			document.setdefault("Credit", False)
		if "PaymentMethodRef" in document:
			document["PaymentMethodRef"] = work.refer(
				"PaymentMethod", document["PaymentMethodRef"], "PaymentMethodRef"
			)

	def settle_number(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		if document["PaymentType"] == "Check":
			check_number(work, self.name, document, previous, CHECK_WARNING)

	def list_own_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		cents = -self.get_sign(document) * self.compute_home_total_cents(document)
		memo = f"{document['PaymentType']} {document.get('DocNumber', '')}".strip()
		account = int(document["AccountRef"]["value"])
		return [ledger.Posting(account, cents, memo, self.get_party(document))]
