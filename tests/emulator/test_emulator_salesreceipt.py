"""Sales receipts and refund receipts: sales and returns whose money moves at once."""

import pytest

UNDEPOSITED, INCOME = "Undeposited Funds", "Sales of Product Income"
VOID = {"operation": "update", "include": "void"}


def test_emulator_sales_receipt_needs_only_a_line(books):
	"""Intuit docs: salesreceipt. The minimal body: no customer; Undeposited Funds by default; Balance 0."""
	line = {
		"Amount": 20, "DetailType": "SalesItemLineDetail",
		"SalesItemLineDetail": {"ItemRef": {"value": books.item()}},
	}  # fmt: skip
	receipt = books.make("salesreceipt", {"Line": [line]})
	assert (receipt["TotalAmt"], receipt["Balance"]) == (20, 0) and "CustomerRef" not in receipt
	assert receipt["DepositToAccountRef"] == {"value": "12", "name": UNDEPOSITED}
	assert receipt["Line"][1]["DetailType"] == "SubTotalLineDetail"
	assert books.balances() == {UNDEPOSITED: "20.00", INCOME: "-20.00"}
	assert books.refuse(books.post("salesreceipt", {}), "2020")["element"] == "Line"


def test_emulator_sales_receipt_of_a_customer_owes_nothing(books):
	customer = books.customer(BillAddr={"Line1": "1 Pier"})
	body = {
		"CustomerRef": {"value": customer}, "Line": [books.line(books.item(), 20)], "PaymentRefNum": "CARD 9",
		"PaymentMethodRef": {"value": "1"}, "DepositToAccountRef": {"value": "1"},
	}  # fmt: skip
	receipt = books.make("salesreceipt", body)
	assert receipt["BillAddr"]["Line1"] == "1 Pier" and receipt["PaymentRefNum"] == "CARD 9"
	assert receipt["PaymentMethodRef"]["name"]
	assert books.read("customer", customer)["Balance"] == 0
	assert books.balances() == {"Checking": "20.00", INCOME: "-20.00"}


def test_emulator_sales_receipt_moves_stock(books):
	pump = {
		"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 10, "InvStartDate": "2024-01-01", "PurchaseCost": 6,
		"ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
	}  # fmt: skip
	item = books.item("Pump", **pump)
	receipt = books.make("salesreceipt", {"Line": [books.line(item, 24, Qty=2, UnitPrice=12)]})
	assert books.read("item", item)["QtyOnHand"] == 8 and books.balances()["Cost of Goods Sold"] == "12.00"
	voided = books.drop("salesreceipt", receipt, **VOID).json()["SalesReceipt"]
	assert books.read("item", item)["QtyOnHand"] == 10 and "Cost of Goods Sold" not in books.balances()
	assert voided["Line"][0]["SalesItemLineDetail"]["Qty"] == 0


def test_emulator_sales_receipt_is_voided_by_an_update(books):
	"""[D][C] operation=update&include=void; "Voided" before the private note, amounts 0."""
	body = {"Line": [books.line(books.item(), 20)], "PrivateNote": "n", "DocNumber": "R-1"}
	receipt = books.make("salesreceipt", body)
	books.refuse(books.drop("salesreceipt", receipt, operation="void"), "500")
	voided = books.drop("salesreceipt", receipt, **VOID).json()["SalesReceipt"]
	assert (voided["TotalAmt"], voided["Line"][0]["Amount"], voided["DocNumber"]) == (0, 0, "R-1")
	assert voided["PrivateNote"] == "Voided - n" and books.balances() == {}


def test_emulator_sales_receipt_deleted(books):
	receipt = books.make("salesreceipt", {"Line": [books.line(books.item(), 20)]})
	assert books.drop("salesreceipt", receipt, operation="delete").status_code == 200
	assert books.balances() == {}
	books.refuse(books.get(f"salesreceipt/{receipt['Id']}"), "610")


def test_emulator_refund_receipt_wants_the_account_that_pays(books):
	"""Intuit docs: refundreceipt. DepositToAccountRef is required and pays out; the customer is not."""
	body = {"Line": [books.line(books.item(), 20)]}
	error = books.refuse(books.post("refundreceipt", body), "2020")
	assert error["element"] == "DepositToAccountRef"
	refund = books.make("refundreceipt", {**body, "DepositToAccountRef": {"value": "1"}})
	assert (refund["TotalAmt"], refund["Balance"]) == (20, 0) and "CustomerRef" not in refund
	assert books.balances() == {"Checking": "-20.00", INCOME: "20.00"}
	books.refuse(books.drop("refundreceipt", refund, operation="void"), "500")
	assert books.drop("refundreceipt", refund, operation="delete").status_code == 200
	assert books.balances() == {}


def test_emulator_refund_receipt_takes_stock_back(books):
	pump = {
		"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 10, "InvStartDate": "2024-01-01", "PurchaseCost": 6,
		"ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
	}  # fmt: skip
	item, customer = books.item("Pump", **pump), books.customer()
	body = {
		"DepositToAccountRef": {"value": "1"}, "CustomerRef": {"value": customer},
		"Line": [books.line(item, 24, Qty=2, UnitPrice=12)],
	}  # fmt: skip
	books.make("refundreceipt", body)
	assert books.read("item", item)["QtyOnHand"] == 12
	assert books.read("customer", customer)["Balance"] == 0
	assert books.balances()["Inventory Asset"] == "72.00"


@pytest.mark.parametrize("entity", ["salesreceipt", "refundreceipt", "creditmemo", "estimate"])
def test_emulator_sales_forms_share_their_rules(books, entity):
	"""Line replacement, totals and sync tokens are those of the invoice."""
	item = books.item()
	body = {
		"CustomerRef": {"value": books.customer()}, "DepositToAccountRef": {"value": "1"},
		"Line": [{**books.line(item, 10), "Description": "first"}, books.line(item, 20)],
	}  # fmt: skip
	if entity in ("creditmemo", "estimate"):
		del body["DepositToAccountRef"]
	form = books.make(entity, {**body, "TotalAmt": 1})
	assert form["TotalAmt"] == 30
	change = {
		"Id": form["Id"],
		"SyncToken": "0",
		"sparse": True,
		"Line": [{**books.line(item, 7), "Id": "2"}],
	}
	changed = books.make(entity, change)
	assert changed["TotalAmt"] == 7 and changed["Line"][0]["Id"] == "2" and changed["SyncToken"] == "1"
	books.refuse(books.post(entity, change), "5010")
	wrong = {**body, "Line": [books.line(item, 10, Qty=3, UnitPrice=3)]}
	books.refuse(books.post(entity, wrong), "6070")
