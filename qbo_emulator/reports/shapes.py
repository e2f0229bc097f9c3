"""The pieces every report is made of: header, columns, rows of cells. Amounts are text with two decimals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qbo_emulator.clock import format_stamp
from qbo_emulator.money import from_cents
from qbo_emulator.reports.period import Query

Cell = dict[str, str]
Line = dict[str, Any]


def format_cents(cents: int | None) -> str:
	"""Return an amount as a report shows it; None is an empty cell."""
	return "" if cents is None else str(from_cents(cents))


def make_cells(name: str, identifier: Any, values: Sequence[str]) -> list[Cell]:
	"""Return a row's cells: a name, with its Id where it has one, and values."""
	first = {"value": name} if identifier is None else {"value": name, "id": str(identifier)}
	return [first, *({"value": value} for value in values)]


def make_data(name: str, identifier: Any, values: Sequence[str], group: str | None = None) -> Line:
	line: Line = {"ColData": make_cells(name, identifier, values), "type": "Data"}
	if group:
		line["group"] = group
	return line


def make_summary(name: str, values: Sequence[str], group: str) -> Line:
	"""Return a section that is nothing but its sum, such as Gross Profit or the grand total."""
	return {"Summary": {"ColData": make_cells(name, None, values)}, "type": "Section", "group": group}


def make_section(
	name: str,
	rows: list[Line],
	total_name: str,
	totals: Sequence[str],
	group: str | None = None,
	identifier: Any = None,
	own: Sequence[str] | None = None,
) -> Line:
	"""Return a section with its rows; ``own`` is what stands beside its heading, nothing as a rule."""
	section: Line = {"Header": {"ColData": make_cells(name, identifier, own or [""] * len(totals))}}
	if rows:
		section["Rows"] = {"Row": rows}
	section["Summary"] = {"ColData": make_cells(total_name, None, totals)}
	section["type"] = "Section"
	if group:
		section["group"] = group
	return section


def make_column(title: str, kind: str, key: str, **meta: str) -> dict[str, Any]:
	pairs = [
		{"Name": "ColKey", "Value": key},
		*({"Name": name, "Value": value} for name, value in meta.items()),
	]
	return {"ColTitle": title, "ColType": kind, "MetaData": pairs}


def make_report(
	query: Query,
	header: dict[str, Any],
	columns: list[dict[str, Any]],
	rows: list[Line],
	has_data: bool,
	options: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
	"""Return the report. ``header`` holds what the reports differ in, ``options`` come before NoReportData."""
	pairs = [*options, ("NoReportData", "false" if has_data else "true")]
	return {
		"Header": {
			"Time": format_stamp(query.work.now, query.company.zone),
			"ReportName": query.name,
			**header,
			"Currency": query.company.home_currency,
			"Option": [{"Name": name, "Value": value} for name, value in pairs],
		},
		"Columns": {"Column": columns},
		"Rows": {"Row": rows} if rows else {},
	}


@dataclass
class Node:
	"""A record with its amounts in cents, one a column, and the records below it."""

	identifier: int | None
	name: str
	cents: list[int]
	children: list[Node] = field(default_factory=list)

	@property
	def totals(self) -> list[int]:
		"""The amounts with those of everything below."""
		return add_up([self.cents, *(child.totals for child in self.children)], len(self.cents))

	@property
	def is_empty(self) -> bool:
		return not any(self.cents) and all(child.is_empty for child in self.children)


def add_up(rows: Sequence[Sequence[int]], width: int) -> list[int]:
	"""Return the sum of each column."""
	return [sum(row[index] for row in rows) for index in range(width)]


def list_node_rows(nodes: Sequence[Node]) -> list[Line]:
	"""Return the rows of records, those with others below them as sections; empty ones are left out."""
	rows = []
	for node in nodes:
		if node.is_empty:
			continue
		own = [format_cents(cents) for cents in node.cents]
		below = list_node_rows(node.children)
		if not below:
			rows.append(make_data(node.name, node.identifier, own))
			continue
		totals = [format_cents(cents) for cents in node.totals]
		own = own if any(node.cents) else [""] * len(own)
		rows.append(make_section(node.name, below, f"Total {node.name}", totals, None, node.identifier, own))
	return rows


def build_forest(found: Sequence[tuple[Node, int | None]]) -> list[Node]:
	"""Hang records below their parents, by the parents' Ids; returns those that stand at the top."""
	by_id = {node.identifier: node for node, _parent in found}
	top = []
	for node, parent in found:
		(by_id[parent].children if parent in by_id and parent != node.identifier else top).append(node)
	return top
