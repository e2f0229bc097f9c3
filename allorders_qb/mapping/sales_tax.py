"""The tax code of each line of a sale: TAX or NON in the US, a real tax code elsewhere. Source: Intuit's sales tax workflows."""

from __future__ import annotations

from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.posting import PostingDocument, References
from allorders_qb.mapping.refs import find_ref, make_ref

US_LINE_TAX_CODES = ("TAX", "NON")


def find_line_tax(
	tax_code: str | None, references: References, company: CompanyProfile, *, about: str, row: int | None
) -> dict[str, Any]:
	"""Return the TaxCodeRef of a line: TAX or NON in the US (NON when none is chosen), a real tax code elsewhere."""
	if not company.using_sales_tax:
		return {}
	where = f"{about}, row {row}" if row else f"{about}, Freight"
	if company.is_us:
		code = references.tax_codes.get(tax_code, tax_code) if tax_code else "NON"
		if code not in US_LINE_TAX_CODES and code != tax_code and not company.automated_sales_tax:
			# A code with a rate stands in the head (find_head_tax), and the line says that it is taxed.
			code = "TAX"
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


def find_head_tax(document: PostingDocument, references: References, company: CompanyProfile) -> str | None:
	"""Return the id of the code whose rate a US company without automated tax applies to the whole form; None for none.

	Raises MappingError where lines bear several such codes: QuickBooks has one for a whole transaction.
	"""
	if not company.is_us or company.automated_sales_tax or not company.using_sales_tax:
		return None
	codes = {
		line.tax_code: references.tax_codes.get(line.tax_code) for line in document.lines if line.tax_code
	}
	with_rate = {name: code for name, code in codes.items() if code and code not in US_LINE_TAX_CODES}
	if len(with_rate) > 1:
		raise MappingError(
			f"{document.source_name}, Tax Code: its lines bear {', '.join(sorted(with_rate))}, and QuickBooks has one tax rate for a "
			"whole transaction in the US. Choose one.",
			field="Tax Code",
		)
	return next(iter(with_rate.values()), None)


def find_freight_tax(
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
	return find_line_tax(code, references, company, about=document.source_name, row=None)
