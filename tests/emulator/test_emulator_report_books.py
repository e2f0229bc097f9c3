"""Reports against the ledger: after one of every kind, after changes, and after many transactions in any order."""

import random

from every_kind import Stage
from report_reader import assert_reports_agree, fetch, list_data


def test_emulator_reports_agree_with_the_ledger_over_every_kind(books):
	stage = Stage(books)
	made = stage.make_all("2026-03-05")
	assert_reports_agree(books)
	kinds = {
		row[1]
		for row in list_data(fetch(books, "TransactionList", start_date="2026-01-01", end_date="2026-12-31"))
	}
	assert len(kinds) == len(made)


def test_emulator_aged_receivables_of_a_day_knows_what_was_paid_later(books):
	customer, item = books.customer(), books.item()
	invoice = books.invoice(books.line(item, 100), customer=customer, TxnDate="2026-01-10")
	body = {"CustomerRef": {"value": customer}, "TotalAmt": 70, "TxnDate": "2026-02-10"}
	line = {"Amount": 60, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
	books.make("payment", {**body, "Line": [line]})
	assert list_data(fetch(books, "AgedReceivables", report_date="2026-02-09"))[0][-1] == "100.00"
	after = fetch(books, "AgedReceivables", report_date="2026-02-12")
	assert list_data(after) == [["King Groceries", "", "-10.00", "40.00", "", "", "30.00"]]
	assert_reports_agree(books)


def test_emulator_reports_agree_after_any_sequence(books):
	"""Two hundred operations: made, changed, voided and deleted, over three years, from a fixed seed."""
	chance = random.Random(3)
	stage = Stage(books)
	alive: list[tuple[str, dict]] = []
	for number in range(200):
		day = f"202{chance.choice('456')}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
		entity, body = chance.choice(list(stage.list_bodies(day)))
		alive.append((entity, stage.make(entity, body, day)))
		if number % 4 == 0:
			entity, document = alive.pop(chance.randrange(len(alive)))
			fresh = books.read(entity.lower(), document["Id"])
			target = {"Id": fresh["Id"], "SyncToken": fresh["SyncToken"]}
			void = (
				{"operation": "void"}
				if entity == "Invoice" and chance.random() < 0.5
				else {"operation": "delete"}
			)
			books.make(entity.lower(), target, **void)
	assert_reports_agree(books)


def test_emulator_order_numbers_are_checked(books):
	"""A purchase order with a number of its own, and another with the same one."""
	stage = Stage(books)
	body = {"VendorRef": {"value": stage.vendor}, "APAccountRef": {"value": "20"}, "DocNumber": "PO-7"}
	books.make("purchaseorder", {**body, "Line": [stage.purchase(stage.pump)]})
	again = books.post("purchaseorder", {**body, "Line": [stage.purchase(stage.pump)]})
	assert "TxnType=PurchaseOrder" in books.refuse(again, "6140")["Detail"]


def test_emulator_reports_agree_in_several_currencies(start_process, open_books):
	"""A British company: an invoice and a bill in euros, each paid in part at another rate, in home currency everywhere."""
	books = open_books(start_process("--company", "uk_trader", "--knob", "throttle.enabled=false"))
	assert_reports_agree(books)
	[invoice] = books.query("select * from Invoice where DocNumber = '1002'")["Invoice"]
	half = float(invoice["Balance"]) / 2
	line = {"Amount": half, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
	euros = {"CurrencyRef": {"value": "EUR"}, "TxnDate": "2026-03-10"}
	payment = {
		"CustomerRef": {"value": "2"},
		"TotalAmt": half + 10,
		"ExchangeRate": 0.9,
		"Line": [line],
		**euros,
	}
	books.make("payment", payment)
	assert_reports_agree(books)
	[bill] = books.query("select * from Bill where DocNumber = 'CR-2026-17'")["Bill"]
	line = {"Amount": 100, "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}
	check = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "3"}}}
	books.make(
		"billpayment",
		{"VendorRef": {"value": "4"}, "TotalAmt": 100, "ExchangeRate": 0.8, "Line": [line], **check, **euros},
	)
	assert_reports_agree(books)
	report = fetch(books, "ProfitAndLoss", start_date="2026-03-10", end_date="2026-03-10")
	gain = next(row for row in list_data(report) if "Exchange" in row[0])
	assert gain[1] not in ("", "0.00")
	[row] = [
		row
		for row in list_data(fetch(books, "AgedReceivables", report_date="2026-03-01"))
		if "Maison" in row[0]
	]
	assert float(row[-1]) == round(float(invoice["TotalAmt"]) * 0.85, 2)
