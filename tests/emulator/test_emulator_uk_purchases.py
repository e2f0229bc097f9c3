"""Purchases of the company outside the US: input VAT, what is not recoverable, prices that include it."""

STANDARD, REVERSE, BLOCKED, PAN, HOME, FOREIGN = "2", "6", "7", "1", "3", "4"
RENT, BANK, EURO_BANK = "50", "1", "3"


def build(uk, *lines, vendor=HOME, method="TaxExcluded", **more):
	currency = {"value": "GBP" if vendor == HOME else "EUR"}
	return {
		"VendorRef": {"value": vendor}, "Line": list(lines), "CurrencyRef": currency, "GlobalTaxCalculation": method,
		"TxnDate": "2026-03-02", **more,
	}  # fmt: skip


def code(value):
	return {"TaxCodeRef": {"value": value}}


def test_emulator_uk_bill_with_recoverable_tax(uk):
	"""[D] PurchaseTaxRateList; recoverable tax goes to the tax account and not into cost."""
	before = uk.layers(PAN)
	bill = uk.make(
		"bill", build(uk, uk.bought(PAN, 10, 15, **code(STANDARD)), uk.charged(RENT, 50, **code(STANDARD)))
	)
	assert (bill["TotalAmt"], bill["TxnTaxDetail"]["TotalTax"]) == (240, 40)
	assert bill["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["TaxRateRef"]["value"] == "2"
	assert uk.get_moved() == {
		"Accounts Payable (A/P)": -240, "Rent and Rates": 50, "Stock Asset": 150, "VAT Control": 40,
	}  # fmt: skip
	assert uk.layers(PAN)[-1] == ("10", "150.00")
	uk.change("bill", bill, "delete")
	assert uk.get_moved() == {} and uk.layers(PAN) == before


def test_emulator_uk_bill_whose_prices_include_tax(uk):
	"""[D] Tax-inclusive lines are valued and costed net."""
	bill = uk.make("bill", build(uk, uk.bought(PAN, 10, 18, **code(STANDARD)), method="TaxInclusive"))
	line = bill["Line"][0]
	assert (bill["TotalAmt"], line["Amount"]) == (180, 150)
	assert (line["ItemBasedExpenseLineDetail"]["TaxInclusiveAmt"], uk.layers(PAN)[-1]) == (
		180,
		("10", "150.00"),
	)
	changed = uk.change(
		"bill", bill, PrivateNote="x", VendorRef={"value": HOME}, CurrencyRef={"value": "GBP"}
	)
	assert (changed["TotalAmt"], uk.layers(PAN)[-1]) == (180, ("10", "150.00"))


def test_emulator_uk_tax_that_is_not_recoverable_is_cost(uk):
	"""Of a stocked item it goes into the layer; a vendor credit takes it out again."""
	bill = uk.make("bill", build(uk, uk.bought(PAN, 10, 15, **code(BLOCKED))))
	assert bill["TotalAmt"] == 180 and uk.layers(PAN)[-1] == ("10", "180.00")
	assert uk.get_moved() == {"Accounts Payable (A/P)": -180, "Stock Asset": 180}
	uk.change("bill", bill, "delete")
	uk.make("vendorcredit", build(uk, uk.charged(RENT, 10, **code(BLOCKED))))
	assert uk.get_moved() == {"Accounts Payable (A/P)": 12, "Rent and Rates": -12}


def test_emulator_uk_reverse_charge_adds_nothing(uk):
	bill = uk.make("bill", build(uk, uk.charged(RENT, 100, **code(REVERSE))))
	assert bill["TotalAmt"] == 100
	assert {line["Amount"] for line in bill["TxnTaxDetail"]["TaxLine"]} == {20, -20}
	assert uk.get_moved() == {"Accounts Payable (A/P)": -100, "Rent and Rates": 100}


def test_emulator_uk_purchase_rules(uk):
	"""[D] GlobalTaxCalculation is required, a code on every line; no detail with NotApplicable (6170)."""
	line = uk.charged(RENT, 10, **code(STANDARD))
	body = build(uk, line)
	uk.refuse(uk.post("bill", {**body, "GlobalTaxCalculation": None}), "2020")
	uk.refuse(uk.post("bill", build(uk, uk.charged(RENT, 10))), "6000")
	uk.refuse(uk.post("bill", build(uk, uk.charged(RENT, 10, **code("99")))), "2500")
	detail = {"TotalTax": 2}
	uk.refuse(uk.post("bill", build(uk, line, method="NotApplicable", TxnTaxDetail=detail)), "6170")
	assert uk.make("bill", build(uk, line, method="NotApplicable"))["TotalAmt"] == 10


def test_emulator_uk_new_lines_get_new_tax(uk):
	"""The tax of an earlier version is no override when a sparse update brings lines."""
	bill = uk.make("bill", build(uk, uk.charged(RENT, 100, **code(STANDARD))))
	lines = [uk.charged(RENT, 50, **code(STANDARD))]
	changed = uk.change("bill", bill, Line=lines, VendorRef={"value": HOME}, CurrencyRef={"value": "GBP"})
	assert (changed["TxnTaxDetail"]["TotalTax"], changed["TotalAmt"]) == (10, 60)


def test_emulator_uk_cash_purchase(uk):
	body = build(uk, uk.charged(RENT, 50, **code(STANDARD)), PaymentType="Cash", AccountRef={"value": BANK})
	del body["VendorRef"]
	uk.make("purchase", body)
	assert uk.get_moved() == {"Current Account": -60, "Rent and Rates": 50, "VAT Control": 10}


def test_emulator_uk_bill_in_euro_with_tax(uk):
	bill = uk.make(
		"bill", build(uk, uk.bought(PAN, 10, 20, **code(STANDARD)), vendor=FOREIGN, ExchangeRate=0.85)
	)
	assert (bill["TotalAmt"], bill["HomeTotalAmt"]) == (240, 204)
	assert uk.get_moved() == {"Accounts Payable (A/P) - EUR": -204, "Stock Asset": 170, "VAT Control": 34}
	payment = {
		"VendorRef": {"value": FOREIGN}, "TotalAmt": 240, "PayType": "Check", "CurrencyRef": {"value": "EUR"},
		"ExchangeRate": 0.9, "CheckPayment": {"BankAccountRef": {"value": EURO_BANK}},
		"Line": [{"Amount": 240, "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}],
	}  # fmt: skip
	uk.make("billpayment", payment)
	assert uk.get_moved() == {
		"Euro Account": -216, "Stock Asset": 170, "VAT Control": 34, "Exchange Gain or Loss": 12,
	}  # fmt: skip


def test_emulator_uk_has_no_inventory_adjustment(uk):
	"""[D] InventoryAdjustment is for the United States: 5030."""
	detail = {"ItemRef": {"value": PAN}, "QtyDiff": 1}
	body = {
		"AdjustAccountRef": {"value": "42"}, "TxnDate": "2026-03-02",
		"Line": [{"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": detail}],
	}  # fmt: skip
	uk.refuse(uk.post("inventoryadjustment", body), "5030")
