"""Foreign currency: a receivable for each, home amounts, and the exchange gain or loss that payments realise.

Intuit docs: "Manage multiple currencies". What is settled leaves the receivable at the rate of its own transaction, the
money comes at the payment's; the difference goes to the exchange gain or loss account.
"""

import pytest

RECEIVABLE, UNDEPOSITED = "Accounts Receivable (A/R) - EUR", "Undeposited Funds"
GAIN = "Exchange Gain or Loss"


@pytest.fixture
def abroad(books):
	"""Return a customer in euros and a function that makes a form for it at a rate."""
	books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	customer, item = books.customer("Ausländer", CurrencyRef={"value": "EUR"}), books.item()

	def make(entity, amount, rate, **more):
		head = {"CustomerRef": {"value": customer}, "CurrencyRef": {"value": "EUR"}, "ExchangeRate": rate}
		return books.make(entity, {**head, "Line": [books.line(item, amount)], **more})

	def pay(total, rate, *lines, **more):
		head = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": rate}
		return books.payment(customer, total, *lines, **head, **more)

	make.customer, make.item, make.pay = customer, item, pay
	return make


def test_emulator_payment_realises_a_gain(books, abroad):
	invoice = abroad("invoice", 100, 1.1)
	assert (invoice["HomeTotalAmt"], invoice["HomeBalance"]) == (110, 110)
	payment = abroad.pay(100, 1.2, books.apply(100, invoice))
	assert (payment["ExchangeRate"], payment["UnappliedAmt"]) == (1.2, 0)
	paid = books.read("invoice", invoice["Id"])
	assert (paid["Balance"], paid["HomeBalance"], paid["HomeTotalAmt"]) == (0, 0, 110)
	balances = books.balances()
	assert balances == {UNDEPOSITED: "120.00", "Sales of Product Income": "-110.00", GAIN: "-10.00"}
	assert books.read("customer", abroad.customer)["Balance"] == 0


def test_emulator_payment_realises_a_loss_on_its_share_only(books, abroad):
	invoice = abroad("invoice", 100, 1.1)
	abroad.pay(60, 1, books.apply(40, invoice))
	left = books.read("invoice", invoice["Id"])
	assert (left["Balance"], left["HomeBalance"]) == (60, 66)
	balances = books.balances()
	assert (balances[UNDEPOSITED], balances[GAIN]) == ("60.00", "4.00")
	assert balances[RECEIVABLE] == "46.00"  # 66.00 owed, 20.00 unapplied at the payment's rate
	assert books.read("customer", abroad.customer)["Balance"] == 40


def test_emulator_partial_payments_leave_no_cent_on_the_receivable(books, abroad):
	invoice = abroad("invoice", 100, 1.08765)
	for amount in (33.33, 33.33, 33.34):
		abroad.pay(amount, 1.08765, books.apply(amount, invoice))
	assert books.read("invoice", invoice["Id"])["HomeBalance"] == 0
	assert RECEIVABLE not in books.balances()


def test_emulator_applied_credit_realises_the_difference_of_the_rates(books, abroad):
	invoice = abroad("invoice", 100, 1.1)
	credit = abroad("creditmemo", 30, 1.3)
	assert (credit["RemainingCredit"], credit["HomeBalance"]) == (30, 39)
	assert books.balances()[RECEIVABLE] == "71.00"
	abroad.pay(0, 1, books.apply(30, invoice), books.apply(30, credit, "CreditMemo"))
	assert books.read("invoice", invoice["Id"])["HomeBalance"] == 77
	assert books.read("creditmemo", credit["Id"])["HomeBalance"] == 0
	balances = books.balances()
	assert (balances[RECEIVABLE], balances[GAIN]) == ("77.00", "-6.00")


def test_emulator_money_applied_later_is_revalued_then(books, abroad):
	invoice = abroad("invoice", 100, 1.1)
	payment = abroad.pay(100, 1.2)
	assert GAIN not in books.balances() and books.balances()[RECEIVABLE] == "-10.00"
	body = {
		"Id": payment["Id"], "SyncToken": "0", "sparse": True, "CurrencyRef": {"value": "EUR"},
		"Line": [books.apply(100, invoice)],
	}  # fmt: skip
	books.make("payment", body)
	assert books.balances()[GAIN] == "-10.00" and RECEIVABLE not in books.balances()


def test_emulator_new_rate_of_a_paid_invoice_moves_its_gain(books, abroad):
	invoice = abroad("invoice", 100, 1.1)
	abroad.pay(100, 1.2, books.apply(100, invoice))
	change = {"Id": invoice["Id"], "SyncToken": "1", "sparse": True, "ExchangeRate": 1.25}
	changed = books.make("invoice", change)
	assert (changed["HomeTotalAmt"], changed["HomeBalance"]) == (125, 0)
	assert books.balances() == {UNDEPOSITED: "120.00", "Sales of Product Income": "-125.00", GAIN: "5.00"}


def test_emulator_gain_goes_with_its_payment_or_invoice(books, abroad):
	first, second = abroad("invoice", 100, 1.1), abroad("invoice", 50, 1.1)
	payment = abroad.pay(150, 1.2, books.apply(100, first), books.apply(50, second))
	assert books.balances()[GAIN] == "-15.00"
	books.drop("invoice", second, operation="delete")
	assert books.balances()[GAIN] == "-10.00" and books.balances()[RECEIVABLE] == "-60.00"
	books.drop("payment", payment, operation="delete")
	assert books.balances() == {RECEIVABLE: "110.00", "Sales of Product Income": "-110.00"}


def test_emulator_deposit_at_another_rate(books, abroad):
	payment = abroad.pay(100, 1.2)
	linked = [{"TxnId": payment["Id"], "TxnType": "Payment", "TxnLineId": "0"}]
	body = {"DepositToAccountRef": {"value": "1"}, "Line": [{"LinkedTxn": linked}], "ExchangeRate": 1.15}
	books.refuse(books.post("deposit", {**body, "CurrencyRef": {"value": "USD"}}), "6000")
	home = {**body, "CurrencyRef": {"value": "USD"}, "ExchangeRate": 1}
	books.refuse(books.post("deposit", home), "620")
	deposit = books.make("deposit", {**body, "CurrencyRef": {"value": "EUR"}})
	assert (deposit["TotalAmt"], deposit["HomeTotalAmt"]) == (100, 115)
	assert books.balances() == {"Checking": "115.00", RECEIVABLE: "-120.00", GAIN: "5.00"}


def test_emulator_payment_must_be_in_its_customers_currency(books, abroad):
	"""[D] CurrencyRef is mandatory with MultiCurrencyEnabled and must equal the customer's."""
	body = {"CustomerRef": {"value": abroad.customer}, "TotalAmt": 5}
	assert books.refuse(books.post("payment", body), "2020")["element"] == "CurrencyRef"
	books.refuse(books.post("payment", {**body, "CurrencyRef": {"value": "USD"}}), "6000")
	books.make("payment", {**body, "CurrencyRef": {"value": "EUR"}})


def test_emulator_cash_sales_abroad(books, abroad):
	receipt = abroad("salesreceipt", 100, 1.2)
	assert (receipt["HomeTotalAmt"], receipt["HomeBalance"], receipt["Balance"]) == (120, 0, 0)
	abroad("refundreceipt", 100, 1.1, DepositToAccountRef={"value": "1"})
	assert books.balances() == {
		"Checking": "-110.00", UNDEPOSITED: "120.00", "Sales of Product Income": "-10.00",
	}  # fmt: skip
