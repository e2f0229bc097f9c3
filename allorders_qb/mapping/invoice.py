"""A shipped sale as a QuickBooks Invoice, and the comparison of what QuickBooks made of it.

Source: Intuit's Invoice page; how discounts, freight, tax and currency are sent is decided in the design.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import LIMITS, MAX_LINES, PRICE_PLACES, check_length
from allorders_qb.mapping.marker import note_with_marker
from allorders_qb.mapping.names import clean_line, clean_text
from allorders_qb.mapping.payload import write_date, write_number
from allorders_qb.mapping.posting import PostingDocument, PostingLine, References
from allorders_qb.mapping.refs import build_address, find_ref, make_ref
from allorders_qb.money import line_amount, multiply, net_unit_price, round_half_up, to_decimal

SHIPPING_ITEM_ID = "SHIPPING_ITEM_ID"
US_LINE_TAX_CODES = ("TAX", "NON")
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
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Comparison:
	"""What QuickBooks made of a document: its tax, total and net (total less tax) in the document's currency, and whether
	the net differs from ours or lines are missing; `reason` is a sentence then, else None."""

	differs: bool
	reason: str | None
	tax: Decimal
	total: Decimal
	net: Decimal


@dataclass(frozen=True)
class Needed:
	"""The local names a document refers to, all of which must have a QuickBooks id before it can be built."""

	customers: frozenset[str]
	items: frozenset[str]
	terms: frozenset[str]
	tax_codes: frozenset[str]
	classes: frozenset[str]


def build_invoice(
	document: PostingDocument,
	references: References,
	company: CompanyProfile,
	marker: str,
	freight_item: str | None = None,
	discount_item: str | None = None,
	freight_tax_code: str | None = None,
) -> dict[str, Any]:
	"""Return the payload that creates the invoice, numbers as Decimal (see dump_payload).

	`freight_item` and `discount_item` are local item names, used only where the company has no shipping line and where a
	discount does not fit a net price. `freight_tax_code` is needed only where the goods bear several tax codes.
	Raises MappingError naming document, row and field.
	"""
	about = document.source_name
	check_amounts(document)
	payload: dict[str, Any] = {
		"CustomerRef": find_ref(references.customers, document.party, "Customer", about=about),
		"TxnDate": write_date(document.posting_date),
		"Line": _build_lines(document, references, company, freight_item, discount_item, freight_tax_code),
	}
	payload.update(_build_currency(document, company))
	if company.custom_txn_numbers and document.doc_number:
		number = clean_line(document.doc_number)
		payload["DocNumber"] = check_length("Number", number, LIMITS["doc_number"], about=about)
	if document.due_date:
		payload["DueDate"] = write_date(document.due_date)
	if document.terms:
		payload["SalesTermRef"] = find_ref(references.terms, document.terms, "Terms", about=about)
	if not company.is_us:
		payload["GlobalTaxCalculation"] = "TaxExcluded" if company.using_sales_tax else "NotApplicable"
	payload.update(_build_shipping_facts(document))
	payload.update(_build_texts(document, company, marker))
	return payload


def list_needed(
	document: PostingDocument,
	company: CompanyProfile,
	freight_item: str | None = None,
	discount_item: str | None = None,
) -> Needed:
	"""Return what must be in QuickBooks before build_invoice can succeed. Raises MappingError as build_invoice does."""
	check_amounts(document)
	items = {line.item for line in document.lines}
	if document.freight and not company.allow_shipping and freight_item:
		items.add(freight_item)
	if discount_item and any(_split_discount(line) is not None for line in document.lines):
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


def check_amounts(document: PostingDocument) -> None:
	"""Raise MappingError unless lines, freight and total of a document tie to the cent and QuickBooks can take them."""
	about = document.source_name
	if not document.lines:
		raise MappingError(f"{about} has no lines. Add one.", field="Lines")
	for line in document.lines:
		_check_line(line, about)
	if document.freight < 0:
		raise MappingError(
			f"{about}, Freight: {document.freight} is below zero. Enter zero or more.", field="Freight"
		)
	total = sum((line.amount for line in document.lines), document.freight)
	if total != document.total:
		raise MappingError(
			f"{about}, Total: {document.total} is not the sum of its lines and freight ({total}). Save the document again.",
			field="Total",
		)
	if total < 0:
		raise MappingError(
			f"{about}, Total: {total} is below zero, and QuickBooks has no negative invoice. Use a customer return instead.",
			field="Total",
		)


def compare_invoice(
	document: PostingDocument, company: CompanyProfile, answer: Mapping[str, Any]
) -> Comparison:
	"""Return how QuickBooks' invoice compares with ours. The tax is QuickBooks' own; the net must be ours to the cent."""
	tax = _read_money((answer.get("TxnTaxDetail") or {}).get("TotalTax"))
	total = _read_money(answer.get("TotalAmt"))
	net = total - tax
	reason = _find_difference(document, company, answer, net)
	return Comparison(differs=reason is not None, reason=reason, tax=tax, total=total, net=net)


# Lines -------------------------------------------------------------------------------------------------------------


def _check_line(line: PostingLine, about: str) -> None:
	where = f"{about}, row {line.row}"
	if line.quantity <= 0:
		raise MappingError(
			f"{where}, Quantity: {write_number(line.quantity)} is not above zero. Correct it or remove the row.",
			field="Quantity",
			row=line.row,
		)
	if not 0 <= line.discount_percent <= 100:
		raise MappingError(
			f"{where}, Discount %: {write_number(line.discount_percent)} is not between 0 and 100. Correct it.",
			field="Discount %",
			row=line.row,
		)
	for label, value in (("Quantity", line.quantity), ("Unit Price", line.unit_price)):
		if round_half_up(value, PRICE_PLACES) != value:
			raise MappingError(
				f"{where}, {label}: {write_number(value)} has more than {PRICE_PLACES} decimals. Round it.",
				field=label,
				row=line.row,
			)
	expected = line_amount(line.quantity, line.unit_price, line.discount_percent)
	if line.amount != expected:
		raise MappingError(
			f"{where}, Amount: {line.amount} is not quantity x price less discount, which is {expected}. "
			"Save the document again.",
			field="Amount",
			row=line.row,
		)


def _build_lines(
	document: PostingDocument,
	references: References,
	company: CompanyProfile,
	freight_item: str | None,
	discount_item: str | None,
	freight_tax_code: str | None,
) -> list[dict[str, Any]]:
	about = document.source_name
	lines: list[dict[str, Any]] = []
	for line in document.lines:
		lines.extend(_build_line(line, references, company, discount_item, about))
	if document.freight:
		lines.append(_build_freight(document, references, company, freight_item, freight_tax_code))
	if len(lines) > MAX_LINES:
		raise MappingError(
			f"{about}: {len(lines)} lines are too many for one QuickBooks invoice, which takes {MAX_LINES}. Split the document.",
			field="Lines",
		)
	return lines


def _build_line(
	line: PostingLine, references: References, company: CompanyProfile, discount_item: str | None, about: str
) -> list[dict[str, Any]]:
	"""Return one line, or two where a discount does not fit a net unit price: the full line and a negative one."""
	tax = _find_line_tax(line.tax_code, references, company, about=about, row=line.row)
	detail: dict[str, Any] = {
		"ItemRef": find_ref(references.items, line.item, "Item", about=about, row=line.row),
		"Qty": line.quantity,
		**tax,
	}
	if line.class_name:
		detail["ClassRef"] = find_ref(references.classes, line.class_name, "Class", about=about, row=line.row)
	described = clean_text(line.description) or clean_line(line.item)
	named = _name_discount(line)
	split = _split_discount(line)
	if split is None:
		price = _find_net_price(line)
		text = f"{described} ({named})" if named else described
		return [_make_line(line.amount, {**detail, "UnitPrice": price}, text, about, line.row)]
	full, rest = split
	built = [_make_line(full, {**detail, "UnitPrice": line.unit_price}, described, about, line.row)]
	if not rest:
		return built
	if not discount_item:
		raise MappingError(
			f"{about}, row {line.row}, Discount %: this discount has no net price to the cent and needs a line of its own. "
			"Choose a Discount Item in AO Settings.",
			field="Discount Item",
			row=line.row,
		)
	less = {key: value for key, value in detail.items() if key != "Qty"}
	less["ItemRef"] = find_ref(references.items, discount_item, "Discount Item", about=about, row=line.row)
	built.append(
		_make_line(rest, less, f"{named[0].upper()}{named[1:]}: {clean_line(line.item)}", about, line.row)
	)
	return built


def _make_line(
	amount: Decimal, detail: dict[str, Any], description: str, about: str, row: int | None
) -> dict[str, Any]:
	return {
		"Amount": amount,
		"Description": check_length("Description", description, LIMITS["description"], about=about, row=row),
		"DetailType": "SalesItemLineDetail",
		"SalesItemLineDetail": detail,
	}


def _find_net_price(line: PostingLine) -> Decimal:
	return round_half_up(net_unit_price(line.unit_price, line.discount_percent), PRICE_PLACES)


def _split_discount(line: PostingLine) -> tuple[Decimal, Decimal] | None:
	"""Return (full amount, negative rest) for a discount that no net unit price gives to the cent, else None."""
	if round_half_up(multiply(line.quantity, _find_net_price(line))) == line.amount:
		return None
	full = line_amount(line.quantity, line.unit_price)
	return full, line.amount - full


def _name_discount(line: PostingLine) -> str:
	if not line.discount_percent:
		return ""
	price = write_number(line.unit_price)
	return f"price {price} less {write_number(line.discount_percent)}% discount"


def _build_freight(
	document: PostingDocument,
	references: References,
	company: CompanyProfile,
	freight_item: str | None,
	freight_tax_code: str | None,
) -> dict[str, Any]:
	"""Return the freight: QuickBooks' own shipping line where the company allows it, else a line of the freight item."""
	about = document.source_name
	tax = _find_freight_tax(document, references, company, freight_tax_code)
	if company.allow_shipping:
		return {
			"Amount": document.freight,
			"DetailType": "SalesItemLineDetail",
			"SalesItemLineDetail": {"ItemRef": make_ref(SHIPPING_ITEM_ID), **tax},
		}
	if not freight_item:
		raise MappingError(
			f"{about}, Freight: QuickBooks has shipping switched off, so freight needs an item. "
			"Choose a Freight Item in AO Settings, or switch shipping on in QuickBooks.",
			field="Freight Item",
		)
	item = find_ref(references.items, freight_item, "Freight Item", about=about)
	detail = {"ItemRef": item, "Qty": Decimal(1), "UnitPrice": document.freight, **tax}
	return _make_line(document.freight, detail, "Freight", about, None)


# Tax and currency --------------------------------------------------------------------------------------------------


def _find_line_tax(
	tax_code: str | None, references: References, company: CompanyProfile, *, about: str, row: int | None
) -> dict[str, Any]:
	"""Return the TaxCodeRef of a line: TAX or NON in the US (NON when none is chosen), a real tax code elsewhere."""
	if not company.using_sales_tax:
		return {}
	where = f"{about}, row {row}" if row else f"{about}, Freight"
	if company.is_us:
		code = references.tax_codes.get(tax_code, tax_code) if tax_code else "NON"
		if code not in US_LINE_TAX_CODES:
			raise MappingError(
				f'{where}, Tax Code: "{tax_code}" cannot stand on a line of a US company. Choose TAX or NON.',
				field="Tax Code",
				row=row,
			)
		return {"TaxCodeRef": make_ref(code)}
	if not tax_code:
		raise MappingError(
			f"{where}, Tax Code is empty, and QuickBooks requires one on every line. Choose one.",
			field="Tax Code",
			row=row,
		)
	return {"TaxCodeRef": find_ref(references.tax_codes, tax_code, "Tax Code", about=about, row=row)}


def _find_freight_tax(
	document: PostingDocument, references: References, company: CompanyProfile, freight_tax_code: str | None
) -> dict[str, Any]:
	"""Freight follows the goods: the tax code they share, unless the freight has one of its own."""
	if company.is_us and not freight_tax_code:
		# In the US the engine, or the customer's own tax setting, decides about shipping.
		return {}
	if not company.using_sales_tax:
		return {}
	codes = {line.tax_code for line in document.lines}
	code = freight_tax_code or (codes.pop() if len(codes) == 1 else None)
	if code is None:
		raise MappingError(
			f"{document.source_name}, Freight: its lines bear different tax codes, so the freight's is not clear. "
			"Give the Freight Item in AO Settings a tax code.",
			field="Freight",
		)
	return _find_line_tax(code, references, company, about=document.source_name, row=None)


def _build_currency(document: PostingDocument, company: CompanyProfile) -> dict[str, Any]:
	"""Return currency and rate: both always with multicurrency on (a rate left out means 1), neither with it off."""
	about = document.source_name
	currency = document.currency or company.home_currency
	if not company.multicurrency:
		if currency != company.home_currency:
			raise MappingError(
				f"{about}, Currency: {currency} needs multicurrency, which QuickBooks has switched off (its currency is "
				f"{company.home_currency}). Switch it on in QuickBooks or change the document's currency.",
				field="Currency",
			)
		return {}
	rate = document.exchange_rate if currency != company.home_currency else Decimal(1)
	if rate <= 0:
		raise MappingError(
			f"{about}, Exchange Rate: {write_number(rate)} is not above zero. Enter how many {company.home_currency} one "
			f"{currency} is worth.",
			field="Exchange Rate",
		)
	return {"CurrencyRef": make_ref(currency), "ExchangeRate": rate}


# Heads and texts ---------------------------------------------------------------------------------------------------


def _build_shipping_facts(document: PostingDocument) -> dict[str, Any]:
	about = document.source_name
	built: dict[str, Any] = {}
	if address := build_address(document.bill_to, "Bill To", about=about):
		built["BillAddr"] = address
	if address := build_address(document.ship_to, "Ship To", about=about):
		built["ShipAddr"] = address
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


# What came back ----------------------------------------------------------------------------------------------------


def _find_difference(
	document: PostingDocument, company: CompanyProfile, answer: Mapping[str, Any], net: Decimal
) -> str | None:
	if net != document.total:
		return (
			f"QuickBooks has {net} before tax, ours is {document.total} (difference {net - document.total}). "
			"Open it in QuickBooks and see which line differs."
		)
	sold = [line for line in answer.get("Line") or () if line.get("DetailType") == "SalesItemLineDetail"]
	goods = [line for line in sold if _read_item(line) != SHIPPING_ITEM_ID]
	if len(goods) < len(document.lines):
		return f"QuickBooks has {len(goods)} lines, we sent at least {len(document.lines)}. Open it in QuickBooks."
	lines_sum = sum((_read_money(line.get("Amount")) for line in sold), Decimal(0))
	if lines_sum != document.total:
		return f"QuickBooks' lines add up to {lines_sum}, ours to {document.total}. Open it in QuickBooks."
	if not company.multicurrency:
		return None
	currency = (answer.get("CurrencyRef") or {}).get("value") or company.home_currency
	if currency != (document.currency or company.home_currency):
		return f"QuickBooks has it in {currency}, ours is in {document.currency}. Open it in QuickBooks."
	rate = to_decimal(answer.get("ExchangeRate") or 1)
	if currency != company.home_currency and rate != document.exchange_rate:
		return (
			f"QuickBooks has it at the exchange rate {write_number(rate)}, ours is {write_number(document.exchange_rate)}. "
			"Open it in QuickBooks."
		)
	return None


def _read_item(line: Mapping[str, Any]) -> str:
	return str(((line.get("SalesItemLineDetail") or {}).get("ItemRef") or {}).get("value") or "")


def _read_money(value: Any) -> Decimal:
	return to_decimal(value, 2)
