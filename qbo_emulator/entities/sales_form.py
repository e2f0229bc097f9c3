"""What Invoice, SalesReceipt, CreditMemo, RefundReceipt and Estimate share: header, lines, tax, totals, addresses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator import ledger, stock
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.currency import settle_currency
from qbo_emulator.entities.global_tax import METHODS, TXN_TAX_DETAIL
from qbo_emulator.entities.headers import set_total, settle_tracking
from qbo_emulator.entities.numbers import settle_doc_number
from qbo_emulator.entities.sales_global_tax import settle_sales_tax
from qbo_emulator.entities.sales_lines import LINES, LineBuilder, SalesLines
from qbo_emulator.entities.sales_postings import (
	blank_line,
	build_sales_moves,
	build_sales_postings,
	close_postings,
)
from qbo_emulator.entities.sales_tax import compute_tax
from qbo_emulator.entities.transaction import LINKED_TXN, Transaction
from qbo_emulator.faults import Fault
from qbo_emulator.fields import (
	ADDRESS,
	COMMON,
	EMAIL,
	Choice,
	Day,
	Field,
	Flag,
	Many,
	Number,
	ReadOnly,
	Reference,
	Struct,
	Text,
)
from qbo_emulator.money import to_cents
from qbo_emulator.party import REFERENCE
from qbo_emulator.work import Work, require_field

ZERO = Decimal(0)
CUSTOM_FIELD_LENGTH = 31


class MemoField(Struct):
	"""``CustomerMemo``: an object with value; a bare string is taken as its value."""

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		return super().read({"value": value} if isinstance(value, str) and value else value, path, lenient)


SALES_FIELDS: dict[str, Field] = {
	**COMMON,
	"CustomerRef": Reference(),
	"Line": LINES,
	"DocNumber": Text(21),
	"TxnDate": Day(),
	"ShipDate": Day(),
	"ShipFromAddr": ADDRESS,
	"TrackingNum": Text(50),
	"PrivateNote": Text(4000),
	"CustomerMemo": MemoField(value=Text(1000), name=ReadOnly(), type=ReadOnly()),
	"BillAddr": ADDRESS,
	"ShipAddr": ADDRESS,
	"BillEmail": EMAIL,
	"BillEmailCc": EMAIL,
	"BillEmailBcc": EMAIL,
	"ShipMethodRef": Reference(),
	"ClassRef": Reference(),
	"DepartmentRef": Reference(),
	"CurrencyRef": Reference(),
	"ExchangeRate": Number(),
	"TxnTaxDetail": TXN_TAX_DETAIL,
	"GlobalTaxCalculation": Choice(*METHODS),
	"ApplyTaxAfterDiscount": Flag(),
	"CustomField": Many(
		Struct(DefinitionId=Text(20), Name=ReadOnly(), Type=Text(30), StringValue=Text(CUSTOM_FIELD_LENGTH))
	),
	"LinkedTxn": LINKED_TXN,
	"PrintStatus": Text(30),
	"EmailStatus": Text(30),
	**dict.fromkeys(
		(
			"TotalAmt", "Balance", "HomeTotalAmt", "HomeBalance", "FreeFormAddress",
			"DeliveryInfo", "RecurDataRef", "TaxExemptionRef", "TxnSource", "TransactionLocationType",
			"CustomerMemoRef", "AutoDocNumber", "PaymentType",
		),
		ReadOnly(),
	),
}  # fmt: skip
"""Properties that all sales forms have."""
PAYING_FIELDS: dict[str, Field] = {
	"DepositToAccountRef": Reference(),
	"PaymentMethodRef": Reference(),
	"PaymentRefNum": Text(21),
}
"""Properties of what moves money by itself."""


class SalesForm(Transaction):
	party_entity = "Customer"
	customer_required = True
	sign = 1
	"""1 for a sale, -1 for what gives back (credit memo, refund receipt), 0 for what does not post (estimate)."""
	schema = Struct(**SALES_FIELDS)
	columns = {
		"DocNumber": Column("doc_number", "text"),
		"TxnDate": Column("txn_date", "date"),
		"CustomerRef": Column("party", "reference"),
		"TotalAmt": Column("total", "money"),
		"DepartmentRef": in_body("DepartmentRef.value", "reference"),
		"CurrencyRef": in_body("CurrencyRef.value"),
		"ShipDate": in_body("ShipDate", "date"),
		"EmailStatus": in_body("EmailStatus"),
		"PrintStatus": in_body("PrintStatus"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		customer = self.settle_customer(work, document)
		document.setdefault("TxnDate", previous["TxnDate"] if previous else work.today)
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		self.settle_header_links(document, previous)
		settle_currency(work, document, customer)
		if previous and sent.get("Line") is not previous.get("Line"):
			if sent.get("TxnTaxDetail") is previous.get("TxnTaxDetail"):
				document.pop("TxnTaxDetail", None)  # it only survived a sparse update whose lines are new
		lines = self.build_lines(work, document, previous)
		document["Line"] = lines.lines
		self.settle_references(work, document)
		self.settle_custom_fields(work, document)
		settle_doc_number(work, self.name, document, previous)
		if previous is None:
			for address in ("BillAddr", "ShipAddr"):
				if address not in document and address in customer:
					document[address] = customer[address]
		self.settle_amounts(work, document, lines, customer, previous)
		document.setdefault("ApplyTaxAfterDiscount", False)
		document.setdefault("PrintStatus", "NotSet")
		document.setdefault("EmailStatus", "NotSet")
		self.apply_rules(work, document, previous)
		return document

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""Check and complete what is special to the kind of form; totals are there already."""

	def settle_customer(self, work: Work, document: dict[str, Any]) -> dict[str, Any]:
		"""Check CustomerRef and return the customer; an empty one in home currency where none is needed."""
		if "CustomerRef" not in document and not self.customer_required:
			home = document.get("CurrencyRef", {}).get("value", work.company.home_currency)
			return {"CurrencyRef": {"value": home}}
		_row, customer = work.require("Customer", require_field(document, "CustomerRef"), "CustomerRef")
		document["CustomerRef"] = {"value": customer["Id"], "name": customer["DisplayName"]}
		return customer

	def build_lines(
		self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None
	) -> SalesLines:
		known = {line["Id"] for line in (previous or {}).get("Line", []) if "Id" in line}
		return LineBuilder(work, document["TxnDate"], known).build(require_field(document, "Line"))

	def settle_references(self, work: Work, document: dict[str, Any]) -> None:
		"""Check what the header refers to; classes and locations only count where the company tracks them."""
		for name, entity in (("SalesTermRef", "Term"), ("PaymentMethodRef", "PaymentMethod")):
			if name in document:
				document[name] = work.refer(entity, document[name], name)
		if "ShipMethodRef" in document:
			value = document["ShipMethodRef"]["value"]
			document["ShipMethodRef"] = {"value": value, "name": value}
		settle_tracking(work, document)

	def settle_custom_fields(self, work: Work, document: dict[str, Any]) -> None:
		"""Store values by DefinitionId and show every field the company has defined. Raises 3000."""
		defined = {
			field["DefinitionId"]: field["Name"] for field in work.company.definition.get("custom_fields", [])
		}
		values = {}
		for custom in document.get("CustomField", []):
			identifier = custom.get("DefinitionId")
			if identifier is None and "StringValue" not in custom:
				continue
			if identifier not in defined:
				raise Fault(
					"3000", f"Custom field with DefinitionId {identifier} is not defined", "CustomField"
				)
			if "StringValue" in custom:
				values[identifier] = custom["StringValue"]
		document["CustomField"] = [
			{
				"DefinitionId": identifier,
				"Name": name,
				"Type": "StringType",
				**({"StringValue": values[identifier]} if identifier in values else {}),
			}
			for identifier, name in defined.items()
		]

	def settle_amounts(
		self,
		work: Work,
		document: dict[str, Any],
		lines: SalesLines,
		customer: dict[str, Any],
		previous: dict | None,
	) -> None:
		"""Recompute tax and total; whatever was sent for them is overwritten. Raises 6000 below zero."""
		sent_tax = document.pop("TxnTaxDetail", None)
		tax = self.settle_tax(work, document, lines, customer, sent_tax)
		total = lines.net + tax
		set_total(document, total)

	def settle_tax(
		self,
		work: Work,
		document: dict[str, Any],
		lines: SalesLines,
		customer: dict[str, Any],
		sent: dict[str, Any] | None,
	) -> Decimal:
		"""Set TxnTaxDetail by the rules of the company's country, and return the tax."""
		if work.company.uses_global_tax:
			return settle_sales_tax(work, document, lines, sent)
		document.pop("GlobalTaxCalculation", None)
		taxable = lines.sum_taxable(bool(document.get("ApplyTaxAfterDiscount")))
		detail = compute_tax(work, sent, taxable, customer.get("Taxable", True), document.get("ShipAddr"))
		if detail is None:
			return ZERO
		document["TxnTaxDetail"] = detail
		return detail["TotalTax"]

	def compute_party_cents(self, work: Work, document: dict[str, Any]) -> int:
		return self.sign * self.compute_open_cents(work, document)

	def compute_open_cents(self, work: Work, document: dict[str, Any]) -> int:
		return to_cents(document["TotalAmt"]) if self.side != REFERENCE else 0

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		"""Return income, shipping, discount, tax and, for the rest, the form's own accounts."""
		if not self.sign:
			return []
		party = self.get_party(document)
		postings = build_sales_postings(work, document, party, self.sign)
		return close_postings(work, self.list_own_postings(work, document), postings, party)

	def build_moves(self, work: Work, document: dict[str, Any]) -> list[stock.Move]:
		return build_sales_moves(work, document, self.get_party(document), self.sign) if self.sign else []

	def list_own_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		"""Return what stands against the sale: the receivable, or the account that the money goes to."""
		raise NotImplementedError

	def blank(self, document: dict[str, Any]) -> dict[str, Any]:
		"""Return the form with all amounts and quantities 0 and "Voided" before its private note."""
		voided = {**document, "TotalAmt": ZERO, "Line": [blank_line(line) for line in document["Line"]]}
		voided["LinkedTxn"] = []
		for name in ("HomeTotalAmt", "Deposit"):
			if name in voided:
				voided[name] = ZERO
		if "TxnTaxDetail" in voided:
			voided["TxnTaxDetail"] = {"TotalTax": ZERO}
		self.add_void_note(voided)
		return voided
