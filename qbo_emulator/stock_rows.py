"""Rows of the inventory tables: moves, open layers, and where each item stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from qbo_emulator import costing
from qbo_emulator.costing import Costing, Layer, Layers, Rules
from qbo_emulator.money import from_cents, from_scaled_quantity
from qbo_emulator.store import Id, Store

LAYERS_AT_ONCE = 20


@dataclass
class StoredMove:
	"""One row of ``stock_move``. ``cents`` is what it does to the asset account, see ``costing.Outcome``.

	``after`` is the position that it left, see ``stock_replay``.
	"""

	company: int
	item: int
	day: str
	entry: int
	line: int
	entity: str
	id: Id
	kind: str
	quantity: int
	given: int | None
	purchase_cost: int
	asset: int
	expense: int
	offset: int
	party: int | None
	memo: str
	fixed: int | None = None
	cents: int = 0
	short: int = 0
	difference: int = 0
	after: str = ""
	pk: int = 0

	def as_costed(self) -> costing.Move:
		return costing.Move(
			self.pk, self.kind, self.quantity, self.day, self.entry, self.line, self.given, self.purchase_cost, self.fixed
		)  # fmt: skip


MOVE_COLUMNS = tuple(field.name for field in fields(StoredMove))
MOVE_LIST = ", ".join(MOVE_COLUMNS)
INSERT_MOVE = f"INSERT INTO stock_move ({MOVE_LIST}) VALUES ({', '.join('?' * len(MOVE_COLUMNS))})"


@dataclass
class Position:
	"""One row of ``stock_item``: what an append has to know of an item's history."""

	latest_day: str = ""
	latest_issue_day: str = ""
	latest_entry: int = -1
	next_place: int = 1
	carry: int = 0
	last_in_quantity: int | None = None
	last_in_cents: int | None = None
	last_sale_quantity: int | None = None
	last_sale_cents: int | None = None
	sorted_by: str = ""

	@property
	def last_in(self) -> tuple[int, int] | None:
		return make_pair(self.last_in_quantity, self.last_in_cents)

	@property
	def last_sale(self) -> tuple[int, int] | None:
		return make_pair(self.last_sale_quantity, self.last_sale_cents)

	def comes_last(self, move: StoredMove, rules: Rules) -> bool:
		"""Whether a new move follows everything that is there."""
		if move.entry <= self.latest_entry:
			return False
		if rules.back_dating == "entry_order":
			return True
		if (
			rules.same_day_order == "receipts_first"
			and move.quantity > 0
			and move.day == self.latest_issue_day
		):
			return False
		return move.day >= self.latest_day

	def note(self, move: StoredMove) -> None:
		self.latest_day = max(self.latest_day, move.day)
		self.latest_entry = max(self.latest_entry, move.entry)
		if move.quantity < 0:
			self.latest_issue_day = max(self.latest_issue_day, move.day)

	def take_over(self, state: Costing) -> None:
		self.carry = state.carry
		self.last_in_quantity, self.last_in_cents = state.last_in or (None, None)
		self.last_sale_quantity, self.last_sale_cents = state.last_sale or (None, None)


POSITION_COLUMNS = tuple(field.name for field in fields(Position))


def make_pair(quantity: int | None, cents: int | None) -> tuple[int, int] | None:
	return None if quantity is None or cents is None else (quantity, cents)


def read_moves(store: Store, where: str, values: tuple) -> list[StoredMove]:
	rows = store.execute(f"SELECT {MOVE_LIST} FROM stock_move WHERE {where}", values)
	return [StoredMove(*row) for row in rows]


def get(store: Store, key: int) -> StoredMove:
	return read_moves(store, "pk = ?", (key,))[0]


def list_of_transaction(store: Store, company: int, entity: str, identifier: Id) -> list[StoredMove]:
	where = "company = ? AND entity = ? AND id = ? ORDER BY line"
	return read_moves(store, where, (company, entity, identifier))


def list_of_item(store: Store, company: int, item: int) -> list[StoredMove]:
	return read_moves(store, "company = ? AND item = ? ORDER BY day, entry, line", (company, item))


def find_before(store: Store, company: int, item: int, point: tuple[str, int, int]) -> StoredMove | None:
	"""Return an item's last move before a (day, entry, line)."""
	where = "company = ? AND item = ? AND (day, entry, line) < (?, ?, ?) ORDER BY day DESC, entry DESC, line DESC LIMIT 1"
	found = read_moves(store, where, (company, item, *point))
	return found[0] if found else None


def list_from(store: Store, company: int, item: int, point: tuple[str, int, int]) -> list[StoredMove]:
	where = "company = ? AND item = ? AND (day, entry, line) >= (?, ?, ?) ORDER BY day, entry, line"
	return read_moves(store, where, (company, item, *point))


def list_receipts_between(store: Store, first: StoredMove, last: StoredMove) -> list[StoredMove]:
	"""Return an item's receipts after one move up to another."""
	where = (
		"company = ? AND item = ? AND (day, entry, line) > (?, ?, ?) AND (day, entry, line) <= (?, ?, ?)"
		" AND quantity > 0 ORDER BY day, entry, line"
	)
	values = (first.company, first.item, first.day, first.entry, first.line, last.day, last.entry, last.line)
	return read_moves(store, where, values)


def find_first_day(store: Store, company: int, item: int) -> str | None:
	"""Return the date of an item's first transaction, its opening left out."""
	return store.execute(
		"SELECT min(day) FROM stock_move WHERE company = ? AND item = ? AND kind <> ?",
		(company, item, costing.OPENING),
	).fetchone()[0]


def has_moved(store: Store, company: int, item: int) -> bool:
	found = store.execute("SELECT 1 FROM stock_move WHERE company = ? AND item = ? LIMIT 1", (company, item))
	return found.fetchone() is not None


def find_free_key(store: Store) -> int:
	return store.execute("SELECT coalesce(max(pk), 0) + 1 FROM stock_move").fetchone()[0]


def insert(store: Store, move: StoredMove) -> None:
	store.execute(INSERT_MOVE, [getattr(move, name) for name in MOVE_COLUMNS])


def delete(store: Store, moves: list[StoredMove]) -> None:
	for move in moves:
		store.execute("DELETE FROM stock_move WHERE pk = ?", (move.pk,))


def change_cost(store: Store, move: StoredMove) -> None:
	store.execute(
		"UPDATE stock_move SET cents = ?, short = ?, difference = ?, after = ? WHERE pk = ?",
		(move.cents, move.short, move.difference, move.after, move.pk),
	)


def change_labels(store: Store, move: StoredMove, offset: int | None, party: int | None, memo: str) -> None:
	"""Take over what has no bearing on cost: the offset account (None keeps it), the party and the memo."""
	wanted = (move.offset if offset is None else offset, party, memo or move.memo)
	if wanted != (move.offset, move.party, move.memo):
		move.offset, move.party, move.memo = wanted
		store.execute(
			"UPDATE stock_move SET offset = ?, party = ?, memo = ? WHERE pk = ?", (*wanted, move.pk)
		)


def fix_issues(
	store: Store, company: int, item: int, leaving: list[int], is_after: Callable[[StoredMove], bool]
) -> None:
	"""Make the issues after a removed receipt keep their cost."""
	for move in list_of_item(store, company, item):
		if move.quantity < 0 and move.fixed is None and move.pk not in leaving and is_after(move):
			store.execute("UPDATE stock_move SET fixed = ? WHERE pk = ?", (-move.cents, move.pk))


def get_position(store: Store, company: int, item: int) -> Position:
	row = store.execute(
		f"SELECT {', '.join(POSITION_COLUMNS)} FROM stock_item WHERE company = ? AND item = ?",
		(company, item),
	).fetchone()
	return Position(*row) if row else Position()


def save_position(store: Store, company: int, item: int, position: Position) -> None:
	values = [getattr(position, name) for name in POSITION_COLUMNS]
	store.execute(
		f"INSERT OR REPLACE INTO stock_item (company, item, {', '.join(POSITION_COLUMNS)})"
		f" VALUES (?, ?, {', '.join('?' * len(values))})",
		[company, item, *values],
	)


def iterate_layers(store: Store, company: int, item: int) -> Iterator[Layer]:
	"""Yield open layers, oldest first, reading a few at a time."""
	place = -1
	while True:
		rows = store.execute(
			"SELECT move, quantity, cents, unit, fixed, place FROM stock_layer"
			" WHERE company = ? AND item = ? AND place > ? ORDER BY place LIMIT ?",
			(company, item, place, LAYERS_AT_ONCE),
		).fetchall()
		for move, quantity, cents, unit, fixed, place in rows:
			yield Layer(move, quantity, cents, unit, bool(fixed), place)
		if len(rows) < LAYERS_AT_ONCE:
			return


def insert_layers(store: Store, company: int, item: int, position: Position, layers: list[Layer]) -> None:
	for layer in layers:
		store.execute(
			"INSERT INTO stock_layer VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			(
				company, item, position.next_place, layer.move, layer.quantity, layer.cents, layer.unit, int(layer.fixed),
			),
		)  # fmt: skip
		position.next_place += 1


def save_appended(store: Store, company: int, item: int, position: Position, layers: Layers) -> None:
	"""Write what appending changed: layers used up, the first one, new ones."""
	for layer in layers.dropped:
		store.execute(
			"DELETE FROM stock_layer WHERE company = ? AND item = ? AND place = ?",
			(company, item, layer.place),
		)
	first = layers.get_first()
	if first is not None and first.place is not None:
		store.execute(
			"UPDATE stock_layer SET quantity = ?, cents = ? WHERE company = ? AND item = ? AND place = ?",
			(first.quantity, first.cents, company, item, first.place),
		)
	insert_layers(store, company, item, position, layers.added)
	save_position(store, company, item, position)


def save_replayed(store: Store, company: int, item: int, position: Position, layers: Layers) -> None:
	store.execute("DELETE FROM stock_layer WHERE company = ? AND item = ?", (company, item))
	insert_layers(store, company, item, position, layers.list_all())
	save_position(store, company, item, position)


def list_layers(store: Store, company: int, item: int | None = None) -> list[dict[str, Any]]:
	"""Return open layers as the control API shows them, value without quantity as a layer of quantity 0."""
	condition, values = ("", (company,)) if item is None else (" AND item = ?", (company, item))
	rows = store.execute(
		f"SELECT item, quantity, cents FROM stock_layer WHERE company = ?{condition} ORDER BY item, place",
		values,
	).fetchall()
	rows += store.execute(
		f"SELECT item, 0, carry FROM stock_item WHERE company = ?{condition} AND carry <> 0 ORDER BY item",
		values,
	).fetchall()
	return [
		{"item": str(row[0]), "quantity": str(from_scaled_quantity(row[1])), "value": str(from_cents(row[2]))}
		for row in rows
	]
