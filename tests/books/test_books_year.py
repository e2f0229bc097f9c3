"""One scripted year in mode B: what stands in QuickBooks' books equals, to the cent, a calculation that shares no code with them."""

import pytest
from books_accounts import INVENTORY
from books_model_b import ValuesOnly, calculate
from books_reports import read_amounts, read_balance_sheet, read_party_balances, read_trial_balance
from books_site import Clerk
from books_year import CALENDAR_YEAR

OF_THE_OTHER_MODE = {
	("AO Customer Return", "scrap"),
	("AO Quantity Adjustment", "adjustment"),
	("AO Vendor Bill", "provisional"),
	("AO Work Order", "adjustment"),
}
"""What documents become only where QuickBooks counts too."""

MODE_CHANGE = "QuickBooks Mode Change"
"""Posts too, but ends a mode: no year is lived in it. Its own tests are with the app."""

LAST_DAY = f"{CALENDAR_YEAR}-12-31"


@pytest.fixture(scope="module")
def calculated(year) -> ValuesOnly:
	return calculate(year)


@pytest.fixture(scope="module")
def recorded(site, company, year, values_only):
	"""The year as documents, all of it sent."""
	from allorders_qb.tests.emulated import work

	Clerk(site, company, lambda: work(rounds=8)).live_through(year)
	site.db.commit()
	return company


def test_nothing_waits(site, recorded):
	left = site.get_all(
		"QuickBooks Queue Entry",
		filters={"status": ("not in", ("Sent", "Not Needed"))},
		fields=["reference_name", "role", "status", "reason"],
		order_by="creation",
	)
	assert left == []


def test_the_trial_balance_is_right_to_the_cent(recorded, calculated):
	expected = {name: cents for name, cents in calculated.accounts.items() if cents}
	assert read_trial_balance(recorded, CALENDAR_YEAR) == expected


def test_the_balance_sheet_is_right_to_the_cent(recorded, calculated):
	assert read_balance_sheet(recorded, CALENDAR_YEAR) == calculated.list_balance_sheet()


def test_our_valuation_is_the_inventory_account(site, recorded, year, calculated):
	values = site.get_all("AO Item Stock", fields=["item", "value"], order_by="item")
	ours = {row.item: round(row.value * 100) for row in values if row.item in year.items}
	assert ours == {item: layers.cents for item, layers in sorted(calculated.items.items())}
	assert (
		read_trial_balance(recorded, CALENDAR_YEAR)[INVENTORY] == sum(ours.values()) == calculated.inventory
	)


def test_what_parties_owe_in_their_currencies(recorded, calculated):
	assert read_party_balances(recorded, "Customer") == calculated.customers
	assert read_party_balances(recorded, "Vendor") == calculated.vendors


@pytest.mark.parametrize(
	("report", "entity"), [("CustomerBalance", "customers"), ("VendorBalance", "vendors")]
)
def test_what_parties_owe_at_home(recorded, calculated, report, entity):
	expected = {party: calculated.home[party] for party in getattr(calculated, entity)}
	assert read_amounts(recorded, report, report_date=LAST_DAY) == {
		party: cents for party, cents in expected.items() if cents
	}


def test_nothing_is_left_unexplained(recorded):
	"""No document costs anything else by now than what was posted for it."""
	from allorders_qb.sync.true_up import list_differences

	assert list_differences() == []


def test_shelves_hold_what_the_story_leaves(site, recorded, calculated):
	rows = site.get_all("AO Stock Balance", fields=["item", "location", "on_hand"], order_by="item, location")
	found = {
		(row.item, row.location): row.on_hand for row in rows if row.item in calculated.items and row.on_hand
	}
	assert found == {place: float(units) for place, units in calculated.places.items() if units}


def test_every_role_of_this_mode_was_posted(site, recorded):
	"""All that any document can become under this mode has happened in the year."""
	from allorders_qb.sync.registry import POSTING_TYPES

	possible = {
		(posting.doctype, role.name)
		for posting in POSTING_TYPES.values()
		if posting.doctype != MODE_CHANGE
		for role in posting.roles
	}
	rows = site.get_all(
		"QuickBooks Queue Entry",
		filters={"status": "Sent", "reference_doctype": ("in", list(POSTING_TYPES))},
		fields=["reference_doctype", "role"],
		order_by="creation",
	)
	assert {(row.reference_doctype, row.role) for row in rows} == possible - OF_THE_OTHER_MODE


def test_quickbooks_counts_nothing_itself(recorded):
	assert recorded.query("SELECT * FROM Item WHERE Type = 'Inventory'") == []
	assert read_amounts(recorded, "InventoryValuationSummary", report_date=LAST_DAY) == {}
