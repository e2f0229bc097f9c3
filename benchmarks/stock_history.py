"""A long history of stock, written by SQL: what the ledger, the layers and the balances would hold after so many movements.

Each item has received lots of ten and used up, one by one, all but the last of them; so its ledger, its open layers and its sums
agree, as if `stock.ledger` had written them.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe

LOT = 10
COST = 4
FIRST_DAY = "2020-01-01"
DAYS = 2000
"""The history ends before today, so that nothing that comes after it is back-dated."""

BUSY_SHARE = 5
"""One item has a fifth of all entries."""

EACH = 400
"""Entries of each other item."""

STILL_OPEN = 20
"""One of so many entries is a receipt of which everything is left."""

AT_ONCE = 100_000

ENTRY, LAYER, ITEM_STOCK, BALANCE = (
	"`tabAO Stock Ledger Entry`",
	"`tabAO Stock Layer`",
	"`tabAO Item Stock`",
	"`tabAO Stock Balance`",
)
STANDARD = "name, owner, creation, modified, modified_by, docstatus, idx"
STANDARD_VALUES = "'Administrator', NOW(6), NOW(6), 'Administrator', 0, 0"


@dataclass(frozen=True)
class History:
	"""Some items with so many entries each, and one with very many; names begin with ``prefix``."""

	prefix: str
	number: int
	each: int
	busy: int

	@classmethod
	def of(cls, prefix: str, entries: int) -> History:
		"""So many entries in all, to within one entry an item."""
		busy = entries // BUSY_SHARE
		number = max(10, (entries - busy) // EACH)
		return cls(prefix, number, (entries - busy) // number, busy)

	@property
	def items(self) -> list[str]:
		return [f"{self.prefix}-{number}" for number in range(1, self.number + 1)]

	@property
	def busy_item(self) -> str:
		return f"{self.prefix}-BUSY"


def write_history(history: History, template: str, location: str) -> History:
	"""Write a history of new items, all like ``template``, at one location; commits."""
	numbers = max(history.each, history.busy, history.number)
	frappe.db.sql_ddl("CREATE OR REPLACE TEMPORARY TABLE bench_numbers (number INT PRIMARY KEY)")
	for start in range(1, numbers + 1, AT_ONCE):
		some = range(start, min(start + AT_ONCE, numbers + 1))
		frappe.db.sql(f"INSERT INTO bench_numbers VALUES {', '.join(f'({number})' for number in some)}")
	_write_items(history, template)
	step = max(1, AT_ONCE // history.each)
	for start in range(1, history.number + 1, step):
		some = history.items[start - 1 : start - 1 + step]
		_write_stock(some, history.each, location)
	_write_stock([history.busy_item], history.busy, location)
	return history


def _write_items(history: History, template: str) -> None:
	columns = [
		f"`{column}`"
		for column in frappe.db.get_table_columns("AO Item")
		if column not in ("name", "item_code")
	]
	for name in (*history.items, history.busy_item):
		frappe.db.sql(
			f"INSERT INTO `tabAO Item` (name, item_code, {', '.join(columns)}) "
			f"SELECT %(name)s, %(name)s, {', '.join(columns)} FROM `tabAO Item` WHERE name = %(template)s",
			{"name": name, "template": template},
		)
	frappe.db.commit()


def _write_stock(items: list[str], entries: int, location: str) -> None:
	"""Write the entries of each of these items, and what they have left."""
	still_open = max(1, entries // STILL_OPEN)
	pairs = (entries - still_open) // 2
	last = 2 * pairs + still_open
	values = {
		"items": items,
		"location": location,
		"lot": LOT,
		"cost": LOT * COST,
		"used": 2 * pairs,
		"last": last,
		"left": still_open,
		"first_day": FIRST_DAY,
		"days": DAYS,
	}
	source = (
		"FROM `tabAO Item` item JOIN bench_numbers n WHERE item.name IN %(items)s AND n.number <= %(last)s"
	)
	entry = "LEFT(MD5(CONCAT(item.name, '/', n.number)), 20)"
	day = "DATE_ADD(%(first_day)s, INTERVAL FLOOR(n.number * %(days)s / %(last)s) DAY)"
	is_issue = "(n.number <= %(used)s AND n.number MOD 2 = 0)"
	statements = (
		f"""INSERT INTO {ENTRY} ({STANDARD}, item, location, quantity_change, value_change, kind, posting_date, sequence,
			voucher_type, voucher_no, voucher_line)
			SELECT {entry} AS name, {STANDARD_VALUES}, item.name, %(location)s, IF({is_issue}, -%(lot)s, %(lot)s),
			IF({is_issue}, -%(cost)s, %(cost)s), IF({is_issue}, 'Issue', 'Receipt'), {day}, n.number,
			IF({is_issue}, 'AO Ship Doc', 'AO Receiver'), CONCAT('BENCH-', item.name, '-', n.number), {entry}
			{source} ORDER BY name""",
		f"""INSERT INTO {LAYER} ({STANDARD}, item, entry, sequence, posting_date, is_shortage, received, quantity, value)
			SELECT {entry} AS name, {STANDARD_VALUES}, item.name, {entry}, n.number, {day}, 0, %(lot)s, %(lot)s, %(cost)s
			{source} AND n.number > %(used)s ORDER BY name""",
		f"""INSERT INTO {ITEM_STOCK} ({STANDARD}, item, on_hand, value, open_layers, last_sequence, last_date,
			last_cost_quantity, last_cost_value)
			SELECT LEFT(MD5(item.name), 20), {STANDARD_VALUES}, item.name, %(left)s * %(lot)s, %(left)s * %(cost)s, %(left)s,
			%(last)s, {day}, %(lot)s, %(cost)s {source} AND n.number = %(last)s""",
		f"""INSERT INTO {BALANCE} ({STANDARD}, item, location, on_hand)
			SELECT LEFT(MD5(item.name), 20), {STANDARD_VALUES}, item.name, %(location)s, %(left)s * %(lot)s
			FROM `tabAO Item` item WHERE item.name IN %(items)s""",
	)
	for statement in statements:
		frappe.db.sql(statement, values)
	frappe.db.commit()
