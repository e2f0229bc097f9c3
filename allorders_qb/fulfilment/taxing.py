"""The tax of a document: by QuickBooks, by the rates of its lines' tax codes, or as a person has entered it.

Called by `validate` after amounts are known. QuickBooks' codes and rates are read from their mirrors. What is written: each
line's net amount and tax, the tax by rate, and the document's net, tax and total.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from allorders_qb.fulfilment.arithmetic import ZERO
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.tax import DocumentTax, TaxedLine, TaxRate, choose_freight_code, compute_tax
from allorders_qb.money import round_half_up, to_decimal

QUICKBOOKS, ALL_ORDERS, BY_HAND = "QuickBooks", "All Orders", "By Hand"
BEFORE_TAX, WITH_TAX = "Before Tax", "With Tax"
SALE, PURCHASE = "sales_rates", "purchase_rates"
"""The field of a tax code that names its rates."""

WITHOUT_RATE = ("TAX", "CustomSalesTax")
"""Ids of US codes that say only that something is taxed."""
US_CODES = (*WITHOUT_RATE, "NON")
"""Ids of codes that no company outside the US has."""


@dataclass(frozen=True)
class TaxCode:
	"""A tax code on one side, sales or purchases."""

	name: str
	rates: tuple[TaxRate, ...] = ()
	has_tax_on_tax: bool = False
	is_without_rate: bool = False
	is_in_cost: bool = False
	is_incomplete: bool = False
	"""QuickBooks has rates of it that have not been read yet."""

	@property
	def is_taxed(self) -> bool:
		return any(rate.percent for rate in self.rates)


def is_ours(doc: Any) -> bool:
	"""Return whether the document says what its tax is, so that QuickBooks' has to equal it."""
	return doc.get("tax_computed_by") in (ALL_ORDERS, BY_HAND)


def is_with_tax(doc: Any) -> bool:
	"""Return whether the document's prices hold their tax."""
	return doc.get("prices_are") == WITH_TAX


def find_other_prices(doc: Document, idx: int, source: str, theirs: str | None) -> str | None:
	"""Return why a row cannot follow from `source`, whose prices are `theirs` (empty: before tax); None where it can."""
	own, theirs = doc.get("prices_are") or BEFORE_TAX, theirs or BEFORE_TAX
	if own == theirs:
		return None
	return _(
		"Row {0}: the prices of {1} are {2}, and those of this document {3}. Choose {2} in {4}, or enter it on a document of its own."
	).format(idx, source, _(theirs), _(own), _(doc.meta.get_label("prices_are")))


def refuse_other_prices(doc: Document, source: str, theirs: str | None) -> None:
	"""Refuse to add `source`, whose prices are `theirs`, to the rows of a document whose prices are not."""
	own, theirs = doc.get("prices_are") or BEFORE_TAX, theirs or BEFORE_TAX
	if own != theirs:
		refuse(
			[
				_(
					"The prices of {0} are {1}, and those of this document {2}. Enter it on a document of its own."
				).format(source, _(theirs), _(own))
			],
			_("Other Prices"),
		)


def read_tax_codes(names: Iterable[str | None], side: str) -> dict[str, TaxCode]:
	"""Return tax codes with their rates on that side, by name; two queries for a document."""
	wanted = sorted({name for name in names if name})
	if not wanted:
		return {}
	codes = frappe.get_all(
		"QuickBooks Tax Code",
		filters={"name": ("in", wanted)},
		fields=[
			"name",
			"realm_id",
			"quickbooks_id",
			"taxable",
			SALE,
			PURCHASE,
			"has_tax_on_tax",
			"purchase_tax_in_cost",
		],
		order_by="name",
	)
	rates = _read_rates(
		{(code.realm_id, rate) for code in codes for rate in _split(code[side])},
	)
	return {code.name: _make_code(code, side, rates) for code in codes}


def _make_code(code: frappe._dict, side: str, rates: dict[tuple[str, str], TaxRate]) -> TaxCode:
	wanted = [(code.realm_id, rate) for rate in _split(code[side])]
	is_without_rate = code.quickbooks_id in WITHOUT_RATE
	# Rates came to the lists later than codes: a code that is taxed and has none on either side was read before.
	never_read = bool(cint(code.taxable)) and not is_without_rate and not (code[SALE] or code[PURCHASE])
	return TaxCode(
		code.name,
		tuple(rates[rate] for rate in wanted if rate in rates),
		bool(cint(code.has_tax_on_tax)),
		is_without_rate,
		side == PURCHASE and bool(cint(code.purchase_tax_in_cost)),
		never_read or any(rate not in rates for rate in wanted),
	)


def _split(ids: str | None) -> list[str]:
	return [part.strip() for part in (ids or "").split(",") if part.strip()]


def _read_rates(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], TaxRate]:
	if not wanted:
		return {}
	found = frappe.get_all(
		"QuickBooks Tax Rate",
		filters={"quickbooks_id": ("in", sorted({rate for _realm, rate in wanted}))},
		fields=["name", "realm_id", "quickbooks_id", "rate"],
		order_by="name",
	)
	return {(row.realm_id, row.quickbooks_id): TaxRate(row.name, to_decimal(row.rate)) for row in found}


def fill_tax_settings(doc: Document, side: str) -> None:
	"""Take from AO Settings what a document does not say; a tax that was entered without a word on who computes it is by hand."""
	settings = frappe.get_cached_doc("AO Settings")
	if not doc.prices_are:
		field = "sales_prices_are" if side == SALE else "purchase_costs_are"
		doc.prices_are = settings.get(field) or BEFORE_TAX
	if not doc.tax_computed_by:
		doc.tax_computed_by = BY_HAND if doc.tax_total else settings.tax_computed_by or QUICKBOOKS


def set_taxes(doc: Document, side: str, rows: list[Document] | None = None) -> None:
	"""Compute what of a document's `rows` (its lines unless said otherwise) and freight is tax, and its totals, in place.

	Raises frappe.ValidationError with a sentence for each thing that keeps the tax from being known.
	"""
	rows = list(doc.lines) if rows is None else rows
	fill_tax_settings(doc, side)
	freight = to_decimal(doc.get("freight"), 2)
	freight_code = find_freight_code(doc, rows) if freight else None
	codes = read_tax_codes([*(row.tax_code for row in rows), freight_code], side)
	refuse(find_missing_rates(doc, rows, codes, freight_code), _("Please Check the Tax"))
	if side == PURCHASE and doc.tax_computed_by == QUICKBOOKS and _is_valued_here(doc, rows, codes):
		# What the goods cost hangs on it, so it cannot be left to another's rounding.
		doc.tax_computed_by = ALL_ORDERS
	refuse(find_tax_faults(doc, rows, codes, freight, freight_code), _("Please Check the Tax"))
	lines = [_make_line(row.amount, row.tax_code, codes) for row in rows]
	if freight:
		lines.append(_make_line(freight, freight_code, codes))
	write_taxes(doc, rows, compute_document_tax(doc, lines), codes)


def find_freight_code(doc: Document, rows: list[Document]) -> str | None:
	"""Return the tax code that freight bears: the Freight Item's own, else that which all lines share; in the US its own alone,
	since there QuickBooks decides about freight without one."""
	item = frappe.get_cached_doc("AO Settings").freight_item
	own = frappe.get_cached_value("AO Item", item, "tax_code") if item else None
	code = choose_freight_code(own, [row.tax_code or None for row in rows])
	return own if code and is_ours(doc) and is_us_company() else code


def is_us_company() -> bool | None:
	"""Return whether the connected company is a US one; None without one, and where its tax codes were never read."""
	realm_id = frappe.db.get_single_value("QuickBooks Settings", "realm_id")
	if not realm_id:
		return None
	ids = frappe.get_all(
		"QuickBooks Tax Code", filters={"realm_id": realm_id}, pluck="quickbooks_id", order_by="name"
	)
	return any(code in US_CODES for code in ids) if ids else None


def _make_line(amount: Any, code: str | None, codes: dict[str, TaxCode]) -> TaxedLine:
	return TaxedLine(to_decimal(amount, 2), codes[code].rates if code in codes else ())


def _is_valued_here(doc: Document, rows: list[Document], codes: dict[str, TaxCode]) -> bool:
	used = [codes[row.tax_code] for row in rows if row.tax_code in codes]
	return any(code.is_taxed and (code.is_in_cost or is_with_tax(doc)) for code in used)


def compute_document_tax(doc: Document, lines: list[TaxedLine]) -> DocumentTax:
	"""Return the tax of the lines as the document has it computed; by nobody here where QuickBooks does, and prices are
	before tax."""
	entered = None
	if doc.tax_computed_by == BY_HAND and any(line.rates for line in lines):
		entered = to_decimal(doc.tax_total, 2)
	if not is_ours(doc) and not is_with_tax(doc):
		lines = [TaxedLine(line.amount) for line in lines]
	return compute_tax(lines, is_with_tax(doc), entered)


def write_taxes(doc: Document, rows: list[Document], tax: DocumentTax, codes: dict[str, TaxCode]) -> None:
	"""Write a computed tax onto lines and document."""
	for row, line in zip(rows, tax.lines, strict=False):
		row.net_amount = float(line.net)
		row.line_tax = float(line.tax)
		if row.meta.has_field("tax_amount"):
			in_cost = row.tax_code in codes and codes[row.tax_code].is_in_cost
			row.tax_amount = float(line.tax if in_cost else ZERO)
	doc.set("taxes", [])
	for rate in tax.rates:
		doc.append(
			"taxes",
			{
				"tax_rate": rate.rate.name,
				"rate": float(rate.rate.percent),
				"net_amount": float(rate.net),
				"tax_amount": float(rate.tax),
			},
		)
	# Without rates an entered tax is what a person says it is (a US company's, or one that is part of the cost).
	whole = tax.tax if tax.rates or doc.tax_computed_by != BY_HAND else to_decimal(doc.tax_total, 2)
	net = tax.net
	doc.net_total = float(net)
	doc.tax_total = float(whole)
	doc.total = float(net + whole)
	doc.home_total = float(round_half_up((net + whole) * (to_decimal(doc.exchange_rate) or Decimal(1))))


def find_missing_rates(
	doc: Document, rows: list[Document], codes: dict[str, TaxCode], freight_code: str | None
) -> list[str]:
	"""Return a sentence for each row, and the freight, whose tax is computed here by rates that have not been read yet."""
	places = [(_("Row {0}").format(row.idx), codes.get(row.tax_code)) for row in rows]
	places.append((_("Freight"), codes.get(freight_code)))
	is_needed = is_ours(doc) or is_with_tax(doc)
	return [
		_("{0}: the rates of {1} are not here yet. Refresh the lists in QuickBooks Settings.").format(
			place, code.name
		)
		for place, code in places
		if code and code.is_incomplete and (is_needed or code.is_in_cost)
	]


def find_tax_faults(
	doc: Document, rows: list[Document], codes: dict[str, TaxCode], freight: Decimal, freight_code: str | None
) -> list[str]:
	"""Return why the tax of a document cannot be known, a sentence each."""
	reasons = []
	if to_decimal(doc.tax_total) < ZERO:
		reasons.append(_("The tax cannot be negative; it is {0}.").format(doc.tax_total))
	in_lines = bool(cint(doc.get("tax_in_cost")))
	if in_lines and is_with_tax(doc):
		reasons.append(
			_(
				"Tax Is Part of the Cost goes with costs before tax. Choose Before Tax, or untick it and mark the tax code."
			)
		)
	if not is_ours(doc) and not is_with_tax(doc):
		return reasons
	if doc.tax_computed_by == BY_HAND and to_decimal(doc.tax_total) and not in_lines:
		reasons += _find_entered_fault(doc, [*(row.tax_code for row in rows), freight_code], codes)
	for row in rows:
		code = codes.get(row.tax_code)
		if code and in_lines and code.is_taxed:
			reasons.append(
				_(
					"Row {0}: with {1} QuickBooks adds the tax that Tax Is Part of the Cost has put into the line already. Untick "
					"that and mark the tax code, or choose a code without tax."
				).format(row.idx, code.name)
			)
		if not code or doc.tax_computed_by == BY_HAND:
			continue
		if code.has_tax_on_tax:
			reasons.append(
				_(
					"Row {0}: {1} is a tax on a tax, which QuickBooks alone computes. Choose QuickBooks in Tax Is Computed By, and prices before tax."
				).format(row.idx, code.name)
			)
		if code.is_without_rate and is_with_tax(doc):
			reasons.append(
				_(
					"Row {0}: {1} has no rate of its own, so what of a price is tax cannot be told. Choose Before Tax in Prices Are."
				).format(row.idx, code.name)
			)
		elif code.is_without_rate:
			reasons.append(
				_(
					"Row {0}: {1} has no rate of its own, QuickBooks finds it by the address. Choose QuickBooks or By Hand in Tax Is Computed By."
				).format(row.idx, code.name)
			)
	if freight and not freight_code and any(row.tax_code for row in rows) and not is_us_company():
		reasons.append(
			_(
				"Freight: the lines bear different tax codes, so the freight's is not clear. Give the Freight Item in AO Settings a tax code."
			)
		)
	return reasons


def _find_entered_fault(doc: Document, used: list[str | None], codes: dict[str, TaxCode]) -> list[str]:
	"""Return why a tax that a person has entered cannot be what it says: no line has a rate that it could be of."""
	if any(codes[code].rates for code in used if code in codes):
		return []
	if is_with_tax(doc):
		return [
			_(
				"No line has a tax code with a rate, so the tax in the prices cannot be told. Choose one, or Before Tax."
			)
		]
	if is_us_company() is False:
		return [
			_(
				"No line has a tax code with a rate, by which alone QuickBooks records a tax outside the US. Choose one."
			)
		]
	return []
