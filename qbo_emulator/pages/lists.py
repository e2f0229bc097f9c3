"""Pages that list: customers, vendors, items, accounts, transactions."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from qbo_emulator import ledger
from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.entities import ENTITIES
from qbo_emulator.entities.transaction import Transaction
from qbo_emulator.money import from_scaled_quantity
from qbo_emulator.pages.addresses import build_address, link_record, list_transaction_kinds
from qbo_emulator.pages.formats import format_money, format_number, format_price, name_kind, name_kinds
from qbo_emulator.pages.html import Html, table, tag
from qbo_emulator.pages.paging import build_search, load_rows
from qbo_emulator.reports.accounts import ACCOUNT_ORDER
from qbo_emulator.store import Row
from qbo_emulator.work import load_body

BY_NAME = "active DESC, name COLLATE NOCASE, id"
BY_DATE = "txn_date DESC, id DESC"


def count(emulator: Emulator, company: Company, entity: str) -> int:
	cursor = emulator.store.execute(
		"SELECT count(*) FROM object WHERE company = ? AND entity = ?", (company.key, entity)
	)
	return int(cursor.fetchone()[0])


def mark_inactive(row: Row) -> Html | None:
	return None if row.active else tag("span", " inactive", class_="quiet")


def show_people(
	emulator: Emulator, company: Company, request: web.Request, entity: str
) -> tuple[str, list[Html]]:
	rows, pager = load_rows(emulator, company, request, [entity], BY_NAME)
	lines: list[list[object]] = []
	for row in rows:
		body = load_body(row.body)
		name = body.get("FullyQualifiedName", body["DisplayName"])
		lines.append([
			tag("span", link_record(company, entity, row.id, name), mark_inactive(row)),
			body.get("CompanyName", ""),
			body.get("PrimaryEmailAddr", {}).get("Address", ""),
			body.get("PrimaryPhone", {}).get("FreeFormNumber", ""),
			body.get("CurrencyRef", {}).get("value", ""),
			format_money(row.balance),
		])  # fmt: skip
	words = name_kinds(entity)
	empty = f"No {words.lower()} yet. They come through the API, or from the company file."
	headings = [entity, "Company", "E-mail", "Phone", "Currency", "Balance"]
	shown = table(headings, lines, (5,), empty=empty if "q" not in request.query else "Nothing found.")
	return words, [tag("section", build_search(request, "Name"), shown, pager)]


def show_customers(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	return show_people(emulator, company, request, "Customer")


def show_vendors(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	return show_people(emulator, company, request, "Vendor")


def show_items(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	rows, pager = load_rows(emulator, company, request, ["Item"], BY_NAME)
	lines: list[list[object]] = []
	for row in rows:
		body = load_body(row.body)
		quantity = from_scaled_quantity(row.quantity or 0) if body["Type"] == "Inventory" else None
		lines.append([
			tag("span", link_record(company, "Item", row.id, body["FullyQualifiedName"]), mark_inactive(row)),
			body.get("Sku", ""), body["Type"], format_price(body.get("UnitPrice")), format_price(body.get("PurchaseCost")),
			format_number(quantity),
		])  # fmt: skip
	empty = "No items yet. They come through the API, or from the company file."
	headings = ["Item", "SKU", "Type", "Price", "Cost", "On hand"]
	shown = table(headings, lines, (3, 4, 5), empty=empty if "q" not in request.query else "Nothing found.")
	return "Items", [tag("section", build_search(request, "Name"), shown, pager)]


def sort_account(body: dict[str, Any]) -> tuple[int, str, str]:
	"""Return what puts accounts in the order of a chart of accounts: type, number, name."""
	order = ACCOUNT_ORDER.index(body["AccountType"])
	return order, body.get("AcctNum", ""), body["FullyQualifiedName"]


def show_accounts(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	"""Return the chart of accounts, with balances as the ledger has them: debits positive, credits negative."""
	totals = ledger.get_totals(emulator.store, company.key)
	rows = [(row, load_body(row.body)) for row in emulator.store.find(company.key, "Account")]
	rows.sort(key=lambda pair: sort_account(pair[1]))
	lines: list[list[object]] = [
		[
			body.get("AcctNum", ""),
			tag(
				"span",
				link_record(company, "Account", row.id, body["FullyQualifiedName"]),
				mark_inactive(row),
			),
			body["AccountType"],
			body.get("AccountSubType", ""),
			format_money(totals.get(int(row.id), 0)),
		]
		for row, body in rows
	]
	note = tag("p", "Balances of the ledger: debits are positive, credits negative.", class_="quiet")
	return "Accounts", [
		tag("section", note, table(["Number", "Account", "Type", "Detail", "Balance"], lines, (4,)))
	]


def name_state(row: Row, body: dict[str, Any]) -> Html | str:
	"""Return whether anything of it is open; where nothing ever is, the status it has itself."""
	if row.state == "voided":
		return tag("span", "Voided", class_="bad")
	entity = ENTITIES[row.entity]
	if isinstance(entity, Transaction) and entity.open_fields:
		return "Open" if row.balance else "Closed"
	return str(body.get("TxnStatus", body.get("POStatus", "")))


def build_transaction_table(company: Company, rows: list[Row], with_kind: bool = True) -> Html:
	lines: list[list[object]] = []
	for row in rows:
		body = load_body(row.body)
		party = next(
			(
				body[name]
				for name in ("CustomerRef", "VendorRef", "EntityRef")
				if isinstance(body.get(name), dict)
			),
			{},
		)
		number = row.doc_number or f"(no number, Id {row.id})"
		line: list[object] = [
			row.txn_date, name_kind(row.entity), link_record(company, row.entity, row.id, number), party.get("name", ""),
			row.due_date or "", name_state(row, body), format_money(row.balance) if row.balance else "", format_money(row.total),
		]  # fmt: skip
		lines.append(line if with_kind else [line[0], *line[2:]])
	headings = ["Date", "Kind", "Number", "Name", "Due", "State", "Open", "Total"]
	if not with_kind:
		del headings[1]
	last = len(headings) - 1
	return table(headings, lines, (last - 1, last), empty="No transactions here yet.")


def show_transactions(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	"""Return all transactions, or those of the kind that ``type`` names."""
	kinds = list_transaction_kinds()
	chosen = request.query.get("type", "")
	if chosen and chosen not in kinds:
		raise LookupError(f"There are no transactions of the kind {chosen}. Kinds: {', '.join(kinds)}.")
	return show_kind(emulator, company, request, chosen)


def show_kind(
	emulator: Emulator, company: Company, request: web.Request, chosen: str
) -> tuple[str, list[Html]]:
	kinds = list_transaction_kinds()
	rows, pager = load_rows(emulator, company, request, [chosen] if chosen else kinds, BY_DATE)
	tabs = [
		tag("a", "All", href=build_address(company, "/app/transactions"), class_=None if chosen else "here")
	]
	for kind in kinds:
		number = count(emulator, company, kind)
		if number or kind == chosen:
			address = build_address(company, "/app/transactions", type=kind)
			tabs.append(
				tag(
					"a",
					f"{name_kinds(kind)} {number:,}",
					href=address,
					class_="here" if kind == chosen else None,
				)
			)
	shown = build_transaction_table(company, rows, with_kind=not chosen)
	title = name_kinds(chosen) if chosen else "Transactions"
	return title, [
		tag("section", tag("div", *tabs, class_="tabs"), build_search(request, "Number"), shown, pager)
	]


def show_invoices(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	return show_kind(emulator, company, request, "Invoice")
