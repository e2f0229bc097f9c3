"""Northwind's two years as events: what was sold was bought before, and what is left on the shelves too. Knows nothing of the app.

One receipt a month for each supplier, on the first day of the month, of what is shipped in it; the last month's brings what is
left as well. It costs 60 % of the list price, rounded half up; prices rise once, in the middle.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from books_accounts import is_asset, is_claim
from books_events import HOME, Bought, Event, Receive, Ship, Sold, Year
from books_model_b import ValuesOnly, calculate
from northwind_files import CENT, Northwind, Order, Row

SHARE, RISE = Decimal("0.60"), Decimal("1.05")
PRICES_RISE = date(1997, 6, 1)


def make_year(northwind: Northwind) -> Year:
	"""Return Northwind as a year of the independent calculation."""
	items = {row["productName"]: {"item_type": "Inventory Part"} for row in northwind.products.values()}
	customers = {row["companyName"]: HOME for row in northwind.customers.values()}
	vendors = {row["companyName"]: HOME for row in northwind.suppliers.values()}
	shipments = [make_shipment(order) for order in northwind.shipped_orders]
	story: list[Event] = [*list_receipts(northwind), *shipments]
	return Year(items, customers, vendors, tuple(sorted(story, key=lambda event: event.day)))


def make_shipment(order: Order) -> Ship:
	lines = tuple(
		Sold(line.product, str(line.quantity), str(line.unit_price), str(line.discount * 100))
		for line in order.lines
	)
	return Ship(order.shipped.isoformat(), order.number, order.customer, lines, str(order.freight))


def list_receipts(northwind: Northwind) -> list[Receive]:
	needed: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
	for order in northwind.shipped_orders:
		for line in order.lines:
			needed[order.shipped.replace(day=1), line.product] += line.quantity
	last = max(month for month, _product in needed)
	for row in northwind.products.values():
		needed[last, row["productName"]] += Decimal(row["unitsInStock"])
	receipts = []
	for month in sorted({month for month, _product in needed}):
		lines: dict[str, list[Bought]] = defaultdict(list)
		for row in northwind.products.values():
			if quantity := needed.get((month, row["productName"])):
				bought = Bought(row["productName"], str(quantity), str(compute_cost(row, month)))
				lines[row["supplierID"]].append(bought)
		receipts += [
			Receive(
				month.isoformat(),
				f"{supplier}-{month:%Y-%m}",
				northwind.suppliers[supplier]["companyName"],
				tuple(bought),
			)
			for supplier, bought in lines.items()
		]
	return receipts


def carry_over(year: Year, calculated: ValuesOnly, calendar_year: str) -> dict[str, int]:
	"""Return the accounts at the end of the last calendar year: what was earned before it stands in retained earnings."""
	before = calculate(replace(year, story=tuple(event for event in year.story if event.day < calendar_year)))
	earlier = {
		name: cents for name, cents in before.accounts.items() if not (is_asset(name) or is_claim(name))
	}
	balances = {name: cents - earlier.get(name, 0) for name, cents in calculated.accounts.items()}
	balances["Retained Earnings"] = sum(earlier.values())
	return {name: cents for name, cents in balances.items() if cents}


def compute_cost(product: Row, day: date) -> Decimal:
	"""Return what one unit is bought at on that day."""
	list_price = Decimal(product["unitPrice"]) * (RISE if day >= PRICES_RISE else 1)
	return (list_price * SHARE).quantize(CENT, rounding=ROUND_HALF_UP)
