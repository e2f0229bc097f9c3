"""An independent calculation of what the books have to say, in whole cents. Uses neither the app's code nor the emulator's.

Mode B of the accounting rules: QuickBooks keeps values only, and cost of goods goes by journals at our first-in, first-out
cost. An issue takes its share of a layer rounded half up once, the last of a layer takes the rest.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

RECEIVABLE, SALES, SHIPPING, TAX = "receivable", "sales", "shipping", "tax"
INVENTORY, COST_OF_GOODS, OPENING, SHRINKAGE, SCRAP = (
	"inventory",
	"cost of goods",
	"opening",
	"shrinkage",
	"scrap",
)
LABOUR, OVERHEAD = "labour", "overhead"


def cents(amount: Fraction) -> int:
	"""Return an amount of cents as a whole number, half away from zero."""
	whole = int(abs(amount) + Fraction(1, 2))
	return whole if amount >= 0 else -whole


def to_fraction(number: str | int) -> Fraction:
	return Fraction(str(number))


@dataclass
class Layers:
	"""One item: what came in and is still there, oldest first, each [quantity, cents]."""

	open: list[list] = field(default_factory=list)

	def receive(self, quantity: Fraction, value: int) -> None:
		self.open.append([quantity, value])

	def issue(self, quantity: Fraction) -> int:
		"""Take units out; returns what they cost."""
		cost = 0
		while quantity:
			layer = self.open[0]
			taken = min(quantity, layer[0])
			share = layer[1] if taken == layer[0] else cents(Fraction(layer[1]) * taken / layer[0])
			layer[0] -= taken
			layer[1] -= share
			cost += share
			quantity -= taken
			if not layer[0]:
				self.open.pop(0)
		return cost

	def take_latest(self, quantity: Fraction) -> int:
		"""Take units out of what came in last: what came back only to be scrapped."""
		layer = self.open[-1]
		share = layer[1] if quantity == layer[0] else cents(Fraction(layer[1]) * quantity / layer[0])
		layer[0] -= quantity
		layer[1] -= share
		if not layer[0]:
			self.open.pop()
		return share

	def change_value(self, change: int) -> None:
		"""Spread a change of value over all that is there, by quantity; the last layer takes the rest."""
		left_quantity, left = sum((layer[0] for layer in self.open), Fraction(0)), change
		for layer in self.open:
			share = left if layer[0] == left_quantity else cents(Fraction(left) * layer[0] / left_quantity)
			layer[1] += share
			left -= share
			left_quantity -= layer[0]

	@property
	def value(self) -> int:
		return sum(layer[1] for layer in self.open)

	@property
	def quantity(self) -> Fraction:
		return sum((layer[0] for layer in self.open), Fraction(0))


class Books:
	"""Accounts in cents, debit positive; what customers owe; the layers of each item; what each shipment cost by item."""

	def __init__(self) -> None:
		self.accounts: dict[str, int] = defaultdict(int)
		self.customers: dict[str, int] = defaultdict(int)
		self.items: dict[str, Layers] = defaultdict(Layers)
		self.shipped: dict[str, dict[str, list]] = {}

	def on(self, day: str) -> None:
		"""What follows happens on that day; the sums of a whole year do not depend on it."""

	def post(self, debit: str, credit: str, amount: int) -> None:
		self.accounts[debit] += amount
		self.accounts[credit] -= amount

	def open_stock(self, item: str, quantity: str, unit_cost: str) -> None:
		value = cents(to_fraction(quantity) * to_fraction(unit_cost) * 100)
		self.items[item].receive(to_fraction(quantity), value)
		self.post(INVENTORY, OPENING, value)

	def ship(self, name: str, customer: str, lines: list[tuple], freight: str = "0") -> None:
		"""Lines are (item, quantity, unit price, discount percent)."""
		self.shipped[name] = {}
		for item, quantity, price, discount in lines:
			net = to_fraction(quantity) * to_fraction(price) * (100 - to_fraction(discount)) / 100
			self._bill(customer, SALES, cents(net * 100))
			cost = self.items[item].issue(to_fraction(quantity))
			self.shipped[name][item] = [to_fraction(quantity), cost]
			self.post(COST_OF_GOODS, INVENTORY, cost)
		self._bill(customer, SHIPPING, cents(to_fraction(freight) * 100))

	def _bill(self, customer: str, account: str, amount: int) -> None:
		self.post(RECEIVABLE, account, amount)
		self.customers[customer] += amount

	def take_back(self, shipment: str, customer: str, lines: list[tuple]) -> None:
		"""Lines are (item, quantity, unit price, whether it is scrapped)."""
		for item, quantity, price, is_scrap in lines:
			amount = cents(to_fraction(quantity) * to_fraction(price) * 100)
			self._bill(customer, SALES, -amount)
			left = self.shipped[shipment][item]
			units = to_fraction(quantity)
			cost = left[1] if units == left[0] else cents(Fraction(left[1]) * units / left[0])
			left[0] -= units
			left[1] -= cost
			self.items[item].receive(units, cost)
			if is_scrap:
				self.items[item].take_latest(units)
				self.post(SCRAP, COST_OF_GOODS, cost)
			else:
				self.post(INVENTORY, COST_OF_GOODS, cost)

	def build(self, product: str, quantity: str, components: dict[str, str], costs: dict[str, str]) -> None:
		"""Components are what is taken in all, costs the amounts in all by account."""
		value = 0
		for item, taken in components.items():
			value += self.items[item].issue(to_fraction(taken))
		for account, amount in costs.items():
			added = cents(to_fraction(amount) * 100)
			self.post(INVENTORY, account, added)
			value += added
		self.items[product].receive(to_fraction(quantity), value)

	def adjust(self, item: str, change: str, account: str, unit_cost: str | None = None) -> None:
		units = to_fraction(change)
		if units < 0:
			self.post(account, INVENTORY, self.items[item].issue(-units))
			return
		if unit_cost is None:
			first = self.items[item].open[0]
			value = cents(Fraction(first[1]) * units / first[0])
		else:
			value = cents(units * to_fraction(unit_cost) * 100)
		self.items[item].receive(units, value)
		self.post(INVENTORY, account, value)

	def revalue(self, item: str, change: str, account: str) -> None:
		amount = cents(to_fraction(change) * 100)
		self.items[item].change_value(amount)
		self.post(INVENTORY, account, amount)

	@property
	def inventory(self) -> int:
		return sum(layers.value for layers in self.items.values())
