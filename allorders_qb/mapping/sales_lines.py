"""The lines of a sale as QuickBooks takes them. QuickBooks knows no discount per line, and wants Amount = Qty x UnitPrice.

A discounted line goes with its net unit price and the discount named in its description; where no net price gives the
amount to the cent, it goes as the full line and a negative one on the discount item.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.heads import build_line_class
from allorders_qb.mapping.limits import LIMITS, MAX_LINES, PRICE_PLACES, check_length
from allorders_qb.mapping.names import clean_line, clean_text
from allorders_qb.mapping.payload import write_number
from allorders_qb.mapping.posting import PostingDocument, PostingLine, References
from allorders_qb.mapping.refs import find_ref, make_ref
from allorders_qb.mapping.sales_tax import find_freight_tax, find_line_tax
from allorders_qb.money import line_amount, multiply, net_unit_price, round_half_up

SHIPPING_ITEM_ID = "SHIPPING_ITEM_ID"


def build_lines(
	document: PostingDocument,
	references: References,
	company: CompanyProfile,
	freight_item: str | None,
	discount_item: str | None,
	freight_tax_code: str | None,
) -> list[dict[str, Any]]:
	"""Return the payload's lines: the document's, each as one line or two, then the freight. Raises MappingError."""
	about = document.source_name
	lines: list[dict[str, Any]] = []
	for line in document.lines:
		lines.extend(_build_line(line, references, company, discount_item, about))
	if document.freight:
		lines.append(_build_freight(document, references, company, freight_item, freight_tax_code))
	if len(lines) > MAX_LINES:
		raise MappingError(
			f"{about}: {len(lines)} lines are too many for one transaction in QuickBooks, which takes {MAX_LINES}. Split the document.",
			field="Lines",
		)
	return lines


def _build_line(
	line: PostingLine, references: References, company: CompanyProfile, discount_item: str | None, about: str
) -> list[dict[str, Any]]:
	"""Return one line, or two where a discount does not fit a net unit price: the full line and a negative one."""
	tax = find_line_tax(line.tax_code, references, company, about=about, row=line.row)
	detail: dict[str, Any] = {
		"ItemRef": find_ref(references.items, line.item, "Item", about=about, row=line.row),
		"Qty": line.quantity,
		**tax,
	}
	detail.update(build_line_class(line.class_name, references, company, about=about, row=line.row))
	described = clean_text(line.description) or clean_line(line.item)
	named = _name_discount(line)
	split = split_discount(line)
	if split is None:
		price = _find_net_price(line)
		text = f"{described} ({named})" if named else described
		priced = _add_price(detail, price, line.net)
		return [_make_line(line.amount, priced, text, about, line.row, line.net)]
	full, rest = split
	net = None if line.net is None else round_half_up(multiply(full, line.net) / line.amount)
	priced = _add_price(detail, line.unit_price, net)
	built = [_make_line(full, priced, described, about, line.row, net)]
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
	text = f"{named[0].upper()}{named[1:]}: {clean_line(line.item)}"
	net_rest = None if line.net is None or net is None else line.net - net
	built.append(_make_line(rest, less, text, about, line.row, net_rest))
	return built


def _add_price(detail: dict[str, Any], price: Decimal, net: Decimal | None) -> dict[str, Any]:
	"""Return the detail with its price; where `net` is the line's Amount, with what of it one unit is, or with none where no
	such price gives the amount to the cent (fault 6070 would be the answer)."""
	if net is None:
		return {**detail, "UnitPrice": price}
	price = round_half_up(net / detail["Qty"], PRICE_PLACES)
	return {**detail, "UnitPrice": price} if round_half_up(multiply(detail["Qty"], price)) == net else detail


def _make_line(
	amount: Decimal,
	detail: dict[str, Any],
	description: str,
	about: str,
	row: int | None,
	net: Decimal | None = None,
) -> dict[str, Any]:
	"""Return a line; with its `net` where the amount holds its tax: QuickBooks keeps that as Amount, the other beside it."""
	return {
		**_split_gross(amount, net, detail),
		"Description": check_length("Description", description, LIMITS["description"], about=about, row=row),
	}


def _split_gross(amount: Decimal, net: Decimal | None, detail: dict[str, Any]) -> dict[str, Any]:
	if net is not None:
		detail = {**detail, "TaxInclusiveAmt": amount}
	return {
		"Amount": amount if net is None else net,
		"DetailType": "SalesItemLineDetail",
		"SalesItemLineDetail": detail,
	}


def _find_net_price(line: PostingLine) -> Decimal:
	return round_half_up(net_unit_price(line.unit_price, line.discount_percent), PRICE_PLACES)


def split_discount(line: PostingLine) -> tuple[Decimal, Decimal] | None:
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
	tax = find_freight_tax(document, references, company, freight_tax_code)
	if company.allow_shipping:
		return _split_gross(
			document.freight, document.freight_net, {"ItemRef": make_ref(SHIPPING_ITEM_ID), **tax}
		)
	if not freight_item:
		raise MappingError(
			f"{about}, Freight: QuickBooks has shipping switched off, so freight needs an item. "
			"Choose a Freight Item in AO Settings, or switch shipping on in QuickBooks.",
			field="Freight Item",
		)
	item = find_ref(references.items, freight_item, "Freight Item", about=about)
	detail = _add_price({"ItemRef": item, "Qty": Decimal(1), **tax}, document.freight, document.freight_net)
	return _make_line(document.freight, detail, "Freight", about, None, document.freight_net)
