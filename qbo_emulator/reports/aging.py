"""AgedReceivables and AgedPayables: open transactions by how long they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from qbo_emulator.faults import Fault
from qbo_emulator.reports.parties import PAYABLE, RECEIVABLE, Side, list_accounts, load_parties
from qbo_emulator.reports.period import Query
from qbo_emulator.reports.shapes import (
	add_up,
	format_cents,
	list_node_rows,
	make_column,
	make_report,
	make_summary,
)

MAX_PERIODS = 24


@dataclass
class OpenTransaction:
	"""A transaction with what is open of it at a day, in cents of home currency, as it is owed."""

	entity: str
	identifier: int
	party: int
	day: str
	due: str
	doc_number: str
	cents: int


def load_open(query: Query, side: Side, day: str) -> list[OpenTransaction]:
	"""Return what is open at the end of a day; together it is the balance of the side's accounts.

	A transaction's own postings, less what payments of that day or earlier settle of it; a payment, what it settles
	of nothing.
	"""
	accounts = list_accounts(query, side)
	places = ", ".join("?" * len(accounts))
	key = query.company.key
	cursor = query.work.store.execute(
		"SELECT p.entity, p.id, coalesce(p.party, 0), p.txn_date, coalesce(o.due_date, p.txn_date),"
		" coalesce(o.doc_number, ''), sum(p.cents) FROM posting p"
		" LEFT JOIN object o ON o.company = p.company AND o.entity = p.entity AND o.id = p.id"
		f" WHERE p.company = ? AND p.txn_date <= ? AND p.account IN ({places})"
		" GROUP BY p.entity, p.id, p.party ORDER BY p.txn_date, p.id",
		(key, day, *accounts),
	)
	found: dict[tuple[str, int], OpenTransaction] = {}
	rest = []
	for entity, identifier, party, posted, due, number, cents in cursor:
		item = OpenTransaction(entity, identifier, party, posted, due, number, side.sign * cents)
		if (entity, identifier) in found:  # a journal entry on several names
			rest.append(item)
		else:
			found[entity, identifier] = item
	for payer, target, cents in list_settlements(query, day):
		if target in found and payer in found:
			found[target].cents -= cents
			found[payer].cents += cents
	wanted = query.get_ids(side.filter_name)
	return [item for item in (*found.values(), *rest) if item.cents and (not wanted or item.party in wanted)]


def list_settlements(query: Query, day: str) -> list[tuple[tuple[str, int], tuple[str, int], int]]:
	"""Return (payer, target, cents by which the target is owed less) of everything settled up to a day."""
	cursor = query.work.store.execute(
		"SELECT l.entity, l.id, l.target_entity, l.target_id, l.side * l.home_cents FROM link l"
		" JOIN object payer ON payer.company = l.company AND payer.entity = l.entity AND payer.id = l.id"
		" JOIN object target ON target.company = l.company AND target.entity = l.target_entity AND target.id = l.target_id"
		" WHERE l.company = ? AND l.side <> 0 AND payer.txn_date <= ? AND target.txn_date <= ?",
		(query.company.key, day, day),
	)
	return [((row[0], row[1]), (row[2], row[3]), row[4]) for row in cursor]


def build_aging(query: Query, side: Side) -> dict[str, Any]:
	"""Return a line for each name: not due yet, then by periods of so many days. Raises 2070 for odd periods."""
	day = query.get_report_day(query.today.isoformat())
	length = read_count(query, "aging_period", 30, 365)
	count = read_count(query, "num_periods", 4, MAX_PERIODS)
	method = query.get_choice("aging_method", "report_date", "report_date", "current")
	aged_at = date.fromisoformat(day if method == "report_date" else query.today.isoformat())
	sums: dict[int, list[int]] = {}
	for item in load_open(query, side, day):
		late = (aged_at - date.fromisoformat(item.due)).days
		bucket = 0 if late <= 0 else min((late - 1) // length + 1, count)
		row = sums.setdefault(item.party, [0] * (count + 2))
		row[bucket] += item.cents
		row[-1] += item.cents
	nodes = load_parties(query, side, sums, count + 2)
	rows = list_node_rows(nodes)
	blank_zeros(rows)
	if rows:
		totals = add_up([node.totals for node in nodes], count + 2)
		rows.append(make_summary("TOTAL", [format_cents(cents) for cents in totals], "GrandTotal"))
	titles = [f"{length * index + 1} - {length * (index + 1)}" for index in range(count - 1)]
	titles = ["Current", *titles, f"{length * (count - 1) + 1} and over", "Total"]
	columns = [make_column("", side.entity, side.entity.lower())]
	columns += [make_column(title, "Money", key) for title, key in zip(titles, make_keys(count), strict=True)]
	macro = query.parameters.get("date_macro", "today").lower()
	header = {} if "report_date" in query.parameters else {"DateMacro": macro}
	header.update(StartPeriod=day, EndPeriod=day)
	return make_report(query, header, columns, rows, bool(rows), [("report_date", day)])


def blank_zeros(rows: list[dict[str, Any]]) -> None:
	"""Leave cells without an amount empty, as the service does in this report."""
	for row in rows:
		for cells in (
			row.get("ColData"),
			row.get("Header", {}).get("ColData"),
			row.get("Summary", {}).get("ColData"),
		):
			for cell in cells[1:-1] if cells else []:
				if cell["value"] == "0.00":
					cell["value"] = ""
		blank_zeros(row.get("Rows", {}).get("Row", []))


def make_keys(count: int) -> list[str]:
	return ["current", *(str(index) for index in range(count)), "total"]


def read_count(query: Query, name: str, default: int, most: int) -> int:
	text = query.parameters.get(name, str(default))
	if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
		raise Fault("2070", f"{name} must be a whole number from 1 to {most}", name)
	return int(text)


def build_aged_receivables(query: Query) -> dict[str, Any]:
	return build_aging(query, RECEIVABLE)


def build_aged_payables(query: Query) -> dict[str, Any]:
	return build_aging(query, PAYABLE)
