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
