"""GeneralLedger: every ledger line of a period, account by account, with beginning and running balances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qbo_emulator.reports.accounts import AccountSums, build_filter, load_accounts
from qbo_emulator.reports.entries import (
	MAX_CELLS,
	TOO_MUCH,
	Entry,
	Names,
	choose_columns,
	list_entries,
	make_cell,
	make_entry_columns,
)
from qbo_emulator.reports.period import BEGINNING, Query, Span, describe_span
from qbo_emulator.reports.shapes import Line, format_cents, make_report, make_section

COLUMNS = (
	"tx_date",
	"txn_type",
	"doc_num",
	"name",
	"memo",
	"split_acc",
	"subt_nat_amount",
	"rbal_nat_amount",
)


def build_general_ledger(query: Query) -> dict[str, Any]:
	"""Return GeneralLedger. Amounts have each account's natural sign; beyond 400,000 cells a line says so."""
	span = query.get_span()
	keys = choose_columns(query, COLUMNS)
	where, values = build_filter(query, "p.")
	most = MAX_CELLS // len(keys)
	entries = list_entries(
		query, f"AND p.txn_date BETWEEN ? AND ?{where}", (span.start, span.end, *values), most + 1
	)
	by_account: dict[int, list[Entry]] = {}
	count = 0
	for entry in entries:
		count += 1
		if count <= most:
			by_account.setdefault(entry.account, []).append(entry)
	names = Names(query)
	rows = []
	for account in load_accounts(query):
		section = build_account(account, by_account.get(account.identifier, []), names, keys, span)
		if section:
			rows.append(section)
	if count > most:
		rows.append({"ColData": [{"value": TOO_MUCH}], "type": "Data"})
	header = {"ReportBasis": "Accrual", **describe_span(query, span)}
	return make_report(query, header, make_entry_columns(keys), rows, bool(rows))


def build_account(
	account: AccountSums, entries: list[Entry], names: Names, keys: Sequence[str], span: Span
) -> Line | None:
	"""Return an account's section, or None where there is nothing to show."""
	balance = 0
	if not account.is_income:
		balance = account.sign * (account.add(BEGINNING, span.end) - account.add(span.start, span.end))
	if not entries and not balance:
		return None
	rows: list[Line] = []
	if balance:
		cells = [{"value": format_cents(balance) if key == "rbal_nat_amount" else ""} for key in keys]
		cells[0]["value"] = "Beginning Balance"
		rows.append({"ColData": cells, "type": "Data"})
	total = 0
	for entry in entries:
		amount = account.sign * entry.cents
		total += amount
		balance += amount
		cells = [make_cell(key, entry, names, amount, balance) for key in keys]
		rows.append({"ColData": cells, "type": "Data"})
	totals = [format_cents(total) if key == "subt_nat_amount" else "" for key in keys[1:]]
	return make_section(
		account.full_name, rows, f"Total for {account.full_name}", totals, None, account.identifier
	)
