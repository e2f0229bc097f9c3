"""Transfers, quantity adjustments (after a count too) and value adjustments: what they move and what they refuse."""

from decimal import Decimal

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_quantity_adjustment.ao_quantity_adjustment import get_count_sheet
from allorders_qb.stock.ledger import read_balances
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_item,
	make_location,
	make_opening_stock,
	make_ship_doc,
)

DAY = "2030-05-04"


class TestStockDocuments(IntegrationTestCase):
	def setUp(self) -> None:
		self.item = make_item(purchase_cost=4).name
		self.location = make_location().name

	def open_with(self, quantity: float, unit_cost: float) -> None:
		make_opening_stock(
			[{"item": self.item, "location": self.location, "quantity": quantity, "unit_cost": unit_cost}]
		)

	def make(self, doctype: str, lines: list[dict], submit: bool = True, **values) -> Document:
		doc = frappe.get_doc({"doctype": doctype, "posting_date": DAY, "lines": lines, **values}).insert()
		return doc.submit() if submit else doc

	def read(self) -> tuple[float, float]:
		return frappe.db.get_value("AO Item Stock", {"item": self.item}, ["on_hand", "value"])

	def read_on_hand(self, location: str) -> Decimal:
		return read_balances({(self.item, location): Decimal(0)})[(self.item, location)]

	def refuse(self, doctype: str, lines: list[dict], said: str, **values) -> None:
		with self.assertRaises(frappe.ValidationError) as caught:
			self.make(doctype, lines, **values)
		self.assertIn(said, str(caught.exception))

	def test_a_transfer_moves_goods_and_no_value(self) -> None:
		self.open_with(5, 2)
		other = make_location().name
		transfer = self.make(
			"AO Transfer",
			[{"item": self.item, "quantity": 2}],
			from_location=self.location,
			to_location=other,
		)
		self.assertEqual(transfer.status, "Moved")
		self.assertEqual((self.read_on_hand(self.location), self.read_on_hand(other)), (3, 2))
		self.assertEqual(self.read(), (5, 10))
		transfer.cancel()
		self.assertEqual((self.read_on_hand(self.location), self.read_on_hand(other)), (5, 0))
		self.assertEqual((transfer.status, self.read()), ("Cancelled", (5, 10)))

	def test_what_a_transfer_refuses(self) -> None:
		places = {"from_location": self.location, "to_location": self.location}
		self.refuse("AO Transfer", [{"item": self.item, "quantity": 1}], "the same location", **places)
		places["to_location"] = make_location().name
		self.refuse("AO Transfer", [{"item": self.item, "quantity": 0}], "Row 1: the quantity of", **places)
		service = make_item(item_type="Service").name
		self.refuse("AO Transfer", [{"item": service, "quantity": 1}], "not counted in stock", **places)

	def test_what_was_lost_leaves_at_its_cost(self) -> None:
		self.open_with(5, 2)
		adjustment = self.make(
			"AO Quantity Adjustment",
			[{"item": self.item, "quantity_change": -2}],
			location=self.location,
			reason="Lost",
		)
		self.assertEqual((adjustment.lines[0].on_hand, adjustment.lines[0].value_change), (5, -4))
		self.assertEqual((adjustment.status, adjustment.total_value_change), ("Adjusted", -4))
		self.assertEqual(self.read(), (3, 6))
		adjustment.cancel()
		self.assertEqual(self.read(), (5, 10))

	def test_what_is_found_costs_what_is_there_or_what_was_entered(self) -> None:
		self.open_with(5, 2)
		found = self.make(
			"AO Quantity Adjustment",
			[{"item": self.item, "quantity_change": 1.5}],
			location=self.location,
			reason="Found",
		)
		self.assertEqual(found.total_value_change, 3)
		dearer = self.make(
			"AO Quantity Adjustment",
			[{"item": self.item, "quantity_change": 2, "unit_cost": 3.335}],
			location=self.location,
			reason="Found",
		)
		self.assertEqual(dearer.total_value_change, 6.67)
		self.assertEqual(self.read(), (8.5, 19.67))

	def test_a_count_changes_what_it_differs_by_at_submit(self) -> None:
		self.open_with(5, 2)
		count = self.make(
			"AO Quantity Adjustment",
			[{"item": self.item, "counted_quantity": 4}],
			submit=False,
			location=self.location,
			reason="Counted",
		)
		self.assertEqual(count.lines[0].quantity_change, -1)
		make_ship_doc(
			lines=[{"item": self.item, "quantity": 2}], location=self.location, posting_date=DAY, submit=True
		)
		count.submit()
		self.assertEqual((count.lines[0].on_hand, count.lines[0].quantity_change), (3, 1))
		self.assertEqual(self.read(), (4, 8))

	def test_a_count_that_is_right_moves_nothing(self) -> None:
		self.open_with(5, 2)
		count = self.make(
			"AO Quantity Adjustment",
			[{"item": self.item, "counted_quantity": 5}],
			location=self.location,
			reason="Counted",
		)
		self.assertEqual((count.docstatus, count.total_value_change), (1, 0))
		self.assertFalse(frappe.db.exists("AO Stock Ledger Entry", {"voucher_no": count.name}))

	def test_a_count_sheet_lists_what_is_or_was_there(self) -> None:
		self.open_with(5, 2)
		gone = make_item(unit="box").name
		make_opening_stock([{"item": gone, "location": self.location, "quantity": 1, "unit_cost": 1}])
		make_ship_doc(lines=[{"item": gone, "quantity": 1}], location=self.location, submit=True)
		asleep = make_item().name
		make_opening_stock([{"item": asleep, "location": self.location, "quantity": 1, "unit_cost": 1}])
		frappe.db.set_value("AO Item", asleep, "inactive", 1)
		sheet = {row["item"]: (row["unit"], row["on_hand"]) for row in get_count_sheet(self.location)}
		self.assertEqual(sheet, {self.item: ("each", 5), gone: ("box", 0)})

	def test_what_a_quantity_adjustment_refuses(self) -> None:
		at = {"location": self.location, "reason": "Lost"}
		line = {"item": self.item, "quantity_change": -1}
		self.refuse("AO Quantity Adjustment", [{"item": self.item}], "say by how many", **at)
		self.refuse("AO Quantity Adjustment", [line, line], "stands in row 1 already", **at)
		at["reason"] = "Counted"
		self.refuse(
			"AO Quantity Adjustment",
			[{"item": self.item, "counted_quantity": -1}],
			"cannot be counted as -1",
			**at,
		)

	def test_a_value_adjustment_by_change_and_by_new_value(self) -> None:
		self.open_with(5, 2)
		lower = self.make("AO Value Adjustment", [{"item": self.item, "value_change": -1.5}])
		self.assertEqual((lower.lines[0].value, lower.lines[0].new_value), (10, 8.5))
		self.assertEqual(self.read(), (5, 8.5))
		anew = self.make(
			"AO Value Adjustment", [{"item": self.item, "new_value": 20}], entered_as="New Value"
		)
		self.assertEqual((anew.total_value_change, self.read()), (11.5, (5, 20)))
		anew.cancel()
		self.assertEqual(self.read(), (5, 8.5))

	def test_what_a_value_adjustment_refuses(self) -> None:
		line = {"item": self.item, "value_change": 1}
		self.refuse("AO Value Adjustment", [line], f"there is no {self.item} on hand")
		self.open_with(5, 2)
		self.refuse("AO Value Adjustment", [{**line, "value_change": -10.01}], "less than nothing")
		self.refuse("AO Value Adjustment", [{**line, "value_change": 0}], "does not change")

	def test_only_a_manager_adjusts(self) -> None:
		for doctype in ("AO Quantity Adjustment", "AO Value Adjustment"):
			roles = {row.role for row in frappe.get_meta(doctype).permissions if row.submit}
			self.assertEqual(roles, {"System Manager", "AO Manager"})
