"""The first page: the company, what it has, and what happened last."""

from __future__ import annotations

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.pages.addresses import build_address, list_transaction_kinds
from qbo_emulator.pages.formats import format_address, format_money
from qbo_emulator.pages.html import Html, facts, link, tag
from qbo_emulator.pages.lists import build_transaction_table, count
from qbo_emulator.reports.accounts import INCOME_TYPES, load_accounts
from qbo_emulator.reports.period import BEGINNING, END, Query
from qbo_emulator.store import COLUMN_LIST, Row

LATEST = 10
TOTALS = (
	("Bank", "in the bank", 1, "BalanceSheet"),
	("Accounts Receivable", "receivable", 1, "AgedReceivables"),
	("Accounts Payable", "payable", -1, "AgedPayables"),
)


def show_company(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	lists = (("Customer", "customers"), ("Vendor", "vendors"), ("Item", "items"), ("Account", "accounts"))
	boxes = [
		build_box(company, f"{count(emulator, company, entity):,}", words, f"/app/{words}")
		for entity, words in lists
	]
	kinds = list_transaction_kinds()
	number = sum(count(emulator, company, kind) for kind in kinds)
	boxes.append(build_box(company, f"{number:,}", "transactions", "/app/transactions"))
	boxes.extend(build_totals(emulator, company))
	cursor = emulator.store.execute(
		f"SELECT {COLUMN_LIST} FROM object WHERE company = ? AND entity IN ({', '.join('?' * len(kinds))})"
		" ORDER BY updated DESC, id DESC LIMIT ?",
		(company.key, *kinds, LATEST),
	)
	latest = build_transaction_table(company, [Row(*values) for values in cursor])
	content = [
		tag("section", tag("div", *boxes, class_="counts")),
		tag("section", build_facts(emulator, company)),
		tag("section", tag("h2", "Latest changes"), latest),
	]
	others = [
		tag("p", link(build_address(other, "/"), other.name))
		for other in emulator.companies.values()
		if other.realm != company.realm
	]
	if others:
		content.append(tag("section", tag("h2", "Other companies"), *others))
	return company.name, content


def build_box(company: Company, figure: str, words: str, path: str, **parameters: str) -> Html:
	return tag("a", tag("strong", figure), words, href=build_address(company, path, **parameters))


def build_totals(emulator: Emulator, company: Company) -> list[Html]:
	"""Return the sums a bookkeeper looks at first, each with its report behind it."""
	query = Query(emulator.start_work(company), "BalanceSheet", {})
	accounts = load_accounts(query)
	sums = {account.identifier: account.add(BEGINNING, END) for account in accounts}
	boxes = []
	for kind, words, sign, report in TOTALS:
		cents = sign * sum(sums[account.identifier] for account in accounts if account.kind == kind)
		boxes.append(build_box(company, format_money(cents), words, "/app/report", name=report))
	stock = sum(sums[account.identifier] for account in accounts if account.subtype == "Inventory")
	boxes.append(
		build_box(company, format_money(stock), "inventory", "/app/report", name="InventoryValuationSummary")
	)
	span = query.get_span()
	net = -sum(account.add(span.start, span.end) for account in accounts if account.kind in INCOME_TYPES)
	boxes.append(
		build_box(company, format_money(net), "net income this year", "/app/report", name="ProfitAndLoss")
	)
	return boxes


def build_facts(emulator: Emulator, company: Company) -> Html:
	info = company.definition["company_info"]
	closed = company.get_preference("AccountingInfoPrefs", "BookCloseDate") or "no closing date"
	numbers = "on" if company.get_preference("SalesFormsPrefs", "CustomTxnNumbers") else "off"
	currencies = company.home_currency
	if company.get_preference("CurrencyPrefs", "MultiCurrencyEnabled"):
		currencies += " and others"
	return tag(
		"div",
		facts(
			[
				("Legal name", info.get("LegalName")),
				("Address", format_address(info.get("CompanyAddr"))),
				("Country", info.get("Country")),
			]
		),
		facts(
			[
				("Currency", currencies),
				("Closed through", closed),
				("Custom transaction numbers", numbers),
				("Company's time", emulator.stamp(company)[:19].replace("T", " ")),
			]
		),
		facts([("Realm", company.realm), ("Apps connected", str(emulator.auth.count_grants(company.realm)))]),
		class_="columns",
	)
