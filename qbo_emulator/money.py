"""Decimal helpers. Amounts are Decimals in documents and whole cents in the ledger and in indexed columns."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
QUANTITY_SCALE = 10**7
"""Quantities are indexed as whole ten-millionths, so that sums stay exact."""


def round_half_up(value: Decimal, places: int = 2) -> Decimal:
	"""Return ``value`` rounded half up (away from zero on a tie) to ``places`` decimals."""
	return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def to_cents(value: Decimal) -> int:
	"""Return an amount of money as whole cents, rounded half up."""
	return int(round_half_up(value) * 100)


def from_cents(cents: int) -> Decimal:
	"""Return whole cents as an amount of money with two decimals."""
	return Decimal(cents).scaleb(-2)


def to_scaled_quantity(value: Decimal) -> int:
	"""Return a quantity as whole ten-millionths."""
	return int(round_half_up(value * QUANTITY_SCALE, 0))


def from_scaled_quantity(scaled: int) -> Decimal:
	"""Return whole ten-millionths as a quantity without trailing zeros."""
	return Decimal(scaled) / QUANTITY_SCALE
