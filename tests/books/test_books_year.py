"""One scripted year: what stands in QuickBooks' books equals, to the cent, a calculation that shares no code with them."""

import pytest
from books_model import (
	COST_OF_GOODS,
	INVENTORY,
	LABOUR,
	OVERHEAD,
	RECEIVABLE,
	SALES,
	SCRAP,
	SHIPPING,
	SHRINKAGE,
	Books,
)
from books_site import Clerk
from books_year import CUSTOMERS, ITEMS, tell

NAMES = {
	RECEIVABLE: "Accounts Receivable (A/R)",
	SALES: "Sales of Product Income",
	SHIPPING: "Shipping Income",
	COST_OF_GOODS: "Cost of Goods Sold",
	INVENTORY: "Inventory Asset",
	SHRINKAGE: "Inventory Shrinkage",
	SCRAP: "Scrap",
	LABOUR: "Labor Applied",
	OVERHEAD: "Overhead Applied",
}
"""What the shipped company calls the accounts."""


@pytest.fixture(scope="module")
def calculated() -> Books:
	books = Books()
	tell(books)
	return books


@pytest.fixture(scope="module")
def recorded(site, company, choose_values_only):
	"""The year as documents, all of it sent, with the opening stock entered in QuickBooks by a person."""
	from allorders_qb.tests.emulated import work

	tell(Clerk(site, ITEMS, CUSTOMERS, lambda: work(rounds=8)))
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


@pytest.mark.parametrize("account", NAMES)
def test_each_account_is_right_to_the_cent(recorded, calculated, account):
	assert round(recorded.get_balance(NAMES[account]) * 100) == calculated.accounts[account]


def test_the_inventory_account_is_our_valuation(recorded, calculated):
	assert round(recorded.get_balance(NAMES[INVENTORY]) * 100) == calculated.inventory


def test_our_valuation_is_the_inventory_account(site, recorded, calculated):
	values = site.get_all("AO Item Stock", fields=["item", "value"], order_by="item")
	ours = {row.item: round(row.value * 100) for row in values if row.item in ITEMS}
	assert ours == {item: layers.value for item, layers in sorted(calculated.items.items())}
	assert sum(ours.values()) == calculated.inventory


def test_what_customers_owe(recorded, calculated):
	owed = {
		row["DisplayName"]: round(float(row["Balance"]) * 100)
		for row in recorded.query("SELECT * FROM Customer MAXRESULTS 1000")
		if row["DisplayName"] in CUSTOMERS
	}
	assert owed == dict(calculated.customers)


def test_quickbooks_counts_nothing_itself(recorded):
	assert recorded.query("SELECT * FROM Item WHERE Type = 'Inventory'") == []
