"""Runs a parsed statement against the state file. Everything a client wrote is a bound value, never SQL text."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from qbo_emulator.clock import parse_stamp
from qbo_emulator.entities import BY_SEGMENT, NOT_EMULATED
from qbo_emulator.entities.base import Column, Entity
from qbo_emulator.faults import Fault
from qbo_emulator.money import QUANTITY_SCALE
from qbo_emulator.operations import dump_asked
from qbo_emulator.query.parser import Condition, Statement, refuse_query
from qbo_emulator.records import dump_json
from qbo_emulator.store import COLUMN_LIST, Row, parse_id
from qbo_emulator.work import Work, load_body

TAX_PSEUDO_CODES = 3
"""TAX, NON and CustomSalesTax come on top of MAXRESULTS: seen live, kept by python-quickbooks' tests."""
INDEXED = frozenset({"name", "doc_number", "txn_date", "party", "total", "balance", "updated"})
SELECTIVE = frozenset({"id", "name", "doc_number", "txn_date", "party"})
"""Columns of which an equality finds few rows; beside one of them the other indexes are not looked at."""
OVER_ANY_AMOUNT = Decimal(10) ** 15


def find_entity(name: str) -> Entity:
	"""Return the entity a statement names. Raises 4001, or 500 for one that is not emulated."""
	entity = BY_SEGMENT.get(name.lower())
	if name.lower() in NOT_EMULATED:
		raise Fault("500", f"{name} is not emulated yet.", "Operation")
	if entity is None or "query" not in entity.operations:
		raise refuse_query(f"Metadata not found for Entity {name}")
	return entity


def run(work: Work, statement: Statement) -> str:
	"""Return the JSON text of ``QueryResponse``. Raises 4001."""
	entity = find_entity(statement.entity)
	conditions, values = build_conditions(work, entity, statement.conditions)
	where = " AND ".join(conditions) or "1"
	source, scope = build_source(work, entity)
	if statement.count:
		count = work.store.execute(
			f"SELECT count(*) FROM {source} WHERE {where}", (*scope, *values)
		).fetchone()[0]
		return f'{{"totalCount":{count}}}'
	order = build_order(work, entity, statement)
	limit = statement.results
	if entity.name == "TaxCode" and not work.company.uses_global_tax:
		limit += TAX_PSEUDO_CODES
	# Choose the rows over the indexes first, then read their bodies; "+" keeps the planner from walking along
	# the index of the order instead of the one that finds the few rows that match.
	indexed = any(
		get_column(entity, condition.field).expression in INDEXED for condition in statement.conditions
	)
	sort = ", ".join(f"+{part}" for part in order) if indexed else ", ".join(order)
	chosen = f"SELECT pk AS chosen FROM {source} WHERE {where} ORDER BY {sort} LIMIT ? OFFSET ?"
	cursor = work.store.execute(
		f"SELECT {COLUMN_LIST} FROM ({chosen}) CROSS JOIN {source} ON pk = chosen ORDER BY {', '.join(order)}",
		(*scope, *values, limit, statement.start - 1, *scope),
	)
	texts = [project(work, entity, Row(*row), statement.fields) for row in cursor]
	if not texts:
		return "{}"
	return (
		f'{{"{entity.name}":[{",".join(texts)}],"startPosition":{statement.start},"maxResults":{len(texts)}}}'
	)


def build_source(work: Work, entity: Entity, lags: bool = True) -> tuple[str, list[Any]]:
	"""Return the FROM part: the objects, or if it ``lags`` the objects as they stood query_lag_ms ago.

	A record has one version in either, so that its ``pk`` names it.
	"""
	lag = work.company.knobs["query_lag_ms"] if lags else 0
	key = work.company.key
	if not lag:
		return f"(SELECT * FROM object WHERE company = {key} AND entity = '{entity.name}')", []
	seen = work.now - lag / 1000
	source = (
		f"(SELECT pk, {COLUMN_LIST} FROM object WHERE company = {key} AND entity = '{entity.name}' AND written <= ?"
		f" UNION ALL SELECT pk, {COLUMN_LIST} FROM object_past"
		f" WHERE company = {key} AND entity = '{entity.name}' AND written <= ? AND superseded > ?)"
	)
	return source, [seen, seen, seen]


def get_column(entity: Entity, name: str) -> Column:
	"""Return the column of a property. Raises 4001 when it does not exist or cannot be queried."""
	columns = entity.query_columns
	for known, column in columns.items():
		if known.lower() == name.lower():
			return column
	if name.partition(".")[0].lower() in (field.lower() for field in entity.schema.fields):
		raise refuse_query(f"property '{name}' is not queryable")
	raise refuse_query(f"Property {name[:100]} not found for Entity {entity.name}")


def build_conditions(work: Work, entity: Entity, conditions: list[Condition]) -> tuple[list[str], list[Any]]:
	"""Return SQL conditions and their values; inactive rows are left out unless Active is named."""
	parts: list[str] = []
	values: list[Any] = []
	if entity.has_active and not any(condition.field.lower() == "active" for condition in conditions):
		parts.append("active = 1")
	columns = [get_column(entity, condition.field) for condition in conditions]
	selective = any(
		column.expression in SELECTIVE and condition.operator in ("=", "IN")
		for column, condition in zip(columns, conditions, strict=True)
	)
	for column, condition in zip(columns, conditions, strict=True):
		if selective and column.expression in INDEXED - SELECTIVE:
			column = Column(f"+{column.expression}", column.kind)
		part, bound = build_condition(work, column, condition)
		parts.append(part)
		values.extend(bound)
	return parts, values


def build_condition(work: Work, column: Column, condition: Condition) -> tuple[str, list[Any]]:
	collation = ""
	if column.kind == "text":
		collation = " COLLATE NOCASE" if work.company.knobs["query_ignores_case"] else " COLLATE BINARY"
	if condition.operator == "LIKE":
		if column.kind not in ("text", "date", "id"):
			raise refuse_query(f"LIKE is not supported for property {condition.field}")
		return build_like(work, column, condition.values[0])
	bound = [convert_value(work, column, condition.field, value) for value in condition.values]
	if condition.operator == "IN":
		return f"{column.expression}{collation} IN ({', '.join('?' * len(bound))})", bound
	if condition.operator == "!=":
		return f"coalesce({column.expression} != ?{collation}, 1)", bound
	return f"{column.expression} {condition.operator} ?{collation}", bound


def build_like(work: Work, column: Column, pattern: str) -> tuple[str, list[Any]]:
	"""Return a LIKE condition with ``%`` as its only wildcard."""
	if work.company.knobs["query_ignores_case"]:
		escaped = pattern.replace("\\", "\\\\").replace("_", "\\_")
		return f"{column.expression} LIKE ? ESCAPE '\\'", [escaped]
	escaped = "".join(
		"*" if character == "%" else f"[{character}]" if character in "*?[" else character
		for character in pattern
	)
	return f"{column.expression} GLOB ?", [escaped]


def convert_value(work: Work, column: Column, name: str, value: str) -> Any:
	"""Return a statement's value as the column stores it. Raises 4001 when it does not fit."""
	try:
		if column.kind in ("id", "reference"):
			parsed = parse_id(value)
			return str(parsed) if column.expression.startswith("json_extract") else parsed
		if column.kind in ("money", "quantity", "number"):
			number = Decimal(value)
			if not number.is_finite() or abs(number) > OVER_ANY_AMOUNT:
				raise InvalidOperation
			scale = {"money": 100, "quantity": QUANTITY_SCALE, "number": 1}[column.kind]
			return float(number * scale)
		if column.kind == "date":
			if not re.match(r"\d{4}-\d\d-\d\d", value, re.ASCII):
				raise ValueError
			return value[:10]
		if column.kind == "stamp":
			return parse_stamp(value, work.company.zone)
		if column.kind == "flag":
			return {"true": 1, "false": 0}[value.lower()]
	except (ValueError, InvalidOperation, KeyError):
		raise refuse_query(f"Invalid value {value[:60]!r} for property {name}") from None
	try:
		value.encode("utf-8")
	except UnicodeEncodeError:
		raise Fault("500", "The query is not valid UTF-8 text") from None
	return value


def build_order(work: Work, entity: Entity, statement: Statement) -> list[str]:
	"""Return the terms of ORDER BY; rows that tie follow their Ids."""
	parts = []
	for name, descending in statement.order:
		column = get_column(entity, name)
		collation = " COLLATE NOCASE" if column.kind == "text" else ""
		parts.append(f"{column.expression}{collation} {'DESC' if descending else 'ASC'}")
	if not parts and work.company.knobs["default_query_order"] == "desc":
		return ["id DESC"]
	return [*parts, "id"]


def project(work: Work, entity: Entity, row: Row, fields: list[str]) -> str:
	"""Return a record's JSON text: all of it, or the selected properties (with Id, and marked sparse)."""
	text = dump_asked(work, entity, row)
	if "*" in fields:
		return text
	document = load_body(text)
	wanted = {name.partition(".")[0].lower() for name in fields}
	known = {name.lower() for name in (*entity.schema.fields, *document)}
	for name in fields:
		if name.partition(".")[0].lower() not in known:
			raise refuse_query(f"Property {name[:100]} not found for Entity {entity.name}")
	chosen = {name: value for name, value in document.items() if name.lower() in wanted}
	return dump_json({"domain": "QBO", "sparse": True, "Id": str(row.id), **chosen})
