"""Quantities: how they are stored and how they are written. Pure."""

from __future__ import annotations

from decimal import Decimal

QUANTITY_PLACES = 6


def format_quantity(quantity: Decimal) -> str:
	"""Return a quantity as a person writes it: 12, 2.5, never 12.000000."""
	text = f"{quantity:f}"
	return text.rstrip("0").rstrip(".") if "." in text else text
