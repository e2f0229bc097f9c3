"""How the pages write amounts, quantities, addresses and kinds."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from qbo_emulator.money import from_cents

ADDRESS_LINES = ("Line1", "Line2", "Line3", "Line4", "Line5")


def format_money(cents: int | None) -> str:
	"""Return 1,234.50; a negative amount with a minus sign."""
	return f"{from_cents(cents or 0):,.2f}"


def format_amount(value: Any) -> str:
	"""Return an amount of a document with two decimals, nothing where there is none."""
	return f"{value:,.2f}" if isinstance(value, (int, float, Decimal)) else ""


def format_number(value: Any) -> str:
	return f"{value.normalize():,f}" if isinstance(value, Decimal) else "" if value is None else str(value)


def format_price(value: Any) -> str:
	"""Return a unit price with two decimals, or more where it has more."""
	if not isinstance(value, Decimal):
		return "" if value is None else str(value)
	places = max(2, -int(value.normalize().as_tuple().exponent))
	return f"{value:,.{places}f}"


def format_address(address: dict[str, Any] | None) -> str:
	if not address:
		return ""
	town = " ".join(
		address[key] for key in ("City", "CountrySubDivisionCode", "PostalCode") if key in address
	)
	lines = [address[key] for key in ADDRESS_LINES if key in address]
	return "\n".join([*lines, *filter(None, (town, address.get("Country")))])


def name_kind(entity: str) -> str:
	"""Return an entity's name in words: "Credit memo"."""
	words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entity.removesuffix("Txn"))
	return words.capitalize()


def name_kinds(entity: str) -> str:
	"""Return the plural: "Credit memos", "Journal entries", "Time activities"."""
	name = name_kind(entity)
	return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
