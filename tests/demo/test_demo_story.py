"""The demo's story hangs together: what it names exists, its days are in order, nothing leaves that is not there, its sums hold.

Amounts and stock are followed here once more, from the files themselves and in whole cents, so that a slip in
``demo.story`` cannot hide itself.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from demo.story import DATA, REST, Fulfilment, Story, StoryError, read_chapter

LAST_DAY = date(2026, 11, 20)
SHIP_DOCS_TOTAL = Decimal("138014.20")
COUNTED_TYPES = {"Inventory Part", "Assembly"}
ITEM_TYPES = {*COUNTED_TYPES, "Non-inventory Part", "Service", "Other Charge"}
# Terms and tax codes are not ours: they stand in the QuickBooks company that the story connects to.
TERMS = {"Due on receipt", "Net 15", "Net 30", "Net 60"}
TAX_CODES = {"TAX", "NON"}
ROLES = {"AO Viewer", "AO User", "AO Manager", "QuickBooks Poster", "QuickBooks Manager"}
# What QuickBooks takes in these places, in characters.
NAME_LIMIT, CUSTOM_FIELD_LIMIT, TRACKING_LIMIT, MEMO_LIMIT = 100, 31, 31, 1000


@pytest.fixture(scope="module")
def story() -> Story:
	return Story()


@pytest.fixture(scope="module")
def raw() -> list[dict]:
	"""The chapters as they stand in the files, numbers exact."""
	return [
		json.loads(file.read_text(encoding="utf-8"), parse_float=Fraction, parse_int=Fraction)
		for file in sorted((DATA / "chapters").glob("*.json"))
	]


@pytest.fixture(scope="module")
def prices() -> dict[str, Fraction]:
	with (DATA / "items.csv").open(encoding="utf-8", newline="") as file:
		return {row["item_code"]: Fraction(row["unit_price"]) for row in csv.DictReader(file)}


def test_company_is_large_enough_to_look_at(story):
	assert len(story.customers) >= 25
	assert len(story.items) >= 40
	assert {row["item_type"] for row in story.items.values()} == ITEM_TYPES
	assert len(story.lists["locations"]) == 3
	assert len(story.lists["sales_reps"]) >= 3
	assert len(story.lists["ship_methods"]) >= 4
	assert {row["terms"] for row in story.customers.values()} == TERMS
	assert 120 <= len(story.orders) <= 180


def test_every_customer_buys_and_every_item_that_is_made_sells(story):
	buyers = {order.customer for order in story.orders.values()}
	assert {name for name, row in story.customers.items() if not row["inactive"]} == buyers
	sold = {line.item for order in story.orders.values() for line in order.lines}
	sold |= {line.item for shipment in story.shipments for line in shipment.lines}
	assert {code for code, row in story.items.items() if not row["inactive"]} == sold


def test_lists_name_what_exists(story):
	told = story.lists
	reps = {row["rep_name"] for row in told["sales_reps"]}
	methods = {row["method_name"] for row in told["ship_methods"]}
	types = {row["type_name"] for row in told["customer_types"]}
	for name, row in story.customers.items():
		assert row["sales_rep"] in reps, name
		assert row["ship_method"] in methods, name
		assert row["customer_type"] in types, name
		assert row["tax_code"] in TAX_CODES, name
		assert len(name) <= NAME_LIMIT
		assert row["email"].endswith(".example"), name
	assert all(set(person["roles"]) <= ROLES for person in told["people"])
	assert told["default_location"] in {row["location_name"] for row in told["locations"]}


def test_orders_and_ship_docs_name_what_exists(story):
	locations = {row["location_name"] for row in story.lists["locations"]}
	methods = {row["method_name"] for row in story.lists["ship_methods"]} | {""}
	people = {person["email"] for person in story.lists["people"]} | {""}
	active_items = {code for code, row in story.items.items() if not row["inactive"]}
	active_customers = {name for name, row in story.customers.items() if not row["inactive"]}
	for entry in [*story.orders.values(), *story.shipments]:
		assert entry.customer in active_customers, entry
		assert entry.location in locations, entry
		assert entry.by in methods, entry
		assert all(line.item in active_items and line.quantity > 0 for line in entry.lines), entry
		assert len(entry.po) <= CUSTOM_FIELD_LIMIT and len(entry.note) <= MEMO_LIMIT, entry
	for shipment in story.shipments:
		assert shipment.person in people
		assert len(shipment.tracking) <= TRACKING_LIMIT
		for no in shipment.of:
			assert story.orders[no].customer == shipment.customer, shipment


def test_an_item_stands_once_on_an_order(story):
	for order in story.orders.values():
		assert max(Counter(line.item for line in order.lines).values()) == 1, order.no


def test_keys_by_which_a_second_run_knows_them_are_unique(story):
	keys = [order.key for order in story.orders.values()]
	assert len(keys) == len(set(keys))
	ship_keys = [(s.customer, s.day, s.location, s.first_order) for s in story.shipments]
	assert len(ship_keys) == len(set(ship_keys))
	tracking = [s.tracking for s in story.shipments if s.tracking]
	assert len(tracking) == len(set(tracking))


def test_days_are_in_order(story):
	assert [order.no for order in story.orders.values()] == list(range(1, len(story.orders) + 1))
	days = [order.day for order in story.orders.values()]
	assert days == sorted(days)
	shipped = [shipment.day for shipment in story.shipments]
	assert shipped == sorted(shipped)
	assert shipped[-1] == LAST_DAY >= days[-1]
	assert len({(day.year, day.month) for day in days}) >= 7
	for order in story.orders.values():
		assert order.day < order.wanted, order.no
		assert order.closed is None or order.day < order.closed, order.no
		assert order.cancelled is None or order.day < order.cancelled, order.no
	for shipment in story.shipments:
		assert all(story.orders[no].day < shipment.day for no in shipment.of), shipment
		assert shipment.due is None or shipment.due > shipment.day
	assert all(day.weekday() < 5 for day in [*days, *shipped])


def test_each_chapter_tells_one_month(story):
	months = []
	for chapter in story.chapters:
		told = [*chapter.counts, *chapter.orders, *chapter.shipments]
		month = {(entry.day.year, entry.day.month) for entry in told}
		assert len(month) == 1, chapter.title
		assert chapter.story.endswith(".")
		months += month
	assert months == sorted(months)


def test_what_was_promised_happens(story):
	orders, shipments = story.orders.values(), story.shipments
	assert any(len(shipment.of) == 2 for shipment in shipments)
	assert any(not shipment.of and not shipment.draft and not shipment.never_send for shipment in shipments)
	assert [shipment for shipment in shipments if shipment.draft] == [
		s for s in shipments if s.day == LAST_DAY
	]
	assert len([s for s in shipments if s.draft]) == 4
	assert [s.never_send for s in shipments if s.never_send] == [
		"Replaces six plates broken on our own truck; nothing to bill."
	]
	assert len([order for order in orders if order.closed]) == 1
	assert len([order for order in orders if order.cancelled]) == 1
	times_shipped = Counter(no for shipment in shipments if not shipment.draft for no in shipment.of)
	assert len([no for no, times in times_shipped.items() if times > 1]) >= 15
	assert max(times_shipped.values()) >= 3
	lines = [line for order in orders for line in order.lines]
	assert any(line.discount == 100 for line in lines) and any(0 < line.discount < 100 for line in lines)
	may_not_invoice = {p["email"] for p in story.lists["people"] if "QuickBooks Poster" not in p["roles"]}
	assert any(shipment.person in may_not_invoice for shipment in shipments if shipment.person)


def test_nothing_leaves_twice_and_nothing_after_the_order_is_closed(story, raw):
	left = {
		int(order["no"]): {line[0]: line[1] for line in order["lines"]}
		for chapter in raw
		for order in chapter["orders"]
	}
	for shipment in (shipment for chapter in raw for shipment in chapter["ship_docs"]):
		for no, taken in shipment.get("of", {}).items():
			order, open_lines = story.orders[int(no)], left[int(no)]
			assert not order.cancelled, no
			assert not order.closed or date.fromisoformat(shipment["date"]) < order.closed, no
			assert any(open_lines.values()), f"nothing is left of order {no} on {shipment['date']}"
			taken = dict(open_lines) if taken == REST else taken
			for item, quantity in taken.items():
				assert 0 <= quantity <= open_lines[item], (no, item, shipment["date"])
				if not shipment.get("draft"):
					open_lines[item] -= quantity
	closed = [no for no, lines in left.items() if not any(lines.values())]
	assert len(closed) >= 140


def test_the_shelves_are_never_below_empty(story, raw):
	moves: dict[date, list[tuple[str, str, Fraction]]] = defaultdict(list)
	for chapter in raw:
		for count in chapter.get("opening_stock", ()):
			for location, items in count["counted"].items():
				moves[date.fromisoformat(count["date"])] += [(item, location, n) for item, n in items.items()]
	fulfilment = Fulfilment(story)
	for shipment in story.shipments:
		lines, _freight = fulfilment.take(shipment)
		for line in lines:
			if story.items[line.item]["item_type"] in COUNTED_TYPES:
				moves[shipment.day].append((line.item, shipment.location, -Fraction(line.quantity)))
	on_hand: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
	for day in sorted(moves):
		for item, location, quantity in moves[day]:
			on_hand[item, location] += quantity
		short = {place: quantity for place, quantity in on_hand.items() if quantity < 0}
		assert not short, day


def test_only_what_is_counted_is_on_the_shelves(story):
	for count in story.counts:
		for items in count.counted.values():
			for item, quantity in items.items():
				assert story.items[item]["item_type"] in COUNTED_TYPES and quantity > 0, (count.day, item)


def test_sums_are_right_to_the_cent(story, raw, prices):
	ours = recompute_totals(raw, prices)
	fulfilment = Fulfilment(story)
	theirs = []
	for shipment in story.shipments:
		lines, freight = fulfilment.take(shipment)
		theirs.append(sum((line.amount for line in lines), freight))
	assert [Fraction(total) for total in theirs] == ours
	assert sum(theirs) == SHIP_DOCS_TOTAL


def recompute_totals(raw: list[dict], prices: dict[str, Fraction]) -> list[Fraction]:
	"""What each ship doc comes to, in the order of the files: whole cents, half up, once a line."""

	def count_cents(item: str, quantity: Fraction, said: dict) -> int:
		exact = quantity * said.get("price", prices[item]) * (100 - said.get("discount", 0))
		return int(exact + Fraction(1, 2))

	orders = {int(order["no"]): order for chapter in raw for order in chapter["orders"]}
	left = {no: {line[0]: line[1] for line in order["lines"]} for no, order in orders.items()}
	freight = {no: order.get("freight", Fraction(0)) for no, order in orders.items()}
	totals = []
	for shipment in (shipment for chapter in raw for shipment in chapter["ship_docs"]):
		cents = sum(
			count_cents(line[0], line[1], line[2] if len(line) > 2 else {})
			for line in shipment.get("lines", ())
		)
		charged = Fraction(0)
		for no in map(int, shipment.get("of", {})):
			taken = shipment["of"][str(no)]
			taken = dict(left[no]) if taken == REST else taken
			said = {line[0]: line[2] if len(line) > 2 else {} for line in orders[no]["lines"]}
			cents += sum(count_cents(item, quantity, said[item]) for item, quantity in taken.items())
			charged += freight[no]
			if not shipment.get("draft"):
				freight[no] = Fraction(0)
				left[no] = {item: quantity - taken.get(item, 0) for item, quantity in left[no].items()}
		totals.append(Fraction(cents, 100) + shipment.get("freight", charged))
	return totals


def test_shipping_more_than_is_left_is_noticed(story):
	shipment = next(s for s in story.shipments if s.of and s.of[s.first_order] == REST)
	item = story.orders[shipment.first_order].lines[0].item
	with pytest.raises(StoryError, match="more than what is left"):
		Fulfilment(story).take(replace(shipment, of={shipment.first_order: {item: Decimal(10**6)}}))


def test_shipping_what_was_never_ordered_is_noticed(story):
	shipment = next(s for s in story.shipments if s.of)
	with pytest.raises(StoryError, match="is not on it"):
		Fulfilment(story).take(replace(shipment, of={shipment.first_order: {"TW-399": Decimal(1)}}))


def test_a_chapter_that_cannot_be_read_is_named(tmp_path):
	file = tmp_path / "08_december.json"
	file.write_text('{"chapter": "December", "story": ["."], "orders": [{"no": 1}]}')
	with pytest.raises(StoryError, match=r"08_december\.json cannot be read"):
		read_chapter(file)
