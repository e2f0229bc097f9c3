"""Saves a company as a company file, and puts such a file's records and books back as they were.

A saved file holds, beside what any company file has, the key ``state``: the rows of every table that belongs to a company.
So Ids, SyncTokens, links, layers of stock and postings come back the same, whatever made them.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from qbo_emulator.company import Company
from qbo_emulator.store import Store

STATE = "state"
TABLES = (
	"sequence", "object", "tombstone", "taken_name", "posting", "link", "stock_move", "stock_layer", "stock_item", "file",
)  # fmt: skip
"""Tables of a company that a file holds; what only serves repeated requests and lagging queries is left out."""
OWN_KEY = "pk"
REFERENCES = {("stock_layer", "move"): "stock_move"}
"""Columns that hold another table's own key."""


def save_company(store: Store, company: Company) -> dict[str, Any]:
	"""Return a company file that loads back to the same lists, transactions and books."""
	definition = {name: value for name, value in company.definition.items() if name != STATE}
	preferences = {
		name: value for name, value in company.preferences.items() if name.endswith(("Prefs", "Preferences"))
	}
	definition = {**definition, "realm_id": company.realm, "preferences": preferences}
	definition["knobs"] = dict(company.knobs.values)
	definition[STATE] = {table: dump_table(store, table, company.key) for table in TABLES}
	return definition


def list_columns(store: Store, table: str) -> list[str]:
	return [row[1] for row in store.execute(f"PRAGMA table_info({table})")]


def dump_table(store: Store, table: str, key: int) -> list[dict[str, Any]]:
	"""Return a company's rows of a table by column; JSON bodies as JSON, contents of files as base64."""
	columns = [name for name in list_columns(store, table) if name != "company"]
	order = OWN_KEY if OWN_KEY in columns else "1"
	cursor = store.execute(
		f"SELECT {', '.join(columns)} FROM {table} WHERE company = ? ORDER BY {order}", (key,)
	)
	return [
		{name: dump_value(name, value) for name, value in zip(columns, row, strict=True)} for row in cursor
	]


def dump_value(name: str, value: Any) -> Any:
	if isinstance(value, bytes):
		return base64.b64encode(value).decode("ascii")
	return json.loads(value) if name == "body" else value


def restore_state(store: Store, key: int, state: dict[str, list[dict[str, Any]]]) -> None:
	"""Insert the rows of a saved state for the company ``key``. Own keys are given anew, and followed where referred to."""
	given: dict[str, dict[int, int]] = {}
	for table in TABLES:
		columns = set(list_columns(store, table))
		for saved in state.get(table, []):
			values = {
				name: restore_value(table, name, value)
				for name, value in saved.items()
				if name in columns and name != OWN_KEY
			}
			for (owner, column), target in REFERENCES.items():
				if owner == table:
					values[column] = given[target][values[column]]
			values["company"] = key
			names = ", ".join(values)
			cursor = store.execute(
				f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})",
				list(values.values()),
			)
			if OWN_KEY in saved and cursor.lastrowid is not None:
				given.setdefault(table, {})[saved[OWN_KEY]] = cursor.lastrowid


def restore_value(table: str, name: str, value: Any) -> Any:
	if table == "file" and name == "content":
		return base64.b64decode(value)
	if name == "body":
		return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
	return value
