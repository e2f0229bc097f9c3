"""Where a lost answer's twin is looked for, and what counts as a look-alike."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from provisions import MARKER, REFERENCES, US, make_sale

from allorders_qb.mapping.payload import dump_payload
from allorders_qb.mapping.sales_form import build_sales_form
from allorders_qb.mapping.search import candidate_statements, is_lookalike, name_holder_statements

TAIL = "ORDER BY Id STARTPOSITION 1 MAXRESULTS 1000"
SALE = make_sale()
PAYLOAD = json.loads(dump_payload(build_sales_form(SALE, REFERENCES, US, MARKER)))


def test_an_invoice_is_searched_by_number_and_by_customer_and_date():
	by_party = f"SELECT * FROM Invoice WHERE CustomerRef = '58' AND TxnDate = '2026-11-23' {TAIL}"
	assert candidate_statements("Invoice", PAYLOAD, US) == [
		f"SELECT * FROM Invoice WHERE DocNumber = 'SD-2026-00117' {TAIL}",
		by_party,
	]
	assert candidate_statements("Invoice", PAYLOAD, replace(US, custom_txn_numbers=False)) == [by_party]


def test_an_invoice_whose_head_was_changed_is_found_by_its_time():
	statements = candidate_statements("Invoice", PAYLOAD, US, created_after="2026-11-23T08:00:00-08:00")
	assert (
		statements[-1]
		== f"SELECT * FROM Invoice WHERE MetaData.CreateTime >= '2026-11-23T08:00:00-08:00' {TAIL}"
	)


def test_records_are_searched_by_name_inactive_ones_too():
	assert candidate_statements("Customer", {"DisplayName": "Bob's"}, US) == [
		f"SELECT * FROM Customer WHERE DisplayName = 'Bob\\'s' AND Active IN (true, false) {TAIL}"
	]
	assert candidate_statements("Item", {"Name": "CHAI-10"}, US) == [
		f"SELECT * FROM Item WHERE Name = 'CHAI-10' AND Active IN (true, false) {TAIL}"
	]
	assert list(name_holder_statements("Bob's")) == ["Customer", "Vendor", "Employee"]


REMOTE = {
	"DocNumber": "1042",
	"CustomerRef": {"value": "58", "name": "Bob"},
	"TxnDate": "2026-11-23",
	"TotalAmt": SALE.total,
}


@pytest.mark.parametrize(
	("changes", "expected"),
	[
		({}, True),
		({"TotalAmt": SALE.total + 5, "TxnTaxDetail": {"TotalTax": 5}}, True),
		({"TotalAmt": float(SALE.total)}, True),
		({"TotalAmt": SALE.total + Decimal("0.01")}, False),
		({"TxnDate": "2026-11-24"}, False),
		({"CustomerRef": {"value": "59"}}, False),
		({"DocNumber": "SD-2026-00117", "CustomerRef": {"value": "59"}}, True),
	],
)
def test_lookalikes(changes, expected):
	assert is_lookalike("Invoice", PAYLOAD, {**REMOTE, **changes}) is expected


def test_lookalike_records():
	assert is_lookalike("Customer", {"DisplayName": "Bob"}, {"DisplayName": "Bob", "Notes": "x"})
	assert not is_lookalike("Item", {"Name": "Chai", "UnitPrice": 18.0}, {"Name": "Chai", "UnitPrice": 19})


BILL = {
	"VendorRef": {"value": "41"},
	"TxnDate": "2026-11-20",
	"DocNumber": "A-7781",
	"Line": [{"Amount": Decimal("237.00")}],
}
JOURNAL = {
	"TxnDate": "2026-11-23",
	"DocNumber": "SD-2026-00117-C",
	"Line": [
		{
			"Amount": Decimal(135),
			"JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}},
		}
		for side, account in (("Debit", "80"), ("Credit", "81"))
	],
}
ADJUSTMENT = {
	"TxnDate": "2026-11-23",
	"Line": [{"ItemAdjustmentLineDetail": {"ItemRef": {"value": "11"}, "QtyDiff": Decimal(-2)}}],
}
PAYMENT = {"CustomerRef": {"value": "58"}, "TxnDate": "2026-11-23", "TotalAmt": Decimal("150.00")}


def test_a_bill_is_searched_by_vendor_and_date_since_its_number_is_the_vendors():
	assert candidate_statements("Bill", BILL, US) == [
		f"SELECT * FROM Bill WHERE VendorRef = '41' AND TxnDate = '2026-11-20' {TAIL}"
	]


def test_a_payment_is_not_searched_by_number():
	assert candidate_statements("Payment", {**PAYMENT, "DocNumber": "1"}, US) == [
		f"SELECT * FROM Payment WHERE CustomerRef = '58' AND TxnDate = '2026-11-23' {TAIL}"
	]


def test_a_journal_entry_is_searched_by_number_and_date_whatever_the_sales_forms_numbers():
	assert candidate_statements("JournalEntry", JOURNAL, replace(US, custom_txn_numbers=False)) == [
		f"SELECT * FROM JournalEntry WHERE DocNumber = 'SD-2026-00117-C' {TAIL}",
		f"SELECT * FROM JournalEntry WHERE TxnDate = '2026-11-23' {TAIL}",
	]


def test_an_adjustment_has_no_time_of_creation():
	last = candidate_statements("InventoryAdjustment", ADJUSTMENT, US, created_after="2026-11-23")[-1]
	assert last == f"SELECT * FROM InventoryAdjustment WHERE MetaData.LastUpdatedTime >= '2026-11-23' {TAIL}"


@pytest.mark.parametrize(
	("entity", "payload", "changes", "expected"),
	[
		("Bill", BILL, {"TotalAmt": 237}, True),
		("Bill", BILL, {"TotalAmt": 1}, True),
		("Bill", BILL, {"TotalAmt": 1, "DocNumber": "B"}, False),
		("Bill", BILL, {"TotalAmt": 237, "VendorRef": {"value": "42"}}, False),
		("JournalEntry", JOURNAL, {"DocNumber": "9"}, True),
		("JournalEntry", JOURNAL, {"DocNumber": "9", "TxnDate": "2026-11-24"}, False),
		("JournalEntry", JOURNAL, {"DocNumber": "9", "Line": JOURNAL["Line"][:1]}, False),
		("JournalEntry", JOURNAL, {"TxnDate": "2026-11-24", "Line": []}, True),
		("InventoryAdjustment", ADJUSTMENT, {}, True),
		("InventoryAdjustment", ADJUSTMENT, {"Line": []}, False),
		("Payment", PAYMENT, {}, True),
		("Payment", PAYMENT, {"TotalAmt": 149}, False),
	],
)
def test_lookalikes_of_other_transactions(entity, payload, changes, expected):
	assert is_lookalike(entity, payload, {**payload, **changes}) is expected
