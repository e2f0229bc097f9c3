"""What a person (or a program through REST) entered on a document with a vendor, made complete and checked.

The counterpart of `entry` for AO Purchase Order, AO Receiver, AO Vendor Bill and AO Vendor Return. Quantities are in purchase
units, `conversion` says how many stock units are in one (a dozen is 12), `stock_quantity` is what stock counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from allorders_qb.fulfilment.arithmetic import ZERO
from allorders_qb.fulfilment.entry import (
	ADDRESS_PARTS,
	check_lines,
	find_due_date,
	find_header_faults,
	find_own_currency,
	get_home_currency,
	is_new_row,
	read_fields,
	round_numbers,
	set_totals,
)
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.taxing import PURCHASE, set_taxes
from allorders_qb.fulfilment.vendor_prices import VendorPrice, read_vendor_prices
from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity

DEFAULT_FIELDS = ("terms", "currency")
ITEM_FIELDS = (
	"name", "inactive", "item_type", "item_name", "description", "purchase_description", "unit", "purchase_cost",
	"tax_code", "weight",
)  # fmt: skip
UNIT_COST = "unit_cost"


def prepare_buying_document(
	doc: Document, source_header: dict[str, Any] | None = None, taxed: tuple[str, ...] = ("lines",)
) -> None:
	"""Fill, round, check and total a document with a vendor, in place.

	`source_header` holds the header fields of what a new document follows from; `taxed` names the tables whose rows bear tax.
	Raises frappe.ValidationError with a sentence for each thing that is wrong.
	"""
	items = read_buying_items(row.item for row in doc.lines)
	fill_header(doc, source_header)
	fill_new_lines(doc, items)
	round_numbers(doc, UNIT_COST, ("tax_total",), ("conversion",))
	set_stock_quantities(doc, items)
	check_vendor(doc)
	check_lines(doc, items, UNIT_COST)
	check_conversions(doc)
	set_totals(doc, UNIT_COST, ZERO)
	set_taxes(doc, PURCHASE, [row for table in taxed for row in doc.get(table)])


def read_buying_items(codes: Iterable[str]) -> dict[str, frappe._dict]:
	"""Return what a line needs to know of its item, by item; one query for the whole document."""
	wanted = sorted({code for code in codes if code})
	found = frappe.get_all(
		"AO Item", filters={"name": ("in", wanted or [""])}, fields=list(ITEM_FIELDS), order_by="name asc"
	)
	return {item.name: item for item in found}


def get_vendor_defaults(vendor: str) -> dict[str, Any]:
	"""Return what a new document takes from its vendor: terms, currency, and the address as vendor_line1 … vendor_country."""
	fields = tuple(f"address_{part}" for part in ADDRESS_PARTS)
	record = read_fields("AO Vendor", vendor, (*DEFAULT_FIELDS, *fields))
	if not record:
		return {}
	defaults = {"terms": record.terms, "currency": record.currency or get_home_currency()}
	return defaults | {f"vendor_{part}": record[f"address_{part}"] for part in ADDRESS_PARTS}


def fill_header(doc: Document, source_header: dict[str, Any] | None = None) -> None:
	"""Take from what the document follows from, or from its vendor, what is still empty: when new, and when the vendor changed."""
	before = doc.get_doc_before_save()
	if not doc.vendor or (before and before.vendor == doc.vendor):
		return
	if before:
		former = get_vendor_defaults(before.vendor)
		for field, value in former.items():
			if doc.meta.has_field(field) and (doc.get(field) or "") == (value or ""):
				doc.set(field, None)
	defaults = get_vendor_defaults(doc.vendor)
	if source_header:
		defaults |= {field: value for field, value in source_header.items() if field != "exchange_rate"}
	for field, value in defaults.items():
		if doc.meta.has_field(field) and not doc.get(field):
			doc.set(field, value)
	if source_header and doc.currency == source_header.get("currency") and doc.exchange_rate in (None, 0, 1):
		doc.exchange_rate = source_header.get("exchange_rate")
	if doc.meta.has_field("location") and not doc.location:
		doc.location = frappe.get_cached_doc("AO Settings").default_location


def fill_new_lines(doc: Document, items: dict[str, frappe._dict]) -> None:
	"""Take unit, conversion, cost, description and tax code from vendor price and item where a new line says nothing."""
	rows = [row for row in doc.lines if row.item in items and is_new_row(row, doc)]
	if not rows:
		return
	prices = read_vendor_prices(doc.vendor, {row.item for row in rows})
	for row in rows:
		price = choose_price(prices.get(row.item, []), row.purchase_unit)
		for field, value in make_line_defaults(items[row.item], price, doc, row.purchase_unit).items():
			# A Float of nothing is 0, and a conversion of nothing 1: neither has been said by anybody.
			if row.get(field) in (None, "") or (field == "conversion" and row.conversion in (0, 1)):
				row.set(field, value)


def choose_price(prices: list[VendorPrice], purchase_unit: str | None) -> VendorPrice | None:
	"""Return the price for that unit; without one, the vendor's first (the preferred one, if any)."""
	if purchase_unit:
		return next((price for price in prices if price.purchase_unit == purchase_unit), None)
	return prices[0] if prices else None


def make_line_defaults(
	item: frappe._dict,
	price: VendorPrice | None,
	doc: Document | frappe._dict,
	purchase_unit: str | None = None,
) -> dict[str, Any]:
	"""Return what a new line has where nothing was said, the cost in the document's currency."""
	defaults = {
		"description": item.purchase_description or item.description or item.item_name or item.name,
		"vendor_item_code": price.vendor_item_code if price else None,
		"purchase_unit": price.purchase_unit if price else purchase_unit or item.unit,
		"conversion": float(price.conversion) if price else 1.0,
		"tax_code": item.tax_code,
	}
	home = get_home_currency()
	in_home = not price or not price.currency or price.currency == home
	cost = price.unit_cost if price else to_decimal(item.purchase_cost)
	rate = to_decimal(doc.exchange_rate) or Decimal(1)
	if in_home and doc.currency and home and doc.currency != home:
		defaults[UNIT_COST] = float(round_half_up(cost / rate))
	elif in_home or price.currency == doc.currency:
		defaults[UNIT_COST] = float(cost)
	return defaults


def get_line_defaults(item: str, doc: frappe._dict, purchase_unit: str | None = None) -> dict[str, Any]:
	"""Return what a new line of that item has on a document with `vendor`, `currency` and `exchange_rate`."""
	items = read_buying_items([item])
	if item not in items:
		return {}
	price = choose_price(read_vendor_prices(doc.vendor, [item]).get(item, []), purchase_unit)
	return make_line_defaults(items[item], price, doc, purchase_unit)


def set_stock_quantities(doc: Document, items: dict[str, frappe._dict]) -> None:
	"""Compute what each line is in stock units, and name that unit."""
	for row in doc.lines:
		row.unit = items[row.item].unit if row.item in items else None
		row.conversion = row.conversion or 1.0
		quantity = multiply(to_decimal(row.quantity), to_decimal(row.conversion))
		row.stock_quantity = float(round_half_up(quantity, QUANTITY_PLACES))


def check_conversions(doc: Document) -> None:
	"""Refuse a line whose purchase unit holds nothing, or whose quantity comes to nothing in stock units."""
	reasons = []
	for row in doc.lines:
		if to_decimal(row.conversion) <= ZERO:
			reasons.append(
				_("Row {0}: one {1} of {2} must be more than nothing in stock; it is {3}.").format(
					row.idx,
					row.purchase_unit or row.unit,
					row.item,
					format_quantity(to_decimal(row.conversion)),
				)
			)
		elif to_decimal(row.stock_quantity) <= ZERO:
			reasons.append(
				_("Row {0}: the quantity of {1} comes to nothing in stock units. Enter more of it.").format(
					row.idx, row.item
				)
			)
	refuse(reasons, _("Please Check the Lines"))


def check_vendor(doc: Document) -> None:
	"""Refuse an inactive vendor or location, another currency than the vendor's, or none, and a rate that is no rate."""
	vendor = read_fields("AO Vendor", doc.vendor, ("inactive", "currency")) if doc.vendor else None
	reasons = []
	if vendor and vendor.inactive:
		reasons.append(
			_("Vendor {0} is inactive. Make it active again, or choose another.").format(doc.vendor)
		)
	own = find_own_currency(vendor)
	if own and doc.currency and own != doc.currency:
		reasons.append(
			_("Vendor {0} bills in {1}, and this document is in {2}. Change its currency to {1}.").format(
				doc.vendor, own, doc.currency
			)
		)
	if not doc.currency:
		reasons.append(_("No currency: set it here, on the vendor, or as home currency in AO Settings."))
	refuse(reasons + find_header_faults(doc), _("Please Check"))


def set_due_date(doc: Document, start: Any) -> None:
	"""Fill an empty due date from the terms, counted from `start`; refuse one before it."""
	if not doc.due_date:
		doc.due_date = find_due_date(start, doc.terms)
	if doc.due_date and getdate(doc.due_date) < getdate(start):
		refuse(
			[
				_("The due date {0} is before {1}, from which it counts. Correct one of them.").format(
					formatdate(doc.due_date), formatdate(start)
				)
			],
			_("Please Check"),
		)
