"""Pages of list records: a customer, a vendor, an item with its stock, an account with its register."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from qbo_emulator import ledger, stock_rows
from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.money import from_cents, from_scaled_quantity, round_half_up
from qbo_emulator.pages.addresses import link_record, list_transaction_kinds
from qbo_emulator.pages.document_lines import link_reference
from qbo_emulator.pages.formats import format_address, format_money, format_number, format_price, name_kind
from qbo_emulator.pages.html import Html, facts, table, tag
from qbo_emulator.pages.ledger_table import build_register
from qbo_emulator.pages.lists import build_transaction_table
from qbo_emulator.pages.paging import PAGE_SIZE, build_pager, read_page
from qbo_emulator.pages.transaction import build_json, find_row
from qbo_emulator.store import COLUMN_LIST, Row


def show_person(
	emulator: Emulator, company: Company, request: web.Request, entity: str
) -> tuple[str, list[Html]]:
	row, body = find_row(emulator, company, entity, request.query.get("nameId", ""), entity.lower())
	terms = body.get("SalesTermRef", body.get("TermRef", {}))
	details = tag(
		"div",
		facts([
			("Company", body.get("CompanyName")), ("E-mail", body.get("PrimaryEmailAddr", {}).get("Address")),
			("Phone", body.get("PrimaryPhone", {}).get("FreeFormNumber")), ("Terms", terms.get("name")),
			("Part of", link_reference(company, entity, body.get("ParentRef"))),
		]),
		facts([("Bill to", format_address(body.get("BillAddr"))), ("Ship to", format_address(body.get("ShipAddr")))]),
		facts([
			("Balance", format_money(row.balance)), ("Currency", body.get("CurrencyRef", {}).get("value")),
			("Notes", body.get("Notes")), ("Active", "yes" if row.active else "no"),
			("Id", f"{row.id} (version {row.sync_token})"),
		]),
		class_="columns",
	)  # fmt: skip
	shown, pager = build_party_transactions(emulator, company, request, row.id)
	return body["DisplayName"], [
		tag("section", details),
		tag("section", tag("h2", "Transactions"), shown, pager),
		tag("section", build_json(row)),
	]


def build_party_transactions(
	emulator: Emulator, company: Company, request: web.Request, party: Any
) -> tuple[Html, Html]:
	kinds = list_transaction_kinds()
	where = f"company = ? AND entity IN ({', '.join('?' * len(kinds))}) AND party = ?"
	values = (company.key, *kinds, party)
	total = emulator.store.execute(f"SELECT count(*) FROM object WHERE {where}", values).fetchone()[0]
	cursor = emulator.store.execute(
		f"SELECT {COLUMN_LIST} FROM object WHERE {where} ORDER BY txn_date DESC, id DESC LIMIT ? OFFSET ?",
		(*values, PAGE_SIZE, (read_page(request) - 1) * PAGE_SIZE),
	)
	rows = [Row(*row) for row in cursor]
	return build_transaction_table(company, rows), build_pager(request, total)


def show_customer(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	return show_person(emulator, company, request, "Customer")


def show_vendor(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	return show_person(emulator, company, request, "Vendor")


def show_item(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	row, body = find_row(emulator, company, "Item", request.query.get("itemId", ""), "item")
	is_stocked = body["Type"] == "Inventory"
	details = tag(
		"div",
		facts([("Type", body["Type"]), ("SKU", body.get("Sku")), ("Description", body.get("Description"))]),
		facts([
			("Price", format_price(body.get("UnitPrice"))),
			("Income account", link_reference(company, "Account", body.get("IncomeAccountRef"))),
			("Taxable", "yes" if body.get("Taxable") else "no"),
		]),
		facts([
			("Cost", format_price(body.get("PurchaseCost"))),
			("Expense account", link_reference(company, "Account", body.get("ExpenseAccountRef"))),
			("Asset account", link_reference(company, "Account", body.get("AssetAccountRef"))),
			("Active", "yes" if row.active else "no"), ("Id", f"{row.id} (version {row.sync_token})"),
		]),
		class_="columns",
	)  # fmt: skip
	content = [tag("section", details)]
	if is_stocked:
		content += build_stock(emulator, company, request, row)
	components = body.get("ItemGroupDetail", {}).get("ItemGroupLine", [])
	if components:
		lines: list[list[object]] = [
			[link_reference(company, "Item", part.get("ItemRef")), format_number(part.get("Qty"))]
			for part in components
		]
		content.append(tag("section", tag("h2", "Holds"), table(["Item", "Quantity"], lines, (1,))))
	content.append(tag("section", build_json(row)))
	return body["FullyQualifiedName"], content


def build_stock(emulator: Emulator, company: Company, request: web.Request, row: Row) -> list[Html]:
	"""Return what is on hand, layer by layer as first in, first out will use it, and the moves, latest first."""
	item = int(row.id)
	layers = list(stock_rows.iterate_layers(emulator.store, company.key, item))
	lines: list[list[object]] = []
	for layer in layers:
		quantity = from_scaled_quantity(layer.quantity)
		unit = round_half_up(from_cents(layer.cents) / quantity, 4) if layer.quantity else None
		lines.append([format_number(quantity), format_price(unit), format_money(layer.cents)])
	if lines:
		value = format_money(sum(layer.cents for layer in layers))
		lines.append(
			[format_number(from_scaled_quantity(sum(layer.quantity for layer in layers))), "", value]
		)
	on_hand = table(
		["Quantity", "Unit cost", "Value"], lines, (0, 1, 2), last_is_total=True, empty="None on hand."
	)
	where = "company = ? AND item = ?"
	total = emulator.store.execute(
		f"SELECT count(*) FROM stock_move WHERE {where}", (company.key, item)
	).fetchone()[0]
	moves = stock_rows.read_moves(
		emulator.store,
		f"{where} ORDER BY day DESC, entry DESC, line DESC LIMIT ? OFFSET ?",
		(company.key, item, PAGE_SIZE, (read_page(request) - 1) * PAGE_SIZE),
	)
	moved: list[list[object]] = [
		[
			move.day,
			name_kind(move.kind.replace("_", " ")),
			link_record(company, move.entity, move.id, f"{name_kind(move.entity)} Id {move.id}"),
			format_number(from_scaled_quantity(move.quantity)),
			format_money(move.cents),
		]
		for move in moves
	]
	shown = table(["Date", "Move", "Transaction", "Quantity", "Value"], moved, (3, 4))
	return [
		tag("section", tag("h2", "On hand"), on_hand),
		tag("section", tag("h2", "Moves"), shown, build_pager(request, total)),
	]


def show_account(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	row, body = find_row(emulator, company, "Account", request.query.get("accountId", ""), "account")
	balance = ledger.get_totals(emulator.store, company.key).get(int(row.id), 0)
	details = tag(
		"div",
		facts([("Type", body["AccountType"]), ("Detail", body.get("AccountSubType"))]),
		facts([("Number", body.get("AcctNum")), ("Currency", body.get("CurrencyRef", {}).get("value"))]),
		facts([("Balance (credits negative)", format_money(balance)), ("Id", f"{row.id} (version {row.sync_token})")]),
		class_="columns",
	)  # fmt: skip
	shown, pager = build_register(emulator, company, request, int(row.id))
	return body["FullyQualifiedName"], [
		tag("section", details),
		tag("section", tag("h2", "Register"), shown, pager),
		tag("section", build_json(row)),
	]
