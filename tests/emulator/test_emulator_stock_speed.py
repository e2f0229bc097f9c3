"""An append to a long history costs what an append to a short one does, counted in the database's own steps."""

import json

import pytest

from qbo_emulator import operations
from qbo_emulator.company import read_company_file
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

	def buy(self, lines=1):
		detail = {"ItemRef": {"value": self.item}, "Qty": 10}
		line = {
			"Amount": 50,
			"DetailType": "ItemBasedExpenseLineDetail",
			"ItemBasedExpenseLineDetail": detail,
		}
		self.write("Bill", {"VendorRef": {"value": self.vendor}, "Line": [line] * lines})

	def sell(self, lines=1, quantity=1):
		detail = {"ItemRef": {"value": self.item}, "Qty": quantity}
		line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
		self.write("Invoice", {"CustomerRef": {"value": self.customer}, "Line": [line] * lines})

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
