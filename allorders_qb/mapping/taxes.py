"""TxnTaxDetail and GlobalTaxCalculation of sales and purchases. Source: Intuit's sales tax workflows.

Outside the US the amount of each rate is prescribed by a TaxLine (a TotalTax alone is computed anew there); in the US TotalTax
is, and QuickBooks shares it over the rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.posting import References, TaxShare
from allorders_qb.mapping.refs import find_ref, make_ref

TAX_EXCLUDED, TAX_INCLUSIVE, NOT_APPLICABLE = "TaxExcluded", "TaxInclusive", "NotApplicable"


def build_calculation(company: CompanyProfile, prices_with_tax: bool, *, about: str) -> dict[str, str]:
	"""Return GlobalTaxCalculation, which the US does not have. Raises MappingError for prices with tax where there is none."""
	if prices_with_tax and (company.is_us or not company.using_sales_tax):
		place = "in the US" if company.is_us else "where QuickBooks' sales tax is switched off"
		raise MappingError(
			f"{about}, Prices Are: prices with tax do not exist {place}. Choose Before Tax.",
			field="Prices Are",
		)
	if company.is_us:
		return {}
	if not company.using_sales_tax:
		return {"GlobalTaxCalculation": NOT_APPLICABLE}
	return {"GlobalTaxCalculation": TAX_INCLUSIVE if prices_with_tax else TAX_EXCLUDED}


def build_tax_detail(
	tax: Decimal | None,
	shares: Sequence[TaxShare],
	references: References,
	company: CompanyProfile,
	*,
	about: str,
	head_code: str | None = None,
) -> dict[str, Any]:
	"""Return TxnTaxDetail where ours is the rule (`tax` is not None), or where a US company's code (`head_code`, its id) gives
	the rate; nothing else. Raises MappingError for a tax that QuickBooks has no rate for."""
	if not company.using_sales_tax:
		if tax:
			raise MappingError(
				f"{about}, Tax: QuickBooks' sales tax is switched off, so {tax} of tax cannot be recorded. Switch it on in "
				"QuickBooks, or have QuickBooks compute the tax.",
				field="Tax",
			)
		return {}
	detail: dict[str, Any] = {}
	if head_code:
		detail["TxnTaxCodeRef"] = make_ref(head_code)
	if tax is not None:
		detail["TotalTax"] = tax
		if not company.is_us:
			detail["TaxLine"] = _build_tax_lines(tax, shares, references, about)
	return {"TxnTaxDetail": detail} if detail else {}


def _build_tax_lines(
	tax: Decimal, shares: Sequence[TaxShare], references: References, about: str
) -> list[dict[str, Any]]:
	prescribed = sum((share.tax for share in shares), Decimal(0))
	if prescribed != tax:
		raise MappingError(
			f"{about}, Tax: {tax} is not what its tax codes' rates have together ({prescribed}). Choose a tax code with a rate for "
			"the lines that are taxed.",
			field="Tax",
		)
	return [
		{
			"Amount": share.tax,
			"DetailType": "TaxLineDetail",
			"TaxLineDetail": {
				"TaxRateRef": find_ref(references.tax_rates, share.rate, "Tax Rate", about=about),
				"PercentBased": True,
				"TaxPercent": share.percent,
				"NetAmountTaxable": share.net,
			},
		}
		for share in shares
	]
