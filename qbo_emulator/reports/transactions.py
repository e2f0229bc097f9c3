"""TransactionList, and the open transactions behind CustomerBalance and VendorBalance."""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities import ENTITIES
from qbo_emulator.money import from_cents
from qbo_emulator.reports.aging import load_open
from qbo_emulator.reports.entries import MAX_CELLS, TOO_MUCH, Names, make_entry_columns, name_type
from qbo_emulator.reports.parties import PAYABLE, RECEIVABLE, Side
from qbo_emulator.reports.period import END, Query, describe_span
from qbo_emulator.reports.shapes import Line, make_column, make_report, make_section, make_summary

LIST_COLUMNS = (
	"tx_date",
	"txn_type",
	"doc_num",
	"is_no_post",
	"name",
	"memo",
	"account_name",
	"other_account",
)
NON_POSTING = ("Estimate", "PurchaseOrder")


def build_transaction_list(query: Query) -> dict[str, Any]:
	"""Return TransactionList: one line a transaction of the period, by date."""
	span = query.get_span("this month-to-date")
	wanted = query.get_ids("customer") + query.get_ids("vendor")
	kind = query.parameters.get("transaction_type", "").replace(" ", "").lower()
	kinds = [
		name
		for name, entity in ENTITIES.items()
		if entity.is_transaction
		and (not kind or kind in (name.lower(), name_type(name).replace(" ", "").lower()))
	]
	condition = f" AND party IN ({', '.join('?' * len(wanted))})" if wanted else ""
	most = MAX_CELLS // (len(LIST_COLUMNS) + 1)
	cursor = query.work.store.execute(
		"SELECT entity, id, txn_date, coalesce(doc_number, ''), party, coalesce(total, 0),"
		" coalesce(json_extract(body, '$.PrivateNote'), '') FROM object"
		f" WHERE company = ? AND entity IN ({', '.join('?' * len(kinds))}) AND txn_date BETWEEN ? AND ?{condition}"
		" ORDER BY txn_date, id LIMIT ?",
		(query.company.key, *kinds, span.start, span.end, *wanted, most + 1),
	)
	names = Names(query)
	rows: list[Line] = []
	for entity, identifier, day, number, party, total, note in cursor:
		accounts = [row[0] for row in query.work.store.execute(
			"SELECT account FROM posting WHERE company = ? AND entity = ? AND id = ? ORDER BY pk",
			(query.company.key, entity, identifier),
		)]  # fmt: skip
		first, others = (
			accounts[:1],
			[account for account in dict.fromkeys(accounts[1:]) if account != accounts[0]],
		)
		other = names.accounts.get(others[0], "") if len(others) == 1 else "-Split-" if others else ""
		rows.append({"type": "Data", "ColData": [
			{"value": day},
			{"value": name_type(entity), "id": str(identifier)},
			{"value": number},
			{"value": "No" if entity in NON_POSTING else "Yes"},
			{"value": names.parties.get(party, ""), "id": str(party or "")},
			{"value": note},
			{"value": names.accounts.get(first[0], "") if first else "", "id": str(first[0]) if first else ""},
			{"value": other, "id": str(others[0]) if len(others) == 1 else ""},
			{"value": str(from_cents(total))},
		]})  # fmt: skip
	if len(rows) > most:
		rows[most:] = [{"ColData": [{"value": TOO_MUCH}], "type": "Data"}]
	columns = [*make_entry_columns(LIST_COLUMNS), make_column("Amount", "Money", "subt_nat_amount")]
	return make_report(query, describe_span(query, span), columns, rows, bool(rows))


def build_detail(query: Query, side: Side) -> dict[str, Any]:
	"""Return each name's open transactions with due date, open balance and running balance."""
	day = query.get_report_day(END)
	names = Names(query)
	by_party: dict[int, list[Any]] = {}
	for item in load_open(query, side, day):
		by_party.setdefault(item.party, []).append(item)
	rows: list[Line] = []
	grand = 0
	for party in sorted(by_party, key=lambda party: names.parties.get(party, "").casefold()):
		lines: list[Line] = []
		balance = 0
		for item in by_party[party]:
			balance += item.cents
			values = (item.day, name_type(item.entity), item.doc_number, item.due)
			cells = [
				{"value": value} for value in (*values, str(from_cents(item.cents)), str(from_cents(balance)))
			]
			cells[1]["id"] = str(item.identifier)
			lines.append({"ColData": cells, "type": "Data"})
		grand += balance
		name = names.parties.get(party, "Not Specified")
		totals = ["", "", "", str(from_cents(balance)), str(from_cents(balance))]
		rows.append(make_section(name, lines, f"Total for {name}", totals, None, party or None))
	if rows:
		total = str(from_cents(grand))
		rows.append(make_summary("TOTAL", ["", "", "", total, total], "GrandTotal"))
	columns = make_entry_columns(
		("tx_date", "txn_type", "doc_num", "due_date", "subt_nat_open_bal", "rbal_nat_amount")
	)
	shown = query.today.isoformat() if day == END else day
	header = {"DateMacro": "all"} if day == END else {}
	return make_report(query, header, columns, rows, bool(rows), [("report_date", shown)])


def build_customer_balance_detail(query: Query) -> dict[str, Any]:
	return build_detail(query, RECEIVABLE)


def build_vendor_balance_detail(query: Query) -> dict[str, Any]:
	return build_detail(query, PAYABLE)
