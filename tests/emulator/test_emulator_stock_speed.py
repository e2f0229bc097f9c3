"""What is costed anew: at the end of a long history little, and always what costing everything would give."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qbo_emulator import operations, stock, stock_rows
from qbo_emulator.company_file import read_company_file
from qbo_emulator.costing import replay
from qbo_emulator.emulator import Emulator
from qbo_emulator.entities import ENTITIES
from qbo_emulator.wire import read_object


class Yard:
	"""A company in memory with one stocked item, written to without HTTP."""

	def __init__(self, emulator):
		self.emulator = emulator
		self.company = emulator.add_company(read_company_file("us_wholesaler"))
		self.steps = 0
		accounts = {"IncomeAccountRef": "31", "ExpenseAccountRef": "40", "AssetAccountRef": "11"}
		item = {
			"Name": "Pump", "Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 0, "InvStartDate": "2020-01-01",
			**{name: {"value": value} for name, value in accounts.items()},
		}  # fmt: skip
		self.item = self.write("Item", item)
		self.vendor, self.customer = (
			self.write("Vendor", {"DisplayName": "V"}),
			self.write("Customer", {"DisplayName": "C"}),
		)

	def write(self, entity, body):
		work = self.emulator.start_work(self.company)
		with self.emulator.store.transaction():
			return str(operations.write(work, ENTITIES[entity], read_object(json.dumps(body).encode())).id)

	def name(self, entity, identifier):
		row = self.emulator.store.get(self.company.key, entity, int(identifier))
		return {"Id": identifier, "SyncToken": str(row.sync_token)}

	def delete(self, entity, identifier):
		work = self.emulator.start_work(self.company)
		with self.emulator.store.transaction():
			operations.delete(
				work, ENTITIES[entity], read_object(json.dumps(self.name(entity, identifier)).encode())
			)

	def build(self, entity, quantity, cents, day="2026-02-01", lines=1):
		"""Return a transaction's body with the item on every line."""
		sells = entity in ("Invoice", "CreditMemo")
		kind = "SalesItemLineDetail" if sells else "ItemBasedExpenseLineDetail"
		party = {"CustomerRef": {"value": self.customer}} if sells else {"VendorRef": {"value": self.vendor}}
		line = {
			"Amount": cents / 100,
			"DetailType": kind,
			kind: {"ItemRef": {"value": self.item}, "Qty": quantity},
		}
		return {**party, "Line": [line] * lines, "TxnDate": day}

	def buy(self, lines=1):
		return self.write("Bill", self.build("Bill", 10, 5000, lines=lines))

	def sell(self, lines=1, quantity=1):
		return self.write("Invoice", self.build("Invoice", quantity, 500, lines=lines))

	def count_steps(self, work):
		"""Return how many hundreds of steps the database takes for ``work``."""
		self.steps = 0

		def tick():
			self.steps += 1
			return 0

		self.emulator.store.connection.set_progress_handler(tick, 100)
		work()
		self.emulator.store.connection.set_progress_handler(None, 0)
		return self.steps


@pytest.fixture
def yard(tmp_path):
	emulator = Emulator(str(tmp_path / "yard.sqlite"))
	yield Yard(emulator)
	emulator.close()


def test_emulator_stock_append_does_not_read_the_history(yard):
	yard.buy(2)
	short = [yard.count_steps(yard.sell), yard.count_steps(yard.buy)]
	for _ in range(3):
		yard.buy(700)
		yard.sell(700, 9)
	moves = yard.emulator.store.execute("SELECT count(*) FROM stock_move").fetchone()[0]
	assert moves > 4000
	long = [yard.count_steps(yard.sell), yard.count_steps(yard.buy)]
	assert all(after <= 3 * before + 10 for before, after in zip(short, long, strict=True)), (short, long)


def test_emulator_stock_change_at_the_end_does_not_read_the_history(yard):
	"""Only what comes after a change is costed anew."""
	for _ in range(3):
		yard.buy(700)
		yard.sell(700, 9)

	def sell_and_delete():
		yard.delete("Invoice", yard.sell())

	def buy_and_delete():
		yard.delete("Bill", yard.buy())

	yard.sell()
	everything = yard.count_steps(lambda: yard.emulator.store.execute("SELECT * FROM stock_move").fetchall())
	assert yard.count_steps(sell_and_delete) < 3 * everything
	assert yard.count_steps(buy_and_delete) < 3 * everything


def read_costs(yard):
	"""Return the stored outcome of every move, and open layers."""
	store, company, item = yard.emulator.store, yard.company.key, int(yard.item)
	moves = stock_rows.list_of_item(store, company, item)
	layers = list(stock_rows.iterate_layers(store, company, item))
	return {move.pk: (move.cents, move.short, move.difference) for move in moves}, moves, layers


@given(data=st.data())
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_emulator_stock_partial_costing_equals_a_whole_one(tmp_path_factory, data):
	"""After any sequence of creates, changes and deletes, what is stored is what a replay of everything gives."""
	emulator = Emulator(str(tmp_path_factory.mktemp("yard") / "yard.sqlite"))
	yard = Yard(emulator)
	names = {
		"stock_negative": ["recost", "keep"], "stock_vendor_credit_cost": ["layer", "line_amount"],
		"stock_return_cost": ["current_layer", "sale_cost"], "stock_rounding": ["per_issue", "per_unit"],
		"stock_back_dating": ["recost", "recost", "entry_order"], "stock_removed_layer": ["recost", "keep"],
	}  # fmt: skip
	for name, values in names.items():
		yard.company.knobs.change(name, data.draw(st.sampled_from(values)))
	open_ones = []
	for _ in range(data.draw(st.integers(1, 16))):
		entity = data.draw(
			st.sampled_from(["Bill", "Bill", "Invoice", "Invoice", "VendorCredit", "CreditMemo"])
		)
		action = data.draw(st.sampled_from(["create", "create", "create", "change", "delete"]))
		day = f"2026-01-{data.draw(st.integers(1, 9)):02}"
		body = yard.build(entity, data.draw(st.integers(1, 9)), data.draw(st.integers(0, 500)), day)
		if action == "create" or not open_ones:
			open_ones.append((entity, yard.write(entity, body)))
			continue
		kind, identifier = open_ones.pop(data.draw(st.integers(0, len(open_ones) - 1)))
		if action == "delete":
			yard.delete(kind, identifier)
		else:
			yard.write(kind, {**yard.build(kind, 5, 321, day), **yard.name(kind, identifier)})
			open_ones.append((kind, identifier))
	stored, moves, layers = read_costs(yard)
	rules = stock.read_rules(emulator.start_work(yard.company))
	outcomes, state = replay((move.as_costed() for move in moves), rules)
	emulator.close()
	assert stored == {key: (one.cents, one.short, one.difference) for key, one in outcomes.items()}
	whole = [
		(layer.move, layer.quantity, layer.cents, layer.unit, layer.fixed)
		for layer in state.layers.list_all()
	]
	assert [(layer.move, layer.quantity, layer.cents, layer.unit, layer.fixed) for layer in layers] == whole
