"""Sales tax of a US company: the automated engine, the older rate by tax code, and the override.

A stand-in for Intuit's engine: the company file names one tax code for its own address and, if it likes, others by the state
that is shipped to (``automated_sales_tax.by_state``; null is a state without tax). Each rate of the code is taken on the sum
of the taxable lines and rounded half up. An explicit ``TxnTaxDetail.TotalTax`` is honoured and spread over the rates.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator.entities.global_tax import Rate, build_tax_line, spread
from qbo_emulator.faults import Fault
from qbo_emulator.money import round_half_up
from qbo_emulator.work import Work

CUSTOM_SALES_TAX = "CustomSalesTax"
ZERO = Decimal(0)


def compute_tax(
	work: Work,
	sent: dict[str, Any] | None,
	taxable: Decimal,
	customer_is_taxable: bool,
	ship_to: dict[str, Any] | None = None,
) -> dict[str, Any] | None:
	"""Return the TxnTaxDetail to store, or None where the company does not use sales tax (then nothing is stored)."""
	if not work.company.get_preference("TaxPrefs", "UsingSalesTax"):
		return None
	sent = sent or {}
	code = find_code(work, sent, ship_to)
	rates = list_rates(work, code)
	if not customer_is_taxable:
		taxable = ZERO
	amounts = [round_half_up(taxable * rate.percent / 100) for rate in rates]
	total = sum(amounts, ZERO)
	if "TotalTax" in sent:
		total = round_half_up(sent["TotalTax"])
		amounts = spread(total, [rate.percent for rate in rates])
	detail: dict[str, Any] = {"TotalTax": total}
	if code is not None and (total or taxable):
		detail["TxnTaxCodeRef"] = {"value": code}
	if rates and (total or taxable):
		detail["TaxLine"] = [
			build_tax_line(rate, amount, taxable) for rate, amount in zip(rates, amounts, strict=True)
		]
	return detail


def find_code(work: Work, sent: dict[str, Any], ship_to: dict[str, Any] | None) -> str | None:
	"""Return the tax code's Id: the engine's own, or the sent one in the older model.

	The engine replaces any code that is sent. Raises 2500 for a code that does not exist, 6160 for CustomSalesTax.
	"""
	if work.company.get_preference("TaxPrefs", "PartnerTaxEnabled"):
		automated = work.company.definition.get("automated_sales_tax", {})
		by_state = automated.get("by_state", {})
		state = (ship_to or {}).get("CountrySubDivisionCode")
		return by_state[state] if state in by_state else automated.get("tax_code")
	if "TxnTaxCodeRef" not in sent:
		return None
	if sent["TxnTaxCodeRef"]["value"] == CUSTOM_SALES_TAX:
		raise Fault("6160", "CustomSalesTax is not a tax code of transactions", "TxnTaxDetail.TxnTaxCodeRef")
	_row, code = work.require("TaxCode", sent["TxnTaxCodeRef"], "TxnTaxDetail.TxnTaxCodeRef")
	return code["Id"]


def list_rates(work: Work, code_id: str | None) -> list[Rate]:
	"""Return the sales rates of a tax code."""
	if code_id is None:
		return []
	_row, code = work.require("TaxCode", {"value": code_id}, "TxnTaxDetail.TxnTaxCodeRef")
	rates = []
	for entry in code.get("SalesTaxRateList", {}).get("TaxRateDetail", []):
		_row, rate = work.require("TaxRate", entry["TaxRateRef"], "TxnTaxDetail")
		rates.append(Rate(rate["Id"], rate["Name"], Decimal(str(rate["RateValue"]))))
	return rates
