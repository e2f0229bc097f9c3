"""What Bill, VendorCredit, Purchase and PurchaseOrder share: header, lines, totals, and what the lines are charged to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator import ledger, stock
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.currency import convert_to_home, settle_currency
from qbo_emulator.entities.global_tax import (
	EXCLUDED,
	INCLUSIVE,
	NOT_APPLICABLE,
	PURCHASE,
	TXN_TAX_DETAIL,
	settle_global_tax,
)
from qbo_emulator.entities.headers import set_total, settle_tracking
from qbo_emulator.entities.purchase_lines import (
	LINES,
	PurchaseLineBuilder,
	build_purchase_moves,
	build_purchase_postings,
)
from qbo_emulator.entities.sales_postings import close_postings
from qbo_emulator.entities.transaction import LINKED_TXN, Transaction
from qbo_emulator.faults import Fault
from qbo_emulator.fields import COMMON, Choice, Day, Field, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import to_cents
from qbo_emulator.party import REFERENCE
from qbo_emulator.work import Work, require_field

ZERO = Decimal(0)
PURCHASE_FIELDS: dict[str, Field] = {
	**COMMON,
	"Line": LINES,
	"DocNumber": Text(21),
	"TxnDate": Day(),
	"PrivateNote": Text(4000),
	"DepartmentRef": Reference(),
	"CurrencyRef": Reference(),
	"ExchangeRate": Number(),
	"GlobalTaxCalculation": Choice(EXCLUDED, INCLUSIVE, NOT_APPLICABLE),
	"TxnTaxDetail": TXN_TAX_DETAIL,
	"LinkedTxn": LINKED_TXN,
	**dict.fromkeys(
		(
			"TotalAmt", "HomeTotalAmt", "TransactionLocationType", "RecurDataRef", "CustomField", "TxnSource",
			"AttachableRef", "PurchaseEx", "PurchaseOrderEx",
		),
		ReadOnly(),
	),
}  # fmt: skip
"""Properties that all purchases have."""


class PurchaseForm(Transaction):
	party_entity = "Vendor"
	sign = 1
	"""1 for a purchase, -1 for what gives back, 0 for what does not post."""
	schema = Struct(**PURCHASE_FIELDS)
	columns = {
		"DocNumber": Column("doc_number", "text"),
		"TxnDate": Column("txn_date", "date"),
		"TotalAmt": Column("total", "money"),
		"DepartmentRef": in_body("DepartmentRef.value", "reference"),
		"CurrencyRef": in_body("CurrencyRef.value"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		party = self.settle_party(work, document)
		document.setdefault("TxnDate", previous["TxnDate"] if previous else work.today)
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		settle_currency(work, document, party, "vendor")
		known = {line["Id"] for line in (previous or {}).get("Line", []) if "Id" in line}
		if not document.get("Line"):
			raise Fault("2250", "The transaction needs at least one line", "Line")
		builder = PurchaseLineBuilder(work, document["TxnDate"], known, bool(self.sign))
		document["Line"] = builder.build(document["Line"])
		self.collect_line_links(document)
		self.settle_header_links(document, previous)
		settle_tracking(work, document)
		self.settle_accounts(work, document, party)
		self.settle_number(work, document, previous)
		if previous and sent.get("Line") is not previous.get("Line"):
			if sent.get("TxnTaxDetail") is previous.get("TxnTaxDetail"):
				document.pop("TxnTaxDetail", None)  # it only survived a sparse update whose lines are new
		self.settle_amounts(work, document)
		self.apply_rules(work, document, previous)
		return document

	def get_sign(self, document: dict[str, Any]) -> int:
		return self.sign

	def compute_home_total_cents(self, document: dict[str, Any]) -> int:
		return to_cents(convert_to_home(document["TotalAmt"], self.get_rate(document)))

	def settle_party(self, work: Work, document: dict[str, Any]) -> dict[str, Any]:
		"""Check VendorRef and return the vendor."""
		_row, vendor = work.require("Vendor", require_field(document, "VendorRef"), "VendorRef")
		document["VendorRef"] = {"value": vendor["Id"], "name": vendor["DisplayName"]}
		return vendor

	def settle_accounts(self, work: Work, document: dict[str, Any], party: dict[str, Any]) -> None:
		"""Check the accounts that the header names. Raises 2020, 2500, 610 or 6430."""

	def settle_number(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""Check DocNumber; a purchase has the one that was sent, or none."""

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""Check and complete what is special to the kind of purchase; totals are there already."""

	def collect_line_links(self, document: dict[str, Any]) -> None:
		"""Name in the header what the lines bill, as the service does."""
		named = {(linked.get("TxnType"), linked.get("TxnId")) for linked in document.get("LinkedTxn", [])}
		for line in document["Line"]:
			for linked in line.get("LinkedTxn", []):
				if (linked["TxnType"], linked["TxnId"]) not in named:
					named.add((linked["TxnType"], linked["TxnId"]))
					header = {"TxnId": linked["TxnId"], "TxnType": linked["TxnType"]}
					document["LinkedTxn"] = [*document.get("LinkedTxn", []), header]

	def settle_amounts(self, work: Work, document: dict[str, Any]) -> None:
		"""Recompute tax and total; whatever was sent for them is overwritten. Raises 6000 below zero."""
		tax = ZERO
		if work.company.uses_global_tax:
			sent = document.pop("TxnTaxDetail", None)
			tax = settle_global_tax(work, document, PURCHASE, sent).total
		else:
			document.pop("TxnTaxDetail", None)
			document.pop("GlobalTaxCalculation", None)
		total = sum((line["Amount"] for line in document["Line"]), ZERO) + tax
		set_total(document, total)

	def compute_open_cents(self, work: Work, document: dict[str, Any]) -> int:
		return to_cents(document["TotalAmt"]) if self.side != REFERENCE else 0

	def compute_party_cents(self, work: Work, document: dict[str, Any]) -> int:
		return self.get_sign(document) * self.compute_open_cents(work, document)

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		sign = self.get_sign(document)
		if not sign:
			return []
		party = self.get_party(document)
		postings = build_purchase_postings(work, document, party, sign)
		return close_postings(work, self.list_own_postings(work, document), postings, party)

	def build_moves(self, work: Work, document: dict[str, Any]) -> list[stock.Move]:
		sign = self.get_sign(document)
		return build_purchase_moves(work, document, self.get_party(document), sign) if sign else []

	def list_own_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		"""Return what stands against the lines: the payable, or the account that pays."""
		raise NotImplementedError
