"""What stock is worth, by the rules of our own valuation: first in, first out, in whole cents. Of no mode.

An issue takes its share of a layer rounded half up once, the last of a layer takes the rest; what comes back has the cost it
left with, the last of it the rest.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from fractions import Fraction

from books_numbers import take_share


@dataclass
class Layer:
	"""What is left of one receipt; `received` is what came in with it."""

	name: Hashable
	received: Fraction
	quantity: Fraction
	cents: int


@dataclass
class Layers:
	"""One item: what came in and is still there, oldest first."""

	open: list[Layer] = field(default_factory=list)

	def receive(self, quantity: Fraction, cents: int, name: Hashable = None) -> None:
		self.open.append(Layer(name, quantity, quantity, cents))

	def issue(self, quantity: Fraction) -> int:
		"""Take units out, the oldest first; returns what they cost."""
		cost = 0
		while quantity:
			taken = min(quantity, self.open[0].quantity)
			cost += self._take(self.open[0], taken)
			quantity -= taken
		return cost

	def issue_from(self, name: Hashable, quantity: Fraction) -> int:
		"""Take units of a certain receipt as long as there are any, and then the oldest; returns what they cost."""
		layer = self.find(name)
		taken = min(quantity, layer.quantity) if layer else Fraction(0)
		cost = self._take(layer, taken) if taken else 0
		return cost + self.issue(quantity - taken)

	def _take(self, layer: Layer, quantity: Fraction) -> int:
		cost = take_share(layer.cents, quantity, layer.quantity)
		layer.quantity -= quantity
		layer.cents -= cost
		if not layer.quantity:
			self.open.remove(layer)
		return cost

	def find(self, name: Hashable) -> Layer | None:
		return next((layer for layer in self.open if layer.name == name), None)

	def change_receipt(self, name: Hashable, change: int) -> int:
		"""Change the value of a receipt; returns what of the change fell on units that are still there."""
		layer = self.find(name)
		if layer is None:
			return 0
		on_hand = take_share(change, layer.quantity, layer.received)
		layer.cents += on_hand
		return on_hand

	def change_value(self, change: int) -> None:
		"""Spread a change of value over all that is there, by quantity; the last layer takes the rest."""
		left, left_quantity = change, self.quantity
		for layer in self.open:
			share = take_share(left, layer.quantity, left_quantity)
			layer.cents += share
			left -= share
			left_quantity -= layer.quantity

	def value_at_current_cost(self, quantity: Fraction) -> int:
		"""Return what so many units are worth at the cost of the oldest that are there."""
		return take_share(self.open[0].cents, quantity, self.open[0].quantity)

	@property
	def cents(self) -> int:
		return sum(layer.cents for layer in self.open)

	@property
	def quantity(self) -> Fraction:
		return sum((layer.quantity for layer in self.open), Fraction(0))


@dataclass
class Left:
	"""What can still come back of what left (or be billed of what came): units, and what they cost."""

	quantity: Fraction
	cents: int

	def take(self, quantity: Fraction) -> int:
		"""Return the cost of so many units; the last of them bring the rest."""
		cost = take_share(self.cents, quantity, self.quantity)
		self.quantity -= quantity
		self.cents -= cost
		return cost
