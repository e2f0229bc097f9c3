"""The reports to look at: what the API answers, as a table."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.faults import Fault
from qbo_emulator.pages.addresses import build_address, link_record
from qbo_emulator.pages.formats import name_kind
from qbo_emulator.pages.html import Html, link, table, tag
from qbo_emulator.reports import REPORTS, build_report
from qbo_emulator.reports.entries import TYPE_NAMES

MEANINGS = {
	"TrialBalance": "every account with a balance: debits equal credits",
	"ProfitAndLoss": "income and expenses of a period",
	"BalanceSheet": "assets, liabilities and equity at the end of a period",
	"GeneralLedger": "every ledger line, account by account",
	"InventoryValuationSummary": "quantity and value of what is in stock",
	"CustomerBalance": "what each customer owes",
	"CustomerBalanceDetail": "the open transactions behind it",
	"VendorBalance": "what is owed to each vendor",
	"VendorBalanceDetail": "the open transactions behind it",
	"AgedReceivables": "what customers owe, by how long it is due",
	"AgedPayables": "what is owed to vendors, by how long it is due",
	"TransactionList": "the transactions of a period",
}
BY_PERIOD = ("TrialBalance", "ProfitAndLoss", "BalanceSheet", "GeneralLedger", "TransactionList")
IN_COLUMNS = ("ProfitAndLoss", "BalanceSheet")
MACROS = (
	"", "This Fiscal Year-to-date", "This Month", "This Fiscal Quarter", "This Fiscal Year", "Last Month",
	"Last Fiscal Quarter", "Last Fiscal Year", "All",
)  # fmt: skip
COLUMNS = ("Total", "Days", "Week", "Month", "Quarter", "Year")
TIGHT = ("tx_date", "due_date", "txn_type", "doc_num")
"""Columns whose text is never broken into lines."""
ENTITY_NAMES = {words: entity for entity, words in TYPE_NAMES.items()}


def show_reports(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	rows: list[list[object]] = [
		[link(build_address(company, "/app/report", name=name), name_kind(name)), MEANINGS[name]]
		for name in REPORTS
	]
	return "Reports", [tag("section", table(["Report", "Shows"], rows))]


def show_report(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	"""Return the report that ``name`` names, with a form for its dates."""
	name = request.query.get("name", "")
	if name not in REPORTS:
		raise LookupError(f"There is no report {name}. Reports: {', '.join(REPORTS)}.")
	form = tag("section", build_form(company, request, name))
	try:
		report = build_report(emulator.start_work(company), name, dict(request.query))
	except Fault as fault:
		words = fault.detail or fault.message
		return name_kind(name), [form, tag("section", tag("p", f"{words} (code {fault.code})", class_="bad"))]
	return name_kind(name), [form, tag("section", *build_table(company, report))]


def show_trial_balance(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	query = {"name": "TrialBalance", **request.query}
	return show_report(emulator, company, request.clone(rel_url=request.rel_url.with_query(query)))


def build_form(company: Company, request: web.Request, name: str) -> Html:
	def field(label: str, key: str, kind: str = "date") -> Html:
		value = request.query.get(key, "")
		return tag(
			"div", tag("label", label, for_=key), tag("input", type=kind, name=key, id=key, value=value)
		)

	def choice(label: str, key: str, options: tuple[str, ...]) -> Html:
		current = request.query.get(key, "")
		parts = [
			tag("option", option or "(dates)", value=option, selected=option == current) for option in options
		]
		return tag("div", tag("label", label, for_=key), tag("select", *parts, name=key, id=key))

	fields: list[object] = [
		tag("input", type="hidden", name="name", value=name),
		tag("input", type="hidden", name="companyId", value=company.realm),
	]
	if name in BY_PERIOD:
		fields += [field("From", "start_date"), field("To", "end_date"), choice("or", "date_macro", MACROS)]
	else:
		fields.append(field("As of", "report_date"))
	if name in IN_COLUMNS:
		fields.append(choice("Columns", "summarize_column_by", COLUMNS))
	return tag("form", *fields, tag("button", "Show", class_="main"), method="get", class_="line")


def build_table(company: Company, report: dict[str, Any]) -> list[Html]:
	"""Return a line that says of when the report is, and its rows, sections indented."""
	header = report["Header"]
	columns = report["Columns"]["Column"]
	when = [header[key] for key in ("StartPeriod", "EndPeriod") if key in header]
	if not when:
		when = [option["Value"] for option in header["Option"] if option["Name"] == "report_date"]
	basis = f", {header['ReportBasis'].lower()} basis" if "ReportBasis" in header else ""
	note = tag("p", " to ".join(dict.fromkeys(when)), f", in {header['Currency']}{basis}", class_="quiet")
	rows = list(list_rows(company, report["Rows"], columns, 0))
	if not rows:
		return [note, tag("p", "There is nothing to report for this time.", class_="quiet")]
	is_number = [column["ColType"] in ("Money", "Quantity") for column in columns]
	head = tag(
		"tr",
		*(
			tag("th", column["ColTitle"], class_="number" if number else None)
			for column, number in zip(columns, is_number, strict=True)
		),
	)
	return [note, tag("div", tag("table", tag("thead", head), tag("tbody", *rows)), class_="scroll")]


def list_rows(
	company: Company, rows: dict[str, Any], columns: list[dict[str, Any]], depth: int
) -> list[Html]:
	found = []
	for row in rows.get("Row", []):
		if "Header" in row:
			found.append(build_row(company, row["Header"]["ColData"], columns, depth, "section"))
		if "ColData" in row:
			is_total = row.get("group") == "GrandTotal"
			found.append(build_row(company, row["ColData"], columns, depth, "total" if is_total else None))
		found += list_rows(company, row.get("Rows", {}), columns, depth + 1)
		if "Summary" in row:
			found.append(build_row(company, row["Summary"]["ColData"], columns, depth, "total"))
	return found


def build_row(
	company: Company, cells: list[dict[str, str]], columns: list[dict[str, Any]], depth: int, kind: str | None
) -> Html:
	parts = []
	for index, (cell, column) in enumerate(zip(cells, columns, strict=False)):
		is_number = column["ColType"] in ("Money", "Quantity")
		is_tight = column["MetaData"][0]["Value"] in TIGHT
		style = f"padding-left: {depth * 20}px" if index == 0 and depth else None
		parts.append(
			tag(
				"td",
				link_cell(company, cell, column),
				class_="number" if is_number else "tight" if is_tight else None,
				style=style,
			)
		)
	return tag("tr", *parts, class_=kind)


def link_cell(company: Company, cell: dict[str, str], column: dict[str, Any]) -> object:
	"""Return a cell's text, linked to the record its Id names."""
	value, identifier = cell["value"], cell.get("id")
	if column["ColType"] in ("Money", "Quantity") and value:
		return format_text_amount(value)
	if not identifier:
		return value
	kinds = {"Account": "Account", "Customer": "Customer", "Vendor": "Vendor", "ProductsAndService": "Item"}
	key = column["MetaData"][0]["Value"]
	if column["ColType"] in kinds:
		return link_record(company, kinds[column["ColType"]], identifier, value)
	if key == "txn_type":
		return link_record(company, ENTITY_NAMES.get(value, value), identifier, value)
	if key in ("account_name", "split_acc", "other_account", "tx_date"):
		return link_record(company, "Account", identifier, value)
	return value


def format_text_amount(value: str) -> str:
	"""Return "1234.50" as "1,234.50"; other text (a SKU is of type Money too) as it is."""
	sign, digits = ("-", value[1:]) if value.startswith("-") else ("", value)
	whole, point, rest = digits.partition(".")
	return f"{sign}{int(whole):,}{point}{rest}" if point and whole.isdigit() and rest.isdigit() else value
