"""Credit memos: what they take back, what of them is open, and how they are applied by themselves."""

import pytest

RECEIVABLE = "Accounts Receivable (A/R)"


@pytest.fixture
def give(books):
	customer, item = books.customer(), books.item()

	def credit(amount=30, **more):
		body = {"CustomerRef": {"value": customer}, "Line": [books.line(item, amount)], **more}
		return books.make("creditmemo", body)

	credit.customer, credit.item = customer, item
	return credit


def test_emulator_credit_memo_wants_customer_and_line(books, give):
	"""Intuit docs: creditmemo. Required: CustomerRef, Line."""
	line = books.line(give.item, 5)
	assert books.refuse(books.post("creditmemo", {"Line": [line]}), "2020")["element"] == "CustomerRef"
	body = {"CustomerRef": {"value": give.customer}}
	assert books.refuse(books.post("creditmemo", body), "2020")["element"] == "Line"


def test_emulator_credit_memo_is_an_open_credit(books, give):
	"""Intuit docs: creditmemo. RemainingCredit and Balance are what is left of it; the subtotal line is added."""
	credit = give(30)
	assert (credit["TotalAmt"], credit["RemainingCredit"], credit["Balance"]) == (30, 30, 30)
	assert [line["DetailType"] for line in credit["Line"]] == ["SalesItemLineDetail", "SubTotalLineDetail"]
	assert books.balances() == {RECEIVABLE: "-30.00", "Sales of Product Income": "30.00"}
	assert books.read("customer", give.customer)["Balance"] == -30


def test_emulator_credit_memo_gives_tax_discount_and_shipping_back(books, give):
	taxed = books.line(give.item, 100, TaxCodeRef={"value": "TAX"})
	discount = {"Amount": 10, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {}}
	shipping = {
		"Amount": 5, "DetailType": "SalesItemLineDetail",
		"SalesItemLineDetail": {"ItemRef": {"value": "SHIPPING_ITEM_ID"}},
	}  # fmt: skip
	give(Line=[taxed, discount, shipping])
	assert books.balances() == {
		RECEIVABLE: "-105.30", "Sales Tax Payable": "10.30", "Sales of Product Income": "100.00",
		"Discounts Given": "-10.00", "Shipping Income": "5.00",
	}  # fmt: skip


def test_emulator_credit_memo_takes_stock_back(books, give):
	pump = {
		"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 10, "InvStartDate": "2024-01-01", "PurchaseCost": 6,
		"ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
	}  # fmt: skip
	item = books.item("Pump", **pump)
	books.invoice(books.line(item, 36, Qty=3, UnitPrice=12), customer=give.customer)
	assert books.balances()["Cost of Goods Sold"] == "18.00"
	give(Line=[books.line(item, 12, Qty=1, UnitPrice=12)])
	assert books.read("item", item)["QtyOnHand"] == 8
	assert books.balances()["Cost of Goods Sold"] == "12.00"


def test_emulator_credit_memo_has_no_void(books, give):
	"""[L][K] CreditMemo, Estimate: no void; HTTP 400, code 500, element Operation. Nothing is changed."""
	credit = give(30)
	error = books.refuse(books.drop("creditmemo", credit, operation="void"), "500")
	assert (error["Message"], error["Detail"]) == (
		"Unsupported Operation",
		"Operation void is not supported.",
	)
	assert error["element"] == "Operation" and books.balances()[RECEIVABLE] == "-30.00"


def test_emulator_deleted_credit_memo_opens_what_it_paid(books, give):
	invoice = books.invoice(books.line(give.item, 100), customer=give.customer)
	credit = give(30)
	payment = books.payment(
		give.customer, 20, books.apply(50, invoice), books.apply(30, credit, "CreditMemo")
	)
	assert books.drop("creditmemo", credit, operation="delete").status_code == 200
	assert books.read("invoice", invoice["Id"])["Balance"] == 80
	left = books.read("payment", payment["Id"])
	assert (left["UnappliedAmt"], [line["Amount"] for line in left["Line"]]) == (0, [20])
	assert books.balances()[RECEIVABLE] == "80.00"


def test_emulator_new_credit_memo_is_applied_by_preference(books, give):
	"""[D] Preferences.SalesFormsPrefs.AutoApplyCredit: the service makes a payment of 0."""
	old = books.invoice(books.line(give.item, 20), customer=give.customer, TxnDate="2026-03-01")
	young = books.invoice(books.line(give.item, 50), customer=give.customer, TxnDate="2026-03-02")
	books.preferences(SalesFormsPrefs={"AutoApplyCredit": True})
	credit = give(30)
	assert (credit["RemainingCredit"], credit["SyncToken"]) == (0, "1")
	payment = books.query("select * from Payment")["Payment"][0]
	assert payment["TotalAmt"] == 0 and credit["LinkedTxn"][0]["TxnId"] == payment["Id"]
	assert [books.read("invoice", one["Id"])["Balance"] for one in (old, young)] == [0, 40]


def test_emulator_new_invoice_takes_open_credits_by_preference(books, give):
	give(30)
	books.preferences(SalesFormsPrefs={"AutoApplyCredit": True})
	invoice = books.invoice(books.line(give.item, 100), customer=give.customer)
	assert (invoice["Balance"], invoice["SyncToken"]) == (70, "1")
	books.preferences(SalesFormsPrefs={"AutoApplyCredit": False})
	give(30)
	assert books.invoice(books.line(give.item, 100), customer=give.customer)["Balance"] == 100


def test_emulator_numbers_are_checked_for_each_kind_of_form(books, give):
	"""6140 names the kind that has the number; another kind may bear it."""
	first = give(DocNumber="N-1")
	books.invoice(books.line(give.item), customer=give.customer, DocNumber="N-1")
	body = {"CustomerRef": {"value": give.customer}, "Line": [books.line(give.item)], "DocNumber": "N-1"}
	error = books.refuse(books.post("creditmemo", body), "6140")
	assert error["Detail"].endswith(
		f"DocNumber=N-1 is assigned to TxnType=CreditMemo with TxnId={first['Id']}"
	)
	assert books.make("creditmemo", body, include="allowduplicatedocnum")["DocNumber"] == "N-1"


def test_emulator_each_kind_of_form_numbers_itself(books, give):
	"""[D] CustomTxnNumbers false. AUTO_GENERATE is for Invoice, Estimate and SalesReceipt only [X]."""
	books.knobs(custom_txn_numbers=False)
	assert [give()["DocNumber"], give()["DocNumber"]] == ["1001", "1002"]
	assert books.invoice(books.line(give.item), customer=give.customer)["DocNumber"] == "1001"
	books.knobs(custom_txn_numbers=True)
	assert give(DocNumber="AUTO_GENERATE")["DocNumber"] == "AUTO_GENERATE"
	line = [books.line(give.item)]
	receipt = books.make("salesreceipt", {"Line": line, "DocNumber": "AUTO_GENERATE"})
	assert receipt["DocNumber"] == "1001"
