"""The independent calculation of mode B: QuickBooks keeps values only, cost of goods and production go by journals at our
first-in, first-out cost, and the purchase account of an item is the inventory asset."""

from __future__ import annotations

from fractions import Fraction

from books_accounts import (
	CLEARING,
	COST_OF_GOODS,
	EXPENSE,
	INVENTORY,
	LABOUR,
	NOT_BILLED,
	OPENING,
	OVERHEAD,
	SCRAP,
	SHRINKAGE,
	VARIANCE,
)
from books_events import (
	WAREHOUSE,
	Adjust,
	BillGoods,
	Build,
	Count,
	OpenStock,
	Receive,
	ReturnToVendor,
	Revalue,
	Ship,
	TakeApart,
	TakeBack,
	TrueUp,
	Year,
)
from books_model import Books
from books_numbers import convert, money, price, take_share, to_fraction

ADDED = {"Labour": LABOUR, "Subcontract": LABOUR, "Overhead": OVERHEAD}


class ValuesOnly(Books):
	def open_stock(self, event: OpenStock) -> None:
		value = price(event.quantity, event.unit_cost)
		self.put_in(event.item, to_fraction(event.quantity), value)
		self.post(INVENTORY, OPENING, value)

	def put_in(self, item: str, units: Fraction, value: int, location: str = WAREHOUSE) -> None:
		self.items[item].receive(units, value)
		self.places[item, location] += units

	def take_out(self, item: str, units: Fraction, location: str = WAREHOUSE) -> int:
		self.places[item, location] -= units
		return self.items[item].issue(units)

	# Sales

	def ship(self, event: Ship) -> None:
		self.sell(event)
		for _item, cost in self.issue_sold(event):
			self.post(COST_OF_GOODS, INVENTORY, cost)

	def take_back(self, event: TakeBack) -> None:
		self.credit(event)
		for number, line in enumerate(event.lines):
			if not self.is_stocked(line.item):
				continue
			units = to_fraction(line.quantity)
			if line.shipment:
				cost = self.shipments[line.shipment][line.row - 1].left.take(units)
			elif line.unit_cost:
				cost = price(line.quantity, line.unit_cost)
			else:
				cost = self.items[line.item].value_at_current_cost(units)
			if line.scrapped:
				# It comes in and goes out again: nothing on the shelves changes.
				self.post(SCRAP, COST_OF_GOODS, cost)
			else:
				self.items[line.item].receive(units, cost, (event, number))
				self.places[line.item, WAREHOUSE] += units
				self.post(INVENTORY, COST_OF_GOODS, cost)

	# Purchases

	def receive(self, event: Receive) -> None:
		receipt = self.read_receipt(event)
		self.shelve(receipt, WAREHOUSE)
		if event.bill_later:
			for row in receipt.rows:
				if self.is_stocked(row.item):
					self.post(INVENTORY, NOT_BILLED, row.cost)
		else:
			lines = [(self.name_purchase_account(row.item), row.amount) for row in receipt.rows]
			self.owe(event.vendor, lines, event.rate, bill=event.name)
		for row in receipt.rows:
			self.post(INVENTORY, CLEARING, row.landed)

	def bill_goods(self, event: BillGoods) -> None:
		"""The bill puts its price into inventory (or onto the clearing account), what was received at comes out, and what of
		the difference fell on goods that have left goes to cost of goods."""
		before = {
			(line.receipt, line.row): self.receipts[line.receipt].rows[line.row - 1].unbilled.cents
			for line in event.lines
		}
		changes = self.revalue_receipt(event)
		lines = [
			(
				self.name_purchase_account(self.receipts[line.receipt].rows[line.row - 1].item),
				price(line.quantity, line.unit_cost),
			)
			for line in event.lines
		]
		lines += [(CLEARING, money(billed.amount)) for billed in event.landed]
		self.owe(event.vendor, lines, event.rate, bill=event.name)
		for (receipt, row), unbilled in before.items():
			line = self.receipts[receipt].rows[row - 1]
			if self.is_stocked(line.item):
				self.post(NOT_BILLED, INVENTORY, unbilled - line.unbilled.cents)
		for what, item, on_hand, charged in changes:
			if what == "landed":
				self.post(INVENTORY, CLEARING, on_hand)
				self.post(COST_OF_GOODS, CLEARING, charged)
			elif self.is_stocked(item):
				self.post(COST_OF_GOODS, INVENTORY, charged)

	def return_to_vendor(self, event: ReturnToVendor) -> None:
		lines = [
			(self.name_purchase_account(line.item), price(line.quantity, line.unit_cost))
			for line in event.lines
		]
		self.take_credit(event.vendor, lines, event.rate)
		for line, (_account, credited) in zip(event.lines, lines, strict=True):
			if self.is_stocked(line.item):
				units = to_fraction(line.quantity) * to_fraction(line.conversion)
				cost = self.items[line.item].issue_from((line.receipt, line.row), units)
				self.places[line.item, WAREHOUSE] -= units
				self.post(INVENTORY, VARIANCE, convert(credited, event.rate) - cost)

	def name_purchase_account(self, item: str) -> str:
		return INVENTORY if self.is_stocked(item) else EXPENSE

	# Production

	def build(self, event: Build) -> None:
		value = sum(self.take_out(item, to_fraction(taken)) for item, taken in event.components.items())
		for kind, amount in event.costs.items():
			self.post(INVENTORY, ADDED[kind], money(amount))
			value += money(amount)
		self.put_in(event.product, to_fraction(event.quantity), value)

	def take_apart(self, event: TakeApart) -> None:
		parts = {item: to_fraction(units) for item, units in event.components.items()}
		weights = {item: self.items[item].value_at_current_cost(units) for item, units in parts.items()}
		left, left_weight = self.take_out(event.product, to_fraction(event.quantity)), sum(weights.values())
		for item, units in parts.items():
			value = take_share(left, Fraction(weights[item]), Fraction(left_weight))
			self.put_in(item, units, value)
			left, left_weight = left - value, left_weight - weights[item]

	# Adjustments

	def adjust(self, event: Adjust) -> None:
		self.change_quantity(event.item, to_fraction(event.change), event.unit_cost)

	def count(self, event: Count) -> None:
		self.change_quantity(event.item, self.read_difference(event), location=event.location)

	def change_quantity(
		self, item: str, units: Fraction, unit_cost: str = "", location: str = WAREHOUSE
	) -> None:
		if units < 0:
			self.post(SHRINKAGE, INVENTORY, self.take_out(item, -units, location))
			return
		if unit_cost:
			value = price(str(units), unit_cost)
		else:
			value = self.items[item].value_at_current_cost(units)
		self.put_in(item, units, value, location)
		self.post(INVENTORY, SHRINKAGE, value)

	def revalue(self, event: Revalue) -> None:
		self.items[event.item].change_value(money(event.change))
		self.post(INVENTORY, SHRINKAGE, money(event.change))

	def true_up(self, event: TrueUp) -> None:
		"""Events are told in the order of their days, so that nothing is left to be put right."""

	@property
	def inventory(self) -> int:
		return sum(layers.cents for layers in self.items.values())


def calculate(year: Year) -> ValuesOnly:
	"""Return the books of a whole year."""
	books = ValuesOnly(year.items, year.customers, year.vendors)
	books.tell(year.story)
	return books
