"""The independent calculation of what the books have to say, as far as it is of no mode. In whole cents, debit positive.

Plain double entry: uses neither the app's code nor the emulator's. Here are parties and what they owe, in their currency and at
home, the forms that sales, bills and credits are, and what stock is worth by our own valuation; a model of a mode (`books_model_b`)
adds what each event does to inventory and cost. Events are told in the order of their days: what was entered late and then
trued up has to look as if it had been entered in time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from books_accounts import (
	BANK,
	EXCHANGE,
	NET_INCOME,
	PAYABLE,
	RECEIVABLE,
	SALES,
	SHIPPING,
	UNDEPOSITED,
	is_asset,
	is_claim,
	of_currency,
)
from books_events import (
	BY_QUANTITY,
	BY_WEIGHT,
	BillGoods,
	Count,
	Event,
	LandedCost,
	OrderGoods,
	OrderSale,
	Pay,
	PayVendor,
	Receive,
	Ship,
	TakeBack,
	Transfer,
	put_in_order,
	tell,
)
from books_layers import Layers, Left
from books_numbers import convert, money, price, spread, to_fraction

STOCKED = ("Inventory Part", "Assembly")


@dataclass
class ReceiptRow:
	"""A line of a receipt in stock units, `conversion` of which were one: what the vendor gets for it (his cents, tax
	included), what that is at home, and what freight and duty add to it."""

	item: str
	units: Fraction
	conversion: Fraction
	amount: int
	cost: int
	landed: int = 0
	unbilled: Left = field(default_factory=lambda: Left(Fraction(0), 0))


@dataclass
class Receipt:
	name: str
	vendor: str
	rows: list[ReceiptRow]
	landed: dict[str, LandedCost]


@dataclass
class Sent:
	"""A line of a shipment: what can still come back of it."""

	item: str
	left: Left


@dataclass
class Money:
	"""A payment: its rate, and what of it settles nothing yet."""

	customer: str
	rate: str
	unapplied: int


@dataclass
class Deposit:
	"""What of a payment waits for the shipments of a sales order."""

	payment: Money
	order: str
	left: int


class Books:
	def __init__(
		self, items: Mapping[str, Mapping], customers: Mapping[str, str], vendors: Mapping[str, str]
	) -> None:
		self.item_list = items
		self.currencies = {**customers, **vendors}
		self.accounts: dict[str, int] = defaultdict(int)
		self.customers: dict[str, int] = dict.fromkeys(customers, 0)
		self.vendors: dict[str, int] = dict.fromkeys(vendors, 0)
		self.home: dict[str, int] = dict.fromkeys(self.currencies, 0)
		"""What each party owes or is owed, in home money: `customers` and `vendors` are in their own."""
		self.items: dict[str, Layers] = defaultdict(Layers)
		self.places: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
		self.receipts: dict[str, Receipt] = {}
		self.shipments: dict[str, list[Sent]] = {}
		self.open_invoices: dict[str, Left] = {}
		self.open_bills: dict[str, Left] = {}
		self.deposits: list[Deposit] = []

	def tell(self, story: Iterable[Event]) -> Books:
		tell(put_in_order(story), self)
		return self

	# Double entry

	def post(self, debit: str, credit: str, amount: int) -> None:
		self.accounts[debit] += amount
		self.accounts[credit] -= amount

	def post_form(
		self, debit: str, lines: Iterable[tuple[str, int]], rate: str, sign: int = 1
	) -> tuple[int, int]:
		"""Post a form: its total on `debit`, its lines (account, cents of its currency) against it; the other way round with
		sign -1. Each line is converted by itself and the total too; the cents between them are exchange gain or loss.

		Returns the total in its currency and at home.
		"""
		total = difference = 0
		for account, amount in lines:
			self.post(debit, account, sign * convert(amount, rate))
			total += amount
			difference += convert(amount, rate)
		self.post(debit, EXCHANGE, sign * (convert(total, rate) - difference))
		return total, convert(total, rate)

	def is_stocked(self, item: str) -> bool:
		return self.item_list[item]["item_type"] in STOCKED

	def list_balance_sheet(self) -> dict[str, int]:
		"""Return what stands on the balance sheet: assets, and what stands against them; the year's income in one sum."""
		sheet = {name: amount for name, amount in self.accounts.items() if is_asset(name)}
		sheet |= {name: -amount for name, amount in self.accounts.items() if is_claim(name)}
		sheet[NET_INCOME] = sum(sheet[name] for name in self.accounts if is_asset(name)) - sum(
			sheet[name] for name in self.accounts if is_claim(name)
		)
		return {name: amount for name, amount in sheet.items() if amount}

	# What customers owe

	def sell(self, event: Ship) -> None:
		"""Invoice a shipment, or take its money; what was received for its orders before settles it."""
		lines = [(SALES, price(line.quantity, line.unit_price, line.discount)) for line in event.lines]
		lines.append((SHIPPING, money(event.freight)))
		if event.paid_at_sale:
			self.post_form(UNDEPOSITED, lines, event.rate)
			return
		total, home = self.post_form(self.name_receivable(event.customer), lines, event.rate)
		self.customers[event.customer] += total
		self.home[event.customer] += home
		self.open_invoices[event.name] = Left(Fraction(total), home)
		orders = {line.order for line in event.lines if line.order}
		for deposit in self.deposits:
			if deposit.order in orders:
				deposit.left -= self.settle(deposit.payment, event.name, deposit.left)

	def credit(self, event: TakeBack) -> None:
		"""Credit what came back, or pay it back at once."""
		lines = [(SALES, price(line.quantity, line.unit_price)) for line in event.lines]
		if event.refunded:
			self.post_form(BANK, lines, event.rate, sign=-1)
			return
		total, home = self.post_form(self.name_receivable(event.customer), lines, event.rate, sign=-1)
		self.customers[event.customer] -= total
		self.home[event.customer] -= home

	def pay(self, event: Pay) -> None:
		amount = money(event.amount)
		payment = Money(event.customer, event.rate, amount)
		self.post(UNDEPOSITED, self.name_receivable(event.customer), convert(amount, event.rate))
		self.customers[event.customer] -= amount
		self.home[event.customer] -= convert(amount, event.rate)
		for settled in event.settles:
			if settled.shipment:
				self.settle(payment, settled.shipment, money(settled.amount))
			else:
				self.deposits.append(Deposit(payment, settled.order, money(settled.amount)))

	def settle(self, payment: Money, shipment: str, wanted: int) -> int:
		"""Apply what is wanted, up to what both have open; returns how much.

		What is settled leaves the receivable at the rate it came with, the payment is worth its own: the rest is exchange gain
		or loss.
		"""
		invoice = self.open_invoices[shipment]
		amount = min(wanted, payment.unapplied, int(invoice.quantity))
		if amount:
			before = convert(payment.unapplied, payment.rate)
			payment.unapplied -= amount
			gone = before - convert(payment.unapplied, payment.rate)
			home = invoice.take(Fraction(amount))
			self.post(EXCHANGE, self.name_receivable(payment.customer), home - gone)
			self.home[payment.customer] -= home - gone
		return amount

	def name_receivable(self, customer: str) -> str:
		return of_currency(RECEIVABLE, self.currencies[customer])

	# What vendors are owed

	def owe(self, vendor: str, lines: Iterable[tuple[str, int]], rate: str, bill: str = "") -> None:
		"""Post a vendor's bill: lines are (account, his cents)."""
		total, home = self.post_form(self.name_payable(vendor), lines, rate, sign=-1)
		self.vendors[vendor] += total
		self.home[vendor] += home
		if bill:
			self.open_bills[bill] = Left(Fraction(total), home)

	def take_credit(self, vendor: str, lines: Iterable[tuple[str, int]], rate: str) -> None:
		total, home = self.post_form(self.name_payable(vendor), lines, rate)
		self.vendors[vendor] -= total
		self.home[vendor] -= home

	def pay_vendor(self, event: PayVendor) -> None:
		amount = money(event.amount)
		home, paid = self.open_bills[event.bill].take(Fraction(amount)), convert(amount, event.rate)
		self.post(self.name_payable(event.vendor), BANK, paid)
		self.post(self.name_payable(event.vendor), EXCHANGE, home - paid)
		self.vendors[event.vendor] -= amount
		self.home[event.vendor] -= home

	def name_payable(self, vendor: str) -> str:
		return of_currency(PAYABLE, self.currencies[vendor])

	# What nothing is posted for

	def order_goods(self, event: OrderGoods) -> None:
		"""An order posts nothing."""

	def order_sale(self, event: OrderSale) -> None:
		"""An order posts nothing."""

	def transfer(self, event: Transfer) -> None:
		self.places[event.item, event.source] -= to_fraction(event.quantity)
		self.places[event.item, event.target] += to_fraction(event.quantity)

	def read_difference(self, event: Count) -> Fraction:
		"""Return how many more than expected were counted."""
		return to_fraction(event.counted) - self.places[event.item, event.location]

	# What goods are worth by our own valuation

	def read_receipt(self, event: Receive) -> Receipt:
		"""Value a receipt at home: at its rate, with its tax, and with freight and duty spread over its goods."""
		amounts = [price(line.quantity, line.unit_cost) for line in event.lines]
		taxes = spread(money(event.tax), [Fraction(amount) for amount in amounts]) if money(event.tax) else []
		rows = []
		for number, line in enumerate(event.lines):
			amount = amounts[number] + (taxes[number] if taxes else 0)
			conversion, cost = to_fraction(line.conversion), convert(amount, event.rate)
			units = to_fraction(line.quantity) * conversion
			rows.append(ReceiptRow(line.item, units, conversion, amount, cost, unbilled=Left(units, cost)))
		receipt = Receipt(event.name, event.vendor, rows, {cost.description: cost for cost in event.landed})
		for cost in event.landed:
			for row, share in self.spread_landed(receipt, cost, money(cost.amount)):
				row.landed += share
		self.receipts[event.name] = receipt
		return receipt

	def spread_landed(self, receipt: Receipt, cost: LandedCost, amount: int) -> list[tuple[ReceiptRow, int]]:
		"""Return what of so much freight or duty (home cents) each row of stocked goods bears."""
		rows = [row for row in receipt.rows if self.is_stocked(row.item)]

		def weigh(row: ReceiptRow) -> Fraction:
			if cost.spread_by == BY_QUANTITY:
				return row.units
			if cost.spread_by == BY_WEIGHT:
				return row.units * to_fraction(self.item_list[row.item]["weight"])
			return Fraction(row.cost)

		return list(zip(rows, spread(amount, [weigh(row) for row in rows]), strict=True))

	def shelve(self, receipt: Receipt, location: str) -> None:
		"""Bring the goods of a receipt into stock."""
		for number, row in enumerate(receipt.rows, 1):
			if self.is_stocked(row.item):
				self.items[row.item].receive(row.units, row.cost + row.landed, (receipt.name, number))
				self.places[row.item, location] += row.units

	def issue_sold(self, event: Ship) -> list[tuple[str, int]]:
		"""Take what is shipped out of stock; returns what each stocked line costs: (item, cents)."""
		costs, sent = [], []
		for line in event.lines:
			units = to_fraction(line.quantity)
			cost = 0
			if self.is_stocked(line.item):
				cost = self.items[line.item].issue(units)
				self.places[line.item, event.location] -= units
				costs.append((line.item, cost))
			sent.append(Sent(line.item, Left(units, cost)))
		self.shipments[event.name] = sent
		return costs

	def revalue_receipt(self, event: BillGoods) -> list[tuple[str, str, int, int]]:
		"""Bring what a bill says otherwise into the layers: a list of (what, item, on hand, charged), `what` being "goods" or
		"landed"; what of a difference fell on goods that have left is charged to cost of goods."""
		changes = []
		for line in event.lines:
			row = self.receipts[line.receipt].rows[line.row - 1]
			received = row.unbilled.take(to_fraction(line.quantity) * row.conversion)
			difference = convert(price(line.quantity, line.unit_cost), event.rate) - received
			changes.append(("goods", line.receipt, line.row, difference))
		for billed in event.landed:
			receipt = self.receipts[billed.receipt]
			cost = receipt.landed[billed.description]
			estimate, actual = money(cost.amount), convert(money(billed.amount), event.rate)
			before, after = (
				self.spread_landed(receipt, cost, estimate),
				self.spread_landed(receipt, cost, actual),
			)
			for (row, old), (_row, new) in zip(before, after, strict=True):
				changes.append(("landed", billed.receipt, receipt.rows.index(row) + 1, new - old))
		moved = []
		for what, name, number, difference in changes:
			item = self.receipts[name].rows[number - 1].item
			on_hand = (
				self.items[item].change_receipt((name, number), difference) if self.is_stocked(item) else 0
			)
			moved.append((what, item, on_hand, difference - on_hand))
		return moved
