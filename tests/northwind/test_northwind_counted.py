"""Northwind where QuickBooks counts too: what it makes of 595 bills and 809 invoices is what an independent calculation makes of them.

Nothing here is valued otherwise there than by us (no work order, no landed cost, no adjustment), so both modes must come to the
same books, and QuickBooks' own valuation is ours, item by item.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from books_events import Receive, Year
from books_model_b import ValuesOnly, calculate
from books_reports import list_rows, read_amounts, read_report, read_trial_balance, to_cents
from northwind_files import Northwind
from northwind_loading import LOCATION, insert, load_cast, receive_goods, ship_alone
from northwind_workers import run_workers
from northwind_year import carry_over, make_year

LAST_YEAR, LAST_DAY = "1998", "1998-12-31"


@pytest.fixture(scope="module")
def year(northwind: Northwind) -> Year:
	return make_year(northwind).rename("counted")


@pytest.fixture(scope="module")
def calculated(year: Year) -> ValuesOnly:
	return calculate(year)


@pytest.fixture(scope="module")
def counting_company(site) -> Iterator:
	"""An empty emulated company without limits that counts too, connected to the site."""
	from books_site import choose_mode

	from allorders_qb.tests.emulated import connect_site, run_emulator

	with run_emulator() as emulated:
		emulated.reset()
		connect_site(emulated, request_timeout=30, silence_wait=30)
		choose_mode(site, "QuickBooks Counts Too", "1996-07-01")
		yield emulated


@pytest.fixture(scope="module")
def recorded(site, counting_company, year: Year, host_info: dict):
	"""Everything bought and shipped, in the order of the days, and sent."""
	if not site.db.exists("AO Location", LOCATION):
		insert("AO Location", location_name=LOCATION)
	load_cast(year)
	for event in year.story:
		if isinstance(event, Receive):
			receive_goods(event)
		else:
			ship_alone(event)
	run_workers(host_info)
	site.db.rollback()
	return counting_company


def test_nothing_waits(site, recorded):
	left = site.get_all(
		"QuickBooks Queue Entry",
		filters={"status": ("not in", ("Sent", "Not Needed"))},
		fields=["reference_name", "role", "status", "reason"],
		order_by="creation",
		limit=5,
	)
	assert left == []


def test_no_journal_was_needed(recorded):
	"""QuickBooks computes the cost of goods itself."""
	assert recorded.query("SELECT * FROM JournalEntry") == []


def test_the_trial_balance_is_right_to_the_cent(year, recorded, calculated):
	assert read_trial_balance(recorded, LAST_YEAR) == carry_over(year, calculated, LAST_YEAR)


def test_quickbooks_valuation_is_ours_item_by_item(site, recorded, calculated):
	report = read_report(recorded, "InventoryValuationSummary", report_date=LAST_DAY)
	theirs = {
		cells[0]: (float(cells[2]), to_cents(cells[3])) for cells in list_rows(report) if cells[0] != "TOTAL"
	}
	expected = {
		" ".join(item.split()): (float(layers.quantity), layers.cents)
		for item, layers in calculated.items.items()
		if layers.quantity
	}
	assert {item: found for item, found in theirs.items() if any(found)} == expected
	rows = site.get_all(
		"AO Item Stock", {"item": ("in", list(calculated.items))}, ["item", "value"], order_by="item"
	)
	assert {row.item: round(row.value * 100) for row in rows} == {
		item: layers.cents for item, layers in calculated.items.items()
	}


def test_what_each_customer_owes_and_each_supplier_is_owed(recorded, calculated):
	for report, owed in (("CustomerBalance", calculated.customers), ("VendorBalance", calculated.vendors)):
		found = read_amounts(recorded, report, report_date=LAST_DAY)
		assert found == {" ".join(name.split()): cents for name, cents in owed.items() if cents}
