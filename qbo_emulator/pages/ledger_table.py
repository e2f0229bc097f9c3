"""Ledger lines as tables: those of one transaction, and the register of one account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aiohttp import web

from qbo_emulator import ledger
from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.pages.addresses import link_record
from qbo_emulator.pages.formats import format_money, name_kind
from qbo_emulator.pages.html import Html, table
from qbo_emulator.pages.paging import PAGE_SIZE, build_pager, read_page


def build_ledger_table(emulator: Emulator, company: Company, entity: str, identifier: Any) -> Html:
	"""Return the postings of a transaction with their sums."""
	postings = ledger.list_postings(emulator.store, company.key, entity, identifier)
	rows: list[list[object]] = [
		[
			link_record(company, "Account", posting["account"]["id"], posting["account"]["name"]),
			posting["memo"],
			format_side(posting["debit"]),
			format_side(posting["credit"]),
		]
		for posting in postings
	]
	if rows:
		total = sum((Decimal(posting["debit"]) for posting in postings), Decimal(0))
		rows.append(["Total", "", f"{total:,.2f}", f"{total:,.2f}"])
	return table(
		["Account", "Memo", "Debit", "Credit"], rows, (2, 3), last_is_total=True, empty="It posts nothing."
	)


def format_side(amount: str) -> str:
	return "" if amount == "0.00" else f"{Decimal(amount):,.2f}"


def build_register(
	emulator: Emulator, company: Company, request: web.Request, account: int
) -> tuple[Html, Html]:
	"""Return one page of an account's ledger lines, latest first, with the balance after each; and the pager."""
	store = emulator.store
	total = store.execute(
		"SELECT count(*) FROM posting WHERE company = ? AND account = ?", (company.key, account)
	).fetchone()[0]
	cursor = store.execute(
		"SELECT p.txn_date, p.entity, p.id, o.doc_number, n.name, p.memo, p.cents, p.running FROM ("
		" SELECT *, sum(cents) OVER (ORDER BY txn_date, pk) AS running FROM posting WHERE company = ? AND account = ?) p"
		" LEFT JOIN object o ON o.company = p.company AND o.entity = p.entity AND o.id = p.id"
		" LEFT JOIN object n ON n.company = p.company AND n.entity IN ('Customer', 'Vendor', 'Employee') AND n.id = p.party"
		" ORDER BY p.txn_date DESC, p.pk DESC LIMIT ? OFFSET ?",
		(company.key, account, PAGE_SIZE, (read_page(request) - 1) * PAGE_SIZE),
	)
	lines: list[list[object]] = [
		[
			day,
			name_kind(entity),
			link_record(company, entity, identifier, number or f"Id {identifier}"),
			party or "",
			memo,
			format_money(cents) if cents > 0 else "",
			format_money(-cents) if cents < 0 else "",
			format_money(running),
		]
		for day, entity, identifier, number, party, memo, cents, running in cursor
	]
	headings = ["Date", "Kind", "Number", "Name", "Memo", "Debit", "Credit", "Balance"]
	shown = table(headings, lines, (5, 6, 7), empty="Nothing was posted to this account yet.")
	return shown, build_pager(request, total)
