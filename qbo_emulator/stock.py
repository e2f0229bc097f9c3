"""Inventory: the only writer of ``stock_move``, ``stock_layer`` and ``stock_item``, and of the postings of cost.

Transactions say what they move (``record``) and take back (``remove``); ``settle`` costs it once at the end of a save.
What comes last in an item's history is appended, whatever its length; anything else replays the item and rewrites the
postings of those moves whose cost changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qbo_emulator import costing, ledger, stock_replay, stock_rows
from qbo_emulator.costing import (
	COST_SCALE,
	OPENING,
	PURCHASES,
	Costing,
	Layers,
	Outcome,
	Rules,
	get_order,
	replay,
)
from qbo_emulator.faults import Fault, refuse_business
from qbo_emulator.money import round_half_up
from qbo_emulator.stock_rows import StoredMove
from qbo_emulator.store import Id
from qbo_emulator.work import StockChange, Work, load_body

MEMOS = {OPENING: "Opening quantity", "adjustment": "Inventory adjustment"}


@dataclass(frozen=True)
class Move:
	"""What a transaction moves of one Inventory item.

	``quantity`` is signed and scaled; ``kind`` is one of costing's; ``given`` is the signed value in home cents that a
	purchase line posts to the asset account itself; ``offset`` is the other account, None for the item's expense account.
	"""

	item: int
	quantity: int
	kind: str
	given: int | None = None
	offset: int | None = None
	party: int | None = None
	memo: str = ""


@dataclass
class ItemChange:
	"""What one save does to one item."""

	inserted: list[StoredMove] = field(default_factory=list)
	kept: list[StoredMove] = field(default_factory=list)
	deleted: list[StoredMove] = field(default_factory=list)
	removed_receipts: list[StoredMove] = field(default_factory=list)


def record(work: Work, entity: str, identifier: Id, day: str, moves: list[Move]) -> None:
	"""Note what a transaction moves. Nothing is written before ``settle``."""
	change = work.stock_changes.get((entity, identifier))
	if change is not None or moves:
		replaces = change is not None and change.replaces
		work.stock_changes[entity, identifier] = StockChange(day, list(moves), replaces)


def remove(work: Work, entity: str, identifier: Id) -> None:
	"""Note that what a transaction moved is taken back, unless it is recorded again in the same save."""
	work.stock_changes[entity, identifier] = StockChange("", [], True)


def settle(work: Work) -> None:
	"""Cost all that was noted, write it, and post it. Raises 6000 for stock that is not there, where it is refused."""
	if not work.stock_changes:
		return
	rules = read_rules(work)
	items: dict[int, ItemChange] = {}
	for (entity, identifier), change in work.stock_changes.items():
		collect(work, entity, identifier, change, items)
	work.stock_changes.clear()
	for item, item_change in items.items():
		settle_item(work, item, item_change, rules)


def is_tracked(work: Work, item: int | str) -> bool:
	"""Return whether an item is of the type Inventory."""
	row = work.get("Item", item)
	return row is not None and load_body(row.body)["Type"] == "Inventory"


def has_moved(work: Work, item: int) -> bool:
	"""Return whether an item has a history, be it only its opening quantity."""
	return stock_rows.has_moved(work.store, work.company.key, item)


def change_opening_day(work: Work, item: int, day: str) -> None:
	"""Move an item's opening quantity to another day. Raises 6270 when the item moved before that day."""
	store, company = work.store, work.company.key
	earliest = stock_rows.find_first_day(store, company, item)
	if earliest is not None and earliest < day:
		detail = f"The item has a transaction dated {earliest}, before the new start date {day}"
		raise Fault("6270", detail, "InvStartDate")
	moves = [
		Move(item, stored.quantity, stored.kind, stored.given, stored.offset, stored.party, stored.memo)
		for stored in stock_rows.list_of_transaction(store, company, "Item", item)
	]
	ledger.unpost(store, company, "Item", item)
	remove(work, "Item", item)
	record(work, "Item", item, day, moves)


def read_rules(work: Work) -> Rules:
	"""Return the knobs of undocumented costing rules."""
	knobs = work.company.knobs
	return Rules(
		knobs["stock_positive_adjustment_cost"], knobs["stock_return_cost"], knobs["stock_vendor_credit_cost"],
		knobs["stock_negative"], knobs["stock_back_dating"], knobs["stock_same_day_order"], knobs["stock_rounding"],
	)  # fmt: skip


def collect(
	work: Work, entity: str, identifier: Id, change: StockChange, items: dict[int, ItemChange]
) -> None:
	"""Sort a transaction's old and new moves into those that stay, go and come, by item."""
	company = work.company.key
	old = stock_rows.list_of_transaction(work.store, company, entity, identifier) if change.replaces else []
	wanted = dict(enumerate(change.moves))
	for stored in old:
		item_change = items.setdefault(stored.item, ItemChange())
		move = wanted.get(stored.line)
		if move is not None and is_same(stored, move, change.day):
			del wanted[stored.line]
			stock_rows.change_labels(work.store, stored, move.offset, move.party, move.memo)
			item_change.kept.append(stored)
			continue
		item_change.deleted.append(stored)
		if stored.quantity > 0 and not any(
			move.item == stored.item and move.quantity > 0 for move in change.moves
		):
			item_change.removed_receipts.append(stored)
	for line, move in wanted.items():
		built = build_stored(work, entity, identifier, change.day, line, move)
		items.setdefault(move.item, ItemChange()).inserted.append(built)


def is_same(stored: StoredMove, move: Move, day: str) -> bool:
	return (stored.item, stored.day, stored.kind, stored.quantity, stored.given) == (
		move.item, day, move.kind, move.quantity, move.given,
	)  # fmt: skip


def build_stored(work: Work, entity: str, identifier: Id, day: str, line: int, move: Move) -> StoredMove:
	"""Return a new move with what it needs of its item as the item stands now."""
	row = work.get("Item", move.item)
	assert row is not None
	item = load_body(row.body)
	expense = int(item["ExpenseAccountRef"]["value"])
	cost = round_half_up(item.get("PurchaseCost", 0) * COST_SCALE, 0) if "PurchaseCost" in item else 0
	return StoredMove(
		company=work.company.key, item=move.item, day=day, entry=0 if move.kind == OPENING else int(identifier),
		line=line, entity=entity, id=identifier, kind=move.kind, quantity=move.quantity, given=move.given,
		purchase_cost=int(cost), asset=int(item["AssetAccountRef"]["value"]), expense=expense,
		offset=expense if move.offset is None else move.offset, party=move.party,
		memo=move.memo or MEMOS.get(move.kind, "Cost of goods"),
	)  # fmt: skip


def settle_item(work: Work, item: int, change: ItemChange, rules: Rules) -> None:
	store, company = work.store, work.company.key
	moved = sum(move.quantity for move in change.inserted) - sum(move.quantity for move in change.deleted)
	if moved:
		store.add_to_quantity(company, item, moved)
	changed: list[StoredMove] = []
	if change.deleted:
		if change.removed_receipts and work.company.knobs["stock_removed_layer"] == "keep":
			stock_rows.fix_issues(
				store, company, item, [m.pk for m in change.deleted], is_after(change, rules)
			)
		stock_rows.delete(store, change.deleted)
	if change.deleted or change.inserted:
		position = stock_rows.get_position(store, company, item)
		if not change.deleted and all(position.comes_last(move, rules) for move in change.inserted):
			changed = append(work, item, position, change.inserted, rules)
		else:
			changed = replay_item(work, item, position, change, rules)
	fresh = {move.pk for move in (*change.inserted, *change.kept)}
	latest = {move.pk: move for move in changed if move.pk in fresh}
	for move in (*change.inserted, *change.kept):
		post(work, latest.get(move.pk, move))
	for move in changed:
		if move.pk not in fresh:
			ledger.unpost_move(store, company, move.entity, move.id, move.pk)
			post(work, move)


def is_after(change: ItemChange, rules: Rules) -> Any:
	"""Return a test for moves that come after the first of the removed receipts."""
	first = min(get_order(receipt.as_costed(), rules) for receipt in change.removed_receipts)
	return lambda move: get_order(move.as_costed(), rules) > first


def append(
	work: Work, item: int, position: stock_rows.Position, moves: list[StoredMove], rules: Rules
) -> list[StoredMove]:
	"""Cost and insert moves that come last. Returns the earlier moves whose cost they corrected."""
	store, company = work.store, work.company.key
	state = Costing(
		rules, Layers(stock_rows.iterate_layers(store, company, item)),
		position.carry, position.last_in, position.last_sale,
	)  # fmt: skip
	corrected: dict[int, StoredMove] = {}
	by_key: dict[int, StoredMove] = {}
	for move in sorted(moves, key=lambda move: get_order(move.as_costed(), rules)):
		move.pk = stock_rows.find_free_key(store)
		outcome = state.apply(move.as_costed())
		take_outcome(work, move, outcome)
		move.after = stock_replay.dump_position(state)
		stock_rows.insert(store, move)
		by_key[move.pk] = move
		position.note(move)
		for key, cents in outcome.corrections:
			target = by_key.get(key) or corrected.get(key) or stock_rows.get(store, key)
			target.cents += cents
			corrected[key] = target
			stock_rows.change_cost(store, target)
	position.take_over(state)
	order = stock_replay.name_order(rules)
	position.sorted_by = order if position.sorted_by in ("", order) else stock_replay.MIXED
	stock_rows.save_appended(store, company, item, position, state.layers)
	return list(corrected.values())


def replay_item(
	work: Work, item: int, position: stock_rows.Position, change: ItemChange, rules: Rules
) -> list[StoredMove]:
	"""Cost an item's history anew from the first change on. Returns the moves that now cost something else."""
	store, company = work.store, work.company.key
	for move in change.inserted:
		move.pk = stock_rows.find_free_key(store)
		stock_rows.insert(store, move)
	start = stock_replay.find_start(
		store, company, item, position, rules, (*change.inserted, *change.deleted)
	)
	moves = {move.pk: move for move in start.moves}
	states: dict[int, str] = {}

	def note(move: costing.Move, state: Costing) -> None:
		states[move.key] = stock_replay.dump_position(state)

	outcomes, state = replay((move.as_costed() for move in moves.values()), rules, start.costing, note)
	changed = []
	for move in moves.values():
		start.position.note(move)
		outcome = outcomes[move.pk]
		differs = (move.cents, move.short, move.difference) != (
			outcome.cents, outcome.short, outcome.difference,
		)  # fmt: skip
		if differs or move.after != states[move.pk]:
			take_outcome(work, move, outcome)
			move.after = states[move.pk]
			stock_rows.change_cost(store, move)
		if differs:
			changed.append(move)
	start.position.take_over(state)
	start.position.sorted_by = stock_replay.name_order(rules)
	stock_rows.save_replayed(store, company, item, start.position, state.layers)
	return changed


def take_outcome(work: Work, move: StoredMove, outcome: Outcome) -> None:
	"""Set a move's cost. Raises 6000 when more would be short than before and the company refuses that."""
	if outcome.short > move.short and work.company.knobs["stock_negative"] == "refused":
		row = work.get("Item", move.item)
		name = row.name if row else move.item
		raise refuse_business(f"There is not enough of {name} on hand on {move.day}", "Line.Qty")
	move.cents, move.short, move.difference = outcome.cents, outcome.short, outcome.difference


def post(work: Work, move: StoredMove) -> None:
	"""Post what a move does beyond what its transaction posts itself: the asset account against its offset.

	A purchase line stands in its transaction's own postings at its amount; here only what the layers make of it otherwise.
	"""
	postings = []
	if move.kind in PURCHASES:
		cents = move.cents - (move.given or 0)
		if cents:
			memo = "Cost of goods: difference to the layers"
			postings = [
				ledger.Posting(move.expense, -cents, memo, move.party, move=move.pk),
				ledger.Posting(move.asset, cents, memo, move.party, move.item, move=move.pk),
			]
	else:
		value = move.cents - move.difference
		postings = [
			ledger.Posting(move.offset, -value, move.memo, move.party, move=move.pk),
			ledger.Posting(move.expense, -move.difference, move.memo, move.party, move=move.pk),
			ledger.Posting(move.asset, move.cents, move.memo, move.party, move.item, move.quantity, move.pk),
		]
	ledger.post(work.store, work.company.key, move.entity, move.id, move.day, postings)
