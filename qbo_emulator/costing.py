"""First in, first out: what each move of an inventory item is worth. Pure; whole cents and scaled quantities, no I/O.

Layers hold a quantity and its remaining value. An issue takes its share of a layer rounded once, the last one takes the
rest, so that the asset account always equals the layers. What is issued beyond the quantity on hand leaves a layer
below zero at a provisional cost, which the next receipts settle. Layers are therefore all above or all below zero.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from qbo_emulator.money import QUANTITY_SCALE

SALE, CUSTOMER_RETURN, BILL, VENDOR_CREDIT, ADJUSTMENT, OPENING = (
	"sale", "customer_return", "bill", "vendor_credit", "adjustment", "opening",
)  # fmt: skip
PURCHASES = (BILL, VENDOR_CREDIT)
"""Kinds whose transaction posts the line's amount to the asset account itself."""
COST_SCALE = 10**7
"""A PurchaseCost is whole ten-millionths of a currency unit."""


@dataclass(frozen=True)
class Rules:
	"""The rules that Intuit does not document, as the knobs ``stock_*`` name them."""

	positive_adjustment_cost: str = "purchase_cost"
	return_cost: str = "current_layer"
	vendor_credit_cost: str = "layer"
	negative: str = "recost"
	back_dating: str = "recost"
	same_day_order: str = "entry"
	rounding: str = "per_issue"


@dataclass(frozen=True)
class Move:
	"""One movement of one item. ``key`` names it, ``quantity`` is signed; ``given`` is the signed value its transaction
	states, if it does; ``fixed`` is the cost that an issue keeps whatever the layers say.
	"""

	key: int
	kind: str
	quantity: int
	day: str
	entry: int
	line: int = 0
	given: int | None = None
	purchase_cost: int = 0
	fixed: int | None = None


@dataclass
class Layer:
	"""What is left of a receipt, or, below zero, of an issue that nothing has covered yet.

	``unit`` is the value of one unit in whole cents; ``place`` is where it is stored, None for a new one.
	"""

	move: int
	quantity: int
	cents: int
	unit: int
	fixed: bool = False
	place: int | None = None

	def take(self, quantity: int, rounding: str) -> int:
		"""Remove a quantity (of the layer's own sign) and return its value; the last takes the rest."""
		if quantity == self.quantity:
			cents = self.cents
		elif rounding == "per_unit":
			cents = round_share(self.unit, quantity, QUANTITY_SCALE)
			cents = max(min(cents, max(self.cents, 0)), min(self.cents, 0))
		else:
			cents = round_share(self.cents, quantity, self.quantity)
		self.quantity -= quantity
		self.cents -= cents
		return cents


class Layers:
	"""The open layers of an item, oldest first. ``source`` is read no further than needed.

	``added`` are new ones, ``dropped`` those of the source that are used up. Of the others only the first changes.
	"""

	def __init__(self, source: Iterable[Layer] = ()) -> None:
		self._source: Iterator[Layer] = iter(source)
		self._open: deque[Layer] = deque()
		self._drained = False
		self.added: list[Layer] = []
		self.dropped: list[Layer] = []

	def get_first(self) -> Layer | None:
		if not self._open and not self._drained:
			layer = next(self._source, None)
			if layer is None:
				self._drained = True
			else:
				self._open.append(layer)
		if self._open:
			return self._open[0]
		return self.added[0] if self.added else None

	def drop_first(self) -> None:
		if self._open:
			self.dropped.append(self._open.popleft())
		else:
			self.added.pop(0)

	def add(self, layer: Layer) -> None:
		self.added.append(layer)

	def list_all(self) -> list[Layer]:
		"""Return every open layer; reads the source to its end."""
		self._open.extend(self._source)
		self._drained = True
		return [*self._open, *self.added]


@dataclass
class Outcome:
	"""What a move does to the asset account, in cents. ``short`` is the quantity that was not on hand.

	``difference`` is the part of ``cents`` that belongs to the item's expense account: what a receipt costs more than
	the issues it covers were given. ``corrections`` are (key of an earlier move, cents to add to its own).
	"""

	cents: int
	short: int = 0
	difference: int = 0
	corrections: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Costing:
	"""An item's position after its moves so far; ``apply`` takes the next one.

	``carry`` is value without quantity, which the next layer absorbs. ``last_in`` and ``last_sale`` are the (quantity,
	cents) that a cost is taken from when no layer is open.
	"""

	rules: Rules
	layers: Layers = field(default_factory=Layers)
	carry: int = 0
	last_in: tuple[int, int] | None = None
	last_sale: tuple[int, int] | None = None

	def apply(self, move: Move) -> Outcome:
		outcome = self.receive(move) if move.quantity > 0 else self.issue(move)
		first = self.layers.get_first() if self.carry else None
		if first is not None:
			first.cents += self.carry
			self.carry = 0
		return outcome

	def receive(self, move: Move) -> Outcome:
		"""Cover what is short, oldest first, and lay the rest on top."""
		cents = self.value_receipt(move)
		outcome = Outcome(cents)
		self.last_in = (move.quantity, cents)
		incoming = build_layer(move.key, move.quantity, cents)
		first = self.layers.get_first()
		while incoming.quantity and first is not None and first.quantity < 0:
			covered = min(incoming.quantity, -first.quantity)
			actual = incoming.take(covered, self.rules.rounding)
			difference = actual + first.take(-covered, self.rules.rounding)
			if first.fixed:
				self.carry += difference
			elif self.rules.negative == "keep":
				outcome.cents -= difference
				outcome.difference -= difference
			elif difference:
				outcome.corrections.append((first.move, -difference))
			if not first.quantity:
				self.layers.drop_first()
			first = self.layers.get_first()
		if incoming.quantity:
			self.layers.add(incoming)
		return outcome

	def issue(self, move: Move) -> Outcome:
		"""Take from the layers, oldest first; what they do not hold goes out at a provisional cost."""
		needed, cost = -move.quantity, 0
		first = self.layers.get_first()
		while needed and first is not None and first.quantity > 0:
			taken = min(needed, first.quantity)
			cost += first.take(taken, self.rules.rounding)
			needed -= taken
			if not first.quantity:
				self.layers.drop_first()
			first = self.layers.get_first()
		if needed:
			provisional = self.value_shortage(move, needed) if move.fixed is None else move.fixed - cost
			self.layers.add(build_layer(move.key, -needed, -provisional, move.fixed is not None))
			cost += provisional
		elif move.fixed is not None:
			self.carry += cost - move.fixed
			cost = move.fixed
		elif move.kind in PURCHASES and move.given is not None:
			cost += self.take_line_amount(-move.given - cost)
		if move.kind in (SALE, CUSTOMER_RETURN):
			self.last_sale = (-move.quantity, cost)
		return Outcome(-cost, needed)

	def take_line_amount(self, difference: int) -> int:
		"""Return what a vendor credit takes out of (or leaves in) the next layer beyond its first-in, first-out cost."""
		first = self.layers.get_first()
		if self.rules.vendor_credit_cost == "layer" or first is None:
			return 0
		taken = min(difference, max(first.cents, 0))
		first.cents -= taken
		return taken

	def value_receipt(self, move: Move) -> int:
		"""Return the value at which a quantity comes in: as given, else by the rule of its kind."""
		if move.given is not None:
			return move.given
		rule = self.rules.positive_adjustment_cost if move.kind == ADJUSTMENT else self.rules.return_cost
		if rule == "zero":
			return 0
		if rule == "purchase_cost":
			return multiply_cost(move.purchase_cost, move.quantity)
		if rule == "sale_cost" and self.last_sale is not None:
			return round_share(self.last_sale[1], move.quantity, self.last_sale[0])
		first = self.layers.get_first()
		if first is not None and first.quantity > 0:
			return round_share(first.cents, move.quantity, first.quantity)
		return self.value_without_layer(move, move.quantity)

	def value_without_layer(self, move: Move, quantity: int) -> int:
		"""Return a value at the last known cost, else at the item's PurchaseCost."""
		if self.last_in is not None:
			return round_share(self.last_in[1], quantity, self.last_in[0])
		return multiply_cost(move.purchase_cost, quantity)

	def value_shortage(self, move: Move, quantity: int) -> int:
		"""Return the provisional cost of what is not on hand: at PurchaseCost, else at the last known cost."""
		return multiply_cost(move.purchase_cost, quantity) or self.value_without_layer(move, quantity)


def build_layer(key: int, quantity: int, cents: int, fixed: bool = False) -> Layer:
	return Layer(key, quantity, cents, round_share(cents, QUANTITY_SCALE, quantity), fixed)


def order_moves(moves: Iterable[Move], rules: Rules) -> list[Move]:
	"""Return moves in the order in which they are costed."""
	return sorted(moves, key=lambda move: get_order(move, rules))


def get_order(move: Move, rules: Rules) -> tuple:
	if rules.back_dating == "entry_order":
		return (move.entry, move.line)
	rank = int(move.quantity < 0) if rules.same_day_order == "receipts_first" else 0
	return (move.day, 0 if move.kind == OPENING else 1, rank, move.entry, move.line)


def replay(
	moves: Iterable[Move],
	rules: Rules,
	costing: Costing | None = None,
	note: Callable[[Move, Costing], None] | None = None,
) -> tuple[dict[int, Outcome], Costing]:
	"""Cost moves anew, from an earlier position or from nothing; ``note`` is told the position after each move.

	Returns outcomes by key, corrections worked in, and the final position. An earlier position may hold no shortage.
	"""
	costing = costing or Costing(rules)
	outcomes: dict[int, Outcome] = {}
	for move in order_moves(moves, rules):
		outcome = costing.apply(move)
		outcomes[move.key] = outcome
		for key, cents in outcome.corrections:
			outcomes[key].cents += cents
		if note is not None:
			note(move, costing)
	return outcomes, costing


def multiply_cost(cost: int, quantity: int) -> int:
	"""Return whole cents for a scaled quantity at a scaled PurchaseCost."""
	return round_share(cost * 100, quantity, COST_SCALE * QUANTITY_SCALE)


def round_share(cents: int, part: int, whole: int) -> int:
	"""Return cents x part / whole, rounded half away from zero."""
	numerator, denominator = cents * part, whole
	sign = -1 if (numerator < 0) != (denominator < 0) else 1
	numerator, denominator = abs(numerator), abs(denominator)
	return sign * ((2 * numerator + denominator) // (2 * denominator))
