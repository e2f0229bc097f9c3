"""Tax of companies outside the US: a tax code on every line, one amount for each rate of the transaction.

Sales use a code's SalesTaxRateList, purchases its PurchaseTaxRateList. With ``GlobalTaxCalculation`` TaxInclusive the
amounts hold the tax: ``TaxInclusiveAmt`` (else ``Amount``) of a line is its gross amount, and what is stored and posted is
its net amount. Tax is rounded half up once for each rate of a transaction; the cents by which the nets of tax-inclusive
lines would miss it go to the largest of them. Source: Intuit's page on sales tax for non-US locales.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import Many, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import round_half_up
from qbo_emulator.work import Work

EXCLUDED, INCLUSIVE, NOT_APPLICABLE = "TaxExcluded", "TaxInclusive", "NotApplicable"
METHODS = (EXCLUDED, INCLUSIVE, NOT_APPLICABLE)
SALE, PURCHASE = "SalesTaxRateList", "PurchaseTaxRateList"
TAXED_DETAILS = (
	"SalesItemLineDetail",
	"ItemBasedExpenseLineDetail",
	"AccountBasedExpenseLineDetail",
)
ZERO = Decimal(0)
TXN_TAX_DETAIL = Struct(
	TxnTaxCodeRef=Reference(), TotalTax=Number("amount"), DefaultTaxCodeRef=Reference(),
	TaxLine=Many(
		Struct(
			Amount=Number("amount"),
			DetailType=Text(40),
			TaxLineDetail=Struct(
				TaxRateRef=Reference(), PercentBased=ReadOnly(), TaxPercent=ReadOnly(), NetAmountTaxable=ReadOnly(),
				TaxInclusiveAmount=ReadOnly(), OverrideDeltaAmount=ReadOnly(), ServiceDate=ReadOnly(),
			),
			Id=ReadOnly(), LineNum=ReadOnly(), Description=ReadOnly(), LinkedTxn=ReadOnly(),
		)
	),
	TaxReviewStatus=ReadOnly(), UseAutomatedSalesTax=ReadOnly(),
)  # fmt: skip


@dataclass(frozen=True)
class Rate:
	"""One rate of a tax code; tax of an unrecoverable one is part of what a purchase costs."""

	id: str
	name: str
	percent: Decimal
	recoverable: bool = True


@dataclass
class Taxed:
	"""A line's amount (gross where tax is included) and the rates of its code."""

	amount: Decimal
	rates: tuple[Rate, ...] = ()


@dataclass
class GlobalTax:
	"""What tax makes of a transaction; the lists are in the order of its lines.

	``costs`` is each line's net amount with its share of unrecoverable tax; ``recoverable`` the tax that is not in it.
	"""

	nets: list[Decimal] = field(default_factory=list)
	grosses: list[Decimal] = field(default_factory=list)
	costs: list[Decimal] = field(default_factory=list)
	amounts: dict[Rate, Decimal] = field(default_factory=dict)
	bases: dict[Rate, Decimal] = field(default_factory=dict)

	@property
	def total(self) -> Decimal:
		return sum(self.amounts.values(), ZERO)

	@property
	def recoverable(self) -> Decimal:
		return sum((amount for rate, amount in self.amounts.items() if rate.recoverable), ZERO)

	def build_detail(self) -> dict[str, Any]:
		"""Return TxnTaxDetail: the total, and a TaxLine for each rate."""
		lines = [build_tax_line(rate, amount, self.bases[rate]) for rate, amount in self.amounts.items()]
		return {"TotalTax": self.total, "TaxLine": lines} if lines else {"TotalTax": ZERO}


def build_tax_line(rate: Rate, amount: Decimal, base: Decimal) -> dict[str, Any]:
	"""Return a TaxLine of TxnTaxDetail."""
	return {
		"Amount": amount,
		"DetailType": "TaxLineDetail",
		"TaxLineDetail": {
			"TaxRateRef": {"value": rate.id, "name": rate.name},
			"PercentBased": True,
			"TaxPercent": rate.percent,
			"NetAmountTaxable": base,
		},
	}


def spread(total: Decimal, weights: list[Decimal]) -> list[Decimal]:
	"""Return ``total`` in parts by weight, each rounded to the cent; what is left over goes to the heaviest."""
	if not weights:
		return []
	whole = sum(weights, ZERO)
	if whole:
		parts = [round_half_up(total * weight / whole) for weight in weights]
	else:
		parts = [ZERO for _weight in weights]
	heaviest = max(range(len(weights)), key=lambda index: abs(weights[index]))
	parts[heaviest] += total - sum(parts, ZERO)
	return parts


def compute(
	lines: list[Taxed], inclusive: bool, overrides: dict[str, Decimal] | None = None, discount: Decimal = ZERO
) -> GlobalTax:
	"""Return the tax of a transaction's lines.

	``overrides`` are tax amounts by rate Id that a client prescribes; ``discount`` is net of tax and lowers, in proportion,
	what is taxed.
	"""
	result = GlobalTax(nets=[line.amount for line in lines])
	groups: dict[tuple[Rate, ...], list[int]] = {}
	for index, line in enumerate(lines):
		groups.setdefault(line.rates, []).append(index)
	if inclusive:
		for rates, members in groups.items():
			amounts = [lines[index].amount for index in members]
			base = sum(amounts, ZERO) / get_factor(rates)
			held = sum(compute_taxes(rates, base, {} if discount else overrides).values(), ZERO)
			for index, part in zip(members, spread(held, amounts), strict=True):
				result.nets[index] = lines[index].amount - part
	discounts = spread(discount, result.nets)
	shares: dict[Rate, dict[int, Decimal]] = {}
	for rates, members in groups.items():
		nets = [result.nets[index] for index in members]
		off = sum((discounts[index] for index in members), ZERO)
		base = sum(nets, ZERO) - off
		exact = sum((lines[index].amount for index in members), ZERO) / get_factor(rates) - off
		for rate, tax in compute_taxes(rates, exact if inclusive else base, overrides).items():
			if overrides and rate.id in overrides and rate in result.amounts:
				tax = ZERO  # prescribed once for all lines
			result.amounts[rate] = result.amounts.get(rate, ZERO) + tax
			result.bases[rate] = result.bases.get(rate, ZERO) + base
			shares.setdefault(rate, {}).update(zip(members, spread(tax, nets), strict=True))
	result.grosses, result.costs = list(result.nets), list(result.nets)
	for rate, parts in shares.items():
		for index, part in parts.items():
			result.grosses[index] += part
			if not rate.recoverable:
				result.costs[index] += part
	if inclusive:
		result.grosses = [line.amount for line in lines]
	return result


def get_factor(rates: tuple[Rate, ...]) -> Decimal:
	"""Return what a net amount is multiplied with to hold its tax."""
	return 1 + sum((rate.percent for rate in rates), ZERO) / 100


def compute_taxes(
	rates: tuple[Rate, ...], base: Decimal, overrides: dict[str, Decimal] | None
) -> dict[Rate, Decimal]:
	"""Return the tax on a base by rate, each rounded once; a prescribed amount goes before."""
	prescribed = overrides or {}
	return {
		rate: round_half_up(prescribed[rate.id] if rate.id in prescribed else base * rate.percent / 100)
		for rate in rates
	}


def read_method(work: Work, document: dict[str, Any]) -> str:
	"""Return GlobalTaxCalculation. Raises 2020 without it and 6170 for tax detail with NotApplicable."""
	if not work.company.get_preference("TaxPrefs", "UsingSalesTax"):
		document.pop("TxnTaxDetail", None)
		return NOT_APPLICABLE
	if "GlobalTaxCalculation" not in document:
		raise refuse_missing("GlobalTaxCalculation")
	method = document["GlobalTaxCalculation"]
	if method == NOT_APPLICABLE and document.get("TxnTaxDetail"):
		raise Fault(
			"6170", "TxnTaxDetail is not allowed when GlobalTaxCalculation is NotApplicable", "TxnTaxDetail"
		)
	return method


def find_rates(work: Work, code_reference: dict[str, str] | None, side: str) -> tuple[Rate, ...]:
	"""Return the rates of a line's code for SALE or PURCHASE. Raises 6000 without a code, 2500 for an unknown one."""
	if not code_reference:
		raise refuse_business(
			"Make sure all your transactions have a tax rate before you save.", "Line.TaxCodeRef"
		)
	_row, code = work.require("TaxCode", code_reference, "Line.TaxCodeRef")
	unrecoverable = work.company.definition.get("unrecoverable_tax_rates", [])
	rates = []
	for entry in code.get(side, {}).get("TaxRateDetail", []):
		_row, rate = work.require("TaxRate", entry["TaxRateRef"], "Line.TaxCodeRef")
		recoverable = side == SALE or rate["Id"] not in unrecoverable
		rates.append(Rate(rate["Id"], rate["Name"], Decimal(str(rate["RateValue"])), recoverable))
	return tuple(rates)


def read_overrides(sent: dict[str, Any] | None) -> dict[str, Decimal]:
	"""Return the tax amounts by rate Id that TxnTaxDetail.TaxLine prescribes."""
	overrides: dict[str, Decimal] = {}
	for line in (sent or {}).get("TaxLine", []):
		reference = line.get("TaxLineDetail", {}).get("TaxRateRef")
		if reference and "Amount" in line:
			overrides[reference["value"]] = line["Amount"]
	return overrides


def list_taxed_lines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
	"""Return the lines that carry a tax code, those inside bundles included."""
	found: list[dict[str, Any]] = []
	for line in lines:
		if line["DetailType"] in TAXED_DETAILS:
			found.append(line)
		elif line["DetailType"] == "GroupLineDetail":
			found.extend(list_taxed_lines(line["GroupLineDetail"]["Line"]))
	return found


def settle_global_tax(
	work: Work,
	document: dict[str, Any],
	side: str,
	sent: dict[str, Any] | None,
	find_discount: Callable[[], Decimal] | None = None,
) -> GlobalTax:
	"""Tax a document whose ``Line`` is built: set lines' net amounts and TaxInclusiveAmt, and TxnTaxDetail.

	``side`` is SALE or PURCHASE; ``sent`` the TxnTaxDetail a client prescribes, or None. ``find_discount`` is called when the
	lines are net, and returns the discount on them; sums of lines are the caller's to make there. Raises 2020, 2500, 6000 or
	6170.
	"""
	method = read_method(work, {**document, **({"TxnTaxDetail": sent} if sent else {})})
	document["GlobalTaxCalculation"] = method
	document.pop("TxnTaxDetail", None)
	lines = list_taxed_lines(document["Line"])
	taxed = []
	for line in lines:
		detail = line[line["DetailType"]]
		if method == NOT_APPLICABLE:
			detail.pop("TaxCodeRef", None)
			detail.pop("TaxInclusiveAmt", None)
			taxed.append(Taxed(line["Amount"]))
			continue
		rates = find_rates(work, detail.get("TaxCodeRef"), side)
		detail["TaxCodeRef"] = work.refer("TaxCode", detail["TaxCodeRef"], "Line.TaxCodeRef")
		amount = line["Amount"]
		if method == INCLUSIVE and "TaxInclusiveAmt" in detail:
			amount = round_half_up(detail["TaxInclusiveAmt"])
		taxed.append(Taxed(amount, rates))
	overrides = read_overrides(sent)
	result = compute(taxed, method == INCLUSIVE, overrides)
	set_amounts(lines, result, method)
	discount = find_discount() if find_discount else ZERO
	if discount:
		result = compute(taxed, method == INCLUSIVE, overrides, discount)
		set_amounts(lines, result, method)
	if method != NOT_APPLICABLE:
		document["TxnTaxDetail"] = result.build_detail()
	return result


def set_amounts(lines: list[dict[str, Any]], result: GlobalTax, method: str) -> None:
	"""Give lines their net amounts and, where tax is included, TaxInclusiveAmt and the net price of one unit."""
	for line, net, gross in zip(lines, result.nets, result.grosses, strict=True):
		detail = line[line["DetailType"]]
		if method != INCLUSIVE:
			detail.pop("TaxInclusiveAmt", None)
			continue
		line["Amount"], detail["TaxInclusiveAmt"] = net, gross
		if detail.get("Qty"):
			detail["UnitPrice"] = round_half_up(net / detail["Qty"], 7)
