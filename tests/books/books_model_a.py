"""The independent calculation of mode A: QuickBooks counts too. What it makes of the goods is `books_far_side`'s; what our own
valuation says otherwise stands on *Inventory Cost Difference* once it has been trued up.

The year is told twice. In the order of its days, for what goods are worth here and what is owed; and in the order in which it was
entered, for what QuickBooks gets: under some of its rules that order counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from books_accounts import (
	CLEARING,
	COST_OF_GOODS,
	DIFFERENCE,
	EXPENSE,
	LABOUR,
	MANUFACTURING,
	OPENING,
	OVERHEAD,
	SCRAP,
	SHRINKAGE,
)
from books_events import (
	WAREHOUSE,
	Adjust,
	BillGoods,
	Build,
	Count,
	Event,
	OpenStock,
	Receive,
	ReturnToVendor,
	Revalue,
	Ship,
	TakeApart,
	TakeBack,
	TrueUp,
	Year,
	tell,
)
from books_far_costing import ADJUSTMENT, Rules
from books_far_side import Goods, QuickBooks, buy, sell, send_back, take_back
from books_layers import Left
from books_model import Books, Receipt
from books_numbers import cents, convert, money, price, take_share, to_fraction

ADDED = {"Labour": LABOUR, "Subcontract": LABOUR, "Overhead": OVERHEAD}
GOODS = "goods on bills"
"""No account: what bills say of goods goes over it to `books_far_side`, so that it ends at zero."""

CAUSES = {
	Build: "Work Order",
	TakeApart: "Work Order",
	Revalue: "Value Adjustment",
	TakeBack: "Return",
	ReturnToVendor: "Return",
}
RECOSTING, LANDED_COST = "Recosting", "Landed Cost"

Deed = Callable[[QuickBooks], None]
Line = tuple[int, str, str, str]
"""Of a true-up: the event's place in the story, the item, the cause, the account."""


def divide_by_rate(amount: int, rate: str) -> int:
	"""Return cents at home as cents of a currency."""
	return cents(Fraction(amount) / to_fraction(rate))


def read_standard(items: dict[str, dict], item: str) -> Fraction:
	"""Return an item's PurchaseCost in QuickBooks, in dollars: its own, or what it is made of."""
	values = items[item]
	parts = values.get("components") or ()
	if not parts:
		return to_fraction(str(values.get("purchase_cost", 0)))
	made_of = sum(
		(to_fraction(str(part["quantity"])) * read_standard(items, part["item"]) for part in parts),
		Fraction(0),
	)
	return made_of + sum(
		(to_fraction(str(cost["amount"])) for cost in values.get("production_costs") or ()), Fraction(0)
	)


class CountedToo(Books):
	def __init__(self, year: Year, rules: Rules) -> None:
		super().__init__(year.items, year.customers, year.vendors)
		self.year = year
		self.far = QuickBooks(rules)
		for item in year.items:
			if self.is_stocked(item):
				self.far.set_purchase_cost(item, read_standard(year.items, item))
		self.story = year.story
		self.here = 0
		"""The place of the event that is being told."""
		self.deeds: dict[int, list[Deed]] = defaultdict(list)
		self.ours: dict[tuple[int, str], int] = defaultdict(int)
		self.booked: dict[tuple[int, str], int] = defaultdict(int)
		"""What stands on *Inventory Cost Difference*, by event and item."""
		self.landed: dict[tuple[str, int], Left] = {}
		self.landed_cents: dict[int, int] = {}
		"""What freight and duty add to goods beyond what their bill takes off again, by the receipt's place."""
		self.leads: dict[int, int] = {}
		"""Of receipts that are billed later, and of their bills: the bill that stands for all of them."""
		self.receipt_places: dict[str, int] = {}
		self.rests: dict[str, dict[int, Left]] = {}
		self.true_ups: list[dict[Line, int]] = []
		self.posted: dict[int, list[tuple[str, int, int]]] = {}
		"""What of actual freight and duty is on hand, and charged, by the bill's place: (item, cents, cents)."""

	def live_through(self) -> CountedToo:
		for place, event in enumerate(self.story):
			if isinstance(event, BillGoods) and event.landed:
				# The journal says what was so when it was entered; what was entered late changes it no more.
				then = CountedToo(replace(self.year, story=self.story[: place + 1]), self.far.rules)
				self.posted[place] = then.value_by_day().posted[place]
		self.value_by_day()
		for place, event in enumerate(self.story):
			for deed in self.deeds[place]:
				deed(self.far)
			if isinstance(event, TrueUp):
				self.true_ups.append(self.book_differences(event.day))
		return self

	def value_by_day(self) -> CountedToo:
		places = {id(event): place for place, event in enumerate(self.story)}
		for event in sorted(self.story, key=lambda event: event.day):
			self.here = places[id(event)]
			tell([event], self)
		return self

	# What QuickBooks gets

	def send(
		self,
		goods: Iterable[Goods],
		role: int = 0,
		postings: Iterable[tuple[str, int]] = (),
		key: tuple | None = None,
	) -> None:
		"""Note a transaction for when its turn comes; `role` tells an event's several apart."""
		key = key or (self.here, role)
		day, entry, goods, postings = (
			self.story[self.here].day,
			self.here * 10 + role + 1,
			list(goods),
			list(postings),
		)
		self.deeds[self.here].append(lambda far: far.enter(key, day, postings, goods, entry=entry))

	def own(self, item: str, value: int) -> None:
		"""Note what the event that is being told does to our value of an item."""
		self.ours[self.here, item] += value

	def put_in(self, item: str, units: Fraction, value: int, location: str = WAREHOUSE) -> None:
		self.items[item].receive(units, value)
		self.places[item, location] += units
		self.own(item, value)

	def take_out(self, item: str, units: Fraction, location: str = WAREHOUSE) -> int:
		self.places[item, location] -= units
		cost = self.items[item].issue(units)
		self.own(item, -cost)
		return cost

	def open_stock(self, event: OpenStock) -> None:
		"""A person has bought it there, against the opening balance; nobody is owed anything."""
		value = price(event.quantity, event.unit_cost)
		units = to_fraction(event.quantity)
		self.put_in(event.item, units, value)
		self.send([buy(event.item, units, value)], postings=[(OPENING, -value)])

	# Sales

	def ship(self, event: Ship) -> None:
		self.sell(event)
		for item, cost in self.issue_sold(event):
			self.own(item, -cost)
		self.send(
			sell(line.item, to_fraction(line.quantity)) for line in event.lines if self.is_stocked(line.item)
		)

	def take_back(self, event: TakeBack) -> None:
		self.credit(event)
		stocked = [(number, line) for number, line in enumerate(event.lines) if self.is_stocked(line.item)]
		for number, line in stocked:
			units = to_fraction(line.quantity)
			if line.shipment:
				cost = self.shipments[line.shipment][line.row - 1].left.take(units)
			elif line.unit_cost:
				cost = price(line.quantity, line.unit_cost)
			else:
				cost = self.items[line.item].value_at_current_cost(units)
			if line.scrapped:
				self.own(line.item, 0)
			else:
				self.items[line.item].receive(units, cost, (event, number))
				self.places[line.item, WAREHOUSE] += units
				self.own(line.item, cost)
		self.send(take_back(line.item, to_fraction(line.quantity)) for _number, line in stocked)
		self.adjust_there(
			[(line.item, -to_fraction(line.quantity)) for _number, line in stocked if line.scrapped], SCRAP, 1
		)

	def adjust_there(self, changes: list[tuple[str, Fraction]], account: str, role: int = 0) -> None:
		if changes:
			self.send((Goods(item, ADJUSTMENT, units, against=account) for item, units in changes), role)

	# Purchases

	def receive(self, event: Receive) -> None:
		receipt = self.read_receipt(event)
		self.shelve(receipt, WAREHOUSE)
		self.receipt_places[event.name] = self.here
		for number, row in enumerate(receipt.rows, 1):
			if self.is_stocked(row.item):
				self.own(row.item, row.cost + row.landed)
			self.landed[event.name, number] = Left(row.units, row.landed)
		if event.bill_later:
			self.rests[event.name] = {
				number: Left(row.units, row.cost) for number, row in enumerate(receipt.rows, 1)
			}
			self.put_rest(receipt, event.rate, self.here)
			return
		lines = [
			(row.item, row.units, row.amount, divide_by_rate(row.landed, event.rate)) for row in receipt.rows
		]
		taken_off = self.bill(event.vendor, lines, event.rate, event.name, (self.here, 0))
		self.landed_cents[self.here] = sum(row.landed for row in receipt.rows) - taken_off

	def bill(
		self,
		vendor: str,
		lines: list[tuple[str, Fraction, int, int]],
		rate: str,
		name: str,
		key: tuple,
		more: Iterable[tuple[str, int]] = (),
	) -> int:
		"""A vendor's bill of (item, units, his cents, freight and duty in his currency), and other lines; returns what it takes
		off for freight and duty, at home."""
		off = sum(landed for _item, _units, _amount, landed in lines)
		owed = [
			(GOODS if self.is_stocked(item) else EXPENSE, amount + landed)
			for item, _units, amount, landed in lines
		]
		self.owe(vendor, [*owed, (CLEARING, -off), *more], rate, bill=name)
		self.send_bill(lines, rate, key)
		return convert(off, rate)

	def send_bill(self, lines: list[tuple[str, Fraction, int, int]], rate: str, key: tuple) -> None:
		goods = [
			buy(item, units, convert(amount + landed, rate))
			for item, units, amount, landed in lines
			if self.is_stocked(item)
		]
		self.send(goods, postings=[(GOODS, -(line.stated or 0)) for line in goods], key=key)

	def put_rest(self, receipt: Receipt, rate: str, place: int) -> None:
		"""What no bill has of a receipt stands in QuickBooks on a bill of its own; what its vendor is owed for it comes with his."""
		lines = []
		for number, row in enumerate(receipt.rows, 1):
			rest, landed = self.rests[receipt.name][number], self.landed[receipt.name, number]
			if rest.quantity:
				amount = row.amount - divide_by_rate(row.cost - rest.cents, rate)
				lines.append((row.item, rest.quantity, amount, divide_by_rate(landed.cents, rate)))
		goods = [buy(item, units, convert(amount + landed, rate)) for item, units, amount, landed in lines]
		day, entry, key = self.story[place].day, place * 10 + 1, (place, 0)
		if goods:
			self.deeds[self.here].append(
				lambda far: far.enter(
					key, day, [(GOODS, -(line.stated or 0)) for line in goods], goods, entry=entry
				)
			)
		else:
			self.deeds[self.here].append(lambda far: far.remove(key))

	def bill_goods(self, event: BillGoods) -> None:
		"""The first receipt that is billed to its end becomes the vendor's bill; what it has of others leaves theirs before."""
		changes = self.revalue_receipt(event)
		for _what, item, on_hand, _charged in changes:
			if self.is_stocked(item):
				self.own(item, on_hand)
		landed_now = [
			(item, on_hand, charged) for what, item, on_hand, charged in changes if what == "landed"
		]
		for item, on_hand, charged in self.posted.setdefault(self.here, landed_now):
			self.post(DIFFERENCE, CLEARING, on_hand)
			self.booked[self.here, item] += on_hand
			self.post(COST_OF_GOODS, CLEARING, charged)
		lines = []
		for line in event.lines:
			row = self.receipts[line.receipt].rows[line.row - 1]
			units = to_fraction(line.quantity) * row.conversion
			self.rests[line.receipt][line.row].take(units)
			landed = self.landed[line.receipt, line.row].take(units)
			amount = price(line.quantity, line.unit_cost)
			lines.append((row.item, units, amount, divide_by_rate(landed, event.rate)))
		key, receipts = (self.here, 0), list(dict.fromkeys(line.receipt for line in event.lines))
		became = None
		for name in sorted(receipts, key=self.receipt_places.__getitem__):
			place = self.receipt_places[name]
			lead = self.leads.setdefault(place, self.here)
			self.leads.setdefault(self.here, lead)
			if became is None and not any(rest.quantity for rest in self.rests[name].values()):
				became = name
				key = (place, 0)
			else:
				self.put_rest(self.receipts[name], self.read_rate(name), place)
		more = [(CLEARING, money(billed.amount)) for billed in event.landed]
		if became is None:
			self.bill(event.vendor, lines, event.rate, event.name, key, more)
		else:
			self.take_over(event, lines, key, more)

	def take_over(self, event: BillGoods, lines: list, key: tuple, more: list) -> None:
		"""A provisional bill becomes the vendor's: it keeps its place among QuickBooks' transactions."""
		place = key[0]
		off = sum(landed for _item, _units, _amount, landed in lines)
		owed = [
			(GOODS if self.is_stocked(item) else EXPENSE, amount + landed)
			for item, _u, amount, landed in lines
		]
		self.owe(event.vendor, [*owed, (CLEARING, -off), *more], event.rate, bill=event.name)
		goods = [
			buy(item, units, convert(amount + landed, event.rate))
			for item, units, amount, landed in lines
			if self.is_stocked(item)
		]
		day, entry = event.day, place * 10 + 1
		self.deeds[self.here].append(
			lambda far: far.enter(
				key, day, [(GOODS, -(line.stated or 0)) for line in goods], goods, entry=entry
			)
		)

	def read_rate(self, receipt: str) -> str:
		return next(
			event.rate for event in self.story if isinstance(event, Receive) and event.name == receipt
		)

	def return_to_vendor(self, event: ReturnToVendor) -> None:
		lines = [
			(GOODS if self.is_stocked(line.item) else EXPENSE, price(line.quantity, line.unit_cost))
			for line in event.lines
		]
		self.take_credit(event.vendor, lines, event.rate)
		goods = []
		for line, (_account, credited) in zip(event.lines, lines, strict=True):
			if self.is_stocked(line.item):
				units = to_fraction(line.quantity) * to_fraction(line.conversion)
				self.own(line.item, -self.items[line.item].issue_from((line.receipt, line.row), units))
				self.places[line.item, WAREHOUSE] -= units
				goods.append(send_back(line.item, units, convert(credited, event.rate)))
		self.send(goods, postings=[(GOODS, line.stated or 0) for line in goods])

	# Production

	def build(self, event: Build) -> None:
		value = sum(self.take_out(item, to_fraction(taken)) for item, taken in event.components.items())
		for kind, amount in event.costs.items():
			self.post(MANUFACTURING, ADDED[kind], money(amount))
			value += money(amount)
		self.put_in(event.product, to_fraction(event.quantity), value)
		taken = [(item, -to_fraction(units)) for item, units in event.components.items()]
		self.adjust_there([*taken, (event.product, to_fraction(event.quantity))], MANUFACTURING)

	def take_apart(self, event: TakeApart) -> None:
		parts = {item: to_fraction(units) for item, units in event.components.items()}
		weights = {item: self.items[item].value_at_current_cost(units) for item, units in parts.items()}
		left, left_weight = self.take_out(event.product, to_fraction(event.quantity)), sum(weights.values())
		for item, units in parts.items():
			value = take_share(left, Fraction(weights[item]), Fraction(left_weight))
			self.put_in(item, units, value)
			left, left_weight = left - value, left_weight - weights[item]
		self.adjust_there([*parts.items(), (event.product, -to_fraction(event.quantity))], MANUFACTURING)

	# Adjustments

	def adjust(self, event: Adjust) -> None:
		self.change_quantity(event.item, to_fraction(event.change), event.unit_cost)

	def count(self, event: Count) -> None:
		self.change_quantity(event.item, self.read_difference(event), location=event.location)

	def change_quantity(
		self, item: str, units: Fraction, unit_cost: str = "", location: str = WAREHOUSE
	) -> None:
		if units < 0:
			self.take_out(item, -units, location)
		elif unit_cost:
			self.put_in(item, units, price(str(units), unit_cost), location)
		else:
			self.put_in(item, units, self.items[item].value_at_current_cost(units), location)
		self.adjust_there([(item, units)], SHRINKAGE)

	def revalue(self, event: Revalue) -> None:
		"""No journal touches the items' own account."""
		self.items[event.item].change_value(money(event.change))
		self.own(event.item, money(event.change))
		self.booked[self.here, event.item] += money(event.change)
		self.post(DIFFERENCE, SHRINKAGE, money(event.change))

	# The difference between both valuations

	def true_up(self, event: TrueUp) -> None:
		"""Booked when its turn comes in the order of entry."""

	def book_differences(self, day: str) -> dict[Line, int]:
		"""Bring *Inventory Cost Difference* up to date at the end of a day; returns what is booked, line by line."""
		differences: dict[tuple[int, str], int] = defaultdict(int)
		for parts, sign in ((self.ours, 1), (self.read_there(), -1), (self.booked, -1)):
			for (place, item), amount in parts.items():
				if self.story[place].day <= day:
					differences[self.leads.get(place, place), item] += sign * amount
		lines: dict[Line, int] = defaultdict(int)
		for (place, item), amount in sorted(differences.items()):
			if not amount:
				continue
			landed = self.landed_cents.pop(place, 0)
			if landed:
				lines[place, item, LANDED_COST, CLEARING] += landed
			if amount - landed:
				lines[place, item, self.name_cause(place), self.name_account(place)] += amount - landed
			self.booked[place, item] += amount
		for (_place, _item, _cause, account), amount in lines.items():
			self.post(DIFFERENCE, account, amount)
		return dict(lines)

	def read_there(self) -> dict[tuple[int, str], int]:
		"""What each event's transactions did to QuickBooks' value of each item."""
		found: dict[tuple[int, str], int] = defaultdict(int)
		for (place, _role), document in self.far.documents.items():
			for move, line in zip(document.moves, document.goods, strict=True):
				found[place, line.item] += move.asset
		return found

	def name_cause(self, place: int) -> str:
		event = self.story[place]
		if isinstance(event, BillGoods):
			return LANDED_COST if event.landed else RECOSTING
		return CAUSES.get(type(event), RECOSTING)

	def name_account(self, place: int) -> str:
		event: Event = self.story[place]
		if isinstance(event, (Build, TakeApart)):
			return MANUFACTURING
		if isinstance(event, (Adjust, Count, Revalue)):
			return SHRINKAGE
		return COST_OF_GOODS

	# What the reports have to say

	def list_accounts(self) -> dict[str, int]:
		"""The trial balance: what is of no mode, and what QuickBooks makes of the goods."""
		sums = defaultdict(int, self.accounts)
		for account, amount in self.far.get_accounts().items():
			sums[account] += amount
		return {account: amount for account, amount in sums.items() if amount}

	def list_balance_sheet(self) -> dict[str, int]:
		whole = Books(self.item_list, {}, {})
		whole.accounts.update(self.list_accounts())
		return whole.list_balance_sheet()

	@property
	def inventory(self) -> int:
		"""Our own valuation."""
		return sum(layers.cents for layers in self.items.values())
