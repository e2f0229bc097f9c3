"""A purchase form as QuickBooks wants it: Bill and VendorCredit. Source: Intuit's pages of these entities.

The vendor's own number is the number. A vendor's document may give an amount that no unit cost of seven decimals yields
(a dozen at 10.00 is twelve at 0.8333333): the amount is what counts, so the cost is left out where it would not give it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.heads import build_currency, build_department, build_number, build_purchase_class
from allorders_qb.mapping.limits import LIMITS, MAX_LINES, PRICE_PLACES, check_length
from allorders_qb.mapping.marker import note_with_marker
from allorders_qb.mapping.names import clean_line, clean_text
from allorders_qb.mapping.payload import write_date, write_number
from allorders_qb.mapping.posting import PurchaseDocument, PurchaseLine, References
from allorders_qb.mapping.purchase_tax import build_purchase_tax, splits_alike
from allorders_qb.mapping.refs import find_account, find_ref
from allorders_qb.mapping.taxes import build_calculation, build_tax_detail
from allorders_qb.money import multiply, round_half_up

ENTITIES = {"bill": "Bill", "vendor_credit": "VendorCredit"}
"""QuickBooks' name of each kind of purchase form."""

ITEM_LINE, ACCOUNT_LINE = "ItemBasedExpenseLineDetail", "AccountBasedExpenseLineDetail"


def build_purchase_form(
	document: PurchaseDocument, references: References, company: CompanyProfile, marker: str
) -> dict[str, Any]:
	"""Return the payload that creates the form named by `document.kind`, numbers as Decimal (see dump_payload).

	Raises MappingError naming document, row and field.
	"""
	about = document.source_name
	if document.cannot:
		raise MappingError(f"{about} was not sent: {document.cannot}", field="Lines")
	check_purchase_amounts(document)
	if company.is_us and document.tax:
		raise MappingError(
			f"{about}, Tax: QuickBooks has no recoverable tax on purchases in the US. Tick Tax Is Part of the Cost.",
			field="Tax",
		)
	build_calculation(company, document.prices_with_tax, about=about)
	with_tax = document.prices_with_tax and splits_alike(document.lines)
	payload: dict[str, Any] = {
		"VendorRef": find_ref(references.vendors, document.party, "Vendor", about=about),
		"TxnDate": write_date(document.posting_date),
		"Line": [_build_line(line, references, company, about, with_tax) for line in document.lines],
		"PrivateNote": note_with_marker(document.private_note, marker, about=about),
		**build_number(document.doc_number, about=about, field="Vendor's Number"),
		**build_currency(document.currency, document.exchange_rate, company, about=about),
		**build_department(document.department, references, company, about=about),
	}
	if document.kind == "bill":
		if document.due_date:
			payload["DueDate"] = write_date(document.due_date)
		if document.terms:
			payload["SalesTermRef"] = find_ref(references.terms, document.terms, "Terms", about=about)
	payload.update(build_calculation(company, with_tax, about=about))
	if not company.is_us:
		payload.update(build_tax_detail(document.tax, document.tax_shares, references, company, about=about))
	return payload


def check_purchase_amounts(document: PurchaseDocument) -> None:
	"""Raise MappingError unless the lines add up to the total, each to the cent, and QuickBooks can take them."""
	about = document.source_name
	if not document.lines:
		raise MappingError(f"{about} has no lines. Add one.", field="Lines")
	if len(document.lines) > MAX_LINES:
		raise MappingError(
			f"{about}: {len(document.lines)} lines are too many for one transaction in QuickBooks, which takes {MAX_LINES}. "
			"Split the document.",
			field="Lines",
		)
	for line in document.lines:
		_check_line(line, about)
	total = sum((line.amount for line in document.lines), Decimal(0))
	if total != document.total:
		raise MappingError(
			f"{about}, Total: {document.total} is not the sum of its lines ({total}). Save the document again.",
			field="Total",
		)
	if total < 0:
		raise MappingError(
			f"{about}, Total: {total} is below zero, and QuickBooks has no negative bill. Use a vendor return instead.",
			field="Total",
		)


def _check_line(line: PurchaseLine, about: str) -> None:
	where = f"{about}, row {line.row}" if line.row else about
	if round_half_up(line.amount) != line.amount:
		raise MappingError(
			f"{where}, Amount: {write_number(line.amount)} is not in whole cents. Save the document again.",
			field="Amount",
			row=line.row,
		)
	if line.item is None:
		if not line.account:
			raise MappingError(
				f"{where}: neither an item nor an account ({line.account_field}) says what it is for. Choose one.",
				field=line.account_field,
				row=line.row,
			)
		return
	if line.quantity is None or line.quantity <= 0:
		raise MappingError(
			f"{where}, Quantity: {write_number(line.quantity or Decimal(0))} is not above zero. Correct it or remove the row.",
			field="Quantity",
			row=line.row,
		)


def _build_line(
	line: PurchaseLine, references: References, company: CompanyProfile, about: str, with_tax: bool
) -> dict[str, Any]:
	detail: dict[str, Any] = {
		**build_purchase_tax(line.tax_code, references, company, about=about, row=line.row),
		**build_purchase_class(line.class_name, references, company, about=about, row=line.row),
	}
	if with_tax:
		detail["TaxInclusiveAmt"] = line.gross
	if line.item is None:
		kind = ACCOUNT_LINE
		detail["AccountRef"] = find_account(
			references.accounts, line.account, line.account_field, about=about, row=line.row
		)
	else:
		kind = ITEM_LINE
		detail["ItemRef"] = find_ref(references.items, line.item, "Item", about=about, row=line.row)
		detail["Qty"] = line.quantity
		cost = find_unit_cost(line)
		if cost is not None:
			detail["UnitPrice"] = cost
	built: dict[str, Any] = {"Amount": line.amount, "DetailType": kind, kind: detail}
	text = clean_text(line.description) or clean_line(line.item)
	if text:
		built["Description"] = check_length(
			"Description", text, LIMITS["description"], about=about, row=line.row
		)
	return built


def find_unit_cost(line: PurchaseLine) -> Decimal | None:
	"""Return the cost of one unit, seven decimals, that gives the line's amount to the cent: the line's own, else the
	amount shared over the quantity; None where no such cost gives it (fault 6070 would be the answer)."""
	quantity = line.quantity or Decimal(0)
	for cost in (line.unit_cost, line.amount / quantity):
		if cost is None:
			continue
		rounded = round_half_up(cost, PRICE_PLACES)
		if round_half_up(multiply(quantity, rounded)) == line.amount:
			return rounded
	return None
