"""Movements of stock. Pure: no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

STOCKED_ITEM_TYPES = frozenset({"Inventory Part", "Assembly"})

Place = tuple[str, str]
"""(item, location)"""


@dataclass(frozen=True)
class Movement:
	"""One line of one document moving one item at one location; `quantity` in the item's unit, negative going out."""

	item: str
	location: str
	quantity: Decimal
	posting_date: date
	voucher_type: str
	voucher_no: str
	voucher_line: str
	is_reversal: bool = False

	@property
	def place(self) -> Place:
		return (self.item, self.location)


@dataclass(frozen=True)
class Shortage:
	"""A balance below zero after a movement that lowered it."""

	item: str
	location: str
	on_hand: Decimal


def add_up_changes(movements: Iterable[Movement]) -> dict[Place, Decimal]:
	"""Return the net change per item and location, in a fixed order (that in which balances are locked)."""
	changes: dict[Place, Decimal] = defaultdict(Decimal)
	for movement in movements:
		changes[movement.place] += movement.quantity
	return {place: changes[place] for place in sorted(changes) if changes[place]}


def find_shortages(changes: Mapping[Place, Decimal], on_hand: Mapping[Place, Decimal]) -> list[Shortage]:
	"""Return the places that a change lowered and that stand below zero now."""
	return [
		Shortage(*place, on_hand[place])
		for place, change in changes.items()
		if change < 0 and on_hand[place] < 0
	]
