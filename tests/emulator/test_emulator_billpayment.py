"""BillPayment: by check or card, bills and credits, overpayment, what is paid already, exchange gain and loss."""

import pytest

RENT, PAYABLE, BANK, CARD = "50", "20", "1", "21"


class Debt:
	"""A vendor with a bill of 100."""

	def __init__(self, books, **more):
		self.books, self.more = books, more
		self.vendor = books.vendor(**({"CurrencyRef": more["CurrencyRef"]} if "CurrencyRef" in more else {}))
		self.bill = self.owe(100)

	def owe(self, amount, **more):
		return self.books.bill(self.books.charged(RENT, amount), vendor=self.vendor, **{**self.more, **more})

	def credit(self, amount, **more):
		body = {"VendorRef": {"value": self.vendor}, "Line": [self.books.charged(RENT, amount)]}
		return self.books.make("vendorcredit", {**body, **self.more, **more})

	def build(self, total, *settled, **more):
		"""Return a payment's body; ``settled`` are (amount, entity, record)."""
		return {
			"VendorRef": {"value": self.vendor}, "TotalAmt": total, "PayType": "Check",
			"CheckPayment": {"BankAccountRef": {"value": BANK}},
			"Line": [
				{"Amount": amount, "LinkedTxn": [{"TxnId": record["Id"], "TxnType": entity}]}
				for amount, entity, record in settled
			],
			**{key: value for key, value in self.more.items() if key == "CurrencyRef"}, **more,
		}  # fmt: skip

	def pay(self, total, *settled, **more):
		return self.books.make("billpayment", self.build(total, *settled, **more))

	def balances(self):
		"""Return what the vendor's and the account's balance say is owed."""
		return self.books.read("vendor", self.vendor)["Balance"], self.books.balances().get(
			"Accounts Payable (A/P)", "0"
		)


@pytest.fixture
def debt(books):
	return Debt(books)


def read_balance(books, entity, record):
	return books.read(entity, record["Id"])["Balance"]


def test_emulator_billpayment_by_check(debt):
	"""[D] It lowers the bill's Balance, shows in LinkedTxn of both, and bumps the bill."""
	books = debt.books
	payment = debt.pay(60, (60, "Bill", debt.bill))
	assert payment["Line"][0]["LinkedTxn"] == [{"TxnId": debt.bill["Id"], "TxnType": "Bill"}]
	bill = books.read("bill", debt.bill["Id"])
	assert (bill["Balance"], bill["SyncToken"]) == (40, "1")
	assert bill["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "BillPaymentCheck"}]
	assert debt.balances() == (40, "-40.00") and books.balances()["Checking"] == "-60.00"
	books.change("billpayment", payment, "delete")
	bill = books.read("bill", debt.bill["Id"])
	assert (bill["Balance"], bill["LinkedTxn"]) == (100, []) and debt.balances() == (100, "-100.00")


def test_emulator_billpayment_by_card(debt):
	"""[D] On the Bill side it shows as BillPaymentCreditCard; the card's liability grows."""
	payment = debt.pay(
		100, (100, "Bill", debt.bill), PayType="CreditCard", CreditCardPayment={"CCAccountRef": {"value": CARD}},
		CheckPayment=None,
	)  # fmt: skip
	linked = debt.books.read("bill", debt.bill["Id"])["LinkedTxn"]
	assert linked == [{"TxnId": payment["Id"], "TxnType": "BillPaymentCreditCard"}]
	assert debt.books.balances()["Company Credit Card"] == "-100.00" and "CheckPayment" not in payment


@pytest.mark.parametrize(
	("change", "code"),
	[
		({"VendorRef": None}, "2020"),
		({"TotalAmt": None}, "2020"),
		({"Line": None}, "2020"),
		({"TotalAmt": -1}, "2290"),
		({"PayType": None}, "2020"),
		({"PayType": "Cash"}, "2110"),
		({"CheckPayment": None}, "2020"),
		({"CheckPayment": {"BankAccountRef": {"value": CARD}}}, "6430"),
		({"PayType": "CreditCard"}, "2020"),
		({"APAccountRef": {"value": BANK}}, "6430"),
		({"TotalAmt": 10}, "6000"),
		({"Line": [{"Amount": 5, "LinkedTxn": [{"TxnId": "1", "TxnType": "Invoice"}]}]}, "620"),
		({"Line": [{"Amount": 5, "LinkedTxn": [{"TxnId": "999", "TxnType": "Bill"}]}]}, "2500"),
	],
)
def test_emulator_billpayment_refuses(debt, change, code):
	body = {**debt.build(60, (60, "Bill", debt.bill)), **change}
	debt.books.refuse(debt.books.post("billpayment", body), code)
	assert read_balance(debt.books, "bill", debt.bill) == 100


def test_emulator_billpayment_above_the_open_balance_is_refused(debt):
	debt.books.refuse(debt.books.post("billpayment", debt.build(120, (120, "Bill", debt.bill))), "6000")


def test_emulator_billpayment_overpaid_is_a_credit(debt):
	"""[D] What is paid beyond the lines stays with the vendor; a later line of the same payment uses it."""
	payment = debt.pay(150, (100, "Bill", debt.bill))
	assert debt.balances() == (-50, "50.00")
	later = debt.owe(30)
	lines = debt.build(150, (100, "Bill", debt.bill), (30, "Bill", later))["Line"]
	debt.books.change("billpayment", payment, Line=lines, VendorRef={"value": debt.vendor})
	assert read_balance(debt.books, "bill", later) == 0 and debt.balances() == (-20, "20.00")


def test_emulator_billpayment_of_a_paid_bill_is_stored_voided(debt):
	"""[C] A comment in python-quickbooks: paying an already paid bill yields an empty Line and a voided payment."""
	debt.pay(100, (100, "Bill", debt.bill))
	second = debt.pay(100, (100, "Bill", debt.bill))
	assert (second["Line"], second["TotalAmt"]) == ([], 0) and second["PrivateNote"].startswith("Voided")
	assert debt.balances() == (0, "0") and debt.books.balances()["Checking"] == "-100.00"


def test_emulator_billpayment_applies_a_vendor_credit(debt):
	"""[D] A VendorCredit is applied by a line with TxnType VendorCredit; the money is the difference."""
	credit = debt.credit(30)
	debt.pay(70, (100, "Bill", debt.bill), (30, "VendorCredit", credit))
	assert read_balance(debt.books, "bill", debt.bill) == 0
	assert read_balance(debt.books, "vendorcredit", credit) == 0
	assert debt.balances() == (0, "0") and debt.books.balances()["Checking"] == "-70.00"


def test_emulator_billpayment_of_zero_applies_a_credit_alone(debt):
	credit = debt.credit(30)
	payment = debt.pay(0, (30, "Bill", debt.bill), (30, "VendorCredit", credit))
	assert read_balance(debt.books, "bill", debt.bill) == 70 and debt.balances() == (70, "-70.00")
	debt.books.change("billpayment", payment, "delete")
	assert read_balance(debt.books, "vendorcredit", credit) == 30


def test_emulator_billpayment_void(debt):
	"""[D][L] ``operation=update&include=void`` empties it; ``operation=void`` is 400, code 500, element Operation."""
	books = debt.books
	payment = debt.pay(60, (60, "Bill", debt.bill), PrivateNote="March")
	body = {"Id": payment["Id"], "SyncToken": "0", "sparse": True}
	error = books.refuse(books.post("billpayment", body, operation="void"), "500")
	assert error["element"] == "Operation"
	voided = books.make("billpayment", body, operation="update", include="void")
	assert (voided["TotalAmt"], voided["Line"], voided["PrivateNote"]) == (0, [], "Voided - March")
	assert read_balance(books, "bill", debt.bill) == 100 and debt.balances() == (100, "-100.00")


def test_emulator_billpayment_vendor_is_required_on_every_update(debt):
	payment = debt.pay(60, (60, "Bill", debt.bill))
	body = {"Id": payment["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
	debt.books.refuse(debt.books.post("billpayment", body), "2020")


def test_emulator_bill_that_is_paid_cannot_be_deleted(debt):
	"""[D] Linked transactions must be unlinked before a Bill is deleted."""
	books = debt.books
	payment = debt.pay(60, (60, "Bill", debt.bill))
	token = books.read("bill", debt.bill["Id"])["SyncToken"]
	body = {"Id": debt.bill["Id"], "SyncToken": token}
	error = books.refuse(books.post("bill", body, operation="delete"), "800")
	assert payment["Id"] in error["Detail"]
	books.change("billpayment", payment, "delete")
	books.change("bill", debt.bill, "delete")
	assert debt.balances() == (0, "0")


def test_emulator_bill_lowered_below_its_payment_sets_the_rest_free(debt):
	books = debt.books
	payment = debt.pay(60, (60, "Bill", debt.bill))
	line = books.charged(RENT, 40)
	books.change("bill", debt.bill, Line=[line], VendorRef={"value": debt.vendor})
	assert read_balance(books, "bill", debt.bill) == 0
	assert books.read("billpayment", payment["Id"])["Line"][0]["Amount"] == 40
	assert debt.balances() == (-20, "20.00")


def test_emulator_billpayment_of_another_vendors_bill_is_refused(debt):
	other = debt.books.vendor("Other")
	body = {**debt.build(60, (60, "Bill", debt.bill)), "VendorRef": {"value": other}}
	debt.books.refuse(debt.books.post("billpayment", body), "620")


def test_emulator_billpayment_goes_to_the_bills_own_payable(books):
	"""[D] APAccountRef of the bill is the account the payment clears."""
	account = books.make("account", {"Name": "Trade payables", "AccountType": "Accounts Payable"})["Id"]
	debt = Debt(books, APAccountRef={"value": account})
	payment = debt.pay(100, (100, "Bill", debt.bill))
	assert "Trade payables" not in books.balances()
	books.change("billpayment", payment, "delete")
	assert books.balances()["Trade payables"] == "-100.00"


def test_emulator_bill_moved_to_another_payable_takes_its_payment_along(debt):
	account = debt.books.make("account", {"Name": "Trade payables", "AccountType": "Accounts Payable"})["Id"]
	debt.pay(60, (60, "Bill", debt.bill))
	debt.books.change("bill", debt.bill, APAccountRef={"value": account}, VendorRef={"value": debt.vendor})
	balances = debt.books.balances()
	assert balances["Trade payables"] == "-40.00" and "Accounts Payable (A/P)" not in balances


# ------------------------------------------------------------------------------------------- currencies


@pytest.fixture
def euro(books):
	books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	return Debt(books, CurrencyRef={"value": "EUR"}, ExchangeRate=1.1)


def test_emulator_billpayment_realises_the_exchange_difference(euro):
	"""[D] The bill leaves the payable at its own rate, the bank pays at the payment's: the difference is a loss."""
	euro.pay(100, (100, "Bill", euro.bill), ExchangeRate=1.2)
	assert euro.books.balances() == {
		"Checking": "-120.00", "Rent or Lease": "110.00", "Exchange Gain or Loss": "10.00",
	}  # fmt: skip
	assert euro.balances()[0] == 0 and read_balance(euro.books, "bill", euro.bill) == 0


def test_emulator_vendor_credit_applied_realises_the_exchange_difference(euro):
	credit = euro.credit(100, ExchangeRate=1.3)
	euro.pay(0, (100, "Bill", euro.bill), (100, "VendorCredit", credit), ExchangeRate=1.2)
	balances = euro.books.balances()
	assert balances == {"Rent or Lease": "-20.00", "Exchange Gain or Loss": "20.00"}


def test_emulator_billpayment_in_parts_leaves_no_cents(euro):
	bill = euro.owe(10, ExchangeRate=1.111)
	euro.pay(100, (100, "Bill", euro.bill), ExchangeRate=1.1)
	for amount in (3.33, 3.33, 3.34):
		euro.pay(amount, (amount, "Bill", bill), ExchangeRate=1.111)
	assert "Accounts Payable (A/P) - EUR" not in euro.books.balances()
	assert euro.books.read("bill", bill["Id"])["HomeBalance"] == 0
