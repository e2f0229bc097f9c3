"""Two people at once: the same units are not shipped twice, and balances add up."""

import threading

import frappe

from allorders_qb.stock.ledger import read_balances
from allorders_qb.tests.committed import CommittingTestCase, OwnConnection
from allorders_qb.tests.utils import (
	make_item,
	make_location,
	make_opening_stock,
	make_purchase_order,
	make_receiver,
	make_sales_order,
	make_ship_doc,
)

NEVER = {"never_send": 1, "never_send_reason": "Part of a test of two connections."}
BLOCKED_SECONDS = 0.7
DONE_SECONDS = 30


class TestTwoAtOnce(CommittingTestCase):
	def test_the_second_submission_waits_and_is_refused(self) -> None:
		item = make_item()
		order = make_sales_order(lines=[{"item": item.name, "quantity": 10}])
		mine = make_ship_doc(order, quantities={item.name: 6}, **NEVER)
		theirs = make_ship_doc(order, quantities={item.name: 6}, **NEVER).name
		self.commit()
		has_read = threading.Event()

		def submit_theirs() -> str:
			ship_doc = frappe.get_doc("AO Ship Doc", theirs)
			frappe.db.get_value("AO Sales Order", order.name, "status")
			has_read.set()
			return ship_doc.submit().status

		mine.submit()
		other = OwnConnection(submit_theirs)
		other.start()
		self.assertTrue(has_read.wait(DONE_SECONDS))
		other.join(BLOCKED_SECONDS)
		self.assertTrue(other.is_alive(), "the second submission has to wait for the first")
		self.commit()
		other.join(DONE_SECONDS)
		self.assertIsInstance(other.outcome, frappe.ValidationError)
		self.assertIn(f"6 of {item.name} is more than the 4 left to ship", str(other.outcome))
		self.commit()
		order.reload()
		self.assertEqual((order.lines[0].shipped_quantity, order.status), (6, "Partially Shipped"))
		self.assertEqual(frappe.db.get_value("AO Ship Doc", theirs, "docstatus"), 0)

	def test_two_lines_of_one_order_shipped_at_once_are_both_counted(self) -> None:
		chai, mugs = make_item(), make_item()
		order = make_sales_order(
			lines=[{"item": chai.name, "quantity": 1}, {"item": mugs.name, "quantity": 3}]
		)
		names = [
			make_ship_doc(order, quantities={chai.name: 1}, **NEVER).name,
			make_ship_doc(order, quantities={mugs.name: 3}, **NEVER).name,
		]
		outcomes = self.run_at_once([lambda name=name: self.submit(name) for name in names])
		self.assertEqual(outcomes, ["Shipped", "Shipped"])
		order.reload()
		self.assertEqual((order.status, order.percent_shipped), ("Closed", 100))

	def test_closing_an_order_while_it_is_being_shipped(self) -> None:
		from allorders_qb.fulfilment.orders import close_order
		from allorders_qb.fulfilment.shipping import SALES

		order = make_sales_order()
		ship_doc = make_ship_doc(order, **NEVER).name
		self.commit()
		close_order(SALES, order.name)
		other = OwnConnection(lambda: self.submit(ship_doc))
		other.start()
		other.join(BLOCKED_SECONDS)
		self.assertTrue(other.is_alive(), "shipping has to wait for the closing")
		self.commit()
		other.join(DONE_SECONDS)
		self.assertIn(f"{order.name} is closed", str(other.outcome))

	def test_balances_add_up_when_many_move_the_same_item(self) -> None:
		items = [make_item().name for _number in range(3)]
		location = make_location().name
		names = [
			make_opening_stock(
				[{"item": item, "location": location, "quantity": 5} for item in items[:: 1 if even else -1]],
				submit=False,
			).name
			for even in (True, False, True, False)
		]
		outcomes = self.run_at_once(
			[lambda name=name: frappe.get_doc("AO Opening Stock", name).submit().docstatus for name in names]
		)
		self.assertEqual(outcomes, [1, 1, 1, 1])
		balances = read_balances({(item, location): 0 for item in items})
		self.assertEqual(set(balances.values()), {20})

	def test_the_same_units_are_never_received_twice(self) -> None:
		order = make_purchase_order()
		item = order.lines[0].item
		names = [
			make_receiver(order, quantities={item: 6}, submit=False, **NEVER).name for _number in range(2)
		]
		outcomes = self.run_at_once(
			[lambda name=name: frappe.get_doc("AO Receiver", name).submit().status for name in names]
		)
		refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
		self.assertEqual(len(refused), 1, outcomes)
		self.assertIn(f"6 of {item} is more than the 4 left to receive", str(refused[0]))
		order.reload()
		self.assertEqual((order.lines[0].received_quantity, order.status), (6, "Partially Received"))
		self.assertEqual(frappe.db.get_value("AO Item Stock", {"item": item}, "on_hand"), 6)

	def submit(self, ship_doc: str) -> str:
		return frappe.get_doc("AO Ship Doc", ship_doc).submit().status

	def run_at_once(self, actions: list) -> list:
		"""Commit, run every action on its own connection at the same moment, and return their outcomes."""
		self.commit()
		barrier = threading.Barrier(len(actions))

		def wait_and(action):
			barrier.wait(DONE_SECONDS)
			return action()

		threads = [OwnConnection(lambda action=action: wait_and(action)) for action in actions]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join(DONE_SECONDS)
		self.commit()
		return [thread.outcome for thread in threads]

	def test_what_others_used_up_meanwhile_is_not_used_up_again(self) -> None:
		"""A transaction that has looked before it waits must not take the layers it then sees in its old snapshot."""
		item, location = make_item(), make_location()
		for quantity, cost in ((2, 1), (2, 5)):
			make_opening_stock(
				[{"item": item.name, "location": location.name, "quantity": quantity, "unit_cost": cost}]
			)
		mine, theirs = (
			make_ship_doc(lines=[{"item": item.name, "quantity": 2}], location=location.name, **NEVER).name
			for _who in range(2)
		)
		self.commit()
		ship_doc = frappe.get_doc("AO Ship Doc", mine)
		frappe.get_all("AO Stock Layer", filters={"item": item.name}, order_by="name")
		other = OwnConnection(lambda: frappe.get_doc("AO Ship Doc", theirs).submit().total_cost)
		other.start()
		other.join(DONE_SECONDS)
		self.assertEqual(other.outcome, 2)
		ship_doc.submit()
		self.commit()
		self.assertEqual(ship_doc.total_cost, 10, "the cheap ones have gone already")
		self.assertEqual(frappe.get_all("AO Stock Layer", filters={"item": item.name}, order_by="name"), [])
		self.assertEqual(
			frappe.db.get_value("AO Item Stock", {"item": item.name}, ["on_hand", "value"]), (0, 0)
		)
