"""What a person (or a program through REST) entered on an order or a ship doc, made complete and checked.

Called by the controllers' `validate`, so a saved document always has defaults where nothing was said, numbers
rounded to what is stored, and amounts and totals computed here, whatever a client sent.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.fulfilment.arithmetic import (
	HUNDRED,
	ZERO,
	PricedLine,
	add_up,
	choose_tax_code,
	compute_due_date,
)
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.taxing import SALE, set_taxes
from allorders_qb.money import round_half_up, to_decimal
from allorders_qb.stock.checks import find_inactive_location
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity

ADDRESS_PARTS = ("line1", "line2", "city", "state", "postal_code", "country")
BILL_TO_FIELDS = tuple(f"bill_to_{part}" for part in ADDRESS_PARTS)
SHIP_TO_FIELDS = tuple(f"ship_to_{part}" for part in ADDRESS_PARTS)
DEFAULT_FIELDS = ("terms", "sales_rep", "ship_method", "currency")
ITEM_FIELDS = ("name", "inactive", "item_type", "item_name", "description", "unit", "unit_price", "tax_code")

UNIT_PRICE_PLACES = 7
DISCOUNT_PLACES = 6
RATE_PLACES = 9
# The columns hold twelve digits before the point.
LARGEST_NUMBER = Decimal(10) ** 9
LARGEST_TOTAL = Decimal(10) ** 12


def prepare_document(doc: Document, order_header: dict[str, Any] | None = None) -> None:
	"""Fill, round, check and total an AO Sales Order or AO Ship Doc in place.

	`order_header` holds the header fields of the order a new ship doc fills; it then takes its header from there
	and not from the customer. Raises frappe.ValidationError with a sentence for each thing that is wrong.
	"""
	items = read_items([row.item for row in doc.lines])
	fill_header(doc, order_header)
	fill_new_lines(doc, items)
	round_numbers(doc)
	check_parties(doc)
	check_lines(doc, items)
	set_totals(doc)
	set_taxes(doc, SALE)


def read_items(codes: list[str]) -> dict[str, frappe._dict]:
	"""Return what a line needs to know of its item, by item; one query for the whole document."""
	found = frappe.get_all(
		"AO Item",
		filters={"name": ("in", sorted({code for code in codes if code}) or [""])},
		fields=list(ITEM_FIELDS),
		order_by="name asc",
	)
	return {item.name: item for item in found}


def get_customer_defaults(customer: str) -> dict[str, Any]:
	"""Return what a new document takes from its customer: terms, rep, method, currency and both addresses.

	A customer without a ship-to address is shipped to where the bill goes.
	"""
	record = read_fields("AO Customer", customer, (*DEFAULT_FIELDS, *BILL_TO_FIELDS, *SHIP_TO_FIELDS))
	if not record:
		return {}
	record.currency = record.currency or get_home_currency()
	if not any(record[field] for field in SHIP_TO_FIELDS):
		for ship_to, bill_to in zip(SHIP_TO_FIELDS, BILL_TO_FIELDS, strict=True):
			record[ship_to] = record[bill_to]
	return dict(record)


def read_fields(doctype: str, name: str, fields: tuple[str, ...]) -> frappe._dict | None:
	"""Return fields of one record, None when there is none.

	`frappe.db.get_value` parses every field name as SQL; with two addresses that takes longer than the query.
	"""
	table = frappe.qb.DocType(doctype)
	rows = (
		frappe.qb.from_(table)
		.select(*(table[field] for field in fields))
		.where(table.name == name)
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def get_home_currency() -> str | None:
	"""Return the currency of AO Settings, else the site's default; None where neither is set."""
	return frappe.get_cached_doc("AO Settings").default_currency or frappe.db.get_default("currency")


def fill_header(doc: Document, order_header: dict[str, Any] | None = None) -> None:
	"""Take from the order, or the customer, what is still empty: when new, and when the customer changed."""
	before = doc.get_doc_before_save()
	if not doc.customer or (before and before.customer == doc.customer):
		return
	if before:
		forget_former_customer(doc, before)
	if order_header:
		fill_from_order(doc, order_header)
	else:
		fill_fields(doc, get_customer_defaults(doc.customer))
	if not doc.location:
		doc.location = frappe.get_cached_doc("AO Settings").default_location


def fill_from_order(doc: Document, order_header: dict[str, Any]) -> None:
	"""Copy the order's header onto empty fields; a rate of 1 is the one nobody has set."""
	fill_fields(doc, order_header)
	for field in ("po_number", "location", "prices_are"):
		if not doc.get(field):
			doc.set(field, order_header.get(field))
	if doc.currency == order_header.get("currency") and doc.exchange_rate in (None, 0, 1):
		doc.exchange_rate = order_header.get("exchange_rate")


def fill_fields(doc: Document, defaults: dict[str, Any]) -> None:
	"""Copy each default onto an empty field; an address is copied whole, or not at all."""
	for field in DEFAULT_FIELDS:
		if not doc.get(field):
			doc.set(field, defaults.get(field))
	for address in (BILL_TO_FIELDS, SHIP_TO_FIELDS):
		if not any(doc.get(field) for field in address):
			for field in address:
				doc.set(field, defaults.get(field))


def forget_former_customer(doc: Document, before: Document) -> None:
	"""Empty what still reads as the former customer's: nothing is shipped to, or billed to, the wrong address."""
	former = get_customer_defaults(before.customer)
	for field in DEFAULT_FIELDS:
		if doc.get(field) == former.get(field):
			doc.set(field, None)
	for address in (BILL_TO_FIELDS, SHIP_TO_FIELDS):
		if all((doc.get(field) or "") == (former.get(field) or "") for field in address):
			for field in address:
				doc.set(field, None)


def find_due_date(posting_date: date | str | None, terms: str | None) -> date | None:
	"""Return the day payment is due under the terms; None without terms, or where they name no days."""
	if not terms:
		return None
	due_days = frappe.db.get_value("QuickBooks Term", terms, "due_days")
	return compute_due_date(getdate(posting_date), due_days)


def fill_new_lines(doc: Document, items: dict[str, frappe._dict]) -> None:
	"""Take description, unit, price and tax code from the item where a new line says nothing."""
	new_rows = [row for row in doc.lines if row.item in items and is_new_row(row, doc)]
	if not any(_lacks_something(row) for row in new_rows):
		return
	context = LineContext(doc)
	for row in new_rows:
		for field, value in context.defaults_for(items[row.item]).items():
			if row.get(field) is None or row.get(field) == "":
				row.set(field, value)


def is_new_row(row: Document, doc: Document) -> bool:
	"""Return whether a row was not there when the document was saved last."""
	before = doc.get_doc_before_save()
	return not before or not any(former.name == row.name for former in before.lines)


def _lacks_something(row: Document) -> bool:
	return any(row.get(field) in (None, "") for field in ("description", "unit", "unit_price", "tax_code"))


class LineContext:
	"""What the defaults of a line depend on besides its item: customer, currency and rate of the document."""

	def __init__(self, doc: Document | frappe._dict):
		self.currency = doc.currency
		self.exchange_rate = to_decimal(doc.exchange_rate) or Decimal(1)
		self.home_currency = get_home_currency()
		self.customer_tax_code = doc.customer and frappe.db.get_value("AO Customer", doc.customer, "tax_code")
		self.non_taxable = frozenset(
			frappe.get_all("QuickBooks Tax Code", filters={"taxable": 0}, pluck="name", order_by="name asc")
		)

	def defaults_for(self, item: frappe._dict) -> dict[str, Any]:
		return {
			"description": item.description or item.item_name or item.name,
			"unit": item.unit,
			"unit_price": float(self.convert_price(to_decimal(item.unit_price))),
			"tax_code": choose_tax_code(self.customer_tax_code, item.tax_code, self.non_taxable),
		}

	def convert_price(self, price: Decimal) -> Decimal:
		"""Return a price list amount (home currency) in the document's currency, to the cent when converted."""
		if not self.currency or not self.home_currency or self.currency == self.home_currency:
			return price
		return round_half_up(price / self.exchange_rate)


def round_numbers(
	doc: Document,
	price_field: str = "unit_price",
	header: tuple[str, ...] = ("freight", "tax_total"),
	more: tuple[str, ...] = (),
) -> None:
	"""Round every number to the decimals that are stored; refuse what is not a number.

	`header` names amounts of the document, `more` further quantities of its lines.
	"""
	reasons = []
	if doc.exchange_rate is None:
		doc.exchange_rate = 1.0
	for row in doc.lines:
		for field, places in (
			("quantity", QUANTITY_PLACES),
			*((name, QUANTITY_PLACES) for name in more),
			(price_field, UNIT_PRICE_PLACES),
			("discount_percent", DISCOUNT_PLACES),
		):
			_round_field(row, field, places, _("Row {0}").format(row.idx), reasons)
	for field in header:
		_round_field(doc, field, 2, doc.meta.get_label(field), reasons)
	_round_field(doc, "exchange_rate", RATE_PLACES, doc.meta.get_label("exchange_rate"), reasons)
	refuse(reasons, _("Not a Number"))
	if doc.currency and doc.currency == get_home_currency():
		doc.exchange_rate = 1.0


def _round_field(row: Document, field: str, places: int, place: str, reasons: list[str]) -> None:
	try:
		row.set(field, float(to_decimal(row.get(field), places)))
	except ValueError:
		reasons.append(
			_("{0}: {1} is not a number that can be used as {2}.").format(
				place, row.get(field), row.meta.get_label(field)
			)
		)


def check_parties(doc: Document) -> None:
	"""Refuse inactive customers and locations, another currency than the customer's, or none, a rate that is
	no rate, and negative freight."""
	reasons = []
	customer = read_fields("AO Customer", doc.customer, ("inactive", "currency")) if doc.customer else None
	if customer and customer.inactive:
		reasons.append(
			_("Customer {0} is inactive. Make it active again, or choose another.").format(doc.customer)
		)
	own = find_own_currency(customer)
	if own and doc.currency and own != doc.currency:
		reasons.append(
			_("Customer {0} is billed in {1}, and this document is in {2}. Set its currency to {1}.").format(
				doc.customer, own, doc.currency
			)
		)
	reasons += find_header_faults(doc)
	if not doc.currency:
		reasons.append(_("No currency: set it here, on the customer, or as home currency in AO Settings."))
	if to_decimal(doc.freight) < ZERO:
		reasons.append(_("Freight cannot be negative; it is {0}.").format(doc.freight))
	refuse(reasons, _("Please Check"))


def find_own_currency(party: frappe._dict | None) -> str | None:
	"""Return the currency of a customer's or vendor's record: without one it is the home currency, as in QuickBooks."""
	return (party.currency or get_home_currency()) if party else None


def find_header_faults(doc: Document) -> list[str]:
	"""Return why a document's location or exchange rate cannot be used, a sentence each."""
	reasons = find_inactive_location(doc.get("location"), _("Location"))
	if to_decimal(doc.exchange_rate) <= ZERO:
		reasons.append(_("The exchange rate must be more than zero; it is {0}.").format(doc.exchange_rate))
	return reasons


def check_lines(doc: Document, items: dict[str, frappe._dict], price_field: str = "unit_price") -> None:
	"""Refuse quantities, prices, discounts and items that cannot be traded, naming the row of each."""
	reasons = []
	for row in doc.lines:
		item = items.get(row.item)
		if item and item.inactive:
			reasons.append(
				_("Row {0}: item {1} is inactive. Make it active again, or take the row out.").format(
					row.idx, row.item
				)
			)
		reasons.extend(find_number_faults(row, price_field))
	refuse(reasons, _("Please Check the Lines"))


def find_number_faults(row: Document, price_field: str = "unit_price") -> list[str]:
	"""Return a sentence for each number of the line that makes no sense."""
	quantity, price = to_decimal(row.quantity), to_decimal(row.get(price_field))
	price_label = _(row.meta.get_label(price_field)).lower()
	discount = to_decimal(row.discount_percent)
	faults = []
	if quantity <= ZERO:
		faults.append(
			_("Row {0}: the quantity of {1} must be more than zero; it is {2}.").format(
				row.idx, row.item, format_quantity(quantity)
			)
		)
	if price < ZERO:
		faults.append(
			_("Row {0}: the {1} of {2} cannot be negative; it is {3}.").format(
				row.idx, price_label, row.item, format_quantity(price)
			)
		)
	if not ZERO <= discount <= HUNDRED:
		faults.append(
			_("Row {0}: the discount on {1} must be between 0 and 100 percent; it is {2}.").format(
				row.idx, row.item, format_quantity(discount)
			)
		)
	if max(quantity, price) >= LARGEST_NUMBER:
		faults.append(
			_("Row {0}: quantity and {1} of {2} must be below one billion.").format(
				row.idx, price_label, row.item
			)
		)
	return faults


def set_totals(doc: Document, price_field: str = "unit_price", added: Decimal | None = None) -> None:
	"""Compute amounts, subtotal and total in place; what a client sent for them is overwritten.

	`added` is what the total has besides the lines; a sales document's freight unless said otherwise.
	"""
	totals = add_up(
		(
			PricedLine(
				to_decimal(row.quantity), to_decimal(row.get(price_field)), to_decimal(row.discount_percent)
			)
			for row in doc.lines
		),
		to_decimal(doc.freight) if added is None else added,
	)
	if totals.total >= LARGEST_TOTAL:
		refuse(
			[_("The total of {0} is too large to be stored.").format(totals.total)],
			_("Please Check the Lines"),
		)
	for row, amount in zip(doc.lines, totals.amounts, strict=True):
		row.amount = float(amount)
	doc.subtotal = float(totals.subtotal)
	doc.total = float(totals.total)
