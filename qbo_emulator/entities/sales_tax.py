"""Sales tax of a US company: the automated engine, the older rate by tax code, and the override.

A stand-in for Intuit's engine: one rate, named by the company file, on the sum of the taxable lines, rounded half up
to the cent. An explicit ``TxnTaxDetail.TotalTax`` is honoured (Intuit: "override").
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator.fields import Number, ReadOnly, Reference, Struct
from qbo_emulator.money import round_half_up
from qbo_emulator.work import Work

TXN_TAX_DETAIL = Struct(
	TxnTaxCodeRef=Reference(), TotalTax=Number("amount"), TaxLine=ReadOnly(), DefaultTaxCodeRef=Reference(),
	TaxReviewStatus=ReadOnly(), UseAutomatedSalesTax=ReadOnly(),
)  # fmt: skip
ZERO = Decimal(0)


def compute_tax(
	work: Work, sent: dict[str, Any] | None, taxable: Decimal, customer_is_taxable: bool
) -> dict[str, Any] | None:
	"""Return the TxnTaxDetail to store, or None where the company does not use sales tax (then nothing is stored)."""
	company = work.company
	if not company.get_preference("TaxPrefs", "UsingSalesTax"):
		return None
	sent = sent or {}
	code, rate_id = find_rate(work, sent)
	percent = ZERO
	rate_name = None
	if rate_id is not None:
		_row, rate = work.require("TaxRate", {"value": rate_id}, "TxnTaxDetail")
		percent, rate_name = Decimal(str(rate["RateValue"])), rate["Name"]
	if not customer_is_taxable:
		taxable = ZERO
	total = sent["TotalTax"] if "TotalTax" in sent else taxable * percent / 100
	total = round_half_up(total)
	detail: dict[str, Any] = {"TotalTax": total}
	if code is not None and (total or taxable):
		detail["TxnTaxCodeRef"] = {"value": code}
	if rate_id is not None and (total or taxable):
		detail["TaxLine"] = [
			{
				"Amount": total,
				"DetailType": "TaxLineDetail",
				"TaxLineDetail": {
					"TaxRateRef": {"value": rate_id, "name": rate_name},
					"PercentBased": True,
					"TaxPercent": percent,
					"NetAmountTaxable": taxable,
				},
			}
		]
	return detail


def find_rate(work: Work, sent: dict[str, Any]) -> tuple[str | None, str | None]:
	"""Return tax code and tax rate Ids: the engine's own, or those of the sent code in the older model.

	Raises 2500 for a code that does not exist. The engine replaces any code that is sent.
	"""
	if work.company.get_preference("TaxPrefs", "PartnerTaxEnabled"):
		automated = work.company.definition.get("automated_sales_tax", {})
		return automated.get("tax_code"), automated.get("tax_rate")
	if "TxnTaxCodeRef" not in sent:
		return None, None
	_row, code = work.require("TaxCode", sent["TxnTaxCodeRef"], "TxnTaxDetail.TxnTaxCodeRef")
	rates = code.get("SalesTaxRateList", {}).get("TaxRateDetail", [])
	return code["Id"], rates[0]["TaxRateRef"]["value"] if rates else None
