"""The story as its files tell it. Pure: no Frappe, no network.

What stands in the files, and how to add to them, is told in ``data/STORY.md``. Dates are ``date``, money and quantities
``Decimal``. Raises ``StoryError`` for a file that does not hang together.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
CENT = Decimal("0.01")
ZERO = Decimal(0)
HUNDRED = Decimal(100)
REST = "rest"
"""Of an order: all that is left of it."""


class StoryError(Exception):
	"""A file of the story contradicts another, or itself. The message names the order or the day."""


@dataclass(frozen=True)
class Line:
	"""A line as it is entered; ``price`` is None where the item's own price holds."""

	item: str
	quantity: Decimal
	price: Decimal | None = None
	discount: Decimal = ZERO
	note: str = ""


@dataclass(frozen=True)
class Order:
	"""A sales order; ``by`` and the terms come from the customer where nothing is said."""

	no: int
	day: date
	customer: str
	wanted: date
	location: str
	lines: tuple[Line, ...]
	po: str = ""
	by: str = ""
	freight: Decimal = ZERO
	note: str = ""
	private: str = ""
	story: str = ""
	closed: date | None = None
	cancelled: date | None = None

	@property
	def key(self) -> tuple[str, date, str]:
		"""By what it is known again on the site."""
		return (self.customer, self.day, self.po)


@dataclass(frozen=True)
class Shipment:
	"""A ship doc: ``of`` says what leaves of which orders, ``lines`` what leaves without one.

	``of`` maps an order's number to quantities by item, or to all that is left of it.
	"""

	day: date
	customer: str
	location: str
	of: dict[int, dict[str, Decimal] | str] = field(default_factory=dict)
	lines: tuple[Line, ...] = ()
	by: str = ""
	tracking: str = ""
	po: str = ""
	freight: Decimal | None = None
	due: date | None = None
	person: str = ""
	draft: bool = False
	never_send: str = ""
	note: str = ""
	private: str = ""
	story: str = ""

	@property
	def first_order(self) -> int | None:
		return next(iter(self.of), None)


@dataclass(frozen=True)
class Count:
	"""Goods counted onto the shelves on a day: quantity by item, by location."""

	day: date
	remarks: str
	counted: dict[str, dict[str, Decimal]]


@dataclass(frozen=True)
class ShippedLine:
	"""A line of a ship doc with everything known, and its amount."""

	item: str
	quantity: Decimal
	price: Decimal
	discount: Decimal

	@property
	def amount(self) -> Decimal:
		"""Rounded half up to the cent, once."""
		exact = self.quantity * self.price * (HUNDRED - self.discount) / HUNDRED
		return exact.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Chapter:
	"""A month."""

	title: str
	story: str
	counts: tuple[Count, ...]
	orders: tuple[Order, ...]
	shipments: tuple[Shipment, ...]


class Story:
	"""All files of the story, read when asked for."""

	def __init__(self, folder: Path = DATA):
		self.folder = folder

	@cached_property
	def lists(self) -> dict[str, Any]:
		return json.loads((self.folder / "lists.json").read_text(encoding="utf-8"))

	@cached_property
	def customers(self) -> dict[str, dict[str, str]]:
		return {row["customer_name"]: row for row in self._read_table("customers.csv")}

	@cached_property
	def items(self) -> dict[str, dict[str, str]]:
		return {row["item_code"]: row for row in self._read_table("items.csv")}

	@cached_property
	def vendors(self) -> dict[str, dict[str, str]]:
		return {row["vendor_name"]: row for row in self._read_table("vendors.csv")}

	@cached_property
	def vendor_prices(self) -> list[dict[str, str]]:
		"""What vendors ask for an item, in the unit they sell it in."""
		return self._read_table("vendor_prices.csv")

	@cached_property
	def bills_of_materials(self) -> dict[str, dict[str, Any]]:
		"""By item: components for one, costs as [kind, description, amount], steps as [name, notes]."""
		return json.loads((self.folder / "bills_of_materials.json").read_text(encoding="utf-8"))

	@cached_property
	def workings(self) -> dict[str, Any]:
		"""What is bought, made, moved, taken back and paid, in the order of days (see ``workings``)."""
		return json.loads((self.folder / "workings.json").read_text(encoding="utf-8"), parse_float=Decimal)

	@cached_property
	def chapters(self) -> list[Chapter]:
		"""The months, in order."""
		return [read_chapter(file) for file in sorted((self.folder / "chapters").glob("*.json"))]

	@cached_property
	def orders(self) -> dict[int, Order]:
		"""All orders by number, in order."""
		return {order.no: order for chapter in self.chapters for order in chapter.orders}

	@property
	def shipments(self) -> list[Shipment]:
		return [shipment for chapter in self.chapters for shipment in chapter.shipments]

	@property
	def counts(self) -> list[Count]:
		return [count for chapter in self.chapters for count in chapter.counts]

	def get_price(self, item: str) -> Decimal:
		return Decimal(self.items[item]["unit_price"])

	def _read_table(self, name: str) -> list[dict[str, str]]:
		with (self.folder / name).open(encoding="utf-8", newline="") as file:
			return list(csv.DictReader(file))


def read_chapter(file: Path) -> Chapter:
	"""Read a month. Raises StoryError, naming the file, for one that is no chapter."""
	try:
		told = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
		return Chapter(
			told["chapter"],
			" ".join(told["story"]),
			tuple(read_count(row) for row in told.get("opening_stock", ())),
			tuple(read_order(row) for row in told.get("orders", ())),
			tuple(read_shipment(row) for row in told.get("ship_docs", ())),
		)
	except (KeyError, ValueError, TypeError) as error:
		raise StoryError(f"{file.name} cannot be read as a chapter: {error!r}") from error


def read_count(row: dict[str, Any]) -> Count:
	counted = {
		location: {item: Decimal(quantity) for item, quantity in items.items()}
		for location, items in row["counted"].items()
	}
	return Count(date.fromisoformat(row["date"]), row["remarks"], counted)


def read_order(row: dict[str, Any]) -> Order:
	return Order(
		no=row["no"],
		day=date.fromisoformat(row["date"]),
		customer=row["customer"],
		wanted=date.fromisoformat(row["wanted"]),
		location=row["from"],
		lines=tuple(read_line(line) for line in row["lines"]),
		po=row.get("po", ""),
		by=row.get("by", ""),
		freight=Decimal(row.get("freight", 0)),
		note=row.get("note", ""),
		private=row.get("private", ""),
		story=row.get("story", ""),
		closed=read_day(row.get("closed")),
		cancelled=read_day(row.get("cancelled")),
	)


def read_shipment(row: dict[str, Any]) -> Shipment:
	of = {
		int(no): left if left == REST else {item: Decimal(quantity) for item, quantity in left.items()}
		for no, left in row.get("of", {}).items()
	}
	return Shipment(
		day=date.fromisoformat(row["date"]),
		customer=row["customer"],
		location=row["from"],
		of=of,
		lines=tuple(read_line(line) for line in row.get("lines", ())),
		by=row.get("by", ""),
		tracking=row.get("tracking", ""),
		po=row.get("po", ""),
		freight=Decimal(row["freight"]) if "freight" in row else None,
		due=read_day(row.get("due")),
		person=row.get("person", ""),
		draft=row.get("draft", False),
		never_send=row.get("never_send", ""),
		note=row.get("note", ""),
		private=row.get("private", ""),
		story=row.get("story", ""),
	)


def read_line(told: list[Any]) -> Line:
	item, quantity, *rest = told
	said = rest[0] if rest else {}
	return Line(
		item,
		Decimal(quantity),
		Decimal(said["price"]) if "price" in said else None,
		Decimal(said.get("discount", 0)),
		said.get("note", ""),
	)


def read_day(text: str | None) -> date | None:
	return date.fromisoformat(text) if text else None


class Fulfilment:
	"""Follows the story day by day: what is left of each order, and what each ship doc holds and comes to."""

	def __init__(self, story: Story):
		self.story = story
		self.left = {
			no: {line.item: line.quantity for line in order.lines} for no, order in story.orders.items()
		}
		self.freight_left = {no: order.freight for no, order in story.orders.items()}

	def take(self, shipment: Shipment) -> tuple[list[ShippedLine], Decimal]:
		"""Return the lines and the freight of the next ship doc; a draft takes nothing off its orders.

		Raises StoryError where more leaves than is left.
		"""
		lines = [self._price(line, line.quantity) for line in shipment.lines]
		freight = ZERO
		for no in shipment.of:
			lines += self._take_of_order(shipment, no)
			freight += self.freight_left[no]
			if not shipment.draft:
				self.freight_left[no] = ZERO
		return lines, freight if shipment.freight is None else shipment.freight

	def _take_of_order(self, shipment: Shipment, no: int) -> list[ShippedLine]:
		left, wanted = self.left[no], shipment.of[no]
		taken = dict(left) if wanted == REST else wanted
		lines = []
		for line in self.story.orders[no].lines:
			quantity = taken.get(line.item, ZERO)
			if not quantity:
				continue
			if quantity > left.get(line.item, ZERO):
				raise StoryError(
					f"{shipment.day}: {quantity} of {line.item} are more than what is left of order {no}."
				)
			lines.append(self._price(line, quantity))
			if not shipment.draft:
				left[line.item] -= quantity
		if not lines or (wanted != REST and len(lines) != len(wanted)):
			raise StoryError(f"{shipment.day}: what is said to leave of order {no} is not on it.")
		return lines

	def _price(self, line: Line, quantity: Decimal) -> ShippedLine:
		price = self.story.get_price(line.item) if line.price is None else line.price
		return ShippedLine(line.item, quantity, price, line.discount)
