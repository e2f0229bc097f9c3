"""Numbers of the independent calculation: exact fractions, and money in whole cents, half away from zero."""

from __future__ import annotations

from fractions import Fraction


def to_fraction(number: str | int) -> Fraction:
	return Fraction(str(number))


def cents(amount: Fraction) -> int:
	"""Return an amount of cents as a whole number, half away from zero."""
	whole = int(abs(amount) + Fraction(1, 2))
	return whole if amount >= 0 else -whole


def price(quantity: str, unit_price: str, discount: str = "0") -> int:
	"""Return what a line comes to, in cents of its currency; `discount` in percent."""
	return cents(to_fraction(quantity) * to_fraction(unit_price) * (100 - to_fraction(discount)))


def money(amount: str) -> int:
	return cents(to_fraction(amount) * 100)


def convert(amount: int, rate: str) -> int:
	"""Return cents of a currency as cents at home; `rate` is home money for one unit of it."""
	return cents(amount * to_fraction(rate))


def take_share(amount: int, part: Fraction, whole: Fraction) -> int:
	"""Return the share of an amount that a part of the whole bears; the whole of it bears all."""
	return amount if part == whole else cents(Fraction(amount) * part / whole)


def spread(amount: int, weights: list[Fraction]) -> list[int]:
	"""Divide an amount by weight, each share rounded by itself; the last takes the rest."""
	whole = sum(weights, Fraction(0))
	shares = [cents(Fraction(amount) * weight / whole) for weight in weights[:-1]]
	return [*shares, amount - sum(shares)]
