"""The emulator's books against an independent calculation of the rules that its README states (``tests/books/books_far_side.py``):
random histories of every document that moves goods, under every value of every knob ``stock_…``.
"""

import random
import re
import sys
from fractions import Fraction
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "books"))

from books_far_costing import ADJUSTMENT, OPENING, OPTIONS, Rules  # noqa: E402
from books_far_side import (  # noqa: E402
	OPENING_EQUITY,
	PAYABLE,
	RECEIVABLE,
	Goods,
	NotOnHand,
	QuickBooks,
	buy,
	sell,
	send_back,
	take_back,
)

SALES, SHRINKAGE, SHRINKAGE_ID = "Sales of Product Income", "Inventory Shrinkage", "42"
START, END = "2025-01-01", "2025-12-31"
ITEMS = ("Opened", "Bare", "Priced")
COSTS = {"Opened": "1.37", "Priced": "3.335"}
OPENED = 3
PRICE = 10
"""Cents that one of anything is sold for."""

QUANTITIES = (*map(str, range(1, 13)), "0.5", "0.333", "2.25")
KINDS = {
	"Bill": 9,
	"Invoice": 8,
	"CreditMemo": 3,
	"VendorCredit": 3,
	"InventoryAdjustment": 4,
	"move": 3,
	"delete": 3,
	"cost": 1,
}
"""What may happen, and how often of all times."""
ROUNDS, STEPS, HISTORIES = 3, 10, 2
ONE_AT_A_TIME = [(name, value) for name, values in OPTIONS.items() for value in values]


class Both:
	"""Each step goes to the emulator and to the model."""

	def __init__(self, books, rules: Rules) -> None:
		self.books, self.model = books, QuickBooks(rules)
		books.control("POST", "reset")
		books.knobs(**{f"stock_{name}": getattr(rules, name) for name in OPTIONS})
		self.customer, self.vendor = books.customer("Al"), books.vendor("Vi")
		self.items = {}
		for name in ITEMS:
			more = {"PurchaseCost": COSTS[name]} if name in COSTS else {}
			opened = OPENED if name == "Opened" else 0
			self.items[name] = books.stocked_item(name, opened, InvStartDate=START, **more)
			if name in COSTS:
				self.model.set_purchase_cost(name, COSTS[name])
		# What opens an item is worth its PurchaseCost, whatever the knobs say.
		worth = round(self.model.standards["Opened"] * OPENED)
		opening = Goods("Opened", OPENING, Fraction(OPENED), worth, OPENING_EQUITY)
		self.model.enter("opening", START, [], [opening])
		self.entered: list[tuple[str, str, str]] = []
		self.history: list[tuple] = []
		"""What happened so far; pytest shows it where they disagree."""

	def do(self, step: tuple) -> None:
		kind, *rest = step
		if kind == "cost":
			self.model.set_purchase_cost(*rest)
			self.books.change("item", {"Id": self.items[rest[0]]}, PurchaseCost=rest[1])
		elif kind in ("move", "delete"):
			if self.entered:
				place = rest[0] % len(self.entered)
				self.change(place, rest[1] if kind == "move" else None)
		else:
			self.enter(kind, *rest)

	def change(self, place: int, day: str | None) -> None:
		"""Another day for a document, or no document any more."""
		entity, identifier, key = self.entered[place]
		old = self.model.documents[key]
		stored = self.books.read(entity.lower(), identifier)
		head = {"Id": identifier, "SyncToken": stored["SyncToken"]}
		try:
			if day is None:
				self.model.remove(key)
			else:
				self.model.enter(key, day, old.postings, old.goods, old.party)
		except NotOnHand:
			refused = True
		else:
			refused = False
		if day is None:
			answer = self.books.post(entity.lower(), head, operation="delete")
		else:
			body = {**stored, "TxnDate": day, "sparse": True}
			answer = self.books.post(entity.lower(), body)
		self.expect(answer, refused)
		if day is None and not refused:
			del self.entered[place]

	def enter(self, entity: str, day: str, lines: list[tuple]) -> None:
		key = f"{entity} {len(self.model.documents)} {self.model.entered}"
		body, postings, goods, party = self.build(entity, lines)
		answer = self.books.post(entity.lower(), {**body, "TxnDate": day})
		try:
			self.model.enter(key, day, postings, goods, party)
		except NotOnHand:
			self.expect(answer, True)
			return
		self.expect(answer, False)
		document = answer.json()[entity]
		self.entered.append((entity, document["Id"], key))

	def build(self, entity: str, lines: list[tuple]) -> tuple[dict, list, list, str]:
		"""A document's body, and what it says to the model."""
		books, items = self.books, self.items
		if entity in ("Bill", "VendorCredit"):
			sign = 1 if entity == "Bill" else -1
			total = sum(cents for _item, _quantity, cents in lines)
			details = [
				{
					"Amount": cents / 100,
					"DetailType": "ItemBasedExpenseLineDetail",
					"ItemBasedExpenseLineDetail": {
						"ItemRef": {"value": items[item]},
						"Qty": float(quantity),
					},
				}
				for item, quantity, cents in lines
			]
			make = buy if sign > 0 else send_back
			goods = [make(item, Fraction(quantity), cents) for item, quantity, cents in lines]
			body = {"VendorRef": {"value": self.vendor}, "Line": details}
			return body, [(PAYABLE, -sign * total)], goods, "Vi"
		if entity in ("Invoice", "CreditMemo"):
			sign = 1 if entity == "Invoice" else -1
			total = PRICE * len(lines)
			details = [books.line(items[item], PRICE / 100, Qty=float(quantity)) for item, quantity in lines]
			make = sell if sign > 0 else take_back
			goods = [make(item, Fraction(quantity)) for item, quantity in lines]
			body = {"CustomerRef": {"value": self.customer}, "Line": details}
			return body, [(RECEIVABLE, sign * total), (SALES, -sign * total)], goods, "Al"
		details = [
			{
				"DetailType": "ItemAdjustmentLineDetail",
				"ItemAdjustmentLineDetail": {
					"ItemRef": {"value": items[item]},
					"QtyDiff": sign * float(quantity),
				},
			}
			for item, quantity, sign in lines
		]
		goods = [
			Goods(item, ADJUSTMENT, sign * Fraction(quantity), against=SHRINKAGE)
			for item, quantity, sign in lines
		]
		return {"AdjustAccountRef": {"value": SHRINKAGE_ID}, "Line": details}, [], goods, ""

	def expect(self, answer, refused: bool) -> None:
		if refused:
			self.books.refuse(answer, "6000")
		else:
			assert answer.status_code == 200, answer.text

	# -------------------------------------------------------------------------------------- agreeing

	def agree(self, day: str) -> None:
		"""Stock, trial balance and what parties owe at the end of a day, to the cent."""
		assert self.read_stock(day) == self.model.get_stock(day), self.history
		assert self.read_trial_balance(day) == self.model.get_accounts(day), self.history

	def read_report(self, name: str, **parameters: str) -> list[list[str]]:
		answer = self.books.get(f"reports/{name}", **parameters)
		assert answer.status_code == 200, answer.text
		rows = answer.json()["Rows"].get("Row", [])
		return [
			[cell["value"] for cell in row["ColData"]]
			for row in rows
			if "ColData" in row and not row.get("group")
		]

	def read_stock(self, day: str) -> dict[str, tuple[Fraction, int]]:
		rows = self.read_report("InventoryValuationSummary", report_date=day)
		moved = self.model.get_stock(day)
		return {
			name: (Fraction(quantity or 0), round(Fraction(value or 0) * 100))
			for name, _sku, quantity, value, _average in rows
			if name in moved or float(quantity or 0) or float(value or 0)
		}

	def read_trial_balance(self, day: str) -> dict[str, int]:
		rows = self.read_report("TrialBalance", start_date=START, end_date=day)
		found = {
			name: round((Fraction(debit or 0) - Fraction(credit or 0)) * 100) for name, debit, credit in rows
		}
		return {name: cents for name, cents in found.items() if cents}

	def agree_parties(self) -> None:
		owed = self.model.get_parties()
		customer = self.books.read("customer", self.customer)
		vendor = self.books.read("vendor", self.vendor)
		assert round(float(customer.get("Balance", 0)) * 100) == owed.get("Al", 0)
		assert round(float(vendor.get("Balance", 0)) * 100) == -owed.get("Vi", 0)


def make_step(chance: random.Random, rules: Rules) -> tuple:
	"""Something that happens, by chance; more is deleted where that is what differs."""

	def choose_day() -> str:
		return f"2025-{chance.randint(1, 3):02}-{chance.randint(2, 28):02}"

	def choose_lines(*more) -> list[tuple]:
		chosen = chance.sample(ITEMS, chance.choice([1, 1, 2]))
		return [
			(item, chance.choice(QUANTITIES), *(chance.choice(options) for options in more))
			for item in chosen
		]

	weights = {**KINDS, "delete": 9} if rules.removed_layer == "keep" else KINDS
	kind = chance.choices(list(weights), list(weights.values()))[0]
	if kind in ("Bill", "VendorCredit"):
		return kind, choose_day(), choose_lines(range(4000))
	if kind in ("Invoice", "CreditMemo"):
		return kind, choose_day(), choose_lines() * chance.choice([1, 1, 2])
	if kind == "InventoryAdjustment":
		return kind, choose_day(), choose_lines([1, -1])
	if kind == "cost":
		return kind, chance.choice(ITEMS), chance.choice(["0.5", "2.005", "7"])
	place = chance.randrange(100)
	return (kind, place, choose_day()) if kind == "move" else (kind, place)


def run(books, rules: Rules, chance: random.Random) -> None:
	"""Have a history happen on both sides; they agree again and again on the way."""
	both = Both(books, rules)
	for _round in range(ROUNDS):
		for _step in range(STEPS):
			step = make_step(chance, rules)
			both.history.append(step)
			both.do(step)
		both.agree(chance.choice(["2025-01-20", "2025-02-14"]))
		both.agree(END)
	both.agree_parties()


@pytest.mark.parametrize("history", range(HISTORIES))
@pytest.mark.parametrize(("name", "value"), ONE_AT_A_TIME)
def test_emulator_model_under_each_rule(books, name, value, history):
	"""One knob off its default at a time, so that a failure names it."""
	run(books, Rules(**{name: value}), random.Random(f"{name} {value} {history}"))


@pytest.mark.parametrize("history", range(40))
def test_emulator_model_under_any_rules(books, history):
	chance = random.Random(history)
	run(books, Rules(**{name: chance.choice(values) for name, values in OPTIONS.items()}), chance)


def test_emulator_model_of_what_keeps_its_cost_below_zero(books):
	"""Rare by chance: what kept its cost is settled at another one, and what is on hand bears the difference."""
	both = Both(books, Rules(removed_layer="keep"))
	both.do(("Bill", "2025-01-05", [("Bare", "5", 500)]))
	both.do(("Invoice", "2025-01-06", [("Bare", "3")]))
	both.do(("delete", 0))
	both.do(("Bill", "2025-01-07", [("Bare", "7", 1400)]))
	both.agree(END)
	assert both.model.get_stock()["Bare"] == (Fraction(4), 1100)


def test_emulator_model_knows_every_stock_knob():
	"""What the README lists is what the model has, default first."""
	text = (ROOT / "qbo_emulator" / "README.md").read_text(encoding="utf-8")
	listed = {}
	for row in text.splitlines():
		found = re.match(r"\| `stock_(\w+)` \| (\w+) \|.*\(([\w, ]+)\) \|$", row)
		if found:
			listed[found[1]] = (found[2], set(found[3].split(", ")))
	assert listed == {name: (values[0], set(values)) for name, values in OPTIONS.items()}
	assert Rules() == Rules(**{name: values[0] for name, values in OPTIONS.items()})
