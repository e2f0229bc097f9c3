"""Inventory through HTTP: first in, first out, every undocumented rule, and the asset account against the layers."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
	Bundle,
	RuleBasedStateMachine,
	consumes,
	invariant,
	rule,
	run_state_machine_as_test,
)

SHRINKAGE, EQUITY = "42", "29"


class Shop:
	"""One item, one vendor, one customer."""

	def __init__(self, books, **item):
		self.books = books
		self.vendor, self.customer = books.vendor(), books.customer()
		self.item = books.stocked_item(**item)

	def buy(self, quantity, price, day="2026-01-10", **more):
		line = self.books.bought(self.item, quantity, price)
		return self.books.bill(line, vendor=self.vendor, TxnDate=day, **more)

	def sell(self, quantity, day="2026-01-20", entity="invoice"):
		line = self.books.line(self.item, quantity * 20, Qty=quantity, UnitPrice=20)
		body = self.books.invoice_body(line, customer=self.customer, TxnDate=day)
		return self.books.make(entity, body)

	def return_to_vendor(self, quantity, price, day="2026-01-25"):
		line = self.books.bought(self.item, quantity, price)
		body = {"VendorRef": {"value": self.vendor}, "Line": [line], "TxnDate": day}
		return self.books.make("vendorcredit", body)

	def adjust(self, quantity, day="2026-01-22", account=SHRINKAGE):
		detail = {"ItemRef": {"value": self.item}, "QtyDiff": quantity}
		line = {"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": detail}
		body = {"AdjustAccountRef": {"value": account}, "TxnDate": day, "Line": [line]}
		return self.books.make("inventoryadjustment", body)

	def check(self, quantity, value):
		"""Assert quantity on hand and value, in the layers as on the asset account."""
		layers = self.books.layers(self.item)
		assert sum(Decimal(value) for _quantity, value in layers) == Decimal(value)
		assert Decimal(self.books.balances().get("Inventory Asset", "0")) == Decimal(value)
		assert self.books.read("item", self.item)["QtyOnHand"] == quantity
		assert sum(Decimal(quantity) for quantity, _value in layers) == quantity


@pytest.fixture
def shop(books):
	return Shop(books)


def test_emulator_stock_intuits_example(shop):
	"""Intuit's article on FIFO: 20 bought at 6, 30 at 7; 15 sold cost 90, the next 20 cost 135."""
	shop.buy(20, 6)
	shop.buy(30, 7)
	first, second = shop.sell(15), shop.sell(20)
	assert (shop.books.cost("Invoice", first["Id"]), shop.books.cost("Invoice", second["Id"])) == (
		"90.00",
		"135.00",
	)
	assert shop.books.layers(shop.item) == [("15", "105.00")]
	shop.check(15, "105.00")


def test_emulator_stock_opening_quantity(books):
	"""[D] The initial quantity at PurchaseCost posts to Opening Balance Equity; a later PurchaseCost changes nothing."""
	item = books.stocked_item(quantity=10, PurchaseCost=7.5)
	assert books.balances() == {"Inventory Asset": "75.00", "Opening Balance Equity": "-75.00"}
	books.change("item", {"Id": item}, PurchaseCost=9, QtyOnHand=99)
	assert books.layers(item) == [("10", "75.00")] and books.read("item", item)["QtyOnHand"] == 10


def test_emulator_stock_opening_day_moves(books):
	shop = Shop(books, quantity=10, PurchaseCost=2)
	shop.sell(1, day="2026-01-20")
	body = {"Id": shop.item, "SyncToken": "0", "sparse": True, "InvStartDate": "2026-01-21"}
	books.refuse(books.post("item", body), "6270")
	books.change("item", {"Id": shop.item}, InvStartDate="2026-01-15")
	entries = books.control("GET", "ledger", entity="Item", id=shop.item)["entries"]
	assert {entry["date"] for entry in entries} == {"2026-01-15"}
	shop.check(9, "18.00")


def test_emulator_stock_before_start_date_is_refused(shop):
	"""[D] A transaction before InvStartDate: 6270."""
	books, day = shop.books, "2023-12-31"
	line = books.bought(shop.item, 1, 1)
	bill = {"VendorRef": {"value": shop.vendor}, "Line": [line], "TxnDate": day}
	for entity in ("bill", "vendorcredit"):
		books.refuse(books.post(entity, bill), "6270")
	detail = {"ItemRef": {"value": shop.item}, "QtyDiff": 1}
	adjustment = {
		"AdjustAccountRef": {"value": SHRINKAGE}, "TxnDate": day,
		"Line": [{"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": detail}],
	}  # fmt: skip
	books.refuse(books.post("inventoryadjustment", adjustment), "6270")
	assert books.balances() == {}


def test_emulator_stock_back_dated_receipt(shop):
	"""Undocumented (``stock_back_dating``): an earlier receipt re-costs the sale, or stands behind it."""
	shop.buy(10, 5, "2026-01-10")
	sale = shop.sell(5, "2026-01-20")
	shop.buy(10, 3, "2026-01-05")
	assert shop.books.cost("Invoice", sale["Id"]) == "15.00"
	shop.check(15, "65.00")


def test_emulator_stock_order_of_entry(shop):
	shop.books.knobs(stock_back_dating="entry_order")
	shop.buy(10, 5, "2026-01-10")
	sale = shop.sell(5, "2026-01-20")
	shop.buy(10, 3, "2026-01-05")
	assert shop.books.cost("Invoice", sale["Id"]) == "25.00"
	shop.check(15, "55.00")


@pytest.mark.parametrize(("order", "cost"), [("entry", "45.00"), ("receipts_first", "30.00")])
def test_emulator_stock_same_day(books, order, cost):
	"""Undocumented (``stock_same_day_order``). What the sale lacks goes out at PurchaseCost 9; kept, so that it shows."""
	books.knobs(stock_same_day_order=order, stock_negative="keep")
	shop = Shop(books, PurchaseCost=9)
	sale = shop.sell(5, "2026-01-10")
	shop.buy(10, 6, "2026-01-10")
	assert books.cost("Invoice", sale["Id"]) == cost
	shop.check(5, "30.00")


@pytest.mark.parametrize(
	("rule", "value"), [("purchase_cost", "18.00"), ("current_layer", "12.00"), ("zero", "0.00")]
)
def test_emulator_stock_positive_adjustment(books, rule, value):
	"""Undocumented (``stock_positive_adjustment_cost``)."""
	books.knobs(stock_positive_adjustment_cost=rule)
	shop = Shop(books, PurchaseCost=9)
	shop.buy(10, 6)
	shop.adjust(2)
	assert books.layers(shop.item)[-1] == ("2", value)
	assert Decimal(books.balances().get("Inventory Shrinkage", "0")) == -Decimal(value)
	shop.check(12, str(60 + Decimal(value)))


@pytest.mark.parametrize(
	("rule", "value"), [("current_layer", "7.00"), ("purchase_cost", "9.00"), ("sale_cost", "6.00")]
)
def test_emulator_stock_customer_return(books, rule, value):
	"""Undocumented (``stock_return_cost``): a credit memo's goods; at cost of goods the other way round."""
	books.knobs(stock_return_cost=rule)
	shop = Shop(books, PurchaseCost=9)
	shop.buy(10, 6)
	shop.buy(10, 7)
	shop.sell(10)
	memo = shop.sell(1, "2026-01-21", entity="creditmemo")
	assert books.cost("CreditMemo", memo["Id"]) == str(-Decimal(value))
	shop.check(11, str(70 + Decimal(value)))


@pytest.mark.parametrize(
	("rule", "cost", "left"), [("layer", "-4.00", "48.00"), ("line_amount", "0", "44.00")]
)
def test_emulator_stock_vendor_credit(books, rule, cost, left):
	"""Undocumented (``stock_vendor_credit_cost``): 10 at 6, of which 2 go back at 8."""
	books.knobs(stock_vendor_credit_cost=rule)
	shop = Shop(books)
	shop.buy(10, 6)
	credit = shop.return_to_vendor(2, 8)
	assert Decimal(books.cost("VendorCredit", credit["Id"])) == Decimal(cost)
	assert books.balances()["Accounts Payable (A/P)"] == "-44.00"
	shop.check(8, left)


def test_emulator_stock_below_zero_is_recosted(books):
	"""Undocumented (``stock_negative=recost``): the sale goes out at PurchaseCost 9 until goods arrive at 6."""
	shop = Shop(books, PurchaseCost=9)
	sale = shop.sell(5)
	assert books.cost("Invoice", sale["Id"]) == "45.00"
	shop.check(-5, "-45.00")
	token = books.read("invoice", sale["Id"])["SyncToken"]
	bill = shop.buy(8, 6, "2026-01-25")
	assert books.cost("Invoice", sale["Id"]) == "30.00" and books.cost("Bill", bill["Id"]) == "0"
	assert books.read("invoice", sale["Id"])["SyncToken"] == token
	shop.check(3, "18.00")


def test_emulator_stock_below_zero_is_kept(books):
	books.knobs(stock_negative="keep")
	shop = Shop(books, PurchaseCost=9)
	sale = shop.sell(5)
	bill = shop.buy(8, 6, "2026-01-25")
	assert (books.cost("Invoice", sale["Id"]), books.cost("Bill", bill["Id"])) == ("45.00", "-15.00")
	entries = books.control("GET", "ledger", entity="Bill", id=bill["Id"])["entries"]
	assert {entry["date"] for entry in entries} == {"2026-01-25"}
	shop.check(3, "18.00")


def test_emulator_stock_below_zero_is_refused(books):
	books.knobs(stock_negative="refused")
	shop = Shop(books)
	bill = shop.buy(5, 6)
	shop.sell(5)
	line = books.line(shop.item, 20, Qty=1, UnitPrice=20)
	error = books.refuse(
		books.post("invoice", books.invoice_body(line, customer=shop.customer, TxnDate="2026-01-20")), "6000"
	)
	assert "Pump" in error["Detail"]
	body = {"Id": bill["Id"], "SyncToken": bill["SyncToken"]}
	books.refuse(books.post("bill", body, operation="delete"), "6000")
	shop.check(0, "0")


def test_emulator_stock_removed_receipt_recosts(shop):
	"""Undocumented (``stock_removed_layer``): the sale now takes the next layer, or keeps what it was given."""
	first = shop.buy(10, 5)
	shop.buy(10, 8)
	sale = shop.sell(6)
	shop.books.change("bill", first, "delete")
	assert shop.books.cost("Invoice", sale["Id"]) == "48.00"
	shop.check(4, "32.00")


def test_emulator_stock_removed_receipt_keeps(shop):
	shop.books.knobs(stock_removed_layer="keep")
	first = shop.buy(10, 5)
	shop.buy(10, 8)
	sale = shop.sell(6)
	shop.books.change("bill", first, "delete")
	assert shop.books.cost("Invoice", sale["Id"]) == "30.00"
	shop.check(4, "50.00")


@pytest.mark.parametrize(("rule", "costs"), [("per_issue", ["0.33", "0.34"]), ("per_unit", ["0.33", "0.33"])])
def test_emulator_stock_rounding(books, rule, costs):
	"""Undocumented (``stock_rounding``): 3 for 1.00."""
	books.knobs(stock_rounding=rule)
	shop = Shop(books)
	line = {**books.bought(shop.item, 3, 0), "Amount": 1.0}
	del line["ItemBasedExpenseLineDetail"]["UnitPrice"]
	books.bill(line, vendor=shop.vendor, TxnDate="2026-01-10")
	assert [books.cost("Invoice", shop.sell(1)["Id"]) for _ in range(2)] == costs
	shop.sell(1)
	shop.check(0, "0")


def test_emulator_stock_changed_and_voided_sale(shop):
	shop.buy(10, 5)
	shop.buy(10, 8)
	sale, later = shop.sell(6), shop.sell(6)
	assert shop.books.cost("Invoice", later["Id"]) == "36.00"
	line = shop.books.line(shop.item, 200, Qty=10, UnitPrice=20)
	shop.books.change("invoice", sale, Line=[line])
	assert shop.books.cost("Invoice", later["Id"]) == "48.00"
	shop.books.change("invoice", sale, PrivateNote="the cost stays")
	assert shop.books.cost("Invoice", sale["Id"]) == "50.00"
	shop.books.change("invoice", sale, "void")
	assert shop.books.cost("Invoice", later["Id"]) == "30.00"
	shop.check(14, "100.00")


def test_emulator_stock_cost_posts_to_the_items_accounts(books):
	"""[D] Cost goes to ExpenseAccountRef, value to AssetAccountRef; the line shows the quantity."""
	shop = Shop(books, ExpenseAccountRef={"value": "41"})
	shop.buy(10, 5)
	sale = shop.sell(2)
	entries = books.control("GET", "ledger", entity="Invoice", id=sale["Id"])["entries"]
	assert [(entry["account"]["id"], entry["debit"], entry["credit"], entry["quantity"]) for entry in entries[-2:]] == [
		("41", "10.00", "0.00", None), ("11", "0.00", "10.00", "-2"),
	]  # fmt: skip


def test_emulator_stock_many_lines_of_one_item(books):
	shop = Shop(books)
	shop.buy(1000, 5)
	line = books.line(shop.item, 20, Qty=1, UnitPrice=20)
	books.invoice(*[line] * 700, customer=shop.customer, TxnDate="2026-01-20")
	shop.sell(1)
	shop.check(299, "1495.00")


KNOBS = {
	"stock_positive_adjustment_cost": ["purchase_cost", "current_layer", "zero"],
	"stock_return_cost": ["current_layer", "purchase_cost", "sale_cost"],
	"stock_vendor_credit_cost": ["layer", "line_amount"],
	"stock_negative": ["recost", "keep", "refused"],
	"stock_back_dating": ["recost", "entry_order"],
	"stock_removed_layer": ["recost", "keep"],
	"stock_same_day_order": ["entry", "receipts_first"],
	"stock_rounding": ["per_issue", "per_unit"],
}


def build_machine(books):
	books.control("POST", "reset")
	shop = Shop(books, quantity=3, PurchaseCost=1.37)
	quantities = st.integers(1, 12) | st.sampled_from([0.5, 0.333])
	days = st.dates().filter(lambda day: 2025 <= day.year <= 2026).map(str) | st.just("2025-06-06")

	class Machine(RuleBasedStateMachine):
		transactions = Bundle("transactions")

		@rule(knob=st.sampled_from([(name, value) for name, values in KNOBS.items() for value in values]))
		def turn(self, knob):
			books.knobs(**dict([knob]))

		def attempt(self, entity, body, **parameters):
			"""Post; a refusal for want of stock is fine."""
			answer = books.post(entity, body, **parameters)
			if answer.status_code != 200:
				books.refuse(answer, "6000")
				return None
			return next(value for key, value in answer.json().items() if key != "time")

		@rule(
			target=transactions, entity=st.sampled_from(["bill", "vendorcredit"]), quantity=quantities,
			cents=st.integers(0, 3000), day=days,
		)  # fmt: skip
		def purchase(self, entity, quantity, cents, day):
			line = {
				"Amount": cents / 100, "DetailType": "ItemBasedExpenseLineDetail",
				"ItemBasedExpenseLineDetail": {"ItemRef": {"value": shop.item}, "Qty": quantity},
			}  # fmt: skip
			body = {"VendorRef": {"value": shop.vendor}, "Line": [line], "TxnDate": day}
			return (entity, self.attempt(entity, body))

		@rule(
			target=transactions, entity=st.sampled_from(["invoice", "creditmemo", "salesreceipt"]), quantity=quantities,
			day=days,
		)  # fmt: skip
		def sell(self, entity, quantity, day):
			line = books.line(shop.item, 10, Qty=quantity)
			body = {"CustomerRef": {"value": shop.customer}, "Line": [line, line], "TxnDate": day}
			return (entity, self.attempt(entity, body))

		@rule(target=transactions, quantity=quantities, sign=st.sampled_from([1, -1]), day=days)
		def adjust(self, quantity, sign, day):
			detail = {"ItemRef": {"value": shop.item}, "QtyDiff": sign * quantity}
			line = {"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": detail}
			body = {"AdjustAccountRef": {"value": SHRINKAGE}, "TxnDate": day, "Line": [line]}
			return ("inventoryadjustment", self.attempt("inventoryadjustment", body))

		@rule(transaction=transactions, day=days)
		def move(self, transaction, day):
			entity, record = transaction
			if record is not None:
				token = books.read(entity, record["Id"])["SyncToken"]
				body = {**record, "SyncToken": token, "TxnDate": day, "sparse": True}
				self.attempt(entity, body)

		@rule(transaction=consumes(transactions))
		def delete(self, transaction):
			entity, record = transaction
			if record is not None:
				token = books.read(entity, record["Id"])["SyncToken"]
				self.attempt(entity, {"Id": record["Id"], "SyncToken": token}, operation="delete")

		@invariant()
		def agree(self):
			ledger = books.control("GET", "ledger")
			assert ledger["debits"] == ledger["credits"]
			layers = books.layers(shop.item)
			value = sum((Decimal(value) for _quantity, value in layers), Decimal(0))
			assert value == Decimal(ledger["balances"].get("Inventory Asset", "0"))
			on_hand = Decimal(str(books.read("item", shop.item)["QtyOnHand"]))
			assert sum((Decimal(quantity) for quantity, _value in layers), Decimal(0)) == on_hand
			moved = [Decimal(entry["quantity"]) for entry in ledger["entries"] if entry["quantity"]]
			assert sum(moved, Decimal(0)) == on_hand

	return Machine


def test_emulator_stock_asset_equals_layers_after_any_sequence(books):
	settings_ = settings(
		max_examples=8, stateful_step_count=20, deadline=None, database=None,
		suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
	)  # fmt: skip
	run_state_machine_as_test(lambda: build_machine(books)(), settings=settings_)
