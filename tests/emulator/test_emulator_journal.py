"""JournalEntry: sides, names on receivables and payables, and journals as what payments settle."""

import pytest

BANK, RENT, EQUITY, RECEIVABLE, PAYABLE = "1", "50", "28", "10", "20"


def build_line(side, account, amount, **detail):
	return {
		"Amount": amount, "DetailType": "JournalEntryLineDetail",
		"JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}, **detail},
	}  # fmt: skip


def build_body(*lines, **more):
	lines = lines or (build_line("Debit", RENT, 100), build_line("Credit", EQUITY, 100))
	return {"Line": list(lines), **more}


def name(kind, identifier):
	return {"Type": kind, "EntityRef": {"value": identifier}}


def test_emulator_journal_posts_as_it_is(books):
	lines = [
		build_line("Debit", RENT, 100, ClassRef={"value": "1"}), build_line("Credit", EQUITY, 60),
		build_line("Credit", BANK, 40), {"DetailType": "DescriptionOnly", "Description": "accrual"},
	]  # fmt: skip
	journal = books.make("journalentry", build_body(*lines, DocNumber="J-1", PrivateNote="x"))
	assert (journal["TotalAmt"], journal["Adjustment"], journal["DocNumber"]) == (100, False, "J-1")
	assert [line["Id"] for line in journal["Line"]] == ["0", "1", "2", "3"]
	assert journal["Line"][0]["JournalEntryLineDetail"]["ClassRef"]["value"] == "1"
	assert "OpenLine" not in journal and "OpenLine" not in str(books.query("select * from JournalEntry"))
	assert books.balances() == {"Checking": "-40.00", "Owner's Equity": "-60.00", "Rent or Lease": "100.00"}
	changed = books.change("journalentry", journal, PrivateNote="y")
	assert [line["Id"] for line in changed["Line"]] == ["0", "1", "2", "3"]
	books.change("journalentry", journal, "delete")
	assert books.balances() == {}


@pytest.mark.parametrize(
	("lines", "code"),
	[
		([], "2250"),
		([build_line("Debit", RENT, 100), build_line("Credit", EQUITY, 99)], "2300"),
		([build_line("Debit", RENT, 100)], "2300"),
		([build_line(None, RENT, 100), build_line("Credit", EQUITY, 100)], "2260"),
		([build_line("Debit", RENT, -5), build_line("Credit", EQUITY, -5)], "2290"),
		([build_line("Debit", None, 5), build_line("Credit", EQUITY, 5)], "6440"),
		([build_line("Debit", "999", 5), build_line("Credit", EQUITY, 5)], "2500"),
		([build_line("Debit", RENT, None), build_line("Credit", EQUITY, 5)], "2020"),
		([build_line("Debit", RECEIVABLE, 5), build_line("Credit", EQUITY, 5)], "6000"),
		([build_line("Debit", RENT, 5), build_line("Credit", PAYABLE, 5)], "6000"),
	],
)
def test_emulator_journal_refuses(books, lines, code):
	"""[D] 2250 no lines, 2260 no PostingType, 2290 negative, 2300 debits != credits; [K] A/R and A/P need their name."""
	books.refuse(books.post("journalentry", {"Line": lines}), code)
	assert books.balances() == {}


def test_emulator_journal_names(books):
	"""[K] A customer on A/R, a vendor on A/P, and only one such line."""
	customer, vendor = books.customer(), books.vendor()
	wrong = build_line("Debit", RECEIVABLE, 5, Entity=name("Vendor", vendor))
	books.refuse(books.post("journalentry", build_body(wrong, build_line("Credit", EQUITY, 5))), "6000")
	two = [
		build_line("Debit", RECEIVABLE, 5, Entity=name("Customer", customer)),
		build_line("Credit", PAYABLE, 5, Entity=name("Vendor", vendor)),
	]
	books.refuse(books.post("journalentry", build_body(*two)), "6000")
	unlike = build_line("Debit", RENT, 5, Entity=name("Customer", vendor))
	books.refuse(books.post("journalentry", build_body(unlike, build_line("Credit", EQUITY, 5))), "2500")
	line = build_line("Debit", RENT, 5, Entity=name("Vendor", vendor))
	journal = books.make("journalentry", build_body(line, build_line("Credit", EQUITY, 5)))
	entity = journal["Line"][0]["JournalEntryLineDetail"]["Entity"]
	assert entity == {"Type": "Vendor", "EntityRef": {"value": vendor, "name": "Dukes Supply"}}
	assert books.read("vendor", vendor)["Balance"] == 0


def test_emulator_journal_void_says_yes_and_does_nothing(books):
	"""[L] HTTP 200, no Fault, an empty BatchItemResponse, nothing changed."""
	journal = books.make("journalentry", build_body())
	answer = books.post("journalentry", {"Id": journal["Id"], "SyncToken": "0"}, operation="void")
	assert answer.status_code == 200 and answer.json()["BatchItemResponse"] == []
	assert set(answer.json()) == {"BatchItemResponse", "time"}
	assert books.read("journalentry", journal["Id"]) == journal


def test_emulator_journal_is_paid_by_a_customer(books):
	"""[D] A Payment line may name a JournalEntry; the customer's balance holds it."""
	customer = books.customer()
	debit = build_line("Debit", RECEIVABLE, 80, Entity=name("Customer", customer))
	journal = books.make("journalentry", build_body(debit, build_line("Credit", EQUITY, 80)))
	assert books.read("customer", customer)["Balance"] == 80
	linked = [{"TxnId": journal["Id"], "TxnType": "JournalEntry"}]
	body = {"CustomerRef": {"value": customer}, "TotalAmt": 80, "Line": [{"Amount": 80, "LinkedTxn": linked}]}
	payment = books.make("payment", body)
	assert books.read("customer", customer)["Balance"] == 0
	assert "Accounts Receivable (A/R)" not in books.balances()
	seen = books.read("journalentry", journal["Id"])["LinkedTxn"]
	assert seen == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
	books.refuse(books.post("payment", {**body, "Line": [{"Amount": 1, "LinkedTxn": linked}]}), "6000")


@pytest.mark.parametrize("side", ["Debit", "Credit"])
def test_emulator_journal_that_changes_its_side_lets_its_payment_go(books, side):
	"""What was owed is a credit then, or the other way round: the payment that named it settles it no more."""
	customer, other = books.customer(), {"Debit": "Credit", "Credit": "Debit"}[side]

	def build(first, second):
		owner = name("Customer", customer)
		return [build_line(first, RECEIVABLE, 80, Entity=owner), build_line(second, EQUITY, 80)]

	journal = books.make("journalentry", build_body(*build(side, other)))
	lines, total = [books.apply(80, journal, "JournalEntry")], 80
	if side == "Credit":
		invoice = books.invoice(customer=customer)
		lines, total = [books.apply(80, invoice), *lines], 0
	payment = books.payment(customer, total, *lines)
	books.change("journalentry", journal, Line=build(other, side))
	left = books.read("payment", payment["Id"])
	assert (left["UnappliedAmt"], left["Line"]) == (total, [])
	assert books.read("journalentry", journal["Id"])["LinkedTxn"] == []
	if side == "Credit":
		assert books.read("invoice", invoice["Id"])["Balance"] == 100
	assert books.read("customer", customer)["Balance"] == {"Debit": -160, "Credit": 180}[side]
	assert books.balances()["Accounts Receivable (A/R)"] == {"Debit": "-160.00", "Credit": "180.00"}[side]


def test_emulator_journal_is_a_vendors_credit_or_debt(books):
	"""[D] A BillPayment may name journals: one that credits A/P is owed, one that debits it is a credit."""
	vendor = books.vendor()
	owed = books.make(
		"journalentry",
		build_body(
			build_line("Debit", RENT, 50), build_line("Credit", PAYABLE, 50, Entity=name("Vendor", vendor))
		),
	)
	credit = books.make(
		"journalentry",
		build_body(
			build_line("Debit", PAYABLE, 20, Entity=name("Vendor", vendor)), build_line("Credit", RENT, 20)
		),
	)
	assert books.read("vendor", vendor)["Balance"] == 30
	lines = [
		{"Amount": amount, "LinkedTxn": [{"TxnId": journal["Id"], "TxnType": "JournalEntry"}]}
		for amount, journal in ((50, owed), (20, credit))
	]
	body = {
		"VendorRef": {"value": vendor}, "TotalAmt": 30, "PayType": "Check",
		"CheckPayment": {"BankAccountRef": {"value": BANK}}, "Line": lines,
	}  # fmt: skip
	books.make("billpayment", body)
	assert books.balances() == {"Checking": "-30.00", "Rent or Lease": "30.00"}
	assert books.read("vendor", vendor)["Balance"] == 0
	other = books.make("journalentry", build_body())
	line = {"Amount": 5, "LinkedTxn": [{"TxnId": other["Id"], "TxnType": "JournalEntry"}]}
	answer = books.post("billpayment", {**body, "Line": [line]})
	assert answer.status_code == 400 and answer.json()["Fault"]["Error"][0]["code"] in ("620", "6000")


def test_emulator_journal_in_another_currency(books):
	"""Home amounts line by line; the cent by which they miss each other is an exchange difference."""
	books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	books.refuse(books.post("journalentry", build_body()), "2020")
	lines = [
		build_line("Debit", RENT, 0.05),
		build_line("Debit", BANK, 0.05),
		build_line("Credit", EQUITY, 0.10),
	]
	journal = books.make("journalentry", build_body(*lines, CurrencyRef={"value": "EUR"}, ExchangeRate=1.1))
	assert (journal["TotalAmt"], journal["HomeTotalAmt"]) == (0.1, 0.11)
	assert books.balances() == {
		"Checking": "0.06", "Owner's Equity": "-0.11", "Rent or Lease": "0.06", "Exchange Gain or Loss": "-0.01",
	}  # fmt: skip
	vendor = books.vendor("Van Dijk", CurrencyRef={"value": "EUR"})
	line = build_line("Credit", PAYABLE, 5, Entity=name("Vendor", vendor))
	body = build_body(build_line("Debit", RENT, 5), line, CurrencyRef={"value": "EUR"})
	books.refuse(books.post("journalentry", body), "6000")


def test_emulator_journal_in_a_closed_period(books):
	books.preferences(AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
	books.refuse(books.post("journalentry", build_body(TxnDate="2026-01-31")), "6200")
