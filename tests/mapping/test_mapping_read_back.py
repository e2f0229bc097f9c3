"""List records back from QuickBooks: what we sent compares equal to what comes back, and updates say only what changed."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provisions import REFERENCES, US

from allorders_qb.mapping import customer, item, vendor
from allorders_qb.mapping.neutral import is_same
from allorders_qb.mapping.payload import dump_payload
from allorders_qb.mapping.posting import Address, CustomerRecord, ItemRecord, VendorRecord

WORD = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
LINE = st.one_of(st.just(""), WORD)
NET_30 = "3"
REMOTE = {
	"Id": "58",
	"SyncToken": "4",
	"domain": "QBO",
	"sparse": False,
	"DisplayName": "Acme",
	"GivenName": "Ann",
	"MiddleName": "B.",
	"FamilyName": "Lee",
	"PrimaryPhone": {"FreeFormNumber": "1"},
	"SalesTermRef": {"value": NET_30, "name": "Net 30"},
	"BillAddr": {
		"Id": "9",
		"Line1": "Dock",
		"Line2": "Hall 2",
		"Line3": "Gate  7",
		"Line4": "back",
		"City": "Portland",
	},
	"Balance": Decimal("12.5"),
	"Active": True,
	"Notes": "theirs",
}


def send(payload: dict) -> dict:
	"""A payload as it arrives: through JSON."""
	return json.loads(dump_payload(payload), parse_float=Decimal)


@given(st.builds(Address, *[LINE] * 6), LINE, LINE, LINE)
def test_what_we_send_comes_back_as_the_same(address, contact, company_name, notes):
	record = CustomerRecord(
		name="Acme",
		contact_name=contact,
		company_name=company_name,
		notes=notes,
		bill_to=address,
		terms="Net 30",
	)
	back = customer.read_customer(send(customer.build_customer(record, REFERENCES, US)), US)
	ours = {
		"customer_name": "Acme",
		"contact_name": contact,
		"company_name": company_name,
		"notes": notes,
		"terms": NET_30,
		"bill_to_line1": address.line1,
		"bill_to_line2": address.line2,
		"bill_to_country": address.country,
	}
	kinds = {field.fieldname: field.kind for field in customer.FIELDS}
	for fieldname, value in ours.items():
		assert is_same(kinds[fieldname], value, back[fieldname]), fieldname


@pytest.mark.parametrize("module", [customer, vendor, item])
def test_every_field_is_read_and_none_besides(module):
	read = getattr(module, f"read_{module.__name__.rpartition('.')[2]}")
	assert set(read({"Id": "1", "Taxable": True}, US)) == {field.fieldname for field in module.FIELDS}


def test_lines_three_to_five_belong_to_our_second():
	back = customer.read_customer(REMOTE, US)
	assert back["bill_to_line2"] == "Hall 2, Gate 7, back"
	assert back["contact_name"] == "Ann B. Lee"


def test_a_changed_city_leaves_the_other_lines_as_they_are():
	record = CustomerRecord(name="Acme", bill_to=Address("Dock", "Hall 2, Gate 7, back", "Salem"))
	payload = customer.build_customer(record, REFERENCES, US, REMOTE, {"bill_to_city"})
	assert payload == {
		"Id": "58",
		"SyncToken": "4",
		"sparse": True,
		"BillAddr": {
			"Line1": "Dock",
			"Line2": "Hall 2",
			"Line3": "Gate  7",
			"Line4": "back",
			"City": "Salem",
		},
	}


def test_an_update_says_only_what_changed():
	record = CustomerRecord(name="Acme", phone="2", email="not an address", notes="ours")
	payload = customer.build_customer(record, REFERENCES, US, REMOTE, {"phone"})
	assert payload == {"Id": "58", "SyncToken": "4", "sparse": True, "PrimaryPhone": {"FreeFormNumber": "2"}}


def test_an_emptied_field_takes_the_whole_object_without_what_quickbooks_computes():
	payload = customer.build_customer(CustomerRecord(name="Acme"), REFERENCES, US, REMOTE, {"terms", "notes"})
	assert not {"SalesTermRef", "Notes", "Balance", "sparse", "domain"} & set(payload)
	assert payload["SyncToken"] == "4" and payload["BillAddr"] == REMOTE["BillAddr"]


def test_a_vendor_with_a_masked_tax_id_is_never_sent_whole():
	remote = {**REMOTE, "TermRef": REMOTE["SalesTermRef"], "TaxIdentifier": "XXXXXXX1234"}
	payload = vendor.build_vendor(VendorRecord(name="Acme"), REFERENCES, US, remote, {"terms"})
	assert payload == {"Id": "58", "SyncToken": "4", "sparse": True, "TermRef": ""}


def test_a_vendor():
	record = VendorRecord(
		name="Dukes: Supply",
		contact_name="Al Duke",
		email="al@dukes.example",
		terms="Net 30",
		account_number="HL-7",
		tax_id="12-3456789",
		is_1099=True,
		address=Address("1 Yard", "", "Salem", "OR", "97301", "USA"),
	)
	payload = vendor.build_vendor(record, REFERENCES, US)
	assert payload["DisplayName"] == "Dukes- Supply" and payload["TaxIdentifier"] == "12-3456789"
	back = vendor.read_vendor(send({**payload, "TaxIdentifier": "XXXXXXX6789"}), US)
	assert back["account_number"] == "HL-7" and back["is_1099"] == "1" and back["terms"] == NET_30
	assert "tax_id" not in back
	again = vendor.build_vendor(
		replace(record, tax_id="XXXXXXX6789"), REFERENCES, US, {"Id": "1", "SyncToken": "0"}
	)
	assert "TaxIdentifier" not in again


def test_an_inactive_name_is_read_without_what_quickbooks_adds():
	remote = {"Id": "1", "DisplayName": "Acme (deleted)", "Active": False}
	back = customer.read_customer(remote, US)
	assert (back["customer_name"], back["inactive"]) == ("Acme", "1")
	assert customer.read_customer({**remote, "Active": True}, US)["customer_name"] == "Acme (deleted)"


def test_becoming_active_again_says_the_name_again():
	remote = {"Id": "1", "SyncToken": "3", "DisplayName": "Acme (deleted)", "Active": False}
	payload = customer.build_customer(CustomerRecord(name="Acme"), REFERENCES, US, remote, {"inactive"})
	assert (payload["DisplayName"], payload["Active"]) == ("Acme", True)


def test_a_sub_customer_is_a_job_when_it_gets_its_parent():
	record = CustomerRecord(name="Acme North", parent="Bäckerei Nord")
	payload = customer.build_customer(record, REFERENCES, US)
	assert (payload["ParentRef"], payload["Job"]) == ({"value": "61"}, True)
	assert customer.read_customer(send(payload), US)["parent_customer"] == "61"


def test_an_item_comes_back_with_quickbooks_own_type_and_numbers():
	record = ItemRecord(
		code="CHAI-10",
		item_type="Assembly",
		unit_price=Decimal("18.0000000"),
		income_account="Sales of Product Income",
	)
	back = item.read_item(send(item.build_item(record, REFERENCES, US)), US)
	assert (back["item_type"], back["unit_price"], back["income_account"]) == ("NonInventory", "18", "79")
