"""Rules that the lines of sales and of purchases share: their Ids, and Amount = Qty x UnitPrice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator.faults import Fault, refuse_business
from qbo_emulator.money import round_half_up

HALF_CENT = Decimal("0.005")
MAX_LINES = 750


def check_line_count(sent: list[dict[str, Any]]) -> None:
	"""Raise 6000 above 750 lines; the subtotal that the service adds itself does not count when it is sent back."""
	if sum(line.get("DetailType") != "SubTotalLineDetail" for line in sent) > MAX_LINES:
		raise refuse_business(f"A transaction can have at most {MAX_LINES} lines", "Line")


class LineIds:
	"""Gives the lines of one transaction their Ids: a known one is kept once, any other becomes the next number."""

	def __init__(self, known: set[str], first: int = 1) -> None:
		self.known = known
		self.last = max((int(identifier) for identifier in known if identifier.isdigit()), default=first - 1)

	def give(self, sent: str) -> str:
		if sent in self.known:
			self.known.discard(sent)
			return sent
		return self.take_next()

	def take_next(self) -> str:
		self.last += 1
		return str(self.last)


def settle_price(line: dict[str, Any], detail: dict[str, Any]) -> tuple[dict[str, Any], Decimal | None]:
	"""Return UnitPrice and Qty of an item line as they are stored, and the quantity.

	A price that is not sent follows from the amount. Raises 6070 where the product is not the amount, whatever
	TaxInclusiveAmt says.
	"""
	quantity, unit_price = detail.get("Qty") or None, detail.get("UnitPrice") or None
	if quantity is not None and unit_price is not None:
		if abs(quantity * unit_price - line["Amount"]) > HALF_CENT:
			text = (
				"Amount calculation incorrect in the request.Amount is not equal to UnitPrice * Qty. "
				f"Supplied value:{line['Amount']}"
			)
			raise Fault("6070", text, "Line.Amount")
	stored = {}
	if unit_price is not None:
		stored["UnitPrice"] = unit_price
	elif quantity is not None:
		stored["UnitPrice"] = round_half_up(round_half_up(line["Amount"]) / quantity, 7)
	if quantity is not None:
		stored["Qty"] = quantity
	return stored, quantity
