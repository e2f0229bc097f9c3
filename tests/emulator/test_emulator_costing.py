"""The costing core against a model that counts single units, and what must hold for any history."""

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbo_emulator.costing import (
	ADJUSTMENT,
	BILL,
	CUSTOMER_RETURN,
	OPENING,
	SALE,
	VENDOR_CREDIT,
	Costing,
	Layers,
	Move,
	Rules,
	order_moves,
	replay,
	round_share,
)

UNIT = 10**7
DAYS = [f"2026-01-{day:02}" for day in range(1, 8)]


def build_move(key, kind, quantity, cents=None, day="2026-01-01", purchase_cost=0, **more):
	return Move(key, kind, int(quantity * UNIT), day, key, 0, cents, purchase_cost * 10**5, **more)


def test_emulator_costing_intuits_example():
	"""Intuit's article on FIFO: 20 bought at 6, 30 at 7; 15 sold cost 90, the next 20 cost 135."""
	moves = [
		build_move(1, BILL, 20, 12000), build_move(2, BILL, 30, 21000),
		build_move(3, SALE, -15), build_move(4, SALE, -20),
	]  # fmt: skip
	outcomes, costing = replay(moves, Rules())
	assert [outcomes[key].cents for key in (3, 4)] == [-9000, -13500]
	assert [(layer.quantity, layer.cents) for layer in costing.layers.list_all()] == [(15 * UNIT, 10500)]


whole_histories = st.lists(
	st.tuples(st.booleans(), st.integers(1, 9), st.integers(0, 500), st.sampled_from(DAYS)), max_size=30
)


def cost_single_units(moves, prices):
	"""The model: every unit has its own cost; one that is sold before it came waits for the next that comes."""
	on_hand, waiting, cost = deque(), deque(), {}
	for move in sorted(moves, key=lambda move: (move.day, move.entry)):
		cost[move.key] = 0
		for _ in range(abs(move.quantity) // UNIT):
			if move.quantity > 0 and waiting:
				cost[waiting.popleft()] += prices[move.key]
			elif move.quantity > 0:
				on_hand.append(prices[move.key])
			elif on_hand:
				cost[move.key] += on_hand.popleft()
			else:
				waiting.append(move.key)
	return cost, on_hand, waiting


@given(whole_histories, st.sampled_from(["per_issue", "per_unit"]))
@settings(max_examples=200, deadline=None)
def test_emulator_costing_agrees_with_single_units(history, rounding):
	prices = {key: price for key, (_receipt, _quantity, price, _day) in enumerate(history)}
	moves = [
		build_move(key, BILL, quantity, quantity * price, day)
		if receipt
		else build_move(key, SALE, -quantity, None, day)
		for key, (receipt, quantity, price, day) in enumerate(history)
	]
	outcomes, costing = replay(moves, Rules(rounding=rounding))
	cost, on_hand, waiting = cost_single_units(moves, prices)
	layers = costing.layers.list_all()
	assert sum(layer.quantity for layer in layers) == (len(on_hand) - len(waiting)) * UNIT
	if not waiting:
		assert {m.key: -outcomes[m.key].cents for m in moves if m.quantity < 0} == {
			m.key: cost[m.key] for m in moves if m.quantity < 0
		}
		assert sum(layer.cents for layer in layers) == sum(on_hand)


any_rules = st.builds(
	Rules,
	st.sampled_from(["purchase_cost", "current_layer", "zero"]),
	st.sampled_from(["current_layer", "purchase_cost", "sale_cost"]),
	st.sampled_from(["layer", "line_amount"]),
	st.sampled_from(["recost", "keep"]),
	st.sampled_from(["recost", "entry_order"]),
	st.sampled_from(["entry", "receipts_first"]),
	st.sampled_from(["per_issue", "per_unit"]),
)


@st.composite
def any_histories(draw):
	moves = []
	for key in range(draw(st.integers(0, 25))):
		kind = draw(st.sampled_from([SALE, CUSTOMER_RETURN, BILL, VENDOR_CREDIT, ADJUSTMENT]))
		quantity = draw(st.integers(1, 10**9)) * draw(st.sampled_from([1, -1]))
		given_ = draw(st.integers(-(10**6), 10**6)) if kind in (BILL, VENDOR_CREDIT) else None
		fixed = draw(st.none() | st.integers(0, 10**6)) if quantity < 0 else None
		cost = draw(st.integers(0, 10**9))
		moves.append(Move(key, kind, quantity, draw(st.sampled_from(DAYS)), key, 0, given_, cost, fixed))
	return moves


@given(any_histories(), any_rules)
@settings(max_examples=400, deadline=None)
def test_emulator_costing_asset_equals_layers(moves, rules):
	outcomes, costing = replay(moves, rules)
	layers = costing.layers.list_all()
	assert sum(outcome.cents for outcome in outcomes.values()) == costing.carry + sum(
		layer.cents for layer in layers
	)
	assert sum(move.quantity for move in moves) == sum(layer.quantity for layer in layers)
	assert len({layer.quantity > 0 for layer in layers}) <= 1 and all(layer.quantity for layer in layers)
	for move in moves:
		if move.fixed is not None:
			assert outcomes[move.key].cents == -move.fixed


@given(any_histories(), any_rules)
@settings(max_examples=100, deadline=None)
def test_emulator_costing_step_by_step_equals_replay(moves, rules):
	"""What is appended to a stored position gives what a replay of everything gives."""
	outcomes, whole = replay(moves, rules)
	cents, stored, carry, last_in, last_sale = {}, [], 0, None, None
	for move in order_moves(moves, rules):
		costing = Costing(rules, Layers(stored), carry, last_in, last_sale)
		outcome = costing.apply(move)
		cents[move.key] = outcome.cents
		for key, correction in outcome.corrections:
			cents[key] += correction
		stored = costing.layers.list_all()
		carry, last_in, last_sale = costing.carry, costing.last_in, costing.last_sale
	assert cents == {key: outcome.cents for key, outcome in outcomes.items()}
	assert [(layer.quantity, layer.cents) for layer in stored] == [
		(layer.quantity, layer.cents) for layer in whole.layers.list_all()
	]


def test_emulator_costing_reads_no_more_layers_than_needed():
	def produce():
		for key in range(3):
			read.append(key)
			_outcomes, costing = replay([build_move(key, BILL, 10, 1000)], Rules())
			yield costing.layers.list_all()[0]

	read = []
	Costing(Rules(), Layers(produce())).apply(build_move(9, SALE, -4))
	assert read == [0]


@pytest.mark.parametrize(
	("rules", "move", "cents"),
	[
		(Rules(positive_adjustment_cost="purchase_cost"), build_move(9, ADJUSTMENT, 2, purchase_cost=900), 1800),
		(Rules(positive_adjustment_cost="current_layer"), build_move(9, ADJUSTMENT, 2, purchase_cost=900), 1200),
		(Rules(positive_adjustment_cost="zero"), build_move(9, ADJUSTMENT, 2, purchase_cost=900), 0),
		(Rules(return_cost="current_layer"), build_move(9, CUSTOMER_RETURN, 1, purchase_cost=900), 600),
		(Rules(return_cost="purchase_cost"), build_move(9, CUSTOMER_RETURN, 1, purchase_cost=900), 900),
		(Rules(return_cost="sale_cost"), build_move(9, CUSTOMER_RETURN, 1, purchase_cost=900), 500),
		(Rules(vendor_credit_cost="layer"), build_move(9, VENDOR_CREDIT, -2, -1500), -1200),
		(Rules(vendor_credit_cost="line_amount"), build_move(9, VENDOR_CREDIT, -2, -1500), -1500),
		(Rules(vendor_credit_cost="line_amount"), build_move(9, VENDOR_CREDIT, -4, -1500), -2400),
	],
)  # fmt: skip
def test_emulator_costing_rules(rules, move, cents):
	"""Undocumented rules: 10 at 5.00 of which all are sold, then 4 at 6.00 on hand, PurchaseCost 9.00."""
	moves = [build_move(1, OPENING, 10, 5000), build_move(2, SALE, -10), build_move(3, BILL, 4, 2400), move]
	outcomes, _costing = replay(moves, rules)
	assert outcomes[9].cents == cents


def test_emulator_costing_negative_stock():
	moves = [build_move(1, SALE, -5, purchase_cost=400), build_move(2, BILL, 8, 4000)]
	recost, costing = replay(moves, Rules(negative="recost"))
	assert (recost[1].cents, recost[1].short, recost[2].cents) == (-2500, 5 * UNIT, 4000)
	assert [layer.cents for layer in costing.layers.list_all()] == [1500]
	keep, costing = replay(moves, Rules(negative="keep"))
	assert (keep[1].cents, keep[2].cents, keep[2].difference) == (-2000, 3500, -500)
	assert [layer.cents for layer in costing.layers.list_all()] == [1500]


def test_emulator_costing_order():
	late = [build_move(1, SALE, -1, day="2026-01-02"), build_move(2, BILL, 1, 100, "2026-01-01")]
	assert [move.key for move in order_moves(late, Rules())] == [2, 1]
	assert [move.key for move in order_moves(late, Rules(back_dating="entry_order"))] == [1, 2]
	same = [build_move(1, SALE, -1), build_move(2, BILL, 1, 100)]
	assert [move.key for move in order_moves(same, Rules())] == [1, 2]
	assert [move.key for move in order_moves(same, Rules(same_day_order="receipts_first"))] == [2, 1]


def test_emulator_costing_rounding():
	"""3 for 1.00: by issue 0.33, 0.34 (half of what is left, up), 0.33; by unit 0.33 each and the last takes the rest."""
	moves = [build_move(1, BILL, 3, 100)] + [build_move(key, SALE, -1) for key in (2, 3, 4)]
	by_issue, _costing = replay(moves, Rules(rounding="per_issue"))
	assert [by_issue[key].cents for key in (2, 3, 4)] == [-33, -34, -33]
	by_unit, _costing = replay(moves, Rules(rounding="per_unit"))
	assert [by_unit[key].cents for key in (2, 3, 4)] == [-33, -33, -34]
	assert round_share(5, 1, 2) == 3 and round_share(-5, 1, 2) == -3
