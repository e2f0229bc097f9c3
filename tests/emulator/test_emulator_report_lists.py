"""Reports on balances, stock and single lines."""

from datetime import date, timedelta
from decimal import Decimal

from report_reader import ALL_TIME, fetch, find_group, list_data, list_titles, read_amount, sum_group

PUMP = {
	"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 10, "InvStartDate": "2025-01-01", "PurchaseCost": 6,
	"ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"}, "Sku": "P-1",
}  # fmt: skip


def test_emulator_inventory_valuation_summary(books):
	pump, tape = books.item("Pump", **PUMP), books.item("Tape")
	books.invoice(books.line(pump, 45, Qty=3, UnitPrice=15), TxnDate="2026-02-01")
	books.invoice(books.line(tape, 5), customer="1", TxnDate="2026-02-01")
	report = fetch(books, "InventoryValuationSummary")
	assert list_titles(report) == ["", "SKU", "Qty", "Asset Value", "Avg Cost"]
	assert report["Header"]["DateMacro"] == "today" and report["Header"]["Option"][0]["Name"] == "report_date"
	assert list_data(report) == [["Pump", "P-1", "7.00", "42.00", "6.00"]]
	assert report["Rows"]["Row"][0]["ColData"][0]["id"] == pump
	total = report["Rows"]["Row"][-1]
	assert total["group"] == "GrandTotal" and total["ColData"][3]["value"] == "42.00"
	before = fetch(books, "InventoryValuationSummary", report_date="2026-01-31")
	assert list_data(before) == [["Pump", "P-1", "10.00", "60.00", "6.00"]]
	assert books.balances()["Inventory Asset"] == "42.00"


def test_emulator_customer_balance_nests_sub_customers(books):
	parent = books.customer("Adams")
	job = books.customer("Boathouse", ParentRef={"value": parent}, Job=True)
	other = books.customer("Zebra")
	item = books.item()
	for customer, amount in ((parent, 10), (job, 20), (other, 5)):
		books.invoice(books.line(item, amount), customer=customer, TxnDate="2026-01-10")
	report = fetch(books, "CustomerBalance")
	assert report["Header"]["DateMacro"] == "all" and list_titles(report) == ["", "Total"]
	first = report["Rows"]["Row"][0]
	assert first["Header"]["ColData"] == [{"value": "Adams", "id": parent}, {"value": "10.00"}]
	assert first["Rows"]["Row"][0]["ColData"] == [{"value": "Boathouse", "id": job}, {"value": "20.00"}]
	assert first["Summary"]["ColData"][1]["value"] == "30.00"
	assert sum_group(report, "GrandTotal") == 35 == Decimal(books.balances()["Accounts Receivable (A/R)"])
	assert list_data(fetch(books, "CustomerBalance", customer=other)) == [["Zebra", "5.00"]]
	assert fetch(books, "CustomerBalance", report_date="2026-01-09")["Rows"] == {}


def test_emulator_aged_receivables_by_due_date(books):
	customer, item = books.customer(), books.item()
	today = date.fromisoformat(fetch(books, "AgedReceivables")["Header"]["EndPeriod"])
	for late, amount in ((-1, 1), (0, 2), (1, 4), (30, 8), (31, 16), (90, 32), (91, 64)):
		due = (today - timedelta(late)).isoformat()
		books.invoice(books.line(item, amount), customer=customer, TxnDate="2026-01-01", DueDate=due)
	report = fetch(books, "AgedReceivables")
	assert list_titles(report) == ["", "Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total"]
	expected = ["3.00", "12.00", "16.00", "32.00", "64.00", "127.00"]
	assert list_data(report) == [["King Groceries", *expected]]
	assert [cell["value"] for cell in find_group(report, "GrandTotal")["Summary"]["ColData"]] == [
		"TOTAL",
		*expected,
	]
	other = fetch(books, "AgedReceivables", aging_period="7", num_periods="2")
	assert list_titles(other) == ["", "Current", "1 - 7", "8 and over", "Total"]
	assert list_data(other) == [["King Groceries", "3.00", "4.00", "120.00", "127.00"]]
	books.refuse(books.get("reports/AgedReceivables", num_periods="many"), "2070")
	assert fetch(books, "AgedReceivables", report_date="2025-12-31")["Rows"] == {}


def test_emulator_balance_details_run_up(books):
	customer, item = books.customer(), books.item()
	for number, amount in (("SD-1", 10), ("SD-2", 15)):
		books.invoice(books.line(item, amount), customer=customer, DocNumber=number, TxnDate="2026-01-05")
	report = fetch(books, "CustomerBalanceDetail")
	assert list_titles(report) == ["Date", "Transaction Type", "Num", "Due Date", "Open Balance", "Balance"]
	assert [row[1:3] + row[4:] for row in list_data(report)] == [
		["Invoice", "SD-1", "10.00", "10.00"],
		["Invoice", "SD-2", "15.00", "25.00"],
	]
	assert sum_group(report, "GrandTotal", -1) == 25


def test_emulator_general_ledger_runs_from_the_beginning_balance(books):
	customer, item = books.customer(), books.item()
	for day, amount in (("2025-12-30", 40), ("2026-01-05", 10)):
		books.invoice(books.line(item, amount), customer=customer, TxnDate=day, DocNumber=f"SD-{amount}")
	report = fetch(books, "GeneralLedger", start_date="2026-01-01", end_date="2026-12-31")
	assert list_titles(report) == [
		"Date", "Transaction Type", "Num", "Name", "Memo/Description", "Split", "Amount", "Balance",
	]  # fmt: skip
	receivable, income = report["Rows"]["Row"]
	assert receivable["Header"]["ColData"][0] == {"value": "Accounts Receivable (A/R)", "id": "10"}
	first, second = ([cell["value"] for cell in row["ColData"]] for row in receivable["Rows"]["Row"])
	assert first == ["Beginning Balance", "", "", "", "", "", "", "40.00"]
	assert second == [
		"2026-01-05", "Invoice", "SD-10", "King Groceries", "Invoice SD-10", "Sales of Product Income", "10.00", "50.00",
	]  # fmt: skip
	assert receivable["Summary"]["ColData"][0]["value"] == "Total for Accounts Receivable (A/R)"
	assert [cell["value"] for cell in income["Rows"]["Row"][0]["ColData"]][-2:] == ["10.00", "10.00"]
	chosen = fetch(
		books, "GeneralLedger", columns="credit_amt,tx_date,nothing,debt_amt", account="31", **ALL_TIME
	)
	assert list_titles(chosen) == ["Date", "Debit", "Credit"]
	assert list_data(chosen) == [["2025-12-30", "", "40.00"], ["2026-01-05", "", "10.00"]]


def test_emulator_general_ledger_adds_up_to_the_trial_balance(books):
	customer, pump = books.customer(), books.item("Pump", **PUMP)
	for day in ("2026-01-05", "2026-02-05"):
		line = books.line(pump, 30, Qty=2, UnitPrice=15, TaxCodeRef={"value": "TAX"})
		books.invoice(line, customer=customer, TxnDate=day)
	report = fetch(books, "GeneralLedger", **ALL_TIME)
	natural = {
		row["Header"]["ColData"][0]["value"]: read_amount(row["Summary"]["ColData"][6]["value"])
		for row in report["Rows"]["Row"]
	}
	balances = {name: abs(Decimal(amount)) for name, amount in books.balances().items()}
	assert {name: abs(amount) for name, amount in natural.items()} == balances


def test_emulator_transaction_list(books):
	invoice = books.invoice(
		books.line(books.item(), 12.5), TxnDate="2026-01-05", DocNumber="SD-1", PrivateNote="note"
	)
	report = fetch(books, "TransactionList", start_date="2026-01-01", end_date="2026-01-31")
	assert list_data(report) == [[
		"2026-01-05", "Invoice", "SD-1", "Yes", "King Groceries", "note", "Accounts Receivable (A/R)",
		"Sales of Product Income", "12.50",
	]]  # fmt: skip
	assert report["Rows"]["Row"][0]["ColData"][1]["id"] == invoice["Id"]
	assert fetch(books, "TransactionList", start_date="2026-02-01", end_date="2026-02-28")["Rows"] == {}
