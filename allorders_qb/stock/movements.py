"""Movements of stock. Pure: no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

STOCKED_ITEM_TYPES = frozenset({"Inventory Part", "Assembly"})

RECEIPT, ISSUE, RETURN, TRANSFER, VALUE_CHANGE = "Receipt", "Issue", "Return", "Transfer", "Value Change"
REVALUATION = "Revaluation"
"""Kinds of ledger entries. A revaluation says that another entry turned out to be worth something else."""

Place = tuple[str, str]
"""(item, location)"""


@dataclass(frozen=True)
class Movement:
	"""One line of one document moving one item; `quantity` in the item's unit, negative going out.

	What comes in has a `value` (home currency, to the cent), or says where it has it from: `return_of` names the ledger entry
	of the issue that it brings back at its cost; `added_value` that it is worth what the same document's issues cost, and so
	much besides (labour, overhead), shared by `cost_weight` where several come in so (a disassembly). What goes out is valued
	first in, first out, unless `takes_line` names the line of the same document whose goods it takes, or `takes_entry` the
	receipt whose goods go first. A transfer has no value of its own. A change of value alone has quantity 0 and a `value`, over the receipt whose entry is `value_of`, else over all
	that is on hand.
	"""

	item: str
	location: str | None
	quantity: Decimal
	posting_date: date
	voucher_type: str
	voucher_no: str
	voucher_line: str
	is_reversal: bool = False
	value: Decimal = Decimal(0)
	return_of: str | None = None
	value_of: str | None = None
	added_value: Decimal | None = None
	cost_weight: Decimal = Decimal(1)
	takes_line: str | None = None
	takes_entry: str | None = None
	is_transfer: bool = False

	@property
	def place(self) -> Place:
		return (self.item, self.location)

	@property
	def kind(self) -> str:
		if self.is_transfer:
			return TRANSFER
		if not self.quantity:
			return VALUE_CHANGE
		if self.quantity < 0:
			return ISSUE
		return RETURN if self.return_of else RECEIPT


@dataclass(frozen=True)
class Moved:
	"""What a line of a document moved: `value` onto or off the shelves (home currency, signed), and `charged`, what of a change
	of value fell on units that had left already."""

	value: Decimal = Decimal(0)
	charged: Decimal = Decimal(0)

	def __add__(self, other: Moved) -> Moved:
		return Moved(self.value + other.value, self.charged + other.charged)


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
		if movement.quantity:
			changes[movement.place] += movement.quantity
	return {place: changes[place] for place in sorted(changes) if changes[place]}


def find_shortages(changes: Mapping[Place, Decimal], on_hand: Mapping[Place, Decimal]) -> list[Shortage]:
	"""Return the places that a change lowered and that stand below zero now."""
	return [
		Shortage(*place, on_hand[place])
		for place, change in changes.items()
		if change < 0 and on_hand[place] < 0
	]
