"""Orders, what was shipped of them, and what is left: the everyday cases of a wholesaler."""

import frappe

from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import (
	close_sales_order,
	reopen_sales_order,
)
from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import (
	make_ship_doc as map_ship_doc,
)
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_customer,
	make_item,
	make_location,
	make_sales_order,
	make_ship_doc,
	read_message,
)


class TestBackorder(IntegrationTestCase):
	def test_backorder_in_three_ship_docs(self) -> None:
		chai, mugs = make_item(unit_price=18), make_item(unit_price=4.5)
		order = make_sales_order(
			lines=[
				{"item": chai.name, "quantity": 10, "discount_percent": 5},
				{"item": mugs.name, "quantity": 30},
			],
			freight=12.5,
			po_number="PO-7781",
		)
		self.assertEqual((order.status, order.percent_shipped), ("Open", 0))
		self.assertEqual((order.subtotal, order.total), (306.0, 318.5))

		first = make_ship_doc(order, quantities={chai.name: 4}, submit=True)
		self.assertEqual(first.status, "Shipped")
		self.assertEqual((first.subtotal, first.freight, first.total), (68.4, 12.5, 80.9))
		self.assert_order(order, "Partially Shipped", 10.0, [4, 0])

		second = make_ship_doc(order, quantities={chai.name: 6, mugs.name: 10}, submit=True)
		self.assertEqual(second.freight, 0, "the order's freight has been charged already")
		self.assert_order(order, "Partially Shipped", 50.0, [10, 10])

		third = make_ship_doc(order, submit=True)
		self.assertEqual([(row.item, row.quantity) for row in third.lines], [(mugs.name, 20)])
		self.assertEqual(third.po_number, "PO-7781")
		self.assert_order(order, "Closed", 100.0, [10, 30])

		with self.assertRaises(frappe.ValidationError) as caught:
			map_ship_doc(order.name)
		self.assertEqual(read_message(caught), f"Nothing is left to ship on {order.name}.")

		second.reload()
		second.cancel()
		self.assertEqual(second.status, "Cancelled")
		self.assert_order(order, "Partially Shipped", 60.0, [4, 20])
		fourth = make_ship_doc(order)
		self.assertEqual(
			[(row.item, row.quantity) for row in fourth.lines], [(chai.name, 6), (mugs.name, 10)]
		)

	def test_one_ship_doc_over_two_orders(self) -> None:
		customer, item = make_customer(), make_item(unit_price=3)
		orders = [
			make_sales_order(customer, [{"item": item.name, "quantity": 5}], freight=6),
			make_sales_order(customer, [{"item": item.name, "quantity": 7}], freight=3),
		]
		ship_doc = map_ship_doc(orders[0].name)
		ship_doc = map_ship_doc(orders[1].name, ship_doc.as_json())
		self.assertEqual(ship_doc.freight, 9)
		ship_doc.location = make_location().name
		ship_doc.insert().submit()
		self.assertEqual([row.sales_order for row in ship_doc.lines], [order.name for order in orders])
		self.assertEqual(ship_doc.total, 45)
		self.assert_order(orders[0], "Closed", 100, [5])
		self.assert_order(orders[1], "Closed", 100, [7])

	def test_freight_of_a_joint_ship_doc_counts_for_each_order_in_proportion(self) -> None:
		customer, item = make_customer(), make_item()
		big = make_sales_order(customer, [{"item": item.name, "quantity": 5}], freight=20)
		small = make_sales_order(customer, [{"item": item.name, "quantity": 5}], freight=10)
		joint = map_ship_doc(small.name, map_ship_doc(big.name))
		for row in joint.lines:
			row.quantity = 1
		joint.freight = 15
		joint.location = make_location().name
		joint.insert().submit()
		self.assertEqual(map_ship_doc(big.name).freight, 10)
		self.assertEqual(map_ship_doc(small.name).freight, 5)

	def test_adding_the_same_order_twice_adds_nothing(self) -> None:
		order = make_sales_order()
		ship_doc = map_ship_doc(order.name)
		with self.assertRaises(frappe.ValidationError) as caught:
			map_ship_doc(order.name, ship_doc)
		self.assertIn("Nothing is left to ship", read_message(caught))

	def test_an_empty_grid_row_disappears_when_an_order_is_added(self) -> None:
		order = make_sales_order()
		target = frappe.new_doc("AO Ship Doc")
		target.append("lines", {})
		ship_doc = map_ship_doc(order.name, target)
		self.assertEqual([row.sales_order for row in ship_doc.lines], [order.name])
		self.assertEqual(ship_doc.customer, order.customer)

	def test_close_and_reopen(self) -> None:
		item = make_item()
		order = make_sales_order(lines=[{"item": item.name, "quantity": 10}])
		make_ship_doc(order, quantities={item.name: 4}, submit=True)
		close_sales_order(order.name)
		self.assert_order(order, "Closed", 40, [4])
		with self.assertRaises(frappe.ValidationError) as caught:
			map_ship_doc(order.name)
		self.assertEqual(
			read_message(caught), f"{order.name} is closed. Reopen the order to ship what is left of it."
		)
		with self.assertRaises(frappe.ValidationError) as caught:
			close_sales_order(order.name)
		self.assertIn("is closed already", read_message(caught))
		reopen_sales_order(order.name)
		self.assert_order(order, "Partially Shipped", 40, [4])
		make_ship_doc(order, submit=True)
		self.assert_order(order, "Closed", 100, [10])
		with self.assertRaises(frappe.ValidationError) as caught:
			reopen_sales_order(order.name)
		self.assertIn("nothing to reopen", read_message(caught))
		with self.assertRaises(frappe.ValidationError) as caught:
			close_sales_order(order.name)
		self.assertIn("shipped in full", read_message(caught))

	def test_cancelling_a_ship_doc_leaves_a_closed_order_closed(self) -> None:
		item = make_item()
		order = make_sales_order(lines=[{"item": item.name, "quantity": 10}])
		ship_doc = make_ship_doc(order, quantities={item.name: 4}, submit=True)
		close_sales_order(order.name)
		ship_doc.reload()
		ship_doc.cancel()
		self.assert_order(order, "Closed", 0, [0])
		reopen_sales_order(order.name)
		self.assert_order(order, "Open", 0, [0])

	def test_percent_is_not_a_hundred_until_the_last_unit_has_left(self) -> None:
		item = make_item()
		order = make_sales_order(lines=[{"item": item.name, "quantity": 100000}])
		make_ship_doc(order, quantities={item.name: 99999.5}, submit=True)
		self.assert_order(order, "Partially Shipped", 99.99, [99999.5])

	def test_drafts_may_commit_more_than_is_left_but_cannot_all_ship(self) -> None:
		order = make_sales_order()
		first, second = make_ship_doc(order), make_ship_doc(order)
		self.assertEqual((first.status, second.status), ("Committed", "Committed"))
		first.submit()
		with self.assertRaises(frappe.ValidationError) as caught:
			second.submit()
		self.assertEqual(
			read_message(caught),
			f"Row 1: 10 of {second.lines[0].item} is more than the 0 left to ship on {order.name}"
			" (ordered 10, shipped 10).",
		)
		self.assertEqual(frappe.db.get_value("AO Ship Doc", second.name, "docstatus"), 0)

	def test_creating_a_ship_doc_mentions_the_drafts_that_hold_the_same_units(self) -> None:
		order = make_sales_order()
		draft = make_ship_doc(order)
		frappe.clear_messages()
		map_ship_doc(order.name)
		self.assertIn(draft.name, str(frappe.get_message_log()))

	def assert_order(self, order, status: str, percent: float, shipped: list[float]) -> None:
		order.reload()
		self.assertEqual((order.status, order.percent_shipped), (status, percent))
		self.assertEqual([row.shipped_quantity for row in order.lines], shipped)
