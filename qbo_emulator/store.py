"""The state file: one SQLite database. The only module that writes objects, names and sequences to it.

WAL with ``synchronous=NORMAL``: a commit survives the death of the process at any moment (kill -9), which is what
a test needs; it does not promise to survive a power failure. All calls come from the event loop's thread.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from importlib import resources
from operator import attrgetter
from typing import Any

Id = int | str
"""An entity's Id: a whole number, or a name for pseudo records such as the tax code TAX."""


@dataclass
class Row:
	"""One stored record; ``body`` is its JSON text, the other columns are what queries filter and sort by."""

	company: int
	entity: str
	id: Id
	sync_token: int
	active: int
	state: str
	name: str | None
	doc_number: str | None
	txn_date: str | None
	due_date: str | None
	party: int | None
	total: int | None
	balance: int | None
	quantity: int | None
	created: int
	updated: int
	written: float
	body: str


@dataclass(frozen=True)
class Change:
	"""What happened to a record: Create, Update, Delete, Void, Merge or Emailed. ``deleted_id`` is a merge's loser."""

	company: int
	entity: str
	id: Id
	operation: str
	deleted_id: Id | None = None


COLUMNS = tuple(field.name for field in fields(Row))
get_values = attrgetter(*COLUMNS)
COLUMN_LIST = ", ".join(COLUMNS)
DIGESTED = (
	("object", "pk"),
	("tombstone", "entity, id"),
	("posting", "pk"),
	("link", "pk"),
	("stock_move", "pk"),
	("stock_layer", "item, place"),
	("taken_name", "space, name"),
	("sequence", "name"),
)
"""Tables of a company's books, and an order in which to read them."""
INSERT_OBJECT = f"INSERT INTO object ({COLUMN_LIST}) VALUES ({', '.join('?' * len(COLUMNS))})"
UPDATE_OBJECT = f"UPDATE object SET {', '.join(f'{name} = ?' for name in COLUMNS)} WHERE company = ? AND entity = ? AND id = ?"
GET_OBJECT = f"SELECT {COLUMN_LIST} FROM object WHERE company = ? AND entity = ? AND id = ?"


def parse_id(text: Any) -> Id:
	"""Return an Id as it is stored: an int when it is one, else the text."""
	text = str(text)
	return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text


class Store:
	"""The open state file. Raises sqlite3.OperationalError when another process has it open."""

	def __init__(self, path: str) -> None:
		self.path = path
		self.connection = sqlite3.connect(path, isolation_level=None, cached_statements=512, timeout=2)
		for pragma in (
			"locking_mode = EXCLUSIVE",
			"journal_mode = WAL",
			"synchronous = NORMAL",
			"cache_size = -65536",
		):
			self.connection.execute(f"PRAGMA {pragma}")
		self._lay_out()
		self.keep_past = False
		self.hidden: set[tuple[int, str, Id]] = set()
		"""Records that ``get`` does not find: what the earlier items of the same batch have made."""
		self.changes: list[Change] = []
		"""What the running transaction did to records, for ``before_commit``."""
		self.moved: set[tuple[int, str, Id]] = set()
		"""Customers, vendors and items whose balance or quantity the running transaction moved."""
		self.before_commit: Callable[[list[Change], set[tuple[int, str, Id]]], None] | None = None

	def _lay_out(self) -> None:
		"""Make the tables of a new file. Raises sqlite3.DatabaseError for a file of another version's tables."""
		schema = resources.files("qbo_emulator").joinpath("schema.sql").read_text(encoding="utf-8")
		version = zlib.crc32(schema.encode()) & 0x7FFFFFFF
		if self.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
			if self.execute("PRAGMA user_version").fetchone()[0] != version:
				self.connection.close()
				raise sqlite3.DatabaseError(
					"it was made by another version of qbo_emulator. Begin a new file, or let that version write a"
					" company file (--save) and load it with --company"
				)
			return
		self.connection.executescript(f"BEGIN;{schema};PRAGMA user_version = {version};COMMIT")

	def close(self) -> None:
		self.connection.close()

	@contextmanager
	def transaction(self) -> Iterator[None]:
		"""Commit what happens inside, or nothing of it. Never spans an ``await``."""
		self.connection.execute("BEGIN IMMEDIATE")
		self.changes = []
		self.moved = set()
		try:
			yield
			self.hidden.clear()
			if self.before_commit and (self.changes or self.moved):
				self.before_commit(self.changes, self.moved)
		except BaseException:
			self.hidden.clear()
			self.connection.execute("ROLLBACK")
			raise
		self.connection.execute("COMMIT")

	@contextmanager
	def savepoint(self) -> Iterator[None]:
		"""Undo what happens inside, and no more, when it fails; for use within a transaction."""
		self.connection.execute("SAVEPOINT part")
		changes, moved = len(self.changes), set(self.moved)
		try:
			yield
		except BaseException:
			self.connection.execute("ROLLBACK TO part")
			del self.changes[changes:]
			self.moved = moved
			raise
		finally:
			self.connection.execute("RELEASE part")

	def execute(self, statement: str, values: tuple | list = ()) -> sqlite3.Cursor:
		return self.connection.execute(statement, values)

	def get_meta(self, key: str, default: str = "") -> str:
		row = self.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
		return row[0] if row else default

	def set_meta(self, key: str, value: str) -> None:
		self.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

	def take_number(self, company: int, sequence: str) -> int:
		"""Return the next number of a sequence, starting at 1."""
		return self.execute(
			"INSERT INTO sequence VALUES (?, ?, 1) ON CONFLICT (company, name) DO UPDATE SET value = value + 1"
			" RETURNING value",
			(company, sequence),
		).fetchone()[0]

	def raise_number(self, company: int, sequence: str, used: int) -> None:
		"""Make sure that the sequence gives no number up to ``used`` again."""
		self.execute(
			"INSERT INTO sequence VALUES (?, ?, ?) ON CONFLICT (company, name)"
			" DO UPDATE SET value = max(value, excluded.value)",
			(company, sequence, used),
		)

	def get(self, company: int, entity: str, identifier: Id) -> Row | None:
		if self.hidden and (company, entity, identifier) in self.hidden:
			return None
		values = self.execute(GET_OBJECT, (company, entity, identifier)).fetchone()
		return Row(*values) if values else None

	def find(self, company: int, entity: str, where: str = "1", values: tuple | list = ()) -> list[Row]:
		"""Return the rows of an entity that match a condition over columns, in the order of their ids."""
		cursor = self.execute(
			f"SELECT {COLUMN_LIST} FROM object WHERE company = ? AND entity = ? AND {where} ORDER BY id",
			(company, entity, *values),
		)
		return [Row(*row) for row in cursor]

	def digest(self, company: int) -> str:
		"""Return a checksum over all records, postings, links and stock of a company."""
		checksum = hashlib.sha256()
		for table, order in DIGESTED:
			for row in self.execute(f"SELECT * FROM {table} WHERE company = ? ORDER BY {order}", (company,)):
				checksum.update(repr(row).encode())
		return checksum.hexdigest()

	def note_change(self, change: Change) -> None:
		"""Note more about a change than that a record was inserted, replaced or removed."""
		self.changes.append(change)

	def insert(self, row: Row) -> None:
		self.changes.append(Change(row.company, row.entity, row.id, "Create"))
		self.execute(INSERT_OBJECT, get_values(row))

	def replace(self, row: Row) -> None:
		"""Store a new version of a record that exists."""
		self.changes.append(Change(row.company, row.entity, row.id, "Update"))
		self._keep_past_version(row.company, row.entity, row.id, row.written)
		self.execute(UPDATE_OBJECT, (*get_values(row), row.company, row.entity, row.id))

	def remove(self, row: Row, now: float) -> None:
		"""Delete a record for good and leave a tombstone."""
		self.changes.append(Change(row.company, row.entity, row.id, "Delete"))
		self._keep_past_version(row.company, row.entity, row.id, now)
		self.execute(
			"DELETE FROM object WHERE company = ? AND entity = ? AND id = ?",
			(row.company, row.entity, row.id),
		)
		self.execute("INSERT INTO tombstone VALUES (?, ?, ?, ?)", (row.company, row.entity, row.id, now))

	def touch(self, company: int, entity: str, identifier: Id, now: float, stamp: str) -> None:
		"""Give a record a new time of change and nothing else."""
		self._keep_past_version(company, entity, identifier, now)
		self.execute(
			"UPDATE object SET updated = ?, written = ?, body = json_set(body, '$.MetaData.LastUpdatedTime', ?)"
			" WHERE company = ? AND entity = ? AND id = ?",
			(int(now), now, stamp, company, entity, identifier),
		)
		self.changes.append(Change(company, entity, identifier, "Update"))

	def _keep_past_version(self, company: int, entity: str, identifier: Id, now: float) -> None:
		if self.keep_past:
			self.execute(
				f"INSERT INTO object_past (pk, {COLUMN_LIST}, superseded) SELECT pk, {COLUMN_LIST}, ? FROM object"
				" WHERE company = ? AND entity = ? AND id = ?",
				(now, company, entity, identifier),
			)

	def add_to_balance(self, company: int, entity: str, identifier: Id, cents: int) -> None:
		"""Move the balance of a customer, a vendor or an account."""
		if entity != "Account":
			self.moved.add((company, entity, identifier))
		self.execute(
			"UPDATE object SET balance = coalesce(balance, 0) + ? WHERE company = ? AND entity = ? AND id = ?",
			(cents, company, entity, identifier),
		)

	def add_to_total(self, company: int, entity: str, identifier: Id, cents: int) -> None:
		"""Move the balance that a customer has together with its sub-customers."""
		self.execute(
			"UPDATE object SET total = coalesce(total, 0) + ? WHERE company = ? AND entity = ? AND id = ?",
			(cents, company, entity, identifier),
		)

	def add_to_quantity(self, company: int, item: Id, scaled: int) -> None:
		"""Move the quantity on hand of an item."""
		self.moved.add((company, "Item", item))
		self.execute(
			"UPDATE object SET quantity = coalesce(quantity, 0) + ? WHERE company = ? AND entity = 'Item' AND id = ?",
			(scaled, company, item),
		)

	def add_file(self, company: int, identifier: Id, content: bytes) -> None:
		self.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", (company, identifier, content))

	def get_file(self, company: int, identifier: Id) -> bytes | None:
		row = self.execute(
			"SELECT content FROM file WHERE company = ? AND id = ?", (company, identifier)
		).fetchone()
		return row[0] if row else None

	def remove_file(self, company: int, identifier: Id) -> None:
		self.execute("DELETE FROM file WHERE company = ? AND id = ?", (company, identifier))

	def find_name_owner(self, company: int, space: str, name: str) -> tuple[str, Id] | None:
		"""Return (entity, id) of the record that holds a name, or None. Case and outer blanks do not count."""
		row = self.execute(
			"SELECT entity, id FROM taken_name WHERE company = ? AND space = ? AND name = ?",
			(company, space, fold_name(name)),
		).fetchone()
		return (row[0], row[1]) if row else None

	def take_name(self, company: int, space: str, name: str, entity: str, identifier: Id) -> None:
		"""Give a name to a record in place of the one it had; the caller has made sure that it is free."""
		self.free_name(company, entity, identifier)
		self.execute(
			"INSERT INTO taken_name VALUES (?, ?, ?, ?, ?)",
			(company, space, fold_name(name), entity, identifier),
		)

	def free_name(self, company: int, entity: str, identifier: Id) -> None:
		self.execute(
			"DELETE FROM taken_name WHERE company = ? AND entity = ? AND id = ?",
			(company, entity, identifier),
		)


def fold_name(name: str) -> str:
	"""Return the form in which two names count as the same."""
	return " ".join(name.split()).casefold()
