"""The one writer of AO Stock Ledger Entry and AO Stock Balance.

Rows are only ever added: what was wrong is reversed, or revalued, by rows of its own. Balances change by
`on_hand = on_hand + x` in the database, so documents submitted at the same moment add up, whatever each of them had read
before; values follow the item's layers, under the item's lock (`layers`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

import frappe
from pypika.terms import Values

from allorders_qb.money import to_decimal
from allorders_qb.stock.entries import ENTRY, insert_entries
from allorders_qb.stock.layers import ItemStock, find_layer, from_cents, lock_items, save_items, to_cents
from allorders_qb.stock.movements import (
	ISSUE,
	RETURN,
	REVALUATION,
	Moved,
	Movement,
	Place,
	add_up_changes,
	find_shortages,
)
from allorders_qb.stock.policy import judge_shortages
from allorders_qb.stock.quantities import QUANTITY_PLACES
from allorders_qb.stock.recosting import recost_after_commit
from allorders_qb.stock.rows import STANDARD_COLUMNS, make_name, make_standard_values
from allorders_qb.stock.valuation import ZERO, Correction, Sharing, share_cents


def record_movements(movements: Sequence[Movement]) -> dict[str, Moved]:
	"""Add movements to the ledger and to the balances, in the running transaction; returns what each line moved, by line.

	Values are settled in the order of the movements. Raises what `policy.judge_shortages` raises; the transaction then
	has to be rolled back.
	"""
	if not movements:
		return {}
	recording = _Recording(movements)
	moved = recording.run()
	changes = add_up_changes(movements)
	_move_balances(changes)
	judge_shortages(find_shortages(changes, read_balances(changes)))
	if recording.has_back_dated:
		recost_after_commit()
	return moved


class _Recording:
	"""One document's movements on their way into the ledger."""

	def __init__(self, movements: Sequence[Movement]) -> None:
		self.movements = movements
		self.items = lock_items(_list_needs(movements))
		self.costs = _read_purchase_costs(movements)
		self.rows: list[tuple] = []
		self.issued: dict[str, int] = defaultdict(int)
		self.derived: dict[str, Sharing] = {}
		self.entries: dict[str, str] = {}
		self.has_back_dated = False

	def run(self) -> dict[str, Moved]:
		moved: dict[str, Moved] = defaultdict(Moved)
		for movement in self.movements:
			moved[movement.voucher_line] += self.move(movement)
		insert_entries(self.rows)
		save_items(self.items.values())
		return dict(moved)

	def move(self, movement: Movement) -> Moved:
		item, entry = self.items[movement.item], make_name()
		self.entries.setdefault(movement.voucher_line, entry)
		day, sequence = movement.posting_date, item.take_sequence()
		cents, charged, corrections = self.settle(movement, item, entry)
		if movement.kind == ISSUE:
			self.issued[movement.voucher_no] -= cents
		back_dated = item.note(entry, day, sequence, movement.quantity, cents)
		if movement.is_reversal and not movement.is_transfer:
			# What was never there must not have used up, or left behind, any layer.
			item.row.recost_from = min(item.row.recost_from or day, day)
		self.has_back_dated |= back_dated or movement.is_reversal
		self.add_row(movement, entry, sequence, cents)
		for correction in corrections:
			self.correct(movement, item, correction)
		return Moved(from_cents(cents), from_cents(charged))

	def settle(self, movement: Movement, item: ItemStock, entry: str) -> tuple[int, int, list[Correction]]:
		"""Return the cents that move (signed), those charged to what has left, and corrections of earlier issues."""
		stock, quantity = item.stock, movement.quantity
		if movement.is_transfer:
			return 0, 0, []
		if quantity > ZERO:
			cents = self.find_value(movement)
			return cents, 0, stock.receive(entry, quantity, cents)
		if quantity < ZERO:
			if movement.takes_line or movement.takes_entry:
				return -self.take(movement, item, entry), 0, []
			if movement.is_reversal and movement.return_of:
				layer = find_layer(item, movement.return_of)
				if layer and layer.quantity == layer.received == -quantity:
					stock.layers.remove(layer)
					return -layer.cents, 0, []
			return -stock.issue(entry, -quantity, self.costs.get(movement.item, (ZERO, 0))).cents, 0, []
		cents = to_cents(movement.value)
		if movement.value_of is None:
			if not stock.layers:
				return 0, cents, []
			stock.spread(cents)
			return cents, 0, []
		layer = find_layer(item, movement.value_of)
		if layer is None:
			return 0, cents, []
		divided = stock.revalue(layer.key, layer.received, cents)
		return divided.on_hand_cents, divided.issued_cents, []

	def take(self, movement: Movement, item: ItemStock, entry: str) -> int:
		"""Return the cents of what goes out of a certain receipt, and beyond that first in, first out."""
		receipt = self.find_source(movement)
		find_layer(item, receipt)
		fallback = self.costs.get(movement.item, (ZERO, 0))
		return item.stock.take(entry, receipt, -movement.quantity, fallback).cents

	def find_source(self, movement: Movement) -> str | None:
		"""Return the entry that a movement returns, reverses, changes the value of, or takes the goods of."""
		if movement.takes_line:
			return self.entries[movement.takes_line]
		return movement.takes_entry or movement.return_of or movement.value_of

	def find_value(self, movement: Movement) -> int:
		"""Return what comes in is worth, in cents."""
		if movement.added_value is not None:
			return self.share_cost(movement)
		if movement.return_of and not movement.is_reversal:
			return value_return(movement.return_of, movement.quantity)
		return to_cents(movement.value)

	def share_cost(self, movement: Movement) -> int:
		"""Return what of the cost of a document's issues, and of what is added to it, this one of its products bears."""
		voucher = movement.voucher_no
		if voucher not in self.derived:
			products = [
				other
				for other in self.movements
				if other.voucher_no == voucher and other.added_value is not None
			]
			added = sum((to_cents(product.added_value) for product in products), 0)
			weights = sum((product.cost_weight for product in products), ZERO)
			self.derived[voucher] = Sharing(self.issued[voucher] + added, weights)
		return self.derived[voucher].take(movement.cost_weight)

	def correct(self, cause: Movement, item: ItemStock, correction: Correction) -> None:
		"""Add the entry that says that an earlier issue cost more or less than was thought."""
		issue = frappe.db.get_value(
			ENTRY,
			correction.key,
			["location", "voucher_type", "voucher_no", "voucher_line"],
			as_dict=True,
		)
		sequence, entry = item.take_sequence(), make_name()
		item.note(entry, cause.posting_date, sequence, ZERO, -correction.cents)
		self.rows.append((
			*make_standard_values(entry), cause.item, issue.location, 0.0, float(from_cents(-correction.cents)), REVALUATION,
			cause.posting_date, sequence, issue.voucher_type, issue.voucher_no, issue.voucher_line, 0, correction.key, 0, 0.0, 0.0,
		))  # fmt: skip

	def add_row(self, movement: Movement, entry: str, sequence: int, cents: int) -> None:
		self.rows.append((
			*make_standard_values(entry, len(self.rows)), movement.item, movement.location, float(movement.quantity),
			float(from_cents(cents)), movement.kind, movement.posting_date, sequence, movement.voucher_type,
			movement.voucher_no, movement.voucher_line, int(movement.is_reversal),
			self.find_source(movement), int(movement.added_value is not None),
			float(_find_added_value(movement)), float(movement.cost_weight if movement.added_value is not None else 0),
		))  # fmt: skip


def _find_added_value(movement: Movement) -> Decimal:
	"""Return what an entry keeps beside its value: of a receipt's change of value all of it, with what fell on units that had
	left, so that the item's history can be told anew."""
	if movement.value_of:
		return movement.value
	return movement.added_value or ZERO


def value_return(issue: str, quantity: Decimal) -> int:
	"""Return what of an issue's cost comes back with so many units, in cents; the last of it brings the rest."""
	entry = frappe.db.get_value(ENTRY, issue, ["quantity_change", "value_change"], as_dict=True)
	left, cost = -to_decimal(entry.quantity_change, QUANTITY_PLACES), -to_cents(entry.value_change)
	for row in _read_followers(issue):
		if row.kind == REVALUATION:
			cost -= to_cents(row.value_change)
		elif row.kind == RETURN and not row.reversal:
			left -= to_decimal(row.quantity_change, QUANTITY_PLACES)
			cost -= to_cents(row.value_change)
	return share_cents(cost, min(quantity, left), left) if left > ZERO else 0


def _read_followers(issue: str) -> list[frappe._dict]:
	"""Return what came back of an issue, and what its cost was corrected by; `reversal` names a return's own reversal."""
	follower, reversal = frappe.qb.DocType(ENTRY), frappe.qb.DocType(ENTRY).as_("reversal")
	return (
		frappe.qb.from_(follower)
		.left_join(reversal)
		.on((reversal.source_entry == follower.name) & (reversal.is_reversal == 1))
		.select(follower.kind, follower.quantity_change, follower.value_change, reversal.name.as_("reversal"))
		.where((follower.source_entry == issue) & follower.kind.isin([RETURN, REVALUATION]))
		.orderby(follower.name)
		.for_update()
		.run(as_dict=True)
	)


def _list_needs(movements: Sequence[Movement]) -> dict[str, Decimal | None]:
	"""Return how many units of layers each item's movements can use up; None for all of them."""
	needs: dict[str, Decimal | None] = {movement.item: ZERO for movement in movements}
	for movement in movements:
		need = needs[movement.item]
		if not movement.quantity and movement.value_of is None:
			needs[movement.item] = None
		elif movement.quantity < ZERO and not movement.is_transfer and need is not None:
			needs[movement.item] = need - movement.quantity
	return needs


def _read_purchase_costs(movements: Sequence[Movement]) -> dict[str, tuple[Decimal, int]]:
	"""Return (1, cents) at the item's purchase cost, by item: what goes out before anything has come in."""
	items = sorted({movement.item for movement in movements if movement.quantity < ZERO})
	if not items:
		return {}
	rows = frappe.get_all(
		"AO Item", filters={"name": ("in", items)}, fields=["name", "purchase_cost"], order_by="name"
	)
	return {row.name: (Decimal(1), to_cents(row.purchase_cost)) for row in rows}


def reverse_voucher(voucher_type: str, voucher_no: str) -> None:
	"""Add the opposite of every movement of a document, on the dates of the movements themselves and at their value."""
	rows = frappe.get_all(
		ENTRY,
		filters={"voucher_type": voucher_type, "voucher_no": voucher_no, "is_reversal": 0},
		fields=[
			"name", "item", "location", "quantity_change", "value_change", "kind", "posting_date", "voucher_line",
			"source_entry",
		],
		order_by="item asc, sequence asc",
	)  # fmt: skip
	corrections: dict[str, Decimal] = defaultdict(Decimal)
	for row in rows:
		if row.kind == REVALUATION and row.source_entry:
			corrections[row.source_entry] += to_decimal(row.value_change, 2)
	record_movements(
		[
			Movement(
				item=row.item,
				location=row.location,
				quantity=-to_decimal(row.quantity_change, QUANTITY_PLACES),
				posting_date=row.posting_date,
				voucher_type=voucher_type,
				voucher_no=voucher_no,
				voucher_line=row.voucher_line,
				is_reversal=True,
				value=-to_decimal(row.value_change, 2) - corrections.get(row.name, ZERO),
				return_of=row.name,
				is_transfer=row.kind == "Transfer",
			)
			for row in rows
			if row.kind != REVALUATION
		]
	)


def read_balances(places: Mapping[Place, Decimal]) -> dict[Place, Decimal]:
	"""Return what is on hand at each (item, location), zero where nothing ever moved; one query."""
	if not places:
		return {}
	balance = frappe.qb.DocType("AO Stock Balance")
	rows = (
		frappe.qb.from_(balance)
		.select(balance.item, balance.location, balance.on_hand)
		.where(balance.item.isin(sorted({item for item, _location in places})))
		.where(balance.location.isin(sorted({location for _item, location in places})))
		.orderby(balance.item, balance.location)
	).run(as_dict=True)
	found = {(row.item, row.location): to_decimal(row.on_hand, QUANTITY_PLACES) for row in rows}
	return {place: found.get(place, ZERO) for place in places}


def _move_balances(changes: Mapping[Place, Decimal]) -> None:
	if not changes:
		return
	rows = [
		(*make_standard_values(), item, location, float(change))
		for (item, location), change in changes.items()
	]
	table = frappe.qb.DocType("AO Stock Balance")
	(
		frappe.qb.into(table)
		.columns(*STANDARD_COLUMNS, "item", "location", "on_hand")
		.insert(*rows)
		.on_duplicate_key_update(table.on_hand, table.on_hand + Values(table.on_hand))
		.on_duplicate_key_update(table.modified, Values(table.modified))
		.on_duplicate_key_update(table.modified_by, Values(table.modified_by))
	).run()
