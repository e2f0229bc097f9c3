"""A sales form as QuickBooks wants it: Invoice, SalesReceipt, CreditMemo, RefundReceipt.

Source: Intuit's pages of these entities; how discounts, freight, tax and currency are sent is decided in the design.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allorders_qb.mapping.amounts import check_amounts
from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.heads import build_currency, build_dimensions, build_number
from allorders_qb.mapping.limits import LIMITS, check_length
from allorders_qb.mapping.marker import note_with_marker
from allorders_qb.mapping.names import clean_line, clean_text
from allorders_qb.mapping.payload import write_date
from allorders_qb.mapping.posting import PostingDocument, References
from allorders_qb.mapping.refs import build_address, find_ref
from allorders_qb.mapping.sales_lines import build_lines, split_discount
from allorders_qb.mapping.sales_tax import find_head_tax
from allorders_qb.mapping.taxes import build_calculation, build_tax_detail

ENTITIES = {
	"invoice": "Invoice",
	"sales_receipt": "SalesReceipt",
	"credit_memo": "CreditMemo",
	"refund_receipt": "RefundReceipt",
}
"""QuickBooks' name of each kind of sales form."""

PAID_AT_ONCE = ("sales_receipt", "refund_receipt")
SHIPPED = ("invoice", "sales_receipt")

PO_NUMBER_FIELDS = (
	"p.o. number",
	"po number",
	"p.o. no.",
	"po no.",
	"p.o.",
	"po",
	"po #",
	"p.o. #",
	"customer po",
	"customer po #",
	"purchase order",
)
SALES_REP_FIELDS = (
	"sales rep",
	"sales rep.",
	"rep",
	"salesrep",
	"salesperson",
	"sales person",
	"sales representative",
)


@dataclass(frozen=True)
class Needed:
	"""The local names a document refers to, all of which must have a QuickBooks id before it can be built."""

	customers: frozenset[str]
	items: frozenset[str]
	terms: frozenset[str]
	tax_codes: frozenset[str]
	classes: frozenset[str]


def build_sales_form(
	document: PostingDocument,
	references: References,
	company: CompanyProfile,
	marker: str,
	freight_item: str | None = None,
	discount_item: str | None = None,
	freight_tax_code: str | None = None,
) -> dict[str, Any]:
	"""Return the payload that creates the form named by `document.kind`, numbers as Decimal (see dump_payload).

	`freight_item` and `discount_item` are local item names, used only where the company has no shipping line and where a
	discount does not fit a net price. `freight_tax_code` is needed only where the goods bear several tax codes.
	Raises MappingError naming document, row and field.
	"""
	about = document.source_name
	check_amounts(document)
	payload: dict[str, Any] = {
		"CustomerRef": find_ref(references.customers, document.party, "Customer", about=about),
		"TxnDate": write_date(document.posting_date),
		"Line": build_lines(document, references, company, freight_item, discount_item, freight_tax_code),
		**build_currency(document.currency, document.exchange_rate, company, about=about),
		**build_dimensions(
			(line.class_name for line in document.lines),
			document.department,
			references,
			company,
			about=about,
		),
	}
	if company.custom_txn_numbers:
		payload.update(build_number(document.doc_number, about=about))
	if document.kind == "invoice":
		payload.update(_build_terms(document, references))
	if document.kind in PAID_AT_ONCE:
		payload.update(_build_payment(document, references))
	payload.update(build_calculation(company, document.prices_with_tax, about=about))
	payload.update(
		build_tax_detail(
			document.tax,
			document.tax_shares,
			references,
			company,
			about=about,
			head_code=find_head_tax(document, references, company),
		)
	)
	payload.update(_build_addresses(document))
	if document.kind in SHIPPED:
		payload.update(_build_shipping_facts(document))
	payload.update(_build_texts(document, company, marker))
	return payload


def list_needed(
	document: PostingDocument,
	company: CompanyProfile,
	freight_item: str | None = None,
	discount_item: str | None = None,
) -> Needed:
	"""Return what must be in QuickBooks before build_sales_form can succeed. Raises MappingError as it does."""
	check_amounts(document)
	items = {line.item for line in document.lines}
	if document.freight and not company.allow_shipping and freight_item:
		items.add(freight_item)
	if discount_item and any(split_discount(line) is not None for line in document.lines):
		items.add(discount_item)
	return Needed(
		customers=frozenset({document.party}),
		items=frozenset(items),
		terms=frozenset({document.terms} if document.terms else ()),
		tax_codes=frozenset(
			line.tax_code for line in document.lines if line.tax_code and company.using_sales_tax
		),
		classes=frozenset(line.class_name for line in document.lines if line.class_name),
	)


def _build_terms(document: PostingDocument, references: References) -> dict[str, Any]:
	built: dict[str, Any] = {}
	if document.due_date:
		built["DueDate"] = write_date(document.due_date)
	if document.terms:
		built["SalesTermRef"] = find_ref(
			references.terms, document.terms, "Terms", about=document.source_name
		)
	return built


def _build_payment(document: PostingDocument, references: References) -> dict[str, Any]:
	"""Return where the money comes to, or is paid from, and how. Both forms name their account: a refund without one is refused by
	QuickBooks, and a sale would go to an account that nobody has chosen."""
	about = document.source_name
	built: dict[str, Any] = {}
	if document.payment_account:
		built["DepositToAccountRef"] = find_ref(
			references.accounts, document.payment_account, "Deposit To", about=about
		)
	elif document.kind == "sales_receipt":
		raise MappingError(
			f"{about}, Deposit To is empty, and so is the Deposit Account of QuickBooks Settings: say which account the money came "
			"to. Choose one.",
			field="Deposit To",
		)
	elif document.kind == "refund_receipt":
		raise MappingError(
			f"{about}, Refund From is empty, and so is the Refund Account of QuickBooks Settings: QuickBooks has to know which "
			"account pays. Choose a bank account.",
			field="Refund From",
		)
	if document.payment_method:
		built["PaymentMethodRef"] = find_ref(
			references.payment_methods, document.payment_method, "Payment Method", about=about
		)
	if number := clean_line(document.payment_reference):
		built["PaymentRefNum"] = check_length(
			"Payment Reference", number, LIMITS["payment_reference"], about=about
		)
	return built


def _build_addresses(document: PostingDocument) -> dict[str, Any]:
	about = document.source_name
	built: dict[str, Any] = {}
	if address := build_address(document.bill_to, "Bill To", about=about):
		built["BillAddr"] = address
	if address := build_address(document.ship_to, "Ship To", about=about):
		built["ShipAddr"] = address
	return built


def _build_shipping_facts(document: PostingDocument) -> dict[str, Any]:
	about = document.source_name
	built: dict[str, Any] = {}
	if document.ship_date:
		built["ShipDate"] = write_date(document.ship_date)
	if method := clean_line(document.ship_method):
		# A free text, in spite of its name.
		check_length("Ship Method", method, LIMITS["ship_method"], about=about)
		built["ShipMethodRef"] = {"value": method, "name": method}
	if number := clean_line(document.tracking_number):
		built["TrackingNum"] = check_length("Tracking Number", number, LIMITS["tracking_number"], about=about)
	return built


def _build_texts(document: PostingDocument, company: CompanyProfile, marker: str) -> dict[str, Any]:
	"""Return memo, private note and custom fields; PO number and sales rep go where the company has a place for them."""
	about = document.source_name
	built: dict[str, Any] = {}
	if memo := clean_text(document.customer_note):
		built["CustomerMemo"] = {
			"value": check_length("Customer Note", memo, LIMITS["customer_memo"], about=about)
		}
	custom: list[dict[str, Any]] = []
	remarks: list[str] = []
	for value, names, remark in (
		(clean_line(document.po_number), PO_NUMBER_FIELDS, "P.O. number"),
		(clean_line(document.sales_rep), SALES_REP_FIELDS, "Sales rep"),
	):
		if not value:
			continue
		name = next((name for name in names if name in company.custom_fields), None)
		if name and len(value) <= LIMITS["custom_field"]:
			custom.append(
				{"DefinitionId": company.custom_fields[name], "Type": "StringType", "StringValue": value}
			)
		else:
			remarks.append(f"{remark}: {value}")
	if custom:
		built["CustomField"] = custom
	note = "\n".join([*remarks, document.private_note or ""])
	built["PrivateNote"] = note_with_marker(note, marker, about=about)
	return built
