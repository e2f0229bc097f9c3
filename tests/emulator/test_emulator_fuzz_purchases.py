"""Bad input to purchases, journals and adjustments: the fault the service would give, and never a changed book."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.emulator.test_emulator_fuzz import JSON, RELAXED, list_paths, post_spoilt, replace

ACCOUNT_LINE = {
	"Id": "1", "Amount": 10, "Description": "d", "DetailType": "AccountBasedExpenseLineDetail",
	"AccountBasedExpenseLineDetail": {
		"AccountRef": {"value": "50"}, "ClassRef": {"value": "1"}, "CustomerRef": {"value": "2"}, "BillableStatus": "Billable",
		"TaxCodeRef": {"value": "NON"},
	},
}  # fmt: skip
ITEM_LINE = {
	"Amount": 10, "DetailType": "ItemBasedExpenseLineDetail",
	"ItemBasedExpenseLineDetail": {"ItemRef": {"value": "1"}, "Qty": 2, "UnitPrice": 5},
	"LinkedTxn": [{"TxnId": "1", "TxnType": "PurchaseOrder", "TxnLineId": "1"}],
}  # fmt: skip
HEADER = {
	"DocNumber": "N", "TxnDate": "2026-01-05", "PrivateNote": "n", "CurrencyRef": {"value": "USD"}, "ExchangeRate": 1,
	"DepartmentRef": {"value": "1"}, "Id": "2", "SyncToken": "0", "sparse": True,
}  # fmt: skip
PURCHASE = {
	**HEADER,
	"VendorRef": {"value": "1"},
	"APAccountRef": {"value": "20"},
	"Line": [ACCOUNT_LINE, ITEM_LINE],
}
GOOD = {
	"bill": {**PURCHASE, "DueDate": "2026-02-02", "SalesTermRef": {"value": "3"}},
	"vendorcredit": {**PURCHASE, "Line": [ACCOUNT_LINE]},
	"purchaseorder": {**PURCHASE, "POStatus": "Open", "Line": [ACCOUNT_LINE]},
	"purchase": {
		**HEADER, "PaymentType": "CreditCard", "AccountRef": {"value": "21"}, "Credit": True,
		"EntityRef": {"value": "1", "type": "Vendor"}, "Line": [ACCOUNT_LINE],
	},
	"billpayment": {
		**HEADER, "VendorRef": {"value": "1"}, "TotalAmt": 10, "PayType": "Check",
		"CheckPayment": {"BankAccountRef": {"value": "1"}}, "Line": [{"Amount": 10, "LinkedTxn": [{"TxnId": "2", "TxnType": "Bill"}]}],
	},
	"journalentry": {
		**HEADER, "Adjustment": True,
		"Line": [
			{
				"Id": "0", "Amount": 10, "DetailType": "JournalEntryLineDetail",
				"JournalEntryLineDetail": {
					"PostingType": side, "AccountRef": {"value": account}, "ClassRef": {"value": "1"},
					"Entity": {"Type": "Vendor", "EntityRef": {"value": "1"}},
				},
			}
			for side, account in (("Debit", "50"), ("Credit", "20"))
		],
	},
	"inventoryadjustment": {
		**HEADER, "AdjustAccountRef": {"value": "42"},
		"Line": [
			{
				"DetailType": "ItemAdjustmentLineDetail",
				"ItemAdjustmentLineDetail": {"ItemRef": {"value": "1"}, "QtyDiff": 2, "NewQty": 3, "ClassRef": {"value": "1"}},
			}
		],
	},
	"transfer": {**HEADER, "FromAccountRef": {"value": "1"}, "ToAccountRef": {"value": "2"}, "Amount": 5},
}  # fmt: skip
WITHOUT_HEADER = ("Id", "SyncToken", "sparse")


@pytest.mark.parametrize("entity", GOOD)
def test_emulator_fuzzed_purchases(books, entity):
	assert (books.vendor(), books.customer(), books.stocked_item()) == ("1", "2", "1")
	order = {key: value for key, value in GOOD["purchaseorder"].items() if key not in WITHOUT_HEADER}
	books.make("purchaseorder", order)
	bill = {key: value for key, value in GOOD["bill"].items() if key not in WITHOUT_HEADER}
	books.make("bill", bill)
	assert books.post(entity, GOOD[entity]).status_code in (200, 400)
	good = GOOD[entity]

	@settings(RELAXED, max_examples=20)
	@given(
		path=st.sampled_from(list_paths(good)),
		value=JSON,
		without=st.sets(st.sampled_from(sorted(good)), max_size=4),
		creates=st.booleans(),
	)
	def fuzz(path, value, without, creates):
		left_out = (without | set(WITHOUT_HEADER)) if creates else without
		post_spoilt(books, entity, replace(good, path, value), left_out - {path[0]})

	fuzz()
