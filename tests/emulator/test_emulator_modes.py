"""The shipped companies are test companies for a stock-keeping app: one that QuickBooks counts stock in, one that it cannot."""

import pytest

ROLES = {
	"inventory": ("Other Current Asset", "Inventory"),
	"manufacturing clearing, cost difference": ("Other Current Asset", "OtherCurrentAssets"),
	"landed cost clearing, received not billed": ("Other Current Liability", "OtherCurrentLiabilities"),
	"labour": ("Cost of Goods Sold", "CostOfLaborCos"),
	"cost of goods, shrinkage": ("Cost of Goods Sold", "SuppliesMaterialsCogs"),
}


@pytest.mark.parametrize("company", ["us_wholesaler", "uk_trader"])
def test_emulator_modes_have_their_accounts(shipped_company, company):
	accounts = {(row["AccountType"], row["AccountSubType"]) for row in shipped_company(company)["accounts"]}
	assert {role for role, kind in ROLES.items() if kind not in accounts} == set()


def test_emulator_modes_us_counts_stock(books):
	item = books.stocked_item()
	detail = {"ItemRef": {"value": item}, "QtyDiff": 2}
	line = {"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": detail}
	body = {"AdjustAccountRef": {"value": "42"}, "TxnDate": "2026-01-05", "Line": [line]}
	books.make("inventoryadjustment", body)
	assert books.read("item", item)["QtyOnHand"] == 2


def test_emulator_modes_uk_has_no_adjustments(uk):
	line = {"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": {"QtyDiff": 1}}
	answer = uk.post(
		"inventoryadjustment",
		{"AdjustAccountRef": {"value": "1"}, "TxnDate": "2026-01-05", "Line": [line]},
	)
	uk.refuse(answer, "5030")
