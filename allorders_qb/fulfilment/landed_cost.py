"""Freight, duty and the like, spread over the lines that bear them. Pure: no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from allorders_qb.fulfilment.arithmetic import share_amount
from allorders_qb.money import multiply

BY_VALUE, BY_QUANTITY, BY_WEIGHT = "Value", "Quantity", "Weight"


@dataclass(frozen=True)
class BearingLine:
	"""A line of goods: its value in home currency, its quantity in stock units, and the weight of one of them."""

	name: str
	value: Decimal
	quantity: Decimal
	weight: Decimal

	def get_share(self, spread_by: str) -> Decimal:
		if spread_by == BY_WEIGHT:
			return multiply(self.quantity, self.weight)
		return self.quantity if spread_by == BY_QUANTITY else self.value


def spread_cost(amount: Decimal, spread_by: str, lines: Sequence[BearingLine]) -> dict[str, Decimal]:
	"""Return what of an amount (home currency) each line bears, to the cent; the last line takes the rest."""
	return share_amount(amount, {line.name: line.get_share(spread_by) for line in lines})
