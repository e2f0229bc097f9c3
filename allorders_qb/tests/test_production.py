"""Bills of materials and work orders: what they take and give, what they cost, and what they refuse."""

from decimal import Decimal

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_work_order.ao_work_order import get_parts, split_work_order
from allorders_qb.stock.ledger import read_balances
from allorders_qb.tests.utils import IntegrationTestCase, make_item, make_location, make_opening_stock

DAY = "2030-05-04"


class TestProduction(IntegrationTestCase):
	def setUp(self) -> None:
		self.location = make_location().name
		self.board, self.leg = make_item(unit="each").name, make_item(unit="each").name
		self.table = make_item(
			item_type="Assembly",
			components=[
				{"item": self.board, "quantity": 1},
				{"item": self.leg, "quantity": 4, "scrap_percent": 20},
			],
			production_costs=[
				{"kind": "Labour", "description": "Joiner", "amount": 7.5},
				{"kind": "Overhead", "description": "Workshop", "amount": 0.25},
			],
			steps=[{"step_name": "Glue"}, {"step_name": "Varnish"}],
		).name

	def open_with(self, boards: float, legs: float) -> None:
		lines = [(self.board, boards, 20), (self.leg, legs, 1.5)]
		make_opening_stock([
			{"item": item, "location": self.location, "quantity": quantity, "unit_cost": cost}
			for item, quantity, cost in lines
			if quantity
		])  # fmt: skip

	def make(self, quantity: float = 2, done: bool = True, **values) -> Document:
		order = frappe.get_doc(
			{
				"doctype": "AO Work Order",
				"item": self.table,
				"quantity": quantity,
				"location": self.location,
				"posting_date": DAY,
				**values,
			}
		).insert()
		if done:
			self.finish_steps(order)
		return order

	def finish_steps(self, order: Document) -> None:
		for step in order.steps:
			step.status = "Finished"
		order.save()

	def read_on_hand(self, item: str) -> Decimal:
		return read_balances({(item, self.location): Decimal(0)})[(item, self.location)]

	def read_value(self, item: str) -> float:
		return frappe.db.get_value("AO Item Stock", {"item": item}, "value")

	def refuse(self, said: str, act) -> None:
		with self.assertRaises(frappe.ValidationError) as caught:
			act()
		self.assertIn(said, str(caught.exception))

	def test_a_work_order_begins_with_the_bill_of_materials(self) -> None:
		order = self.make(done=False)
		self.assertEqual(
			[(row.item, row.required_quantity) for row in order.components], [(self.board, 2), (self.leg, 10)]
		)
		self.assertEqual([(row.kind, row.amount) for row in order.costs], [("Labour", 15), ("Overhead", 0.5)])
		self.assertEqual((order.status, order.added_cost), ("Planned", 15.5))
		parts = get_parts(self.table, 2)
		self.assertEqual([row["required_quantity"] for row in parts["components"]], [2, 10])
		order.steps[0].status = "In Production"
		order.save()
		self.assertEqual(order.status, "In Production")
		self.assertEqual(self.read_on_hand(self.table), 0, "a draft moves nothing")

	def test_finished_it_takes_components_and_gives_the_product_at_their_cost(self) -> None:
		self.open_with(3, 12)
		order = self.make()
		order.submit()
		self.assertEqual([self.read_on_hand(item) for item in (self.board, self.leg, self.table)], [1, 2, 2])
		self.assertEqual([row.cost_amount for row in order.components], [40, 15])
		self.assertEqual(
			(order.status, order.component_cost, order.added_cost, order.total_cost, order.unit_cost),
			("Finished", 55, 15.5, 70.5, 35.25),
		)
		self.assertEqual(self.read_value(self.table), 70.5)
		order.cancel()
		self.assertEqual([self.read_on_hand(item) for item in (self.board, self.leg, self.table)], [3, 12, 0])
		self.assertEqual(
			(order.status, self.read_value(self.table), self.read_value(self.leg)), ("Cancelled", 0, 18)
		)

	def test_a_part_is_finished_by_a_split_that_loses_nothing(self) -> None:
		order = self.make(quantity=3)
		rest = frappe.get_doc("AO Work Order", split_work_order(order.name, 1))
		order.reload()
		self.assertEqual((order.quantity, rest.quantity, rest.split_from), (1, 2, order.name))
		self.assertEqual(
			[
				(one.required_quantity, other.required_quantity)
				for one, other in zip(order.components, rest.components, strict=True)
			],
			[(1, 2), (5, 10)],
		)
		self.assertEqual(
			[(one.amount, other.amount) for one, other in zip(order.costs, rest.costs, strict=True)],
			[(7.5, 15), (0.25, 0.5)],
		)
		self.open_with(1, 5)
		order.submit()
		self.assertEqual((order.status, rest.docstatus), ("Finished", 0))
		self.refuse("A part of it lies between zero and that", lambda: split_work_order(rest.name, 2))
		self.refuse("is not a draft", lambda: split_work_order(order.name, 0.5))

	def test_taking_apart_gives_the_components_their_share(self) -> None:
		self.open_with(2, 10)
		self.make().submit()
		apart = self.make(quantity=1, work_kind="Disassemble")
		apart.submit()
		self.assertEqual([self.read_on_hand(item) for item in (self.table, self.board, self.leg)], [1, 1, 5])
		# One table of 35.25, and 7.75 for taking it apart: 43.00, by what a board and five legs cost: 20.00 and 7.50.
		self.assertEqual((self.read_value(self.board), self.read_value(self.leg)), (31.27, 11.73))
		self.assertEqual(self.read_value(self.table), 35.25)

	def test_missing_components_are_named_with_their_row(self) -> None:
		self.open_with(2, 9)
		order = self.make()
		self.refuse(f"Row 2: 10 of {self.leg} are needed at {self.location} and 9 are there.", order.submit)
		self.assertEqual(self.read_on_hand(self.board), 2)

	def test_unfinished_steps_are_named(self) -> None:
		self.open_with(2, 10)
		order = self.make(done=False)
		self.refuse("Step 1, Glue, is Waiting. Finish it first.", order.submit)

	def test_what_is_no_assembly_is_not_made(self) -> None:
		self.refuse("only an Assembly is made", lambda: self.make(item=self.board))

	def test_an_assembly_never_contains_itself(self) -> None:
		set_of_tables = make_item(item_type="Assembly", components=[{"item": self.table, "quantity": 2}])
		table = frappe.get_doc("AO Item", self.table)
		table.append("components", {"item": set_of_tables.name, "quantity": 1})
		self.refuse(f"{self.table} → {set_of_tables.name} → {self.table}", table.save)
		set_of_tables.append("components", {"item": set_of_tables.name, "quantity": 1})
		self.refuse("cannot contain itself", set_of_tables.save)

	def test_what_a_bill_of_materials_refuses(self) -> None:
		service = make_item(item_type="Service").name
		for component, said in (
			({"item": service, "quantity": 1}, "Enter what it costs under Labour"),
			({"item": self.leg, "quantity": 0}, "must be more than zero"),
			({"item": self.leg, "quantity": 1, "scrap_percent": 100}, "lies between 0 and 100"),
		):
			self.refuse(
				said, lambda component=component: make_item(item_type="Assembly", components=[component])
			)

	def test_other_items_keep_no_bill_of_materials(self) -> None:
		part = make_item(components=[{"item": self.leg, "quantity": 1}])
		self.assertEqual(part.components, [])
