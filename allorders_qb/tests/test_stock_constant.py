"""Submitting reads as much of the stock's history as the document uses, however much there is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import frappe
from frappe.model.document import Document

from allorders_qb.stock.layers import FIRST_PAGE
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_item,
	make_location,
	make_opening_stock,
	make_receiver,
	make_ship_doc,
)

FEW, MANY = 3, 120


def count_reads() -> int:
	"""Rows that the database has read for this connection."""
	return sum(int(number) for _name, number in frappe.db.sql("SHOW SESSION STATUS LIKE 'Handler_read%'"))


class TestConstantTime(IntegrationTestCase):
	def setUp(self) -> None:
		self.location = make_location().name

	def stock(self, layers: int) -> str:
		"""A new item with so many receipts of 2, each at a cost of its own, of which nothing has left."""
		item = make_item().name
		make_opening_stock(
			[
				{"item": item, "location": self.location, "quantity": 2, "unit_cost": number}
				for number in range(1, layers + 1)
			]
		)
		return item

	def ship(self, item: str, quantity: float) -> Document:
		lines = [{"item": item, "quantity": quantity}]
		return make_ship_doc(lines=lines, location=self.location)

	def receive(self, item: str, quantity: float) -> Document:
		lines = [{"item": item, "quantity": quantity, "unit_cost": 4}]
		return make_receiver(lines=lines, location=self.location, submit=False)

	def count_submit(self, make: Callable[[str, float], Document], item: str) -> int:
		document = make(item, 1)
		before = count_reads()
		document.submit()
		return count_reads() - before

	def test_rows_read_do_not_grow_with_the_layers(self) -> None:
		few, many = self.stock(FEW), self.stock(MANY)
		for make in (self.ship, self.receive):
			with self.subTest(make.__name__):
				make(few, 1).submit()  # what is read once per site
				grown = self.count_submit(make, many) - self.count_submit(make, few)
				self.assertLess(grown, 2 * FIRST_PAGE)

	def test_an_issue_of_more_layers_than_are_read_at_once(self) -> None:
		item, used = self.stock(MANY), FIRST_PAGE + 15
		ship_doc = self.ship(item, 2 * used + 1)
		ship_doc.submit()
		cost = sum(2 * number for number in range(1, used + 1)) + used + 1
		self.assertEqual(Decimal(str(ship_doc.lines[0].cost_amount)), cost)
		row = frappe.db.get_value("AO Item Stock", {"item": item}, ["open_layers", "on_hand"])
		self.assertEqual(row, (MANY - used, 2 * (MANY - used) - 1))
