"""What counts as an edit in QuickBooks, and how it is said."""

import copy

import pytest

from allorders_qb.mapping.twins import describe_differences, is_voided, list_twin_differences

SENT = {
	"Id": "130",
	"SyncToken": "0",
	"DocNumber": "SD-2026-00117",
	"TxnDate": "2026-11-23",
	"DueDate": "2026-12-23",
	"CustomerRef": {"value": "58", "name": "Bob's Bakery"},
	"TotalAmt": 236.5,
	"Balance": 236.5,
	"TxnTaxDetail": {"TotalTax": 17.02},
	"PrivateNote": "[AO SD-2026-00117 invoice/1 lwbhn2]",
	"LinkedTxn": [],
	"MetaData": {"LastUpdatedTime": "2026-11-23T10:00:00-08:00"},
	"Line": [
		{
			"Id": "1",
			"Amount": 216.0,
			"DetailType": "SalesItemLineDetail",
			"SalesItemLineDetail": {"ItemRef": {"value": "11", "name": "Chai"}, "Qty": 12, "UnitPrice": 18},
		},
		{"Amount": 216.0, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
	],
}


def change(**values):
	return {**copy.deepcopy(SENT), **values}


def say(remote) -> str:
	return describe_differences(list_twin_differences(SENT, remote))


def test_what_moves_by_itself_is_no_edit():
	paid = change(
		SyncToken="3",
		Balance=0,
		LinkedTxn=[{"TxnId": "9", "TxnType": "Payment"}],
		EmailStatus="EmailSent",
		PrivateNote="A note of the accountant's",
		MetaData={"LastUpdatedTime": "2026-11-30T10:00:00-08:00"},
	)
	assert list_twin_differences(SENT, paid) == []


@pytest.mark.parametrize(
	("values", "said"),
	(
		({"TotalAmt": 230}, "Total: 236.50 → 230.00"),
		({"TxnDate": "2026-11-24"}, "Date: 2026-11-23 → 2026-11-24"),
		({"DocNumber": None}, "Number: SD-2026-00117 → –"),
		({"CustomerRef": {"value": "59", "name": "Al's"}}, "Customer: Bob's Bakery → Al's"),
		({"TxnTaxDetail": {"TotalTax": 0}}, "Tax: 17.02 → 0.00"),
		({"SalesTermRef": {"value": "3"}}, "Terms: – → 3"),
	),
)
def test_edits_of_the_head(values, said):
	assert say(change(**values)) == said


def test_another_name_for_the_same_customer_is_no_edit():
	assert say(change(CustomerRef={"value": "58", "name": "Robert's Bakery"})) == ""


def test_edits_of_lines():
	remote = change()
	remote["Line"][0]["Amount"] = 180
	remote["Line"][0]["SalesItemLineDetail"]["Qty"] = 10
	assert say(remote) == "Line 1 amount: 216.00 → 180.00; Line 1 quantity: 12 → 10"
	remote["Line"][0]["SalesItemLineDetail"]["ItemRef"] = {"value": "12", "name": "Cup"}
	assert "Line 1 item: Chai → Cup" in say(remote)


def test_lines_that_come_and_go():
	more = change()
	more["Line"].append({
		"Id": "2",
		"Amount": 5,
		"DetailType": "SalesItemLineDetail",
		"SalesItemLineDetail": {"ItemRef": {"value": "13", "name": "Label"}},
	})  # fmt: skip
	assert say(more) == "New line: – → Label 5.00"
	assert say(change(Line=[])) == "Line 1: Chai 216.00 → –"


def test_new_line_ids_are_no_edit():
	remote = change()
	remote["Line"][0]["Id"] = "7"
	assert say(remote) == ""


def test_a_payment_that_is_applied_is_no_edit():
	payment = {"Id": "7", "TotalAmt": 50, "TxnDate": "2026-11-23", "Line": []}
	applied = {**payment, "Line": [{"Amount": 50, "LinkedTxn": [{"TxnId": "130", "TxnType": "Invoice"}]}]}
	assert list_twin_differences(payment, applied) == []


def test_a_journals_side_counts():
	def journal(side):
		detail = {"PostingType": side, "AccountRef": {"value": "1", "name": "Bank"}}
		return {
			"Line": [
				{
					"Id": "0",
					"Amount": 1,
					"DetailType": "JournalEntryLineDetail",
					"JournalEntryLineDetail": detail,
				}
			]
		}

	(difference,) = list_twin_differences(journal("Debit"), journal("Credit"))
	assert str(difference) == "Line 1 side: Debit → Credit"


def test_voided():
	assert is_voided(change(PrivateNote="Voided - [AO …]", TotalAmt=0))
	assert not is_voided(change(PrivateNote="Voided the old one, this one counts"))
	assert not is_voided(change(TotalAmt=0))


def test_many_differences_are_counted():
	lines = [
		{"Id": str(number), "Amount": number, "DetailType": "DescriptionOnly"} for number in range(1, 20)
	]
	assert say(change(Line=lines)).endswith("more")
