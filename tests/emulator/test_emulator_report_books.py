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
