"""Money and quantities as Decimal: the only place where a number is rounded.

Pure. Frappe's Currency and Float fields come back as floats, and a site may be set to banker's rounding,
so every number that reaches QuickBooks passes here first. Half up, to the cent, once per line.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

# A context of our own: the caller's thread may carry another precision or rounding.
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)
_HUNDRED = Decimal(100)


def to_decimal(value: float | int | str | Decimal | None, places: int | None = None) -> Decimal:
	"""Return a stored number as the Decimal a person reads on the form.

	`value` may be a float, int, Decimal, numeric text, or None or "" (an empty field: zero). `places`, when given,
	rounds half up to that many decimals. Raises ValueError for anything that is not a finite number.
	"""
	if value is None or value == "":
		number = Decimal(0)
	elif isinstance(value, bool):
		raise ValueError(f"{value!r} is a yes or no, not a number.")
	elif isinstance(value, Decimal):
		number = value
	else:
		# repr gives the shortest text that reads back as the same float: 0.1 and not 0.1000000000000000055.
		text = repr(value) if isinstance(value, float) else str(value).strip()
		try:
			number = Decimal(text)
		except InvalidOperation:
			raise ValueError(f"{value!r} is not a number.") from None
	if not number.is_finite():
		raise ValueError(f"{value!r} is not a finite number.")
	return number if places is None else round_half_up(number, places)


def round_half_up(value: Decimal, places: int = 2) -> Decimal:
	"""Return `value` with exactly `places` decimals; a half goes away from zero, and there is no minus zero."""
	rounded = value.quantize(Decimal(1).scaleb(-places), context=_CONTEXT)
	return abs(rounded) if rounded.is_zero() else rounded


def multiply(left: Decimal, right: Decimal) -> Decimal:
	"""Return the exact product, whatever precision the calling thread has set."""
	return _CONTEXT.multiply(left, right)


def net_unit_price(unit_price: Decimal, discount_percent: Decimal) -> Decimal:
	"""Return the exact price of one unit after its discount (percent, 0 to 100), not rounded."""
	share = _CONTEXT.subtract(_HUNDRED, discount_percent)
	return multiply(unit_price, share).scaleb(-2, context=_CONTEXT)


def line_amount(quantity: Decimal, unit_price: Decimal, discount_percent: Decimal = Decimal(0)) -> Decimal:
	"""Return quantity x unit price less discount (percent), rounded half up to the cent, once."""
	return round_half_up(multiply(quantity, net_unit_price(unit_price, discount_percent)))
