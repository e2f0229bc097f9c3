"""Customers and items: golden payloads, updates, refusals, and whether a record in QuickBooks is ours."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from provisions import GB, REFERENCES, US, US_PLAIN, check_golden

from allorders_qb.mapping import customer, item
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.payload import dump_payload
from allorders_qb.mapping.posting import Address, CustomerRecord, ItemRecord
from allorders_qb.mapping.same import list_differences

BAKERY = CustomerRecord(
	name='Bob\'s "Best": Café\\Tab',
	company_name="Bob's Best Bakery, Inc.",
	contact_name="Mary Ann Baker",
	email="orders@bobsbest.example",
	phone="(503) 555-0117",
	terms="Net 30",
	tax_code="NON",
	bill_to=Address("12 Mill Street", "", "Portland", "OR", "97205", "USA"),
	ship_to=Address("Dock 4", "Harbor Lane", "Portland", "OR", "97210", "USA"),
	notes="Closed on Mondays.",
)
CHAI = ItemRecord(
	code="CHAI-10",
	item_type="Inventory Part",
	name="Chai",
	description="Chai, 10 boxes of 20 bags",
	sku="4006381333931",
	unit_price=Decimal("18.00"),
	purchase_cost=Decimal("11.2500000"),
	purchase_description="Chai, case of 10",
	tax_code="TAX",
	income_account="Sales of Product Income",
	expense_account="Cost of Goods Sold",
)


def build_customer(record=BAKERY, company=US, current=None):
	return customer.build_customer(record, REFERENCES, company, current)


def build_item(record=CHAI, company=US, current=None):
	return item.build_item(record, REFERENCES, company, current)


def test_customer():
	payload = build_customer()
	assert payload["DisplayName"] == 'Bob\'s "Best"- Café/Tab'
	check_golden("customer", payload)


def test_customer_currency_is_set_at_creation_only():
	multi = replace(US, multicurrency=True)
	assert build_customer(company=multi)["CurrencyRef"] == {"value": "USD"}
	euro = replace(BAKERY, currency="EUR")
	assert build_customer(euro, multi)["CurrencyRef"] == {"value": "EUR"}
	assert "CurrencyRef" not in build_customer(euro, multi, {"Id": "58", "SyncToken": "4"})
	with pytest.raises(MappingError, match="Currency: EUR needs multicurrency"):
		build_customer(euro)


def test_customer_update_is_sparse():
	payload = build_customer(
		replace(BAKERY, inactive=True), current={"Id": "58", "SyncToken": "4", "Notes": "theirs"}
	)
	assert (payload["Id"], payload["SyncToken"], payload["sparse"], payload["Active"]) == (
		"58",
		"4",
		True,
		False,
	)


@pytest.mark.parametrize(
	("changes", "field"),
	[
		({"name": " \t "}, "Customer Name"),
		({"name": "x" * 101}, "Customer Name"),
		({"email": "not an address"}, "Email"),
		({"email": "a@b.example, c@d.example"}, "Email"),
		({"phone": "1" * 31}, "Phone"),
		({"terms": "Net 99"}, "Terms"),
		({"notes": "x" * 2001}, "Notes"),
	],
)
def test_customer_refusals_name_the_field(changes, field):
	with pytest.raises(MappingError) as caught:
		build_customer(replace(BAKERY, **changes))
	assert caught.value.field == field
	assert field in str(caught.value) and str(caught.value).startswith("Customer ")


def test_contact_of_one_word():
	payload = build_customer(replace(BAKERY, contact_name="Cher"))
	assert payload["GivenName"] == "Cher" and "FamilyName" not in payload


def test_item():
	check_golden("item", build_item())


@pytest.mark.parametrize(
	("ours", "theirs"),
	[
		("Inventory Part", "NonInventory"),
		("Non-inventory Part", "NonInventory"),
		("Assembly", "NonInventory"),
		("Service", "Service"),
		("Other Charge", "Service"),
	],
)
def test_item_types(ours, theirs):
	assert build_item(replace(CHAI, item_type=ours))["Type"] == theirs


def test_item_update_keeps_its_type():
	payload = build_item(current={"Id": "11", "SyncToken": "0", "Type": "Service"})
	assert "Type" not in payload
	assert (payload["Id"], payload["sparse"], payload["Active"]) == ("11", True, True)


def test_item_without_expense_account_says_nothing_of_purchases():
	payload = build_item(replace(CHAI, expense_account=None))
	assert not {"ExpenseAccountRef", "PurchaseCost", "PurchaseDesc"} & set(payload)


def test_item_tax():
	assert build_item()["Taxable"] is True
	assert build_item(replace(CHAI, tax_code="NON"))["Taxable"] is False
	assert "Taxable" not in build_item(company=US_PLAIN)
	assert build_item(replace(CHAI, tax_code="20.0% S"), GB)["SalesTaxCodeRef"] == {"value": "2"}


@pytest.mark.parametrize(
	("changes", "field"),
	[
		({"income_account": None}, "Income Account"),
		({"income_account": "Unknown"}, "Income Account"),
		({"expense_account": "Unknown"}, "Expense Account"),
		({"item_type": "Group"}, "Item Type"),
		({"code": "x" * 101}, "Item Code"),
		({"sku": "x" * 101}, "SKU"),
		({"description": "x" * 4001}, "Description"),
		({"purchase_description": "x" * 1001}, "Purchase Description"),
	],
)
def test_item_refusals_name_the_field(changes, field):
	with pytest.raises(MappingError) as caught:
		build_item(replace(CHAI, **changes))
	assert caught.value.field == field
	assert field in str(caught.value) and str(caught.value).startswith("Item ")


# Is it ours? -----------------------------------------------------------------------------------------------------------


def store(payload: dict) -> dict:
	"""What QuickBooks keeps: more than we sent, references with their names, numbers in its own writing."""
	remote = json.loads(dump_payload(payload), parse_float=Decimal)
	for key, value in remote.items():
		if key.endswith("Ref"):
			remote[key] = {**value, "name": "as it is called there"}
	if "BillAddr" in remote:
		remote["BillAddr"]["Id"] = "77"
	return {**remote, "Id": "1", "SyncToken": "0", "Active": True, "domain": "QBO", "Balance": 0}


@pytest.mark.parametrize("payload", [build_customer(), build_item()])
@pytest.mark.parametrize("reread", [False, True])
def test_a_record_made_with_our_values_is_recognised(payload, reread):
	sent = json.loads(dump_payload(payload)) if reread else payload
	assert customer.same_values(sent, store(payload))


@pytest.mark.parametrize(
	("payload", "changes", "field"),
	[
		(build_customer(), {"DisplayName": "bob's best"}, "DisplayName"),
		(build_customer(), {"PrimaryEmailAddr": {"Address": "other@bobsbest.example"}}, "PrimaryEmailAddr"),
		(build_customer(), {"BillAddr": {"Line1": "12 Mill Street"}}, "BillAddr"),
		(build_customer(), {"SalesTermRef": {"value": "4"}}, "SalesTermRef"),
		(build_customer(), {"Taxable": True}, "Taxable"),
		(build_customer(), {"PrimaryPhone": None}, "PrimaryPhone"),
		(build_item(), {"UnitPrice": Decimal("18.01")}, "UnitPrice"),
		(build_item(), {"UnitPrice": "abc"}, "UnitPrice"),
		(build_item(), {"Type": "Service"}, "Type"),
	],
)
def test_a_record_with_other_values_is_not(payload, changes, field):
	remote = {**store(payload), **changes}
	assert not item.same_values(payload, remote)
	assert list_differences(payload, remote) == [field]
