"""The Northwind company as its CSV files have it, and what its invoices must come to. Knows nothing of the app.

The files are real: UTF-8, ``NULL`` for empty, dates with a time, and addresses with a comma that nobody has quoted
(``Rua do Paço, 67``), or company names (``Pavlova, Ltd.``), so that a row has a cell too many.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path

CENT = Decimal("0.01")
EMPTY = "NULL"

Row = dict[str, str]
"""A row by column; an empty cell is an empty string."""


@dataclass(frozen=True)
class Line:
	"""A line of an order; ``discount`` is a fraction."""

	product: str
	quantity: Decimal
	unit_price: Decimal
	discount: Decimal

	@property
	def amount(self) -> Decimal:
		"""What it comes to, rounded half up to the cent, once."""
		exact = self.quantity * self.unit_price * (1 - self.discount)
		return exact.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Order:
	"""An order with its lines; ``shipped`` is None where it has not been shipped."""

	number: str
	customer: str
	ordered: date
	required: date
	shipped: date | None
	shipper: str
	seller: str
	freight: Decimal
	ship_to: Row
	lines: tuple[Line, ...]

	@property
	def total(self) -> Decimal:
		"""Freight and the sum of the rounded lines."""
		return self.freight + sum(line.amount for line in self.lines)


class Northwind:
	"""The files of one folder, read when asked for."""

	def __init__(self, folder: Path):
		self.folder = folder

	@cached_property
	def customers(self) -> dict[str, Row]:
		return {row["customerID"]: row for row in self._read("customers.csv", "address")}

	@cached_property
	def suppliers(self) -> dict[str, Row]:
		return {row["supplierID"]: row for row in self._read("suppliers.csv", "companyName", "address")}

	@cached_property
	def products(self) -> dict[str, Row]:
		return {row["productID"]: row for row in self._read("products.csv")}

	@cached_property
	def categories(self) -> dict[str, str]:
		return {row["categoryID"]: row["categoryName"] for row in self._read("categories.csv")}

	@cached_property
	def shippers(self) -> dict[str, str]:
		return {row["shipperID"]: row["companyName"] for row in self._read("shippers.csv")}

	@cached_property
	def sellers(self) -> dict[str, str]:
		return {
			row["employeeID"]: f"{row['firstName']} {row['lastName']}" for row in self._read("employees.csv")
		}

	@cached_property
	def orders(self) -> list[Order]:
		"""Every order, in the order of its number."""
		lines: dict[str, list[Line]] = {}
		for row in self._read("order-details.csv"):
			lines.setdefault(row["orderID"], []).append(
				Line(
					self.products[row["productID"]]["productName"],
					Decimal(row["quantity"]),
					Decimal(row["unitPrice"]),
					Decimal(row["discount"]),
				)
			)
		return [
			Order(
				number=row["orderID"],
				customer=self.customers[row["customerID"]]["companyName"],
				ordered=read_date(row["orderDate"]),
				required=read_date(row["requiredDate"]),
				shipped=read_date(row["shippedDate"]) if row["shippedDate"] else None,
				shipper=self.shippers[row["shipVia"]],
				seller=self.sellers[row["employeeID"]],
				freight=Decimal(row["freight"]),
				ship_to={key: value for key, value in row.items() if key.startswith("ship")},
				lines=tuple(lines[row["orderID"]]),
			)
			for row in self._read("orders.csv", "shipAddress")
		]

	@property
	def shipped_orders(self) -> list[Order]:
		"""Those that have left, by the date on which they did."""
		return sorted(
			(order for order in self.orders if order.shipped), key=lambda order: (order.shipped, order.number)
		)

	def _read(self, name: str, *roomy: str) -> list[Row]:
		with (self.folder / name).open(encoding="utf-8", newline="") as file:
			heading, *rows = csv.reader(file)
		return [
			{
				column: "" if cell == EMPTY else cell
				for column, cell in zip(heading, join_surplus(row, heading, roomy), strict=True)
			}
			for row in rows
		]


def join_surplus(row: list[str], heading: list[str], roomy: tuple[str, ...]) -> list[str]:
	"""Put the cells a row has too many back together in the column of ``roomy`` where a comma was not quoted: what follows it
	begins with a blank."""
	surplus = len(row) - len(heading)
	if not surplus:
		return row
	at = next(at for at in map(heading.index, roomy) if row[at + 1].startswith(" "))
	return [*row[:at], ",".join(row[at : at + surplus + 1]), *row[at + surplus + 1 :]]


def read_date(text: str) -> date:
	return date.fromisoformat(text.split(" ")[0])
