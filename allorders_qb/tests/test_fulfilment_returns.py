"""What customers send back: from a ship doc or alone, to stock or to scrap, and never more than was shipped."""

from decimal import Decimal

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc import make_customer_return
from allorders_qb.stock.ledger import read_balances
from allorders_qb.stock.recosting import recost_item
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_customer,
	make_item,
	make_location,
	make_opening_stock,
	make_ship_doc,
)

DAY, LATER = "2030-05-04", "2030-05-10"


class TestReturns(IntegrationTestCase):
	def setUp(self) -> None:
		self.item = make_item(purchase_cost=4).name
		self.location = make_location().name
		self.customer = make_customer().name
		make_opening_stock([
			{"item": self.item, "location": self.location, "quantity": quantity, "unit_cost": cost}
			for quantity, cost in ((2, 1), (10, 3))
		])  # fmt: skip

	def ship(self, quantity: float = 4, **values) -> Document:
		lines = [{"item": self.item, "quantity": quantity, "unit_price": 10}]
		return make_ship_doc(
			customer=self.customer,
			lines=lines,
			location=self.location,
			posting_date=DAY,
			submit=True,
			**values,
		)

	def give_back(self, ship_doc: Document, quantity: float, submit: bool = True, **line) -> Document:
		doc = make_customer_return(ship_doc.name)
		doc.posting_date = LATER
		doc.lines[0].update({"quantity": quantity, **line})
		doc.insert()
		return doc.submit() if submit else doc

	def read(self) -> tuple[float, float]:
		return frappe.db.get_value("AO Item Stock", {"item": self.item}, ["on_hand", "value"])

	def read_returned(self, ship_doc: Document) -> float:
		return frappe.db.get_value("AO Ship Doc Line", ship_doc.lines[0].name, "returned_quantity")

	def refuse(self, said: str, act) -> None:
		with self.assertRaises(frappe.ValidationError) as caught:
			act()
		self.assertIn(said, str(caught.exception))

	def test_a_ship_doc_knows_what_its_goods_cost(self) -> None:
		ship_doc = self.ship()
		self.assertEqual((ship_doc.lines[0].cost_amount, ship_doc.total_cost), (8, 8))

	def test_goods_come_back_at_the_cost_they_left_with(self) -> None:
		ship_doc = self.ship()
		doc = self.give_back(ship_doc, 1)
		self.assertEqual(
			(doc.customer, doc.currency, doc.total, doc.status),
			(self.customer, ship_doc.currency, 10, "Returned"),
		)
		self.assertEqual((doc.lines[0].cost_amount, doc.total_cost), (2, 2))
		self.assertEqual((self.read(), self.read_returned(ship_doc)), ((9, 26), 1))
		doc.cancel()
		self.assertEqual((self.read(), self.read_returned(ship_doc)), ((8, 24), 0))
		self.assertEqual(self.give_back(ship_doc, 4).total_cost, 8, "what was cancelled never came back")

	def test_an_announced_return_moves_nothing(self) -> None:
		ship_doc = self.ship()
		doc = self.give_back(ship_doc, 1, submit=False)
		self.assertEqual((doc.status, self.read(), self.read_returned(ship_doc)), ("RMA", (8, 24), 0))

	def test_scrap_comes_in_and_leaves_at_once(self) -> None:
		doc = self.give_back(self.ship(), 2, disposition="Scrap")
		self.assertEqual((doc.total_cost, self.read()), (4, (8, 24)))
		self.assertEqual(
			read_balances({(self.item, self.location): Decimal(0)})[(self.item, self.location)], 8
		)
		self.assertEqual(recost_item(self.item), [], "told again, it is worth the same")

	def test_a_return_alone_comes_back_at_the_oldest_cost_or_the_one_entered(self) -> None:
		self.ship(2)
		for line, cost in (({}, 3), ({"unit_cost": 2.5}, 2.5)):
			doc = frappe.get_doc(
				{
					"doctype": "AO Customer Return",
					"customer": self.customer,
					"location": self.location,
					"posting_date": LATER,
					"lines": [{"item": self.item, "quantity": 1, "unit_price": 10, **line}],
				}
			).insert()
			self.assertEqual(doc.submit().total_cost, cost)

	def test_more_than_was_shipped_never_comes_back(self) -> None:
		ship_doc = self.ship()
		self.give_back(ship_doc, 3)
		draft = self.give_back(ship_doc, 1, submit=False)
		draft.lines[0].quantity = 2
		draft.save()
		self.refuse(
			f"Row 1: 2 of {self.item} is more than the 1 that can still come back from {ship_doc.name} (shipped 4, returned 3).",
			draft.submit,
		)
		draft.reload()
		draft.lines[0].quantity = 1
		draft.save()
		draft.submit()
		self.refuse("Nothing of", lambda: make_customer_return(ship_doc.name))

	def test_several_ship_docs_on_one_return(self) -> None:
		first, second = self.ship(2), self.ship(3)
		doc = make_customer_return(second.name, make_customer_return(first.name))
		self.assertEqual(
			[(row.ship_doc, row.quantity) for row in doc.lines], [(first.name, 2), (second.name, 3)]
		)
		other = make_ship_doc(
			customer=make_customer().name,
			lines=[{"item": self.item, "quantity": 1}],
			location=self.location,
			posting_date=DAY,
			submit=True,
		)
		self.refuse("this return is of", lambda: make_customer_return(other.name, doc))

	def test_what_a_return_refuses(self) -> None:
		ship_doc = self.ship()
		self.refuse(
			"it cannot have come back before",
			lambda: self.give_back(ship_doc, 1, submit=False).update({"posting_date": "2030-05-01"}).save(),
		)
		self.refuse(
			"went to",
			lambda: (
				self.give_back(ship_doc, 1, submit=False).update({"customer": make_customer().name}).save()
			),
		)
		other = make_item().name
		self.refuse("is not what was shipped", lambda: self.give_back(ship_doc, 1, item=other))
		draft = make_ship_doc(customer=self.customer, lines=[{"item": self.item, "quantity": 1}])
		self.refuse("Nothing of", lambda: make_customer_return(draft.name))

	def test_a_ship_doc_stays_while_goods_of_it_came_back(self) -> None:
		ship_doc = self.ship()
		doc = self.give_back(ship_doc, 1)
		self.refuse(f"goods of it came back on {doc.name}", ship_doc.cancel)
		doc.cancel()
		ship_doc.reload()
		ship_doc.cancel()
		self.assertEqual(self.read(), (12, 32))
