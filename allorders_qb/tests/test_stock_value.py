"""What stock is worth: layers, issues, returns and cancels, and a history told anew after a back-dated document."""

from datetime import date
from decimal import Decimal

import frappe

from allorders_qb.stock.ledger import record_movements, reverse_voucher
from allorders_qb.stock.movements import Moved, Movement
from allorders_qb.stock.recosting import list_due_items, recost_due_items, recost_item
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_item,
	make_location,
	make_opening_stock,
	make_ship_doc,
)

D = Decimal


class TestStockValue(IntegrationTestCase):
	def setUp(self) -> None:
		self.item = make_item(purchase_cost=4).name
		self.location = make_location().name
		self.number = 0

	def move(self, quantity: str, day: int = 1, **values) -> Moved:
		"""Record one movement as a document of its own; returns what it moved."""
		self.number += 1
		self.voucher = f"X-{self.item}-{self.number}"
		if "value" in values:
			values["value"] = D(values["value"])
		values.setdefault("posting_date", date(2026, 3, day))
		moved = record_movements([
			Movement(
				self.item, self.location, D(quantity), voucher_type="AO Ship Doc", voucher_no=self.voucher,
				voucher_line="line", **values,
			)
		])  # fmt: skip
		return moved["line"]

	def read(self) -> tuple[float, float]:
		return frappe.db.get_value("AO Item Stock", {"item": self.item}, ["on_hand", "value"])

	def read_layers(self) -> list[tuple]:
		return [
			tuple(row.values())
			for row in frappe.get_all(
				"AO Stock Layer",
				filters={"item": self.item},
				fields=["is_shortage", "quantity", "value"],
				order_by="is_shortage desc, posting_date, sequence",
			)
		]

	def read_voucher(self, voucher: str) -> float:
		return sum(
			frappe.get_all(
				"AO Stock Ledger Entry",
				filters={"voucher_no": voucher},
				pluck="value_change",
				order_by="name",
			)
		)

	def check(self) -> None:
		"""Ledger, layers and the item's own row say the same."""
		on_hand, value = self.read()
		rows = frappe.get_all(
			"AO Stock Ledger Entry",
			filters={"item": self.item},
			fields=["quantity_change", "value_change"],
			order_by="name",
		)
		self.assertAlmostEqual(sum(row.quantity_change for row in rows), on_hand, 6)
		self.assertAlmostEqual(sum(row.value_change for row in rows), value, 6)
		layers = self.read_layers()
		counted = frappe.db.get_value("AO Item Stock", {"item": self.item}, "open_layers")
		self.assertEqual(counted, len(layers))
		self.assertAlmostEqual(
			sum((-1 if short else 1) * quantity for short, quantity, _v in layers), on_hand, 6
		)
		self.assertAlmostEqual(sum((-1 if short else 1) * cost for short, _q, cost in layers), value, 6)

	def test_intuit_published_example(self) -> None:
		self.move("20", value="120")
		self.move("30", value="210")
		self.assertEqual(self.move("-15").value, D("-90.00"))
		self.assertEqual(self.move("-20").value, D("-135.00"))
		self.assertEqual(self.read(), (15, 105))
		self.assertEqual(self.read_layers(), [(0, 15, 105)])
		self.check()

	def test_documents_are_valued(self) -> None:
		make_opening_stock(
			[{"item": self.item, "location": self.location, "quantity": 3, "unit_cost": 3.335}]
		)
		ship_doc = make_ship_doc(
			lines=[{"item": self.item, "quantity": 2}],
			location=self.location,
			posting_date="2030-01-05",
			submit=True,
		)
		self.assertEqual(self.read_voucher(ship_doc.name), -6.67)
		self.assertEqual(self.read(), (1, 3.34))
		ship_doc.cancel()
		self.assertEqual(self.read_voucher(ship_doc.name), 0)
		self.assertEqual(self.read(), (3, 10.01))
		self.check()

	def test_what_has_not_come_is_settled_when_it_comes(self) -> None:
		self.assertEqual(self.move("-2").value, D("-8.00"), "at the item's purchase cost")
		issue = self.voucher
		self.assertEqual(self.read_layers(), [(1, 2, 8)])
		self.move("5", value="25")
		self.assertEqual(self.read_voucher(issue), -10)
		self.assertEqual(self.read_layers(), [(0, 3, 15)])
		self.check()

	def test_a_return_brings_back_the_cost_of_its_issue(self) -> None:
		self.move("3", value="10")
		self.move("-3")
		issue = frappe.db.get_value("AO Stock Ledger Entry", {"voucher_no": self.voucher})
		self.move("1", value="99")
		self.assertEqual(self.move("1", return_of=issue).value, D("3.33"))
		self.assertEqual(self.move("2", return_of=issue).value, D("6.67"))
		self.check()

	def test_a_transfer_has_no_cost(self) -> None:
		self.move("3", value="10")
		other = make_location().name
		record_movements([
			Movement(self.item, place, D(quantity), date(2026, 3, 2), "AO Ship Doc", "T-1", "line", is_transfer=True)
			for place, quantity in ((self.location, "-2"), (other, "2"))
		])  # fmt: skip
		self.assertEqual(self.read_layers(), [(0, 3, 10)])
		self.check()

	def test_a_changed_receipt_charges_what_has_left(self) -> None:
		self.move("10", value="10")
		receipt = frappe.db.get_value("AO Stock Ledger Entry", {"voucher_no": self.voucher})
		self.move("-7")
		self.assertEqual(self.move("0", value="1", value_of=receipt), Moved(D("0.30"), D("0.70")))
		self.move("-3")
		self.assertEqual(self.move("0", value="1", value_of=receipt), Moved(D(0), D("1.00")))
		self.check()

	def test_a_value_adjustment_is_over_all_that_is_there(self) -> None:
		self.move("1", value="1")
		self.move("2", value="1")
		self.move("0", value="-1")
		self.assertEqual(self.read_layers(), [(0, 1, 0.67), (0, 2, 0.33)])
		self.check()

	def test_a_product_is_worth_its_components_and_what_was_added(self) -> None:
		component = self.item
		self.move("10", value="25")
		product = make_item(item_type="Assembly").name
		order = f"WO-{product}"
		moved = record_movements([
			Movement(component, self.location, D(-4), date(2026, 3, 2), "AO Ship Doc", order, "c"),
			Movement(
				product, self.location, D(2), date(2026, 3, 2), "AO Ship Doc", order, "p", added_value=D("5.00")
			),
		])  # fmt: skip
		self.assertEqual(moved, {"c": Moved(D("-10.00")), "p": Moved(D("15.00"))})
		# A cheaper receipt turns up before: the components were cheaper, and so is the product.
		self.move("4", posting_date=date(2026, 2, 1), value="4")
		recost_item(component)
		self.assertIn(product, list_due_items())
		recost_item(product)
		self.assertEqual(frappe.db.get_value("AO Item Stock", {"item": product}, "value"), 9)
		self.check()

	def test_what_is_taken_apart_shares_the_cost_to_the_cent(self) -> None:
		self.move("1", value="10")
		parts = [make_item().name for _part in range(3)]
		order = f"WO-{self.item}"
		moved = record_movements([
			Movement(self.item, self.location, D(-1), date(2026, 3, 2), "AO Ship Doc", order, "whole"),
			*(
				Movement(part, self.location, D(1), date(2026, 3, 2), "AO Ship Doc", order, part, added_value=D(0))
				for part in parts
			),
		])  # fmt: skip
		self.assertEqual([moved[part].value for part in parts], [D("3.33"), D("3.34"), D("3.33")])
		for part in parts:
			self.assertEqual(recost_item(part), [], "told again, each is worth the same")

	def test_a_back_dated_receipt_changes_what_later_issues_cost(self) -> None:
		self.move("5", day=5, value="10")
		self.move("-5", day=6)
		issue = self.voucher
		self.assertNotIn(self.item, list_due_items())
		self.move("5", day=2, value="5")
		self.assertIn(self.item, list_due_items())
		self.check()
		changes = recost_item(self.item)
		self.assertEqual([(change.entry.voucher_no, change.difference) for change in changes], [(issue, 500)])
		self.assertEqual(self.read_voucher(issue), -5)
		self.assertEqual(self.read(), (5, 10))
		self.assertNotIn(self.item, list_due_items())
		self.check()
		self.assertEqual(recost_item(self.item), [], "told again, it says the same")

	def test_a_cancelled_receipt_was_never_there(self) -> None:
		self.move("5", day=1, value="5")
		receipt = self.voucher
		self.move("5", day=2, value="10")
		self.move("-3", day=3)
		issue = self.voucher
		reverse_voucher("AO Ship Doc", receipt)
		self.check()
		recost_item(self.item)
		self.assertEqual((self.read_voucher(issue), self.read_voucher(receipt)), (-6, 0))
		self.assertEqual(self.read(), (2, 4))
		self.check()

	def test_a_cancelled_untouched_receipt_takes_its_own_layer(self) -> None:
		self.move("5", day=1, value="5")
		self.move("5", day=2, value="10")
		reverse_voucher("AO Ship Doc", self.voucher)
		self.assertEqual(self.read_layers(), [(0, 5, 5)])
		self.check()

	def test_the_job_recosts_all_that_is_due(self) -> None:
		self.move("5", day=5, value="10")
		self.move("5", day=2, value="5")
		self.assertGreaterEqual(recost_due_items(), 1)
		self.assertEqual(list_due_items(), [])
		self.check()

	def test_only_what_can_be_used_up_is_read(self) -> None:
		for number in range(1, 252):
			self.move("1", value=str(number))
		self.assertEqual(self.move("-250").value, -sum(D(number) for number in range(1, 251)))
		self.assertEqual(self.read_layers(), [(0, 1, 251)])
		self.check()
