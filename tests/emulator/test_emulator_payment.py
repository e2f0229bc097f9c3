"""Payments: what they settle, what stays unapplied, and what happens to both sides afterwards. Witness: the ledger."""

import pytest

RECEIVABLE, UNDEPOSITED = "Accounts Receivable (A/R)", "Undeposited Funds"
VOID = {"operation": "update", "include": "void"}


@pytest.fixture
def sale(books):
	"""Return a customer and a function that invoices it."""
	customer, item = books.customer(), books.item()

	def invoice(amount=100, **more):
		return books.invoice(books.line(item, amount), customer=more.pop("customer", customer), **more)

	invoice.customer, invoice.item = customer, item
	return invoice


def test_emulator_payment_wants_customer_and_total(books, sale):
	"""Intuit docs: payment. Required: CustomerRef, TotalAmt."""
	assert books.refuse(books.post("payment", {"TotalAmt": 5}), "2020")["element"] == "CustomerRef"
	body = {"CustomerRef": {"value": sale.customer}}
	assert books.refuse(books.post("payment", body), "2020")["element"] == "TotalAmt"
	books.refuse(books.post("payment", {**body, "TotalAmt": -1}), "2290")
	assert books.balances() == {}


def test_emulator_payment_without_lines_is_unapplied(books, sale):
	"""Intuit docs: payment. The minimal body; the money lies in Undeposited Funds where no account is named."""
	sale()
	payment = books.payment(sale.customer, 25.0)
	assert (payment["TotalAmt"], payment["UnappliedAmt"], payment["Line"]) == (25, 25, [])
	assert payment["DepositToAccountRef"] == {"value": "12", "name": UNDEPOSITED}
	assert "DocNumber" not in payment and payment["ProcessPayment"] is False
	balances = books.balances()
	assert (balances[UNDEPOSITED], balances[RECEIVABLE]) == ("25.00", "75.00")
	assert books.read("customer", sale.customer)["Balance"] == 75


def test_emulator_payment_settles_an_invoice_on_both_sides(books, sale):
	"""Intuit docs: payment, invoice. LinkedTxn on both sides; paying an invoice bumps the invoice."""
	invoice = sale(100)
	books.advance(60)
	payment = books.payment(sale.customer, 55.0, books.apply(55.0, invoice), PaymentRefNum="CHK 7")
	assert (payment["UnappliedAmt"], payment["PaymentRefNum"]) == (0, "CHK 7")
	assert payment["Line"][0]["LinkedTxn"] == [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
	paid = books.read("invoice", invoice["Id"])
	assert (paid["Balance"], paid["TotalAmt"], paid["SyncToken"]) == (45, 100, "1")
	assert paid["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
	assert paid["MetaData"]["LastUpdatedTime"] > invoice["MetaData"]["LastUpdatedTime"]
	assert paid["MetaData"]["CreateTime"] == invoice["MetaData"]["CreateTime"]
	assert books.query("select * from Invoice where Balance = '45.00'")["Invoice"][0]["Id"] == invoice["Id"]
	stale = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
	books.refuse(books.post("invoice", stale), "5010")
	balances = books.balances()
	assert (balances[UNDEPOSITED], balances[RECEIVABLE]) == ("55.00", "45.00")


def test_emulator_payment_lines_carry_lineex_noise(books, sale):
	"""[D] Payment's sample response: LineEx with txnId, txnOpenBalance and txnReferenceNumber."""
	invoice = sale(100, DocNumber="SD-4")
	line = books.payment(sale.customer, 30, books.apply(30, invoice))["Line"][0]
	pairs = {entry["value"]["Name"]: entry["value"]["Value"] for entry in line["LineEx"]["any"]}
	assert pairs == {"txnId": invoice["Id"], "txnOpenBalance": "100.00", "txnReferenceNumber": "SD-4"}
	assert line["LineEx"]["any"][0]["declaredType"] == "com.intuit.schema.finance.v3.NameValue"


def test_emulator_overpayment_stays_unapplied(books, sale):
	"""Intuit docs: payment. TotalAmt above the lines: the rest is UnappliedAmt."""
	invoice = sale(100)
	payment = books.payment(sale.customer, 130, books.apply(100, invoice))
	assert payment["UnappliedAmt"] == 30
	assert books.read("customer", sale.customer)["Balance"] == -30
	assert books.balances()[RECEIVABLE] == "-30.00"


def test_emulator_payment_above_what_is_open_is_refused(books, sale):
	"""6000 with a sentence; nothing is stored. The code is not confirmed by Intuit."""
	invoice = sale(100)
	body = {"CustomerRef": {"value": sale.customer}, "TotalAmt": 150, "Line": [books.apply(100.01, invoice)]}
	books.refuse(books.post("payment", body), "6000")
	books.payment(sale.customer, 60, books.apply(60, invoice))
	books.refuse(books.post("payment", {**body, "Line": [books.apply(41, invoice)]}), "6000")
	books.refuse(books.post("payment", {**body, "TotalAmt": 10, "Line": [books.apply(40, invoice)]}), "6000")
	assert books.read("invoice", invoice["Id"])["Balance"] == 40
	assert books.query("select count(*) from Payment") == {"totalCount": 1}
	assert books.balances()[UNDEPOSITED] == "60.00"


def test_emulator_payment_of_what_cannot_be_linked(books, sale):
	"""620 for other kinds, other customers and voided invoices; 2500 for what does not exist."""
	invoice, other = sale(100), books.customer("Other")
	gone = sale(10)
	books.drop("invoice", gone, operation="void")
	for line, customer, code in (
		(books.apply(5, invoice, "SalesReceipt"), sale.customer, "620"),
		(books.apply(5, invoice), other, "620"),
		(books.apply(5, {"Id": "999"}), sale.customer, "2500"),
		(books.apply(5, {"Id": "x"}), sale.customer, "2030"),
		(books.apply(-5, invoice), sale.customer, "2290"),
		({"LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}, sale.customer, "2020"),
	):
		body = {"CustomerRef": {"value": customer}, "TotalAmt": 50, "Line": [line]}
		books.refuse(books.post("payment", body), code)
	body = {"CustomerRef": {"value": sale.customer}, "TotalAmt": 50, "Line": [books.apply(5, gone)]}
	assert books.post("payment", body).json()["Fault"]["Error"][0]["code"] in ("620", "6000")
	assert UNDEPOSITED not in books.balances()


def test_emulator_payment_of_several_invoices(books, sale):
	first, second = sale(100), sale(50)
	books.payment(sale.customer, 120, books.apply(80, first), books.apply(40, second))
	assert [books.read("invoice", one["Id"])["Balance"] for one in (first, second)] == [20, 10]
	books.payment(sale.customer, 30, books.apply(20, first), books.apply(10, second))
	assert len(books.read("invoice", first["Id"])["LinkedTxn"]) == 2
	assert books.query("select * from Invoice where Balance > '0'") == {}
	assert RECEIVABLE not in books.balances()


def test_emulator_lines_of_a_payment_are_replaced_as_a_whole(books, sale):
	"""[D][L] All lines are resent on any line change; a sparse update with Line replaces them all."""
	first, second = sale(100), sale(50)
	payment = books.payment(sale.customer, 120, books.apply(80, first), books.apply(40, second))
	body = {"Id": payment["Id"], "SyncToken": "0", "sparse": True, "Line": [books.apply(90, first)]}
	changed = books.make("payment", body)
	assert (changed["UnappliedAmt"], len(changed["Line"])) == (30, 1)
	assert [books.read("invoice", one["Id"])["Balance"] for one in (first, second)] == [10, 50]
	assert books.read("invoice", second["Id"])["LinkedTxn"] == []
	note = {"Id": payment["Id"], "SyncToken": "1", "sparse": True, "PrivateNote": "kept"}
	assert books.make("payment", note)["Line"][0]["Amount"] == 90
	assert books.read("invoice", first["Id"])["SyncToken"] == "2"  # the note did not touch it
	full = {"Id": payment["Id"], "SyncToken": "2", "CustomerRef": {"value": sale.customer}, "TotalAmt": 120}
	assert books.make("payment", full)["UnappliedAmt"] == 120
	assert books.read("invoice", first["Id"])["Balance"] == 100
	assert books.balances()[RECEIVABLE] == "30.00"


def test_emulator_payment_may_use_its_own_share_again(books, sale):
	invoice = sale(100)
	payment = books.payment(sale.customer, 100, books.apply(100, invoice))
	body = {"Id": payment["Id"], "SyncToken": "0", "sparse": True, "Line": [books.apply(70, invoice)]}
	assert books.make("payment", body)["UnappliedAmt"] == 30
	body = {**body, "SyncToken": "1", "Line": [books.apply(100, invoice)]}
	assert books.make("payment", body)["UnappliedAmt"] == 0
	books.refuse(
		books.post(
			"payment", {**body, "SyncToken": "2", "TotalAmt": 200, "Line": [books.apply(101, invoice)]}
		),
		"6000",
	)


def test_emulator_payment_is_applied_to_the_oldest_by_preference(books, sale):
	"""[D] Preferences.SalesFormsPrefs.AutoApplyPayments."""
	young, old = sale(100, TxnDate="2026-03-02"), sale(50, TxnDate="2026-03-01")
	books.preferences(SalesFormsPrefs={"AutoApplyPayments": True})
	payment = books.payment(sale.customer, 70)
	assert [line["LinkedTxn"][0]["TxnId"] for line in payment["Line"]] == [old["Id"], young["Id"]]
	assert [line["Amount"] for line in payment["Line"]] == [50, 20] and payment["UnappliedAmt"] == 0
	assert books.payment(sale.customer, 100)["UnappliedAmt"] == 20
	assert books.query("select * from Invoice where Balance > '0'") == {}


def test_emulator_payment_of_zero_applies_a_credit_memo(books, sale):
	"""Intuit docs: payment, "Apply credit": TotalAmt 0 with an Invoice line and a CreditMemo line."""
	invoice = sale(100)
	credit = books.make(
		"creditmemo", {"CustomerRef": {"value": sale.customer}, "Line": [books.line(sale.item, 30)]}
	)
	before = books.balances()
	payment = books.payment(sale.customer, 0, books.apply(30, invoice), books.apply(30, credit, "CreditMemo"))
	assert (payment["TotalAmt"], payment["UnappliedAmt"]) == (0, 0)
	assert books.read("invoice", invoice["Id"])["Balance"] == 70
	used = books.read("creditmemo", credit["Id"])
	assert (used["RemainingCredit"], used["Balance"], used["TotalAmt"]) == (0, 0, 30)
	assert used["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
	assert books.balances() == before  # applying a credit moves nothing
	assert books.read("customer", sale.customer)["Balance"] == 70


def test_emulator_credits_cannot_exceed_what_they_pay(books, sale):
	credit = books.make(
		"creditmemo", {"CustomerRef": {"value": sale.customer}, "Line": [books.line(sale.item, 30)]}
	)
	line = books.apply(30, credit, "CreditMemo")
	body = {"CustomerRef": {"value": sale.customer}, "TotalAmt": 0, "Line": [line]}
	books.refuse(books.post("payment", body), "6000")
	books.refuse(books.post("payment", {**body, "Line": [books.apply(31, credit, "CreditMemo")]}), "6000")
	invoice = sale(20)
	money = books.payment(sale.customer, 5, books.apply(20, invoice), books.apply(15, credit, "CreditMemo"))
	assert money["UnappliedAmt"] == 0 and books.read("creditmemo", credit["Id"])["RemainingCredit"] == 15


def test_emulator_voided_payment_lets_go(books, sale):
	"""[D] operation=update&include=void: amounts 0, Line and links emptied, "Voided" before the private note."""
	invoice = sale(100)
	payment = books.payment(sale.customer, 60, books.apply(60, invoice), PrivateNote="check 7")
	books.refuse(books.drop("payment", payment, operation="void"), "500")
	voided = books.drop("payment", payment, **VOID).json()["Payment"]
	assert (voided["TotalAmt"], voided["UnappliedAmt"], voided["Line"], voided["SyncToken"]) == (
		0,
		0,
		[],
		"1",
	)
	assert voided["PrivateNote"].startswith("Voided") and voided["PrivateNote"].endswith("check 7")
	freed = books.read("invoice", invoice["Id"])
	assert (freed["Balance"], freed["LinkedTxn"], freed["SyncToken"]) == (100, [], "2")
	assert UNDEPOSITED not in books.balances() and books.balances()[RECEIVABLE] == "100.00"
	assert books.read("payment", payment["Id"])["TotalAmt"] == 0


def test_emulator_deleted_payment_lets_go(books, sale):
	invoice = sale(100)
	payment = books.payment(sale.customer, 60, books.apply(60, invoice))
	answer = books.drop("payment", payment, operation="delete").json()
	assert answer["Payment"] == {"status": "Deleted", "domain": "QBO", "Id": payment["Id"]}
	assert books.read("invoice", invoice["Id"])["Balance"] == 100
	assert books.read("customer", sale.customer)["Balance"] == 100


@pytest.mark.parametrize("operation", ["void", "delete"])
def test_emulator_what_paid_a_dropped_invoice_becomes_unapplied(books, sale, operation):
	"""The payment stays with its money; its line is gone."""
	invoice, other = sale(100), sale(20)
	payment = books.payment(sale.customer, 90, books.apply(70, invoice), books.apply(20, other))
	assert books.drop("invoice", invoice, operation=operation).status_code == 200
	left = books.read("payment", payment["Id"])
	assert (left["UnappliedAmt"], left["SyncToken"], len(left["Line"])) == (70, "1", 1)
	assert books.read("invoice", other["Id"])["Balance"] == 0
	assert books.balances()[RECEIVABLE] == "-70.00"


def test_emulator_dropped_invoice_gives_its_credit_back(books, sale):
	"""A payment of 0 cannot keep a credit for nothing: the credit memo is open again."""
	invoice = sale(100)
	credit = books.make(
		"creditmemo", {"CustomerRef": {"value": sale.customer}, "Line": [books.line(sale.item, 30)]}
	)
	payment = books.payment(sale.customer, 0, books.apply(30, invoice), books.apply(30, credit, "CreditMemo"))
	books.drop("invoice", invoice, operation="delete")
	assert books.read("creditmemo", credit["Id"])["RemainingCredit"] == 30
	left = books.read("payment", payment["Id"])
	assert (left["UnappliedAmt"], left["Line"]) == (0, [])


def test_emulator_invoice_lowered_below_its_payment(books, sale):
	"""What no longer fits becomes unapplied. Not confirmed by Intuit."""
	invoice = sale(100)
	payment = books.payment(sale.customer, 80, books.apply(80, invoice))
	change = {
		"Id": invoice["Id"], "SyncToken": "1", "sparse": True, "Line": [books.line(sale.item, 50)],
	}  # fmt: skip
	changed = books.make("invoice", change)
	assert (changed["Balance"], changed["LinkedTxn"][0]["TxnId"]) == (0, payment["Id"])
	left = books.read("payment", payment["Id"])
	assert (left["UnappliedAmt"], left["Line"][0]["Amount"]) == (30, 50)
	assert books.balances()[RECEIVABLE] == "-30.00"


def test_emulator_resent_links_of_an_invoice_are_not_its_own(books, sale):
	"""A client that reads, changes and sends back sends LinkedTxn of payments too."""
	invoice = sale(100)
	books.payment(sale.customer, 80, books.apply(80, invoice))
	whole = books.read("invoice", invoice["Id"])
	changed = books.make("invoice", {**whole, "PrivateNote": "x"})
	assert changed["LinkedTxn"] == whole["LinkedTxn"] and changed["Balance"] == 20
	forged = {**changed, "LinkedTxn": [{"TxnId": "999", "TxnType": "Payment"}]}
	books.refuse(books.post("invoice", forged), "620")


def test_emulator_parent_pays_for_its_sub_customer(books, sale):
	"""The balance of each follows its own transactions; BalanceWithJobs counts all below."""
	job = books.customer("Job 1", Job=True, ParentRef={"value": sale.customer})
	invoice = sale(100, customer=job)
	parent = books.read("customer", sale.customer)
	assert (parent["Balance"], parent["BalanceWithJobs"]) == (0, 100)
	payment = books.payment(sale.customer, 70, books.apply(60, invoice))
	assert books.read("customer", job)["Balance"] == 40
	parent = books.read("customer", sale.customer)
	assert (parent["Balance"], parent["BalanceWithJobs"]) == (-10, 30)
	books.drop("payment", payment, operation="delete")
	assert books.read("customer", job)["BalanceWithJobs"] == 100
	grand = books.customer("Grand")
	moved = books.read("customer", job)
	books.make("customer", {**moved, "ParentRef": {"value": grand}})
	assert books.read("customer", grand)["BalanceWithJobs"] == 100
	assert books.read("customer", sale.customer)["BalanceWithJobs"] == 0


def test_emulator_customer_with_a_balance_cannot_be_made_inactive(books, sale):
	"""6220; once paid it can."""
	invoice = sale(100)
	body = {"Id": sale.customer, "SyncToken": "0", "sparse": True, "Active": False}
	books.refuse(books.post("customer", body), "6220")
	books.payment(sale.customer, 100, books.apply(100, invoice))
	assert books.make("customer", body)["Active"] is False


def test_emulator_payment_number_is_not_filterable(books, sale):
	"""[X] "Filter support not provided for Payment" DocNumber; the reference number is PaymentRefNum."""
	books.payment(sale.customer, 5, PaymentRefNum="A-1")
	answer = books.get("query", query="select * from Payment where DocNumber = 'A-1'")
	books.refuse(answer, "4001")
	found = books.query(f"select * from Payment where CustomerRef = '{sale.customer}' and TotalAmt = '5.00'")
	assert found["Payment"][0]["PaymentRefNum"] == "A-1"


def test_emulator_settled_card_payment_cannot_be_voided(books, sale):
	"""6450."""
	card = {
		"CreditChargeInfo": {"ProcessPayment": True, "Type": "Visa"},
		"CreditChargeResponse": {"Status": "Completed"},
	}
	payment = books.payment(sale.customer, 5, CreditCardPayment=card)
	books.refuse(books.drop("payment", payment, **VOID), "6450")


def test_emulator_payment_in_a_closed_period(books, sale):
	invoice = sale(100, TxnDate="2026-01-05")
	payment = books.payment(sale.customer, 50, books.apply(50, invoice), TxnDate="2026-01-20")
	books.preferences(AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
	for parameters in (VOID, {"operation": "delete"}):
		books.refuse(books.drop("payment", payment, **parameters), "6200")
	body = {"CustomerRef": {"value": sale.customer}, "TotalAmt": 5, "TxnDate": "2026-01-31"}
	books.refuse(books.post("payment", body), "6200")
	assert books.payment(sale.customer, 50, books.apply(50, invoice), TxnDate="2026-02-01")
	assert books.read("invoice", invoice["Id"])["Balance"] == 0


def test_emulator_payment_account_must_hold_money(books, sale):
	"""6430 for an income account; a bank is taken as it is."""
	body = {"CustomerRef": {"value": sale.customer}, "TotalAmt": 5, "DepositToAccountRef": {"value": "31"}}
	books.refuse(books.post("payment", body), "6430")
	books.make("payment", {**body, "DepositToAccountRef": {"value": "1"}})
	assert books.balances()["Checking"] == "5.00"
