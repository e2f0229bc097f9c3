"""CustomerBalance and VendorBalance: what each owes or is owed, in home currency, from the receivable and payable accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qbo_emulator.reports.period import END, Query
from qbo_emulator.reports.shapes import (
	Node,
	add_up,
	build_forest,
	format_cents,
	list_node_rows,
	make_column,
	make_report,
	make_summary,
)
from qbo_emulator.work import load_body


@dataclass(frozen=True)
class Side:
	"""Receivables or payables. ``sign`` turns the ledger's debits into what is owed."""

	entity: str
	account_type: str
	sign: int

	@property
	def filter_name(self) -> str:
		return self.entity.lower()


RECEIVABLE = Side("Customer", "Accounts Receivable", 1)
PAYABLE = Side("Vendor", "Accounts Payable", -1)


def list_accounts(query: Query, side: Side) -> list[int]:
	"""Return the Ids of the side's accounts: one for each currency."""
	rows = query.work.store.find(query.company.key, "Account")
	return [int(row.id) for row in rows if load_body(row.body)["AccountType"] == side.account_type]


def load_parties(query: Query, side: Side, cents: dict[int, list[int]], width: int) -> list[Node]:
	"""Return the side's names as nodes, sub-customers below their parents, with their cents; sorted by name.

	What stands under no name of the side (the service asks for one, a company file need not) comes last.
	"""
	found = []
	rows = query.work.store.find(query.company.key, side.entity)
	left = dict(cents)
	for row in sorted(rows, key=lambda row: (row.name or "").casefold()):
		parent = load_body(row.body).get("ParentRef", {}).get("value")
		amounts = left.pop(int(row.id), [0] * width)
		found.append((Node(int(row.id), row.name or "", amounts), int(parent) if parent else None))
	forest = build_forest(found)
	if any(any(amounts) for amounts in left.values()):
		forest.append(Node(None, "Not Specified", add_up(list(left.values()), width)))
	return forest


def sum_by_party(query: Query, side: Side, day: str) -> dict[int, list[int]]:
	"""Return cents owed by party Id at the end of a day."""
	accounts = list_accounts(query, side)
	wanted = query.get_ids(side.filter_name)
	cursor = query.work.store.execute(
		"SELECT coalesce(party, 0), sum(cents) FROM posting WHERE company = ? AND txn_date <= ?"
		f" AND account IN ({', '.join('?' * len(accounts))}) GROUP BY 1",
		(query.company.key, day, *accounts),
	)
	return {party: [side.sign * cents] for party, cents in cursor if not wanted or party in wanted}


def build_balance(query: Query, side: Side) -> dict[str, Any]:
	"""Return one line a name; without a date everything counts, whenever it is dated."""
	day = query.get_report_day(END)
	sums = sum_by_party(query, side, day)
	nodes = load_parties(query, side, sums, 1)
	rows = list_node_rows(nodes)
	if rows:
		total = format_cents(sum(node.totals[0] for node in nodes))
		rows.append(make_summary("TOTAL", [total], "GrandTotal"))
	shown = query.today.isoformat() if day == END else day
	columns = [
		make_column("", side.entity, side.entity.lower()),
		make_column("Total", "Money", "total"),
	]
	header = {"DateMacro": "all"} if day == END else {}
	return make_report(query, header, columns, rows, bool(rows), [("report_date", shown)])


def build_customer_balance(query: Query) -> dict[str, Any]:
	return build_balance(query, RECEIVABLE)


def build_vendor_balance(query: Query) -> dict[str, Any]:
	return build_balance(query, PAYABLE)
