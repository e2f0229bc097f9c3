"""Pages that list: the company itself, customers, items, invoices, the trial balance."""

from __future__ import annotations

from aiohttp import web

from qbo_emulator import ledger
from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.money import from_cents, from_scaled_quantity
from qbo_emulator.pages.html import Html, facts, link, table, tag
from qbo_emulator.reports.trial_balance import list_balances
from qbo_emulator.store import COLUMN_LIST, Row
from qbo_emulator.work import load_body

PAGE_SIZE = 50


def format_money(cents: int | None) -> str:
	"""Return 1,234.50; a negative amount with a minus sign."""
	return f"{from_cents(cents or 0):,.2f}"


def count(emulator: Emulator, company: Company, entity: str) -> int:
	cursor = emulator.store.execute(
		"SELECT count(*) FROM object WHERE company = ? AND entity = ?", (company.key, entity)
	)
	return int(cursor.fetchone()[0])


def load_page(
	emulator: Emulator,
	company: Company,
	request: web.Request,
	entity: str,
	order: str = "name COLLATE NOCASE, id",
) -> tuple[list[Row], Html]:
	"""Return one page of an entity's rows and the links to the pages around it; ``q`` looks in names and numbers."""
	text = request.query.get("page", "1")
	page = max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1
	sought = request.query.get("q", "").strip()
	pattern = f"%{sought}%"
	where = "company = ? AND entity = ? AND (? = '' OR name LIKE ? OR doc_number LIKE ?)"
	values = (company.key, entity, sought, pattern, pattern)
	total = int(emulator.store.execute(f"SELECT count(*) FROM object WHERE {where}", values).fetchone()[0])
	cursor = emulator.store.execute(
		f"SELECT {COLUMN_LIST} FROM object WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
		(*values, PAGE_SIZE, (page - 1) * PAGE_SIZE),
	)
	rows = [Row(*row) for row in cursor]
	return rows, build_pager(request, company, page, total, sought)


def build_pager(request: web.Request, company: Company, page: int, total: int, sought: str) -> Html:
	last = max((total + PAGE_SIZE - 1) // PAGE_SIZE, 1)

	def leaf(number: int, text: str) -> Html:
		address = request.rel_url.with_query({"companyId": company.realm, "page": str(number), "q": sought})
		return link(str(address), text)

	return tag(
		"p", f"{total:,} in all, page {page} of {last} ", leaf(page - 1, "Previous") if page > 1 else None, " ",
		leaf(page + 1, "Next") if page < last else None, class_="quiet",
	)  # fmt: skip


def build_search(request: web.Request, company: Company, what: str) -> Html:
	return tag(
		"form", tag("input", type="hidden", name="companyId", value=company.realm),
		tag("input", name="q", value=request.query.get("q", ""), placeholder=what, aria_label=what), " ", tag("button", "Search"),
		method="get",
	)  # fmt: skip


def show_company(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	suffix = f"?companyId={company.realm}"
	totals = ledger.get_totals(emulator.store, company.key)
	info = company.definition["company_info"]
	address = info.get("CompanyAddr", {})
	boxes = [
		tag("a", tag("strong", f"{count(emulator, company, entity):,}"), words, href=where + suffix)
		for entity, words, where in (
			("Customer", "customers", "/app/customers"),
			("Item", "items", "/app/items"),
			("Invoice", "invoices", "/app/invoices"),
			("Account", "accounts", "/app/trialbalance"),
		)
	]
	receivable = totals.get(company.get_role("receivable"), 0)
	boxes.append(
		tag("a", tag("strong", format_money(receivable)), "receivable", href="/app/trialbalance" + suffix)
	)
	lines = (address.get(key) for key in ("Line1", "City", "CountrySubDivisionCode", "PostalCode"))
	details = tag(
		"div",
		facts(
			[
				("Legal name", info.get("LegalName")),
				("Address", ", ".join(line for line in lines if line)),
				("Currency", company.home_currency),
			]
		),
		facts(
			[
				(
					"Closed through",
					company.get_preference("AccountingInfoPrefs", "BookCloseDate") or "no closing date",
				),
				(
					"Custom transaction numbers",
					"on" if company.get_preference("SalesFormsPrefs", "CustomTxnNumbers") else "off",
				),
				("Company's time", emulator.stamp(company)[:19].replace("T", " ")),
			]
		),
		facts([("Realm", company.realm), ("Apps connected", str(emulator.auth.count_grants(company.realm)))]),
		class_="columns",
	)
	cursor = emulator.store.execute(
		f"SELECT {COLUMN_LIST} FROM object WHERE company = ? AND entity = 'Invoice' ORDER BY txn_date DESC, id DESC LIMIT 10",
		(company.key,),
	)
	latest = build_invoice_table(company, [Row(*values) for values in cursor])
	others = [
		tag("p", link(f"/?companyId={other.realm}", other.name))
		for other in emulator.companies.values()
		if other.realm != company.realm
	]
	content = [
		tag("section", tag("div", *boxes, class_="counts")),
		tag("section", details),
		tag("section", tag("h2", "Latest invoices"), latest),
	]
	if others:
		content.append(tag("section", tag("h2", "Other companies"), *others))
	return company.name, content


def show_customers(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	rows, pager = load_page(emulator, company, request, "Customer")
	lines: list[list[object]] = []
	for row in rows:
		body = load_body(row.body)
		lines.append([
			link(f"/app/customerdetail?nameId={row.id}&companyId={company.realm}", body["DisplayName"]),
			body.get("CompanyName", ""),
			body.get("PrimaryPhone", {}).get("FreeFormNumber", ""),
			format_money(row.balance),
		])  # fmt: skip
	shown = table(["Customer", "Company", "Phone", "Balance"], lines, (3,))
	return "Customers", [tag("section", build_search(request, company, "Name"), shown, pager)]


def show_items(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	rows, pager = load_page(emulator, company, request, "Item")
	lines: list[list[object]] = []
	for row in rows:
		body = load_body(row.body)
		quantity = from_scaled_quantity(row.quantity or 0) if body["Type"] == "Inventory" else ""
		lines.append([
			link(f"/app/item?itemId={row.id}&companyId={company.realm}", body["FullyQualifiedName"]),
			body.get("Sku", ""), body["Type"], body.get("UnitPrice", ""), quantity,
		])  # fmt: skip
	shown = table(["Item", "SKU", "Type", "Price", "On hand"], lines, (3, 4))
	return "Items", [tag("section", build_search(request, company, "Name"), shown, pager)]


def build_invoice_table(company: Company, rows: list[Row]) -> Html:
	lines: list[list[object]] = []
	for row in rows:
		body = load_body(row.body)
		address = f"/app/invoice?txnId={row.id}&companyId={company.realm}"
		state = (
			tag("span", "Voided", class_="bad")
			if row.state == "voided"
			else "Open"
			if row.balance
			else "Paid"
		)
		lines.append([
			row.txn_date, link(address, row.doc_number or f"(no number, Id {row.id})"), body["CustomerRef"]["name"],
			row.due_date, state, format_money(row.balance), format_money(row.total),
		])  # fmt: skip
	return table(["Date", "Number", "Customer", "Due", "State", "Balance", "Total"], lines, (5, 6))


def show_invoices(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	rows, pager = load_page(emulator, company, request, "Invoice", "txn_date DESC, id DESC")
	return "Invoices", [
		tag("section", build_search(request, company, "Number"), build_invoice_table(company, rows), pager)
	]


def show_trial_balance(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	balances = list_balances(emulator.start_work(company))
	lines: list[list[object]] = [
		[name, format_money(cents) if cents > 0 else "", format_money(-cents) if cents < 0 else ""]
		for _identifier, name, cents in balances
	]
	if lines:
		debits, credits = ledger.sum_debits({int(identifier): cents for identifier, _name, cents in balances})
		lines.append(["Total", f"{debits:,.2f}", f"{credits:,.2f}"])
	return "Trial balance", [
		tag("section", table(["Account", "Debit", "Credit"], lines, (1, 2), last_is_total=True))
	]
