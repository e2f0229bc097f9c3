"""What an order still needs, its status, and what a freight amount is shared into. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from allorders_qb.money import line_amount, multiply, round_half_up

DRAFT, SUBMITTED, CANCELLED = 0, 1, 2

ORDER_DRAFT = "Draft"
ORDER_OPEN = "Open"
ORDER_PARTIALLY_SHIPPED = "Partially Shipped"
ORDER_PARTIALLY_RECEIVED = "Partially Received"
ORDER_CLOSED = "Closed"
ORDER_CANCELLED = "Cancelled"

SHIP_DOC_STATUS = {DRAFT: "Committed", SUBMITTED: "Shipped", CANCELLED: "Cancelled"}

ZERO = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Fulfilment:
	"""One order line: how much was ordered and how much has moved on submitted documents."""

	ordered: Decimal
	filled: Decimal

	@property
	def remaining(self) -> Decimal:
		return max(self.ordered - self.filled, ZERO)

	def compute_tolerated(self, tolerance: Decimal) -> Decimal:
		"""Return how much more may move where so many percent above what was ordered are tolerated."""
		return self.ordered + multiply(self.ordered, tolerance) / HUNDRED - self.filled


@dataclass(frozen=True)
class PricedLine:
	quantity: Decimal
	unit_price: Decimal
	discount_percent: Decimal


@dataclass(frozen=True)
class Totals:
	"""Amounts in the document's currency, each with two decimals; `amounts` in the order of the lines."""

	amounts: tuple[Decimal, ...]
	subtotal: Decimal
	total: Decimal


def add_up(lines: Iterable[PricedLine], freight: Decimal) -> Totals:
	"""Return line amounts (each rounded half up, once), their sum, and the sum with freight."""
	amounts = tuple(line_amount(line.quantity, line.unit_price, line.discount_percent) for line in lines)
	subtotal = sum(amounts, ZERO)
	return Totals(amounts, subtotal, subtotal + freight)


def compute_percent_filled(lines: Sequence[Fulfilment]) -> Decimal:
	"""Return moved units as a percentage of ordered units, two decimals.

	Rounded down, so that 100 means that everything has moved; more than was ordered on one line does not make
	up for what is missing on another.
	"""
	ordered = sum((line.ordered for line in lines), ZERO)
	if not ordered:
		return ZERO
	filled = sum((min(line.filled, line.ordered) for line in lines), ZERO)
	return (filled * HUNDRED / ordered).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def compute_order_status(
	docstatus: int, is_closed: bool, lines: Sequence[Fulfilment], partial: str = ORDER_PARTIALLY_SHIPPED
) -> str:
	"""Return the status of an order from its state and its lines; `partial` where some, but not all, has moved."""
	if docstatus == DRAFT:
		return ORDER_DRAFT
	if docstatus == CANCELLED:
		return ORDER_CANCELLED
	if is_closed or not any(line.remaining for line in lines):
		return ORDER_CLOSED
	if any(line.filled for line in lines):
		return partial
	return ORDER_OPEN


def compute_due_date(start: date, due_days: int | None) -> date | None:
	"""Return the day payment is due under terms of so many days; None where the terms name no days."""
	return None if due_days is None else start + timedelta(days=due_days)


def share_amount(amount: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
	"""Split an amount of money by weight, to the cent; the last takes the rest, so the shares add up to `amount`.

	Without any weight all get the same.
	"""
	names = list(weights)
	whole = sum(weights.values(), ZERO)
	shares: dict[str, Decimal] = {}
	left = amount
	for name in names[:-1]:
		part = weights[name] / whole if whole else Decimal(1) / len(names)
		shares[name] = round_half_up(amount * part)
		left -= shares[name]
	if names:
		shares[names[-1]] = left
	return shares


def choose_tax_code(
	customer_code: str | None, item_code: str | None, non_taxable: frozenset[str]
) -> str | None:
	"""Return the tax code of a new line: a non-taxable item stays so, else the customer's code, else the item's."""
	if item_code in non_taxable:
		return item_code
	return customer_code or item_code
