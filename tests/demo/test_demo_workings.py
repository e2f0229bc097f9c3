"""What happens behind the counter hangs together: it names what exists, its days are in order, no more comes in than was ordered."""

from collections import Counter
from datetime import date

import pytest

from demo.loading import build_item
from demo.story import Story
from demo.workings import Workings

LAST_DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def story() -> Story:
	return Story()


@pytest.fixture(scope="module")
def events(story) -> list[dict]:
	return story.workings["events"]


def list_kind(events: list[dict], kind: str) -> list[dict]:
	return [event for event in events if event["kind"] == kind]


def test_days_are_in_order_and_each_kind_is_played(events):
	days = [date.fromisoformat(event["date"]) for event in events]
	assert days == sorted(days) and days[-1] <= LAST_DAY
	assert all(day.weekday() < 5 for day in days)
	kinds = {event["kind"].replace(" ", "_") for event in events}
	played = {name.removeprefix("play_") for name in vars(Workings) if name.startswith("play_")}
	assert kinds == played


def test_prices_and_bills_of_materials_name_what_exists(story):
	for price in story.vendor_prices:
		assert price["vendor"] in story.vendors, price
		assert price["item_code"] in story.items, price
		assert float(price["unit_cost"]) > 0 and float(price["conversion"]) >= 1, price
	for code, made in story.bills_of_materials.items():
		assert story.items[code]["item_type"] == "Assembly"
		assert all(story.items[item]["item_type"] == "Inventory Part" for item in made["components"])
		order = list(story.items)
		assert max(order.index(item) for item in made["components"]) < order.index(code), "entered before it"


def test_an_item_is_entered_with_its_vendors_and_what_it_is_made_of(story):
	kettle = build_item(story.items["KC-101"], story)
	assert [(row["purchase_unit"], row["conversion"]) for row in kettle["vendor_prices"]] == [("dozen", "12")]
	hamper = build_item(story.items["GS-801"], story)
	assert {row["item"]: row["quantity"] for row in hamper["components"]}["LN-401"] == 2
	assert [row["kind"] for row in hamper["production_costs"]] == ["Labour", "Overhead"]


def test_no_more_is_received_than_was_ordered_and_something_stays_open(events):
	ordered = {order["no"]: dict(order["lines"]) for order in list_kind(events, "purchase order")}
	received: dict[int, Counter] = {no: Counter() for no in ordered}
	for receiver in list_kind(events, "receiver"):
		received[receiver["of"]].update(receiver["quantities"])
	for no, lines in ordered.items():
		assert all(received[no][item] <= quantity for item, quantity in lines.items()), no
	assert any(received[no] != Counter(lines) for no, lines in ordered.items())


def test_what_is_sent_back_had_come(events):
	invoices = {receiver.get("invoice"): receiver["quantities"] for receiver in list_kind(events, "receiver")}
	for sent_back in list_kind(events, "vendor return"):
		for item, quantity in sent_back["quantities"].items():
			assert quantity <= invoices[sent_back["of"]][item]


def test_orders_that_are_paid_or_come_back_left_in_one_part(story, events):
	for event in events:
		if "order" in event:
			shipped = [shipment for shipment in story.shipments if event["order"] in shipment.of]
			assert len(shipped) == 1, event
			assert shipped[0].draft == (event["kind"] == "deposit"), event
