"""What stock is worth: first in, first out, per item of the company. Pure: no database.

A layer holds a quantity and its *remaining value in whole cents*. An issue takes its share of a layer, rounded half
up once, and whoever takes the last of a layer takes the rest of its value, so that what was posted and what lies on the
shelves always add up exactly. What is issued before it came is a shortage at a provisional cost; the next receipt
settles it, and the difference is a correction of that issue's cost. Source: ``accounting.md`` 3 of the design notes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from allorders_qb.money import multiply, round_half_up

ZERO = Decimal(0)


@dataclass
class Layer:
	"""What is left of one receipt. ``received`` is what came in with it, ``cents`` what the rest is worth."""

	key: str
	received: Decimal
	quantity: Decimal
	cents: int


@dataclass
class Shortage:
	"""What one issue took before it had come, at a provisional value."""

	key: str
	quantity: Decimal
	cents: int


@dataclass(frozen=True)
class Use:
	"""How much of a layer an issue (``key``) took, and at which value."""

	key: str
	layer: str
	quantity: Decimal
	cents: int


@dataclass(frozen=True)
class Issue:
	"""What an issue cost: ``cents`` in all, of which ``short_cents`` for ``short`` units that had not come yet."""

	cents: int
	uses: tuple[Use, ...] = ()
	short: Decimal = ZERO
	short_cents: int = 0


@dataclass(frozen=True)
class Correction:
	"""An earlier issue (``key``) turns out to have cost ``cents`` more (or less, when negative)."""

	key: str
	cents: int


@dataclass(frozen=True)
class Revaluation:
	"""How a change of a receipt's value divides: over what is still on hand, and over what has been issued."""

	on_hand_cents: int
	issued_cents: int


def share_cents(cents: int, part: Decimal, whole: Decimal) -> int:
	"""Return ``cents`` x part / whole, rounded half up once; all of it where the part is the whole."""
	if part == whole:
		return cents
	return int(round_half_up(multiply(Decimal(cents), part) / whole, 0))


@dataclass
class Sharing:
	"""An amount that is shared by weight, one share after the other: the last takes the rest, so nothing is lost."""

	cents: int
	weight: Decimal

	def take(self, weight: Decimal) -> int:
		"""Return the next share, in cents; all that is left where no weight is."""
		share = share_cents(self.cents, weight, self.weight) if self.weight > weight else self.cents
		self.cents -= share
		self.weight -= weight
		return share


@dataclass
class Stock:
	"""One item's layers, oldest first, and what was issued before it came.

	``last_cost`` is (quantity, cents) of the latest receipt: the provisional cost of what has not come yet.
	"""

	layers: deque[Layer] = field(default_factory=deque)
	shortages: deque[Shortage] = field(default_factory=deque)
	last_cost: tuple[Decimal, int] = (ZERO, 0)

	@property
	def quantity(self) -> Decimal:
		"""Units on hand; negative while more was issued than has come."""
		return sum((layer.quantity for layer in self.layers), ZERO) - sum(
			(shortage.quantity for shortage in self.shortages), ZERO
		)

	@property
	def cents(self) -> int:
		"""What the item stands for in the books."""
		return sum(layer.cents for layer in self.layers) - sum(shortage.cents for shortage in self.shortages)

	def receive(self, key: str, quantity: Decimal, cents: int) -> list[Correction]:
		"""Take a receipt in; shortages are settled first, oldest first. Returns what earlier issues cost more or less."""
		if quantity <= ZERO:
			raise ValueError(f"A receipt brings more than nothing; {key} brings {quantity}.")
		self.last_cost = (quantity, cents)
		left, left_cents = quantity, cents
		corrections = []
		while left and self.shortages:
			shortage = self.shortages[0]
			settled = min(left, shortage.quantity)
			actual = share_cents(left_cents, settled, left)
			provisional = share_cents(shortage.cents, settled, shortage.quantity)
			if actual != provisional:
				corrections.append(Correction(shortage.key, actual - provisional))
			left, left_cents = left - settled, left_cents - actual
			shortage.quantity -= settled
			shortage.cents -= provisional
			if not shortage.quantity:
				self.shortages.popleft()
		if left:
			self.layers.append(Layer(key, quantity, left, left_cents))
		return corrections

	def issue(self, key: str, quantity: Decimal, fallback: tuple[Decimal, int] = (ZERO, 0)) -> Issue:
		"""Take units out, oldest layers first.

		What is not there is valued at the latest receipt's cost, else at ``fallback`` ((quantity, cents), such as one unit
		at the item's purchase cost), else at nothing.
		"""
		if quantity <= ZERO:
			raise ValueError(f"An issue takes more than nothing; {key} takes {quantity}.")
		uses, left = [], quantity
		while left and self.layers:
			layer = self.layers[0]
			taken = min(left, layer.quantity)
			cents = share_cents(layer.cents, taken, layer.quantity)
			uses.append(Use(key, layer.key, taken, cents))
			layer.quantity -= taken
			layer.cents -= cents
			left -= taken
			if not layer.quantity:
				self.layers.popleft()
		short_cents = 0
		if left:
			basis, basis_cents = self.last_cost if self.last_cost[0] else fallback
			short_cents = share_cents(basis_cents, left, basis) if basis else 0
			self.shortages.append(Shortage(key, left, short_cents))
		return Issue(sum(use.cents for use in uses) + short_cents, tuple(uses), left, short_cents)

	def take(
		self, key: str, layer_key: str, quantity: Decimal, fallback: tuple[Decimal, int] = (ZERO, 0)
	) -> Issue:
		"""Take units out of one certain layer, and what it has not out of the oldest: what came back only to be scrapped,
		what goes back to the vendor it came from. `fallback` as in `issue`."""
		layer = next((layer for layer in self.layers if layer.key == layer_key), None)
		taken = min(quantity, layer.quantity) if layer else ZERO
		if not layer or not taken:
			return self.issue(key, quantity, fallback)
		cents = share_cents(layer.cents, taken, layer.quantity)
		layer.quantity -= taken
		layer.cents -= cents
		if not layer.quantity:
			self.layers.remove(layer)
		use = Use(key, layer_key, taken, cents)
		if taken == quantity:
			return Issue(cents, (use,))
		rest = self.issue(key, quantity - taken, fallback)
		return Issue(cents + rest.cents, (use, *rest.uses), rest.short, rest.short_cents)

	def revalue(self, key: str, received: Decimal, cents: int) -> Revaluation:
		"""Change the value of one receipt by ``cents``: what is on hand of it takes its share, what was issued the rest."""
		layer = next((layer for layer in self.layers if layer.key == key), None)
		if layer is None:
			return Revaluation(0, cents)
		on_hand = share_cents(cents, layer.quantity, received)
		layer.cents += on_hand
		return Revaluation(on_hand, cents - on_hand)

	def spread(self, cents: int) -> dict[str, int]:
		"""Change the value of all that is on hand by ``cents``, by quantity; the last layer takes the rest.

		Returns the change by layer. Raises ValueError where nothing is on hand that could bear it.
		"""
		left_quantity = sum((layer.quantity for layer in self.layers), ZERO)
		if not left_quantity:
			raise ValueError("Nothing is on hand that could bear a change of value.")
		changes, left = {}, cents
		for layer in self.layers:
			change = share_cents(left, layer.quantity, left_quantity)
			layer.cents += change
			changes[layer.key] = change
			left, left_quantity = left - change, left_quantity - layer.quantity
		return changes


@dataclass(frozen=True)
class Move:
	"""One movement for a replay, in the order of posting date and entry.

	``quantity`` is negative going out. A receipt has ``cents``; one that returns part of an issue names that issue in
	``return_of`` instead and comes in at its cost. An issue that takes a certain layer names its receipt in ``takes``. A change
	of value alone has quantity 0 and ``cents``, and changes the receipt named in ``value_of``, or all that is on hand.
	"""

	key: str
	quantity: Decimal
	cents: int | None = None
	return_of: str | None = None
	value_of: str | None = None
	takes: str | None = None
	fallback: tuple[Decimal, int] = (ZERO, 0)


@dataclass
class Replay:
	"""An item's history told anew: what each movement is worth (signed cents, corrections included), and what is left.

	``charged`` is, by change of a receipt's value, what of it fell on units that had left already.
	"""

	stock: Stock = field(default_factory=Stock)
	cents: dict[str, int] = field(default_factory=dict)
	uses: list[Use] = field(default_factory=list)
	charged: dict[str, int] = field(default_factory=dict)
	_issued: dict[str, Decimal] = field(default_factory=dict)
	_received: dict[str, Decimal] = field(default_factory=dict)
	_returned: dict[str, tuple[Decimal, int]] = field(default_factory=dict)

	def tell(self, moves: Iterable[Move]) -> Replay:
		"""Add movements, in their order; returns itself."""
		for move in moves:
			if move.quantity < ZERO:
				self._issue(move)
			elif move.quantity > ZERO:
				self._receive(move)
			else:
				self._revalue(move)
		return self

	def _issue(self, move: Move) -> None:
		if move.takes:
			issue = self.stock.take(move.key, move.takes, -move.quantity, move.fallback)
		else:
			issue = self.stock.issue(move.key, -move.quantity, move.fallback)
		self._issued[move.key] = -move.quantity
		self.cents[move.key] = -issue.cents
		self.uses.extend(issue.uses)

	def _receive(self, move: Move) -> None:
		cents = self._value_return(move) if move.return_of else (move.cents or 0)
		self._received[move.key] = move.quantity
		self.cents[move.key] = cents
		for correction in self.stock.receive(move.key, move.quantity, cents):
			self.cents[correction.key] -= correction.cents

	def _value_return(self, move: Move) -> int:
		"""Return the share of the issue's cost that comes back: the last of it brings the rest."""
		issued = self._issued[move.return_of]
		cost = -self.cents[move.return_of]
		back, back_cents = self._returned.get(move.return_of, (ZERO, 0))
		cents = share_cents(cost - back_cents, move.quantity, issued - back) if issued > back else 0
		self._returned[move.return_of] = (back + move.quantity, back_cents + cents)
		return cents

	def _revalue(self, move: Move) -> None:
		cents = move.cents or 0
		if move.value_of is None:
			left = bool(self.stock.layers)
			if left:
				self.stock.spread(cents)
			self.cents[move.key], self.charged[move.key] = (cents, 0) if left else (0, cents)
			return
		divided = self.stock.revalue(move.value_of, self._received.get(move.value_of, ZERO), cents)
		self.cents[move.key] = divided.on_hand_cents
		self.charged[move.key] = divided.issued_cents


def list_changes(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
	"""Return by movement how many cents its value has changed, without those that have not."""
	return {
		key: after.get(key, 0) - before.get(key, 0)
		for key in [*before, *(key for key in after if key not in before)]
		if after.get(key, 0) != before.get(key, 0)
	}
