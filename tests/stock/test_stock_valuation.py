"""First in, first out, to the cent: examples, and a machine that compares long histories with a naive model."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from allorders_qb.stock.valuation import (
	Correction,
	Move,
	Replay,
	Revaluation,
	Stock,
	list_changes,
	share_cents,
)

D = Decimal


def receive(stock, key, quantity, cents):
	return stock.receive(key, D(quantity), cents)


def test_intuit_published_example():
	"""20 bought at 6 and 30 at 7; 15 sold cost 90, the next 20 cost 5 x 6 + 15 x 7 = 135."""
	stock = Stock()
	receive(stock, "a", 20, 12000)
	receive(stock, "b", 30, 21000)
	assert stock.issue("x", D(15)).cents == 9000
	assert stock.issue("y", D(20)).cents == 13500
	assert (stock.quantity, stock.cents) == (D(15), 10500)


def test_the_last_of_a_layer_takes_the_rest():
	stock = Stock()
	receive(stock, "a", 3, 100)
	assert [stock.issue(name, D(1)).cents for name in "xyz"] == [33, 34, 33]
	assert (stock.quantity, stock.cents) == (D(0), 0)


def test_a_half_cent_goes_up():
	assert share_cents(1, D(1), D(2)) == 1
	assert share_cents(-1, D(1), D(2)) == -1


def test_what_was_issued_before_it_came_is_settled_by_the_receipt():
	stock = Stock()
	receive(stock, "a", 2, 200)
	issue = stock.issue("x", D(5))
	assert (issue.cents, issue.short, issue.short_cents) == (500, D(3), 300)
	assert (stock.quantity, stock.cents) == (D(-3), -300)
	assert receive(stock, "b", 10, 1500) == [Correction("x", 150)]
	assert (stock.quantity, stock.cents) == (D(7), 1050)


def test_without_any_receipt_the_fallback_is_the_provisional_cost():
	stock = Stock()
	assert stock.issue("x", D(2), (D(1), 450)).cents == 900
	assert stock.issue("y", D(2)).cents == 0
	assert receive(stock, "a", 4, 2000) == [Correction("x", 100), Correction("y", 1000)]
	assert (stock.quantity, stock.cents) == (D(0), 0)


def test_a_changed_receipt_charges_what_was_sold():
	"""An actual freight 1.00 above the estimate, with 3 of 10 still on hand."""
	stock = Stock()
	receive(stock, "a", 10, 1000)
	stock.issue("x", D(7))
	assert stock.revalue("a", D(10), 100) == Revaluation(30, 70)
	assert stock.cents == 330
	stock.issue("y", D(3))
	assert stock.revalue("a", D(10), 100) == Revaluation(0, 100)


def test_a_value_adjustment_is_spread_over_all_layers():
	stock = Stock()
	receive(stock, "a", 1, 100)
	receive(stock, "b", 2, 100)
	assert stock.spread(-100) == {"a": -33, "b": -67}
	assert stock.cents == 100


def test_a_value_adjustment_of_nothing_is_refused():
	with pytest.raises(ValueError, match="Nothing is on hand"):
		Stock().spread(1)


@pytest.mark.parametrize("act", (lambda s: s.receive("a", D(0), 1), lambda s: s.issue("a", D(-1))))
def test_nothing_moves_by_nothing(act):
	with pytest.raises(ValueError, match="more than nothing"):
		act(Stock())


def test_a_return_comes_back_at_the_cost_it_left_with():
	told = Replay().tell([
		Move("a", D(10), 1001),
		Move("b", D(10), 5000),
		Move("x", D(-3)),
		Move("r", D(1), return_of="x"),
		Move("s", D(2), return_of="x"),
	])  # fmt: skip
	assert told.cents["x"] == -300
	assert told.cents["r"] + told.cents["s"] == 300
	assert told.stock.cents == 6001


def test_a_back_dated_receipt_changes_what_later_issues_cost():
	before = Replay().tell([Move("b", D(5), 1000), Move("x", D(-5))])
	after = Replay().tell([Move("a", D(5), 500), Move("b", D(5), 1000), Move("x", D(-5))])
	assert list_changes(before.cents, after.cents) == {"x": 500, "a": 500}
	assert after.stock.cents == 1000


QUANTITIES = st.decimals("0.000001", "9999", places=6)
CENTS = st.integers(0, 10_000_000)


class History(RuleBasedStateMachine):
	"""Random receipts, issues, returns and changes of value, beside exact fractions that never round."""

	@initialize()
	def begin(self):
		self.told = Replay()
		self.number = 0
		self.issues: dict[str, Decimal] = {}

	def name(self):
		self.number += 1
		return f"m{self.number}"

	@rule(quantity=QUANTITIES, cents=CENTS)
	def receive(self, quantity, cents):
		self.told.tell([Move(self.name(), quantity, cents)])

	@rule(quantity=QUANTITIES)
	def issue(self, quantity):
		key = self.name()
		self.told.tell([Move(key, -quantity, fallback=(D(1), 250))])
		self.issues[key] = quantity

	@precondition(lambda self: self.issues)
	@rule(data=st.data())
	def bring_back(self, data):
		key = data.draw(st.sampled_from(sorted(self.issues)))
		left = self.issues[key]
		part = data.draw(st.decimals("0.000001", left, places=6))
		self.told.tell([Move(self.name(), part, return_of=key)])
		self.issues[key] -= part
		if not self.issues[key]:
			del self.issues[key]

	@precondition(lambda self: self.told.stock.layers)
	@rule(cents=st.integers(-500, 500))
	def adjust(self, cents):
		self.told.tell([Move(self.name(), D(0), cents)])

	@precondition(lambda self: self.told.stock.layers)
	@rule(data=st.data(), cents=st.integers(-500, 500))
	def change_receipt(self, data, cents):
		layer = data.draw(st.sampled_from([layer.key for layer in self.told.stock.layers]))
		key = self.name()
		self.told.tell([Move(key, D(0), cents, value_of=layer)])
		assert self.told.cents[key] + self.told.charged[key] == cents

	@invariant()
	def what_moved_is_what_is_there(self):
		assert sum(self.told.cents.values()) == self.told.stock.cents

	@invariant()
	def layers_and_shortages_exclude_each_other(self):
		stock = self.told.stock
		assert not (stock.layers and stock.shortages)
		assert all(layer.quantity > 0 for layer in stock.layers)

	@invariant()
	def nothing_is_worth_something_only_where_it_is_nothing(self):
		stock = self.told.stock
		if not stock.quantity:
			assert stock.cents == 0


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 500), CENTS), min_size=1, max_size=20), st.data())
def test_each_issue_is_within_half_a_cent_a_layer_of_the_exact_cost(receipts, data):
	stock = Stock()
	units: list[Fraction] = []
	for number, (quantity, cents) in enumerate(receipts):
		receive(stock, f"r{number}", quantity, cents)
		units += [Fraction(cents, quantity)] * quantity
	taken = 0
	drift = Fraction(0)
	while taken < len(units):
		quantity = data.draw(st.integers(1, len(units) - taken))
		issue = stock.issue("x", D(quantity))
		exact = sum(units[taken : taken + quantity])
		drift += issue.cents - exact
		taken += quantity
		# Only the layer that is cut can be off, and never by more than half a cent a cut.
		assert abs(drift) <= Fraction(1, 2) * (taken + 1)
	assert stock.cents == 0 and drift == 0
