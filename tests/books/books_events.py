"""What can happen in a year, as plain data: no mode, no accounts, no code.

Quantities and amounts are texts, so that nobody's floats decide. A name is how later events speak of an earlier one. Quantities
of what is bought are in purchase units, `conversion` of which are one (a dozen is 12); `rate` is home money for one unit of the
party's currency. `PayVendor` is no document of the app: a bookkeeper does it in QuickBooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

WAREHOUSE, SHOP = "Books Warehouse", "Books Shop"
BY_VALUE, BY_QUANTITY, BY_WEIGHT = "Value", "Quantity", "Weight"
LABOUR, SUBCONTRACT, OVERHEAD = "Labour", "Subcontract", "Overhead"
HOME = "USD"


@dataclass(frozen=True)
class Event:
	day: str


@dataclass(frozen=True)
class OpenStock(Event):
	"""What was on the shelves when All Orders was taken up; it is in QuickBooks already, by a person."""

	item: str
	quantity: str
	unit_cost: str


@dataclass(frozen=True)
class Bought:
	"""A line from a vendor, in the vendor's currency. `order` is the purchase order it fills."""

	item: str
	quantity: str
	unit_cost: str
	conversion: str = "1"
	order: str = ""


@dataclass(frozen=True)
class LandedCost:
	"""Freight or duty in home money, before its bill has come; `carrier` bills it, the vendor where none is named."""

	description: str
	amount: str
	spread_by: str = BY_VALUE
	carrier: str = ""


@dataclass(frozen=True)
class OrderGoods(Event):
	"""A purchase order; posts nothing."""

	name: str
	vendor: str
	lines: tuple[Bought, ...]


@dataclass(frozen=True)
class Receive(Event):
	"""Goods come in. `tax` is in the vendor's currency and part of the cost. With `bill_later` the vendor's bill follows."""

	name: str
	vendor: str
	lines: tuple[Bought, ...]
	landed: tuple[LandedCost, ...] = ()
	bill_later: bool = False
	tax: str = "0"
	rate: str = "1"


@dataclass(frozen=True)
class Billed:
	"""So much of a line of a receipt at that cost; `row` is its number there."""

	receipt: str
	row: int
	quantity: str
	unit_cost: str


@dataclass(frozen=True)
class BilledLanded:
	"""The actual amount, in the biller's currency, of a receipt's freight or duty of that description."""

	receipt: str
	description: str
	amount: str


@dataclass(frozen=True)
class BillGoods(Event):
	"""A vendor's bill for what was received before, a carrier's for freight or duty, or one for both."""

	name: str
	vendor: str
	lines: tuple[Billed, ...] = ()
	landed: tuple[BilledLanded, ...] = ()
	rate: str = "1"


@dataclass(frozen=True)
class SentBack:
	"""A line back to a vendor, with what it is credited at; `receipt` and `row` say what it came on, if anything."""

	item: str
	quantity: str
	unit_cost: str
	conversion: str = "1"
	receipt: str = ""
	row: int = 0


@dataclass(frozen=True)
class ReturnToVendor(Event):
	vendor: str
	lines: tuple[SentBack, ...]
	rate: str = "1"


@dataclass(frozen=True)
class PayVendor(Event):
	"""A bookkeeper pays the bill of a receipt, or of a BillGoods, from the bank; `amount` in the vendor's currency."""

	vendor: str
	bill: str
	amount: str
	rate: str = "1"


@dataclass(frozen=True)
class Sold:
	"""A line to a customer, in the customer's currency; `discount` in percent. `order` is the sales order it fills."""

	item: str
	quantity: str
	unit_price: str
	discount: str = "0"
	order: str = ""


@dataclass(frozen=True)
class OrderSale(Event):
	"""A sales order; posts nothing."""

	name: str
	customer: str
	lines: tuple[Sold, ...]
	freight: str = "0"
	rate: str = "1"


@dataclass(frozen=True)
class Ship(Event):
	"""Goods go out and are invoiced; with `paid_at_sale` the money is there at once and nothing is owed."""

	name: str
	customer: str
	lines: tuple[Sold, ...]
	freight: str = "0"
	rate: str = "1"
	paid_at_sale: bool = False
	location: str = WAREHOUSE


@dataclass(frozen=True)
class CameBack:
	"""A line from a customer; `shipment` and `row` say what it went out on. Alone it comes in at `unit_cost`, or else at what
	the oldest on hand costs."""

	item: str
	quantity: str
	unit_price: str
	shipment: str = ""
	row: int = 0
	scrapped: bool = False
	unit_cost: str = ""


@dataclass(frozen=True)
class TakeBack(Event):
	"""Goods come back and are credited, or with `refunded` paid back from the bank at once."""

	customer: str
	lines: tuple[CameBack, ...]
	rate: str = "1"
	refunded: bool = False


@dataclass(frozen=True)
class Settles:
	"""What of a payment is for a sales order (a deposit) or for a shipment."""

	amount: str
	order: str = ""
	shipment: str = ""


@dataclass(frozen=True)
class Pay(Event):
	"""A customer pays, in the customer's currency; what is for nothing stays a credit."""

	customer: str
	amount: str
	settles: tuple[Settles, ...] = ()
	rate: str = "1"


@dataclass(frozen=True)
class Build(Event):
	"""`components` are what is taken in all, by item; `costs` what is added in all, by kind."""

	product: str
	quantity: str
	components: dict[str, str]
	costs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TakeApart(Event):
	"""A product becomes its components again, each bearing of its cost as much as its share of what they cost now."""

	product: str
	quantity: str
	components: dict[str, str]


@dataclass(frozen=True)
class Adjust(Event):
	"""Found (at that cost, or what the oldest on hand costs) or lost."""

	item: str
	change: str
	unit_cost: str = ""


@dataclass(frozen=True)
class Count(Event):
	"""What is there turns out to be so much."""

	item: str
	counted: str
	location: str = WAREHOUSE


@dataclass(frozen=True)
class Revalue(Event):
	item: str
	change: str


@dataclass(frozen=True)
class Transfer(Event):
	"""Goods change places; posts nothing."""

	item: str
	quantity: str
	source: str = WAREHOUSE
	target: str = SHOP


@dataclass(frozen=True)
class TrueUp(Event):
	"""What documents cost by now, after something was entered late, is brought up to date in the books."""


@dataclass(frozen=True)
class Year:
	"""A story with its cast: items as AO Item has them, and each customer's and vendor's currency."""

	items: dict[str, dict]
	customers: dict[str, str]
	vendors: dict[str, str]
	story: tuple[Event, ...]

	def rename(self, suffix: str) -> Year:
		"""Return the same year with other names for its cast, so that one site can live through it more than once."""
		names = {name: f"{name} {suffix}" for name in (*self.items, *self.customers, *self.vendors)}
		return Year(
			*(rename(value, names) for value in (self.items, self.customers, self.vendors, self.story))
		)


def rename(value: Any, names: dict[str, str]) -> Any:
	"""Return a value of events with every text that is one of the names replaced, however deep it stands."""
	if isinstance(value, str):
		return names.get(value, value)
	if isinstance(value, tuple):
		return tuple(rename(part, names) for part in value)
	if isinstance(value, dict):
		return {rename(key, names): rename(part, names) for key, part in value.items()}
	if is_dataclass(value):
		return replace(
			value, **{part.name: rename(getattr(value, part.name), names) for part in fields(value)}
		)
	return value


def tell(story: Iterable[Event], teller: Any) -> None:
	"""Have `teller` do each event by the verb of its name, as `receive_goods` for a ReceiveGoods."""
	for event in story:
		getattr(teller, re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower())(event)


def put_in_order(story: Iterable[Event]) -> list[Event]:
	"""Return the events by their days, those of one day as they were entered."""
	return sorted(story, key=lambda event: event.day)
