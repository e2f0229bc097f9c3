"""The layers of the items of one document: read under lock, moved by `valuation`, written back.

The one writer of AO Item Stock and AO Stock Layer. The AO Item Stock row of each item is locked first, in the order of the
items, so that documents that move the same item are valued one after the other. Only as many layers are read as the
document can use up, however many an item has; they are read under lock as well, since a transaction that has waited would
otherwise see what they were before it waited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import frappe

from allorders_qb.money import round_half_up, to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES
from allorders_qb.stock.rows import STANDARD_COLUMNS, make_standard_values
from allorders_qb.stock.valuation import ZERO, Layer, Shortage, Stock

FIRST_PAGE = 10
"""Layers read first: of most items a document needs no more."""

PAGE = 200
"""Layers read at once after that."""


def to_cents(value: float | Decimal | None) -> int:
	"""Return an amount of money as whole cents."""
	return int(round_half_up(to_decimal(value, 2) * 100, 0))


def from_cents(cents: int) -> Decimal:
	"""Return whole cents as an amount of money."""
	return Decimal(cents).scaleb(-2)


@dataclass
class ItemStock:
	"""One item under lock: its row, its layers as far as they are needed, and how they stood when they were read."""

	item: str
	row: frappe._dict
	stock: Stock
	read: dict[str, tuple[bool, Decimal, int]] = field(default_factory=dict)
	quantity_change: Decimal = ZERO
	cents_change: int = 0
	layers_change: int = 0
	dates: dict[str, tuple[date, int]] = field(default_factory=dict)
	"""Posting date and sequence of the entries made here, for the layers they leave."""

	def take_sequence(self) -> int:
		self.row.last_sequence += 1
		return self.row.last_sequence

	def note(self, entry: str, day: date, sequence: int, quantity: Decimal, cents: int) -> bool:
		"""Add an entry to the item's sums; return whether it is dated before one that is there already."""
		self.dates[entry] = (day, sequence)
		self.quantity_change += quantity
		self.cents_change += cents
		is_back_dated = bool(self.row.last_date and day < self.row.last_date)
		if is_back_dated:
			self.row.recost_from = min(self.row.recost_from or day, day)
		else:
			self.row.last_date = day
		return is_back_dated


def lock_items(needs: Mapping[str, Decimal | None]) -> dict[str, ItemStock]:
	"""Lock items in their order and read their layers: as many as `needs` units use up, all where that is None."""
	items = sorted(needs)
	_add_missing_rows(items)
	# One by one: asked for several at once, a database may scan a small table and lock all of it, in an order of its own.
	return {item: _open_item(lock_row(item)[0], needs[item]) for item in items}


def lock_row(item: str) -> list[frappe._dict]:
	"""Lock an item's row until the transaction ends; the row as last committed, in a list that is empty where there is none."""
	table = frappe.qb.DocType("AO Item Stock")
	return frappe.qb.from_(table).select(table.star).where(table.item == item).for_update().run(as_dict=True)


def _add_missing_rows(items: Iterable[str]) -> None:
	"""Make the rows of items that never moved; a row that somebody else has just made stays as it is."""
	table = frappe.qb.DocType("AO Item Stock")
	known = set(
		frappe.get_all("AO Item Stock", filters={"item": ("in", list(items))}, pluck="item", order_by="item")
	)
	rows = [(*make_standard_values(), item) for item in items if item not in known]
	if rows:
		(
			frappe.qb.into(table)
			.columns(*STANDARD_COLUMNS, "item")
			.insert(*rows)
			.on_duplicate_key_update(table.item, table.item)
			.run()
		)


def _open_item(row: frappe._dict, need: Decimal | None) -> ItemStock:
	stock = Stock(
		last_cost=(
			to_decimal(row.last_cost_quantity, QUANTITY_PLACES),
			to_cents(row.last_cost_value),
		)
	)
	item = ItemStock(row.item, row, stock)
	start, size = 0, FIRST_PAGE
	# Where there is nothing to read nothing is locked either: two items without layers share the gap that would be.
	while row.open_layers:
		page = _read_layers(row.item, start, size)
		for layer in page:
			quantity, cents = to_decimal(layer.quantity, QUANTITY_PLACES), to_cents(layer.value)
			item.read[layer.entry] = (bool(layer.is_shortage), quantity, cents)
			if layer.is_shortage:
				stock.shortages.append(Shortage(layer.entry, quantity, cents))
			else:
				received = to_decimal(layer.received, QUANTITY_PLACES)
				stock.layers.append(Layer(layer.entry, received, quantity, cents))
		if len(page) < size or (need is not None and stock.quantity >= need):
			break
		start, size = start + size, PAGE
	return item


def _read_layers(item: str, start: int, size: int) -> list[frappe._dict]:
	"""Return some of an item's layers, oldest first, or of its shortages: it never has both (`valuation.Stock`).

	The order is that of the index in every column, so that the database reads, and locks, no more than it returns.
	"""
	table = frappe.qb.DocType("AO Stock Layer")
	return (
		frappe.qb.from_(table)
		.force_index("item_order")
		.select(table.entry, table.is_shortage, table.received, table.quantity, table.value)
		.where(table.item == item)
		.orderby(table.is_shortage, table.posting_date, table.sequence)
		.limit(size)
		.offset(start)
		.for_update()
		.run(as_dict=True)
	)


def find_layer(item: ItemStock, entry: str) -> Layer | None:
	"""Return the layer of a receipt, read now if it is not among those read; None where nothing is left of it."""
	for layer in item.stock.layers:
		if layer.key == entry:
			return layer
	table = frappe.qb.DocType("AO Stock Layer")
	rows = (
		frappe.qb.from_(table)
		.force_index("one_layer_per_entry")
		.select(table.received, table.quantity, table.value)
		.where((table.item == item.item) & (table.is_shortage == 0) & (table.entry == entry))
		.for_update()
		.run(as_dict=True)
	)
	if not rows or entry in item.read:
		return None
	layer = Layer(
		entry,
		to_decimal(rows[0].received, QUANTITY_PLACES),
		to_decimal(rows[0].quantity, QUANTITY_PLACES),
		to_cents(rows[0].value),
	)
	item.read[entry] = (False, layer.quantity, layer.cents)
	item.stock.layers.append(layer)
	return layer


def save_items(items: Iterable[ItemStock]) -> None:
	"""Write back what the document has changed: layers, shortages, and each item's sums."""
	for item in items:
		_save_layers(item)
		_save_row(item)


def _save_layers(item: ItemStock) -> None:
	kept: dict[str, tuple[bool, Decimal, int]] = {}
	received: dict[str, Decimal] = {}
	for layer in item.stock.layers:
		kept[layer.key] = (False, layer.quantity, layer.cents)
		received[layer.key] = layer.received
	for shortage in item.stock.shortages:
		kept[shortage.key] = (True, shortage.quantity, shortage.cents)
	table = frappe.qb.DocType("AO Stock Layer")
	gone = [entry for entry in item.read if entry not in kept]
	item.layers_change = -len(gone)
	if gone:
		frappe.qb.from_(table).delete().where((table.item == item.item) & table.entry.isin(gone)).run()
	new = []
	for entry, (is_shortage, quantity, cents) in kept.items():
		if item.read.get(entry) == (is_shortage, quantity, cents):
			continue
		if entry in item.read:
			(
				frappe.qb.update(table)
				.set(table.quantity, float(quantity))
				.set(table.value, float(from_cents(cents)))
				.where((table.item == item.item) & (table.entry == entry))
				.run()
			)
			continue
		day, sequence = item.dates[entry]
		new.append((
			*make_standard_values(), item.item, entry, sequence, day, int(is_shortage),
			float(received.get(entry, ZERO)), float(quantity), float(from_cents(cents)),
		))  # fmt: skip
	item.layers_change += len(new)
	if new:
		columns = (
			"item",
			"entry",
			"sequence",
			"posting_date",
			"is_shortage",
			"received",
			"quantity",
			"value",
		)
		frappe.qb.into(table).columns(*STANDARD_COLUMNS, *columns).insert(*new).run()


def _save_row(item: ItemStock) -> None:
	table = frappe.qb.DocType("AO Item Stock")
	quantity, cents = item.stock.last_cost
	(
		frappe.qb.update(table)
		.set(table.on_hand, table.on_hand + float(item.quantity_change))
		.set(table.value, table.value + float(from_cents(item.cents_change)))
		.set(table.open_layers, table.open_layers + item.layers_change)
		.set(table.last_sequence, item.row.last_sequence)
		.set(table.last_date, item.row.last_date)
		.set(table.last_cost_quantity, float(quantity))
		.set(table.last_cost_value, float(from_cents(cents)))
		.set(table.recost_from, item.row.recost_from)
		.where(table.name == item.row.name)
		.run()
	)


def replace_layers(item: ItemStock, stock: Stock, dates: Mapping[str, tuple[date, int]]) -> None:
	"""Put the layers of a replay in the place of those that were read (all of them); `dates` by entry."""
	item.stock.layers, item.stock.shortages = stock.layers, stock.shortages
	item.stock.last_cost = stock.last_cost
	item.dates.update(dates)
