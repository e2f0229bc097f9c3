"""Reads reports as a client of the service would: rows, sections, sums."""

from collections.abc import Iterator
from decimal import Decimal

ALL_TIME = {"start_date": "1900-01-01", "end_date": "2999-12-31"}


def fetch(books, name: str, **parameters) -> dict:
	"""Return a report; fails with the fault's text, and when its shape is not that of every report."""
	answer = books.get(f"reports/{name}", **parameters)
	assert answer.status_code == 200, answer.text
	report = answer.json()
	check_shape(report, name)
	return report


def check_shape(report: dict, name: str) -> None:
	"""Assert what holds for every report: keys, one cell a column in every row, a group or type on sections."""
	header = report["Header"]
	assert set(report) == {"Header", "Columns", "Rows"} and header["ReportName"] == name
	assert header["Time"] and header["Currency"] and header["Option"][-1]["Name"] == "NoReportData"
	columns = report["Columns"]["Column"]
	for column in columns:
		assert (
			set(column) == {"ColTitle", "ColType", "MetaData"} and column["MetaData"][0]["Name"] == "ColKey"
		)
	for row in walk(report["Rows"]):
		if "ColData" not in row:
			assert row["type"] == "Section" and "Summary" in row
		for part in (row, row.get("Header", {}), row.get("Summary", {})):
			cells = part.get("ColData", [])
			assert len(cells) in (0, len(columns)), row
			assert all(isinstance(cell["value"], str) for cell in cells)


def walk(rows: dict) -> Iterator[dict]:
	"""Yield every row at every depth."""
	for row in rows.get("Row", []):
		yield row
		yield from walk(row.get("Rows", {}))


def find_group(report: dict, group: str) -> dict:
	return next(row for row in walk(report["Rows"]) if row.get("group") == group)


def sum_group(report: dict, group: str, column: int = 1) -> Decimal:
	"""Return a section's sum; 0 where the report has no such section or its cell is empty."""
	for row in walk(report["Rows"]):
		if row.get("group") == group:
			return read_amount(row.get("Summary", row)["ColData"][column]["value"])
	return Decimal(0)


def read_amount(text: str) -> Decimal:
	return Decimal(text or "0")


def list_data(report: dict) -> list[list[str]]:
	"""Return the cells' values of the data rows."""
	return [
		[cell["value"] for cell in row["ColData"]]
		for row in walk(report["Rows"])
		if "ColData" in row and row.get("group") != "GrandTotal"
	]


def list_titles(report: dict) -> list[str]:
	return [column["ColTitle"] for column in report["Columns"]["Column"]]


def assert_reports_agree(books) -> None:
	"""Assert that every report tells the same as the ledger, over all time and at the end of today."""
	ledger = books.control("GET", "ledger", entries="0")
	assert ledger["debits"] == ledger["credits"]
	balances = {name: Decimal(amount) for name, amount in ledger["balances"].items()}
	kinds = {account["FullyQualifiedName"]: account for account in list_all(books, "Account")}

	def add(*account_types: str) -> Decimal:
		return sum(
			(cents for name, cents in balances.items() if kinds[name]["AccountType"] in account_types),
			Decimal(0),
		)

	trial = fetch(books, "TrialBalance", **ALL_TIME)
	assert {row[0]: read_amount(row[1]) - read_amount(row[2]) for row in list_data(trial)} == balances
	for parameters in (ALL_TIME, {}, {"date_macro": "Last Fiscal Year"}, {"summarize_column_by": "Quarter"}):
		sheet = fetch(books, "BalanceSheet", **parameters)
		for column in range(1, len(list_titles(sheet))):
			both = (
				sum_group(sheet, "TotalAssets", column),
				sum_group(sheet, "TotalLiabilitiesAndEquity", column),
			)
			assert both[0] == both[1], (parameters, column)
		trial = fetch(books, "TrialBalance", **parameters)
		if trial["Rows"]:
			total = find_group(trial, "GrandTotal")["Summary"]["ColData"]
			assert total[1] == total[2]
	income = add("Income", "Cost of Goods Sold", "Expense", "Other Income", "Other Expense")
	assert sum_group(fetch(books, "ProfitAndLoss", **ALL_TIME), "NetIncome") == -income
	far = {"report_date": "2999-12-31"}
	for names, kind, sign in (
		(("CustomerBalance", "CustomerBalanceDetail", "AgedReceivables"), "Accounts Receivable", 1),
		(("VendorBalance", "VendorBalanceDetail", "AgedPayables"), "Accounts Payable", -1),
	):
		for name in names:
			assert sum_group(fetch(books, name, **far), "GrandTotal", -1) == sign * add(kind), name
	stock = fetch(books, "InventoryValuationSummary", **far)["Rows"].get("Row", [])
	value = read_amount(stock[-1]["ColData"][3]["value"]) if stock else Decimal(0)
	stocked = {
		item["AssetAccountRef"]["value"] for item in list_all(books, "Item") if item["Type"] == "Inventory"
	}
	assert value == sum(
		(balances.get(name, Decimal(0)) for name, account in kinds.items() if account["Id"] in stocked),
		Decimal(0),
	)
	for row in stock[:-1]:
		quantity = books.read("item", row["ColData"][0]["id"])["QtyOnHand"]
		assert Decimal(row["ColData"][2]["value"]) == Decimal(str(quantity))
	ledger_report = fetch(books, "GeneralLedger", columns="debt_amt,credit_amt", **ALL_TIME)
	sides = [[read_amount(text) for text in row] for row in list_data(ledger_report)]
	assert sum(row[0] for row in sides) == sum(row[1] for row in sides)


def list_all(books, entity: str) -> list[dict]:
	return books.query(f"select * from {entity} maxresults 1000").get(entity, [])
