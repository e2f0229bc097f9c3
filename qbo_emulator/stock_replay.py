"""Where costing an item anew can begin: at the first move that changed, if the position before it is known.

Behind the first open layer stand only whole receipts, in order. So a move's ``after`` holds the first layer and a few
figures, and the rest of that position is read from the receipts between.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qbo_emulator import stock_rows
from qbo_emulator.costing import Costing, Layer, Layers, Rules, build_layer
from qbo_emulator.stock_rows import Position, StoredMove
from qbo_emulator.store import Store

BY_DAY, MIXED = "recost/entry", "mixed"
"""The order in which moves are indexed, and what an item's history has that was costed in several."""


@dataclass
class Start:
	"""What has to be costed, from which position on."""

	moves: list[StoredMove]
	costing: Costing
	position: Position


def name_order(rules: Rules) -> str:
	return f"{rules.back_dating}/{rules.same_day_order}"


def dump_position(state: Costing) -> str:
	"""Return a position as it is stored with the move that left it."""
	first = state.layers.get_first()
	layer = None if first is None else [first.move, first.quantity, first.cents, first.unit, int(first.fixed)]
	return json.dumps([layer, state.carry, state.last_in, state.last_sale])


def find_start(
	store: Store, company: int, item: int, position: Position, rules: Rules, changed: Sequence[StoredMove]
) -> Start:
	"""Return where to begin. The whole history is costed anew below zero, and in any order but that of days and entry."""
	order = name_order(rules)
	if order == BY_DAY == position.sorted_by:
		point = min((move.day, move.entry, move.line) for move in changed)
		before = stock_rows.find_before(store, company, item, point)
		if before is not None:
			costing = load_position(store, before, rules)
			if costing is not None:
				kept = replace(position, latest_day=before.day, next_place=1)
				return Start(stock_rows.list_from(store, company, item, point), costing, kept)
	return Start(stock_rows.list_of_item(store, company, item), Costing(rules), Position())


def load_position(store: Store, before: StoredMove, rules: Rules) -> Costing | None:
	"""Return the position that a move left, or None where it was below zero."""
	first, carry, last_in, last_sale = json.loads(before.after)
	layers: list[Layer] = []
	if first is not None:
		if first[1] < 0:
			return None
		layers.append(Layer(*first[:4], fixed=bool(first[4])))
		source = stock_rows.get(store, first[0])
		layers += [
			build_layer(receipt.pk, receipt.quantity, receipt.cents)
			for receipt in stock_rows.list_receipts_between(store, source, before)
		]
	return Costing(rules, Layers(layers), carry, to_pair(last_in), to_pair(last_sale))


def to_pair(values: list[int] | None) -> tuple[int, int] | None:
	return None if values is None else (values[0], values[1])
