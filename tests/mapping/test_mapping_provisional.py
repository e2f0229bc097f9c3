"""Provisional bills: what is left on one, and what makes the vendor's of it. What others put there stays."""

from allorders_qb.mapping.provisional import build_rest, build_takeover, has_same_lines, is_delete

OURS = {"1", "2"}
CURRENT = {
	"Id": "40",
	"SyncToken": "3",
	"domain": "QBO",
	"sparse": False,
	"MetaData": {"CreateTime": "2026-11-20T10:00:00-08:00"},
	"TotalAmt": 65.0,
	"Balance": 65.0,
	"VendorRef": {"value": "7", "name": "Assam & Sons"},
	"APAccountRef": {"value": "33"},
	"TxnDate": "2026-11-20",
	"DueDate": "2026-12-20",
	"PrivateNote": "Received, not billed yet.\n[AO RC-1 bill/1 abcdef]",
	"LinkedTxn": [{"TxnId": "9", "TxnType": "PurchaseOrder"}, {"TxnId": "50", "TxnType": "BillPaymentCheck"}],
	"Line": [
		{
			"Id": "1",
			"Amount": 60.0,
			"DetailType": "ItemBasedExpenseLineDetail",
			"ItemBasedExpenseLineDetail": {"ItemRef": {"value": "5"}, "Qty": 24, "UnitPrice": 2.5},
		},
		{
			"Id": "3",
			"Amount": 5.0,
			"DetailType": "AccountBasedExpenseLineDetail",
			"AccountBasedExpenseLineDetail": {"AccountRef": {"value": "8"}},
		},
	],
}
THEIRS = CURRENT["Line"][1]


def make_line(quantity, amount):
	return {
		"Amount": amount,
		"DetailType": "ItemBasedExpenseLineDetail",
		"ItemBasedExpenseLineDetail": {"ItemRef": {"value": "5"}, "Qty": quantity},
	}


def test_the_rest_is_a_full_update_that_keeps_what_is_not_ours():
	payload = build_rest(CURRENT, [make_line(12, 30)], OURS)
	assert payload["Line"] == [make_line(12, 30), THEIRS]
	assert (payload["Id"], payload["SyncToken"]) == ("40", "3")
	assert payload["PrivateNote"] == CURRENT["PrivateNote"]
	assert (payload["DueDate"], payload["APAccountRef"]) == ("2026-12-20", {"value": "33"})
	assert payload["LinkedTxn"] == [{"TxnId": "9", "TxnType": "PurchaseOrder"}]
	assert not {"TotalAmt", "Balance", "MetaData", "domain", "sparse"} & set(payload)
	assert not is_delete(payload)


def test_a_bill_of_which_nothing_is_left_is_deleted():
	ours = {**CURRENT, "Line": CURRENT["Line"][:1]}
	payload = build_rest(ours, [], OURS)
	assert payload == {"Id": "40", "SyncToken": "3"}
	assert is_delete(payload)
	assert not is_delete(build_rest(CURRENT, [], OURS)), "somebody's line is still on it"


def test_the_vendors_bill_says_its_own_head_also_by_saying_nothing():
	built = {
		"VendorRef": {"value": "7"},
		"TxnDate": "2026-11-28",
		"DocNumber": "A-1",
		"PrivateNote": "[AO VB-1 bill/1 ghijkl]",
		"Line": [make_line(24, 64)],
	}
	payload = build_takeover(CURRENT, built, OURS)
	assert (payload["TxnDate"], payload["DocNumber"]) == ("2026-11-28", "A-1")
	assert payload["PrivateNote"] == "[AO VB-1 bill/1 ghijkl]"
	assert "DueDate" not in payload
	assert payload["APAccountRef"] == {"value": "33"}
	assert payload["Line"] == [make_line(24, 64), THEIRS]
	assert (payload["Id"], payload["SyncToken"]) == ("40", "3")


def test_lines_are_the_same_by_what_they_do_not_by_how_they_are_written():
	payload = build_rest(CURRENT, [make_line("24", "60.00")], OURS)
	assert has_same_lines(payload, CURRENT)
	assert not has_same_lines(build_rest(CURRENT, [make_line(23, 60)], OURS), CURRENT)
	assert not has_same_lines(build_rest(CURRENT, [make_line(24, 59)], OURS), CURRENT)
