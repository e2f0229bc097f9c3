"""Statements: shape, dates, columns, filters. Shapes and parameters: Intuit's pages on its report service."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from report_reader import ALL_TIME, fetch, find_group, list_data, list_titles, sum_group, walk

NOON_OF_THE_15TH_OF_MAY_2030 = 1905102000  # in the company's zone, seven hours behind UTC
PUMP = {
	"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 20, "InvStartDate": "2025-01-01", "PurchaseCost": 6,
	"ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
}  # fmt: skip


@pytest.fixture
def sold(books):
	"""Two years of sales: 300 in 2025 and 100 and 50 in 2026, with pumps that cost 6."""
	customer, pump = books.customer(), books.item("Pump", **PUMP)
	for day, quantity, price in (("2025-06-15", 3, 100), ("2026-03-05", 1, 100), ("2026-04-20", 1, 50)):
		line = books.line(pump, quantity * price, Qty=quantity, UnitPrice=price)
		books.invoice(line, customer=customer, TxnDate=day)
	return books


def test_emulator_profit_and_loss_has_the_services_shape(sold):
	report = fetch(sold, "ProfitAndLoss", start_date="2026-01-01", end_date="2026-12-31")
	header = report["Header"]
	assert (header["ReportBasis"], header["SummarizeColumnsBy"], header["Currency"]) == (
		"Accrual",
		"Total",
		"USD",
	)
	assert (header["StartPeriod"], header["EndPeriod"]) == ("2026-01-01", "2026-12-31")
	assert header["Option"] == [
		{"Name": "AccountingStandard", "Value": "GAAP"},
		{"Name": "NoReportData", "Value": "false"},
	]
	assert [row["group"] for row in report["Rows"]["Row"]] == [
		"Income", "COGS", "GrossProfit", "Expenses", "NetOperatingIncome", "NetIncome",
	]  # fmt: skip
	income = find_group(report, "Income")
	assert income["Header"]["ColData"] == [{"value": "Income"}, {"value": ""}]
	assert income["Rows"]["Row"] == [
		{"ColData": [{"value": "Sales of Product Income", "id": "31"}, {"value": "150.00"}], "type": "Data"}
	]
	assert income["Summary"]["ColData"] == [{"value": "Total Income"}, {"value": "150.00"}]
	assert find_group(report, "GrossProfit") == {
		"Summary": {"ColData": [{"value": "Gross Profit"}, {"value": "138.00"}]},
		"type": "Section",
		"group": "GrossProfit",
	}
	assert find_group(report, "Expenses")["Summary"]["ColData"][1] == {"value": ""}
	assert sum_group(report, "COGS") == 12 and sum_group(report, "NetIncome") == 138


def test_emulator_profit_and_loss_by_month_quarter_year_week_and_day(sold):
	span = {"start_date": "2026-03-03", "end_date": "2026-04-30"}
	report = fetch(sold, "ProfitAndLoss", summarize_column_by="Month", **span)
	assert list_titles(report) == ["", "Mar 3-31, 2026", "Apr 2026", "Total"]
	meta = {pair["Name"]: pair["Value"] for pair in report["Columns"]["Column"][1]["MetaData"]}
	assert (meta["StartDate"], meta["EndDate"]) == ("2026-03-03", "2026-03-31")
	values = [cell["value"] for cell in find_group(report, "NetIncome")["Summary"]["ColData"]]
	assert values == ["Net Income", "94.00", "44.00", "138.00"]
	two_years = {"start_date": "2025-01-01", "end_date": "2026-12-31"}
	assert list_titles(fetch(sold, "ProfitAndLoss", summarize_column_by="Year", **two_years)) == [
		"", "2025", "2026", "Total",
	]  # fmt: skip
	quarters = fetch(sold, "ProfitAndLoss", summarize_column_by="Quarter", **two_years)
	assert (
		list_titles(quarters)[1:3] == ["Jan - Mar, 2025", "Apr - Jun, 2025"]
		and len(list_titles(quarters)) == 10
	)
	days = fetch(
		sold, "ProfitAndLoss", summarize_column_by="Days", start_date="2026-03-04", end_date="2026-03-05"
	)
	assert list_titles(days) == ["", "Mar 4, 2026", "Mar 5, 2026", "Total"]
	weeks = fetch(sold, "ProfitAndLoss", summarize_column_by="Week", **span)
	assert list_titles(weeks)[1:3] == ["Mar 3 - Mar 7, 2026", "Mar 8 - Mar 14, 2026"]
	assert sum_group(days, "NetIncome", -1) == 94 and sum_group(weeks, "NetIncome", -1) == 138


def test_emulator_balance_sheet_keeps_earlier_years_in_retained_earnings(sold):
	report = fetch(sold, "BalanceSheet", end_date="2026-12-31")
	assert [row["group"] for row in report["Rows"]["Row"]] == ["TotalAssets", "TotalLiabilitiesAndEquity"]
	assert (
		sum_group(report, "TotalAssets") == sum_group(report, "TotalLiabilitiesAndEquity") == Decimal("540")
	)
	assert sum_group(report, "AR") == 450 and sum_group(report, "OtherCurrentAssets") == 90
	assert sum_group(report, "CurrentAssets") == 540
	equity = {
		row["ColData"][0]["value"]: row["ColData"][1]["value"]
		for row in walk(find_group(report, "Equity")["Rows"])
	}
	assert equity == {
		"Opening Balance Equity": "120.00",
		"Retained Earnings": "282.00",
		"Net Income": "138.00",
	}
	net = find_group(report, "NetIncome")
	assert net == {
		"ColData": [{"value": "Net Income"}, {"value": "138.00"}],
		"type": "Data",
		"group": "NetIncome",
	}
	before = fetch(sold, "BalanceSheet", end_date="2025-12-31")
	assert sum_group(before, "NetIncome") == 282 and sum_group(before, "TotalAssets") == 402


def test_emulator_balance_sheet_by_month_has_no_total_column(sold):
	report = fetch(
		sold, "BalanceSheet", start_date="2026-02-01", end_date="2026-04-30", summarize_column_by="Month"
	)
	assert list_titles(report) == ["", "Feb 2026", "Mar 2026", "Apr 2026"]
	for column, total in enumerate((402, 496, 540), 1):
		assert sum_group(report, "TotalAssets", column) == total
		assert sum_group(report, "TotalLiabilitiesAndEquity", column) == total


def test_emulator_trial_balance_has_the_services_shape(sold):
	report = fetch(sold, "TrialBalance", start_date="2026-01-01", end_date="2026-12-31")
	assert list_titles(report) == ["", "Debit", "Credit"]
	rows = report["Rows"]["Row"]
	assert rows[0]["ColData"] == [
		{"value": "Accounts Receivable (A/R)", "id": "10"},
		{"value": "450.00"},
		{"value": ""},
	]
	assert list_data(report)[1:] == [
		["Inventory Asset", "90.00", ""],
		["Opening Balance Equity", "", "120.00"],
		["Retained Earnings", "", "282.00"],
		["Sales of Product Income", "", "150.00"],
		["Cost of Goods Sold", "12.00", ""],
	]
	assert rows[-1]["group"] == "GrandTotal"
	assert [cell["value"] for cell in rows[-1]["Summary"]["ColData"]] == ["TOTAL", "552.00", "552.00"]


def test_emulator_reports_without_dates_are_of_this_fiscal_year_to_date(books):
	"""Intuit: date_macro's default is This Fiscal Year-to-date."""
	today = date.fromisoformat(fetch(books, "BalanceSheet")["Header"]["EndPeriod"])
	line = books.line(books.item(), 100)
	for day in (today, today + timedelta(1), date(today.year - 1, 12, 31)):
		books.invoice(line, customer=books.customer(day.isoformat()), TxnDate=day.isoformat())
	report = fetch(books, "ProfitAndLoss")
	assert report["Header"]["StartPeriod"] == f"{today.year}-01-01"
	assert report["Header"]["DateMacro"] == "this calendar year-to-date"
	assert sum_group(report, "NetIncome") == 100
	assert sum_group(fetch(books, "ProfitAndLoss", **ALL_TIME), "NetIncome") == 300
	books.preferences(AccountingInfoPrefs={"FirstMonthOfFiscalYear": "October"})
	header = fetch(books, "ProfitAndLoss")["Header"]
	assert header["StartPeriod"] == f"{today.year if today.month >= 10 else today.year - 1}-10-01"
	assert header["DateMacro"] == "this fiscal year-to-date"


@pytest.mark.parametrize(
	("macro", "start", "end"),
	[
		("Today", "2030-05-15", "2030-05-15"),
		("Yesterday", "2030-05-14", "2030-05-14"),
		("This Week", "2030-05-12", "2030-05-18"),
		("Last Week-to-date", "2030-05-05", "2030-05-08"),
		("Next 4 Weeks", "2030-05-19", "2030-06-15"),
		("This Month", "2030-05-01", "2030-05-31"),
		("Last Month-to-date", "2030-04-01", "2030-04-15"),
		("Next Month", "2030-06-01", "2030-06-30"),
		("This Fiscal Quarter", "2030-04-01", "2030-06-30"),
		("Last Fiscal Quarter-to-date", "2030-01-01", "2030-02-15"),
		("Next Fiscal Quarter", "2030-07-01", "2030-09-30"),
		("This Fiscal Year", "2030-01-01", "2030-12-31"),
		("Last Fiscal Year", "2029-01-01", "2029-12-31"),
		("Last Fiscal Year-to-date", "2029-01-01", "2029-05-15"),
		("This Calendar Year", "2030-01-01", "2030-12-31"),
		("Next Fiscal Year", "2031-01-01", "2031-12-31"),
	],
)
def test_emulator_report_date_macros(moved_books, macro, start, end):
	"""Intuit's list of date_macro, on Wednesday the 15th of May 2030."""
	now = moved_books.session.get(f"{moved_books.url}/_control/clock").json()["now"]
	if now < NOON_OF_THE_15TH_OF_MAY_2030:
		moved_books.advance(NOON_OF_THE_15TH_OF_MAY_2030 - now)
		moved_books.connect()
	header = fetch(moved_books, "ProfitAndLoss", date_macro=macro)["Header"]
	assert (header["StartPeriod"], header["EndPeriod"], header["DateMacro"]) == (start, end, macro.lower())


@pytest.mark.parametrize(
	("parameters", "code"),
	[
		({"end_date": "soon"}, "2060"),
		({"start_date": "2026-02-01", "end_date": "2026-01-01"}, "2060"),
		({"date_macro": "Last Blue Moon"}, "2110"),
		({"accounting_method": "Guess"}, "2110"),
		({"accounting_method": "Cash"}, "500"),
		({"class": "1"}, "500"),
		({"customer": "x"}, "2030"),
		({"summarize_column_by": "Customers"}, "500"),
		({"summarize_column_by": "Days", **ALL_TIME}, "10100"),
		({"summarize_column_by": "Week", "start_date": "0001-01-01", "end_date": "0001-01-02"}, None),
		({"summarize_column_by": "Year", "start_date": "9999-12-31", "end_date": "9999-12-31"}, None),
	],
)
def test_emulator_reports_refuse_what_they_cannot_do(books, parameters, code):
	answer = books.get("reports/ProfitAndLoss", **parameters)
	if code:
		books.refuse(answer, code)
	else:
		assert answer.status_code == 200, answer.text


def test_emulator_report_names(books):
	assert books.get("reports/profitandloss").json()["Header"]["ReportName"] == "ProfitAndLoss"
	books.refuse(books.get("reports/CashFlow"), "2000")


def test_emulator_reports_of_a_company_without_transactions(books):
	report = fetch(books, "TrialBalance")
	assert report["Rows"] == {} and report["Header"]["Option"] == [{"Name": "NoReportData", "Value": "true"}]
	for name in (
		"ProfitAndLoss", "BalanceSheet", "GeneralLedger", "InventoryValuationSummary", "CustomerBalance",
		"CustomerBalanceDetail", "VendorBalance", "VendorBalanceDetail", "AgedReceivables", "AgedPayables", "TransactionList",
	):  # fmt: skip
		report = fetch(books, name)
		assert report["Header"]["Option"][-1]["Value"] == "true" and list_data(report) == []


def test_emulator_reports_filter_by_customer_and_item(sold):
	other, tape = sold.customer("Other"), sold.item("Tape")
	sold.invoice(sold.line(tape, 30), customer=other, TxnDate="2026-05-01")
	everything = {**ALL_TIME}
	assert sum_group(fetch(sold, "ProfitAndLoss", customer=other, **everything), "NetIncome") == 30
	assert sum_group(fetch(sold, "ProfitAndLoss", item=tape, **everything), "Income") == 30
	assert sum_group(fetch(sold, "ProfitAndLoss", customer=f"{other}, 1", **everything), "Income") == 480


def test_emulator_reports_nest_accounts(books):
	parent = books.make("account", {"Name": "Landscaping", "AccountType": "Income"})["Id"]
	body = {"Name": "Sod", "AccountType": "Income", "SubAccount": True, "ParentRef": {"value": parent}}
	child = books.make("account", body)["Id"]
	customer = books.customer()
	for account, amount in ((parent, 10), (child, 25)):
		item = books.item(f"Item {account}", IncomeAccountRef={"value": account})
		books.invoice(books.line(item, amount), customer=customer, TxnDate="2026-01-05")
	row = find_group(fetch(books, "ProfitAndLoss", **ALL_TIME), "Income")["Rows"]["Row"][0]
	assert row["Header"]["ColData"] == [{"value": "Landscaping", "id": parent}, {"value": "10.00"}]
	assert row["Rows"]["Row"][0]["ColData"] == [{"value": "Sod", "id": child}, {"value": "25.00"}]
	assert row["Summary"]["ColData"] == [{"value": "Total Landscaping"}, {"value": "35.00"}]
