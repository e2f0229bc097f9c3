"""What tax comes to: per line and rate, half up, once. Pure: no database.

Where prices include tax, a line's amount is with its tax, and what it is worth is the amount less the tax in it. Decided in
``accounting.md`` 3; rates are percent, as QuickBooks has them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from allorders_qb.fulfilment.arithmetic import share_amount
from allorders_qb.money import multiply, round_half_up

ZERO = Decimal(0)
HUNDRED = Decimal(100)
PRECISION = 50


@dataclass(frozen=True)
class TaxRate:
	"""A rate by its name; `percent` may be negative (the other half of a reverse charge)."""

	name: str
	percent: Decimal


@dataclass(frozen=True)
class TaxedLine:
	"""An amount, with its tax where prices include it, and the rates of its tax code."""

	amount: Decimal
	rates: tuple[TaxRate, ...] = ()


@dataclass(frozen=True)
class LineTax:
	"""What a line is worth, and its tax by the name of each rate."""

	net: Decimal
	by_rate: Mapping[str, Decimal] = field(default_factory=dict)

	@property
	def tax(self) -> Decimal:
		return sum(self.by_rate.values(), ZERO)


@dataclass(frozen=True)
class RateTax:
	"""What one rate comes to on a document: `net` is what it is taken on."""

	rate: TaxRate
	net: Decimal
	tax: Decimal


@dataclass(frozen=True)
class DocumentTax:
	"""`lines` in the order they were given."""

	lines: tuple[LineTax, ...]
	rates: tuple[RateTax, ...]

	@property
	def tax(self) -> Decimal:
		return sum((line.tax for line in self.lines), ZERO)

	@property
	def net(self) -> Decimal:
		return sum((line.net for line in self.lines), ZERO)


def compute_tax(lines: Sequence[TaxedLine], inclusive: bool, entered: Decimal | None = None) -> DocumentTax:
	"""Return the tax of a document's lines; `entered` is what a person says it is in all, shared as the computed tax is.

	Raises ValueError where a tax is entered and no line has a rate that it could be of.
	"""
	taxes = [_compute_line(line, inclusive) for line in lines]
	if entered is not None:
		taxes = _share_entered(lines, taxes, entered)
	nets = [
		line.amount - sum(tax.values(), ZERO) if inclusive else line.amount
		for line, tax in zip(lines, taxes, strict=True)
	]
	rates: dict[str, TaxRate] = {}
	bases: dict[str, Decimal] = defaultdict(Decimal)
	totals: dict[str, Decimal] = defaultdict(Decimal)
	for line, tax, net in zip(lines, taxes, nets, strict=True):
		for rate in line.rates:
			rates.setdefault(rate.name, rate)
			bases[rate.name] += net
			totals[rate.name] += tax[rate.name]
	return DocumentTax(
		tuple(LineTax(net, tax) for net, tax in zip(nets, taxes, strict=True)),
		tuple(RateTax(rate, bases[name], totals[name]) for name, rate in rates.items()),
	)


def _compute_line(line: TaxedLine, inclusive: bool) -> dict[str, Decimal]:
	whole = HUNDRED + sum((rate.percent for rate in line.rates), ZERO) if inclusive else HUNDRED
	with localcontext() as context:
		context.prec = PRECISION
		return {rate.name: round_half_up(multiply(line.amount, rate.percent) / whole) for rate in line.rates}


def _share_entered(
	lines: Sequence[TaxedLine], taxes: Sequence[dict[str, Decimal]], entered: Decimal
) -> list[dict[str, Decimal]]:
	"""Return each line's taxes so that they add up to what was entered: by the tax computed, else by amount."""
	if entered == sum((sum(tax.values(), ZERO) for tax in taxes), ZERO):
		return list(taxes)
	places = {f"{index}/{name}": tax for index, line in enumerate(taxes) for name, tax in line.items()}
	if not places:
		raise ValueError("no line has a rate")
	weights = {place: abs(tax) for place, tax in places.items()}
	if not any(weights.values()):
		weights = {place: abs(lines[int(place.split("/")[0])].amount) for place in places}
	if sum(places.values(), ZERO) != sum(weights.values(), ZERO):
		# Halves of a reverse charge stay as they are; what is entered comes on top of them.
		base = places
		shares = share_amount(entered - sum(places.values(), ZERO), weights)
	else:
		base = dict.fromkeys(places, ZERO)
		shares = share_amount(entered, weights)
	return [
		{name: base[f"{index}/{name}"] + shares[f"{index}/{name}"] for name in tax}
		for index, tax in enumerate(taxes)
	]


def choose_freight_code(freight_code: str | None, line_codes: Sequence[str | None]) -> str | None:
	"""Return the tax code of freight: one of its own, else that which the goods share; None where they share none."""
	codes = set(line_codes)
	return freight_code or (codes.pop() if len(codes) == 1 else None)
