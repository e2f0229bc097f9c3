"""Deposits: what is taken from Undeposited Funds to the bank, free lines and cash back."""

import pytest

UNDEPOSITED = "Undeposited Funds"
VOID = {"operation": "update", "include": "void"}


def take(transaction: dict, kind: str = "Payment", **more) -> dict:
	linked = {"TxnId": transaction["Id"], "TxnType": kind, "TxnLineId": "0"}
	return {"LinkedTxn": [linked], "Amount": transaction["TotalAmt"], **more}


def free(account: str, amount: float, **detail) -> dict:
	detail = {"AccountRef": {"value": account}, **detail}
	return {"Amount": amount, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}


@pytest.fixture
def money(books):
	"""Return a payment of 70 and a sales receipt of 20 in Undeposited Funds, and their customer."""
	customer = books.customer()
	receipt = books.make("salesreceipt", {"Line": [books.line(books.item(), 20)]})
	return books.payment(customer, 70), receipt, customer


def deposit_body(*lines: dict, **more) -> dict:
	return {"DepositToAccountRef": {"value": "1"}, "Line": list(lines), **more}


def test_emulator_deposit_wants_account_and_lines(books, money):
	"""Intuit docs: deposit. Required: DepositToAccountRef, Line; a linked line needs its TxnLineId."""
	payment, _receipt, _customer = money
	body = deposit_body(take(payment))
	assert books.refuse(books.post("deposit", {**body, "Line": []}), "2020")["element"] == "Line"
	del body["DepositToAccountRef"]
	assert books.refuse(books.post("deposit", body), "2020")["element"] == "DepositToAccountRef"
	linked = {"Amount": 70, "LinkedTxn": [{"TxnId": payment["Id"], "TxnType": "Payment"}]}
	books.refuse(books.post("deposit", deposit_body(linked)), "2020")
	books.refuse(
		books.post("deposit", deposit_body({"Amount": 5, "DetailType": "DepositLineDetail"})), "6440"
	)
	books.refuse(
		books.post("deposit", deposit_body(take(payment), DepositToAccountRef={"value": "31"})), "6430"
	)


def test_emulator_deposit_takes_from_undeposited_funds(books, money):
	"""Intuit docs: deposit. Both sides show LinkedTxn; free lines post to their account, CashBack to its own."""
	payment, receipt, _customer = money
	cash = {"AccountRef": {"value": "29"}, "Amount": 15, "Memo": "till"}
	lines = [take(payment), take(receipt, "SalesReceipt"), free("32", 10), free("31", -4)]
	deposit = books.make("deposit", deposit_body(*lines, CashBack=cash))
	assert deposit["TotalAmt"] == 81 and [line["Id"] for line in deposit["Line"]] == ["1", "2", "3", "4"]
	assert books.read("payment", payment["Id"])["LinkedTxn"] == [
		{"TxnId": deposit["Id"], "TxnType": "Deposit"}
	]
	assert books.read("salesreceipt", receipt["Id"])["SyncToken"] == "1"
	balances = books.balances()
	assert UNDEPOSITED not in balances and balances["Checking"] == "81.00"
	assert books.balances()["Sales of Product Income"] == "-16.00"


def test_emulator_deposit_is_whole_and_once(books, money):
	payment, _receipt, customer = money
	part = {**take(payment), "Amount": 69}
	books.refuse(books.post("deposit", deposit_body(part)), "6000")
	books.make("deposit", deposit_body(take(payment)))
	books.refuse(books.post("deposit", deposit_body(take(payment))), "620")
	at_bank = books.payment(customer, 5, DepositToAccountRef={"value": "1"})
	books.refuse(books.post("deposit", deposit_body(take(at_bank))), "620")
	invoice = books.invoice(books.line("1"), customer=customer)
	books.refuse(books.post("deposit", deposit_body(take(invoice, "Invoice"))), "620")
	assert books.balances()["Checking"] == "75.00"


@pytest.mark.parametrize("parameters", [VOID, {"operation": "delete"}])
def test_emulator_deposited_payment_must_leave_its_deposit_first(books, money, parameters):
	"""[D] "A deposited payment must first be removed from its Deposit": 6540."""
	payment, receipt, _customer = money
	deposit = books.make("deposit", deposit_body(take(payment), take(receipt, "SalesReceipt")))
	books.refuse(books.drop("payment", payment, **parameters), "6540")
	books.refuse(books.drop("salesreceipt", receipt, **parameters), "6540")
	change = {"Id": payment["Id"], "SyncToken": "1", "sparse": True}
	books.refuse(books.post("payment", {**change, "TotalAmt": 71}), "6540")
	assert books.make("payment", {**change, "PrivateNote": "kept"})["LinkedTxn"]
	rest = {"Id": deposit["Id"], "SyncToken": "0", "sparse": True, "Line": [take(receipt, "SalesReceipt")]}
	assert books.make("deposit", rest)["TotalAmt"] == 20
	assert books.drop("payment", payment, **parameters).status_code == 200
	assert books.balances()["Checking"] == "20.00"


def test_emulator_deleted_deposit_gives_the_money_back(books, money):
	payment, _receipt, _customer = money
	deposit = books.make("deposit", deposit_body(take(payment)))
	books.refuse(books.drop("deposit", deposit, operation="void"), "500")
	assert books.drop("deposit", deposit, operation="delete").status_code == 200
	assert books.read("payment", payment["Id"])["LinkedTxn"] == []
	assert books.balances()[UNDEPOSITED] == "90.00" and "Checking" not in books.balances()


def test_emulator_deposit_line_to_a_receivable_needs_its_customer(books, money):
	"""A line to A/R lowers what the customer named as its Entity owes."""
	_payment, _receipt, customer = money
	books.refuse(books.post("deposit", deposit_body(free("10", 30))), "6000")
	entity = {"value": customer, "type": "CUSTOMER"}
	deposit = books.make("deposit", deposit_body(free("10", 30, Entity=entity)))
	assert deposit["Line"][0]["DepositLineDetail"]["Entity"]["name"] == "King Groceries"
	assert books.read("customer", customer)["Balance"] == -100
	books.drop("deposit", deposit, operation="delete")
	assert books.read("customer", customer)["Balance"] == -70
