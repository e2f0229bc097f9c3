"""Returns, work orders and adjustments in the books: under both inventory modes and none, with QuickBooks' ledger and stock as
witness."""

import frappe
from frappe.model.document import Document

from allorders_qb.api import documents
from allorders_qb.fulfilment.returning import build_customer_return
from allorders_qb.sync import rows
from allorders_qb.tests.booked import (
	CLEARING,
	COST_OF_GOODS,
	DIFFERENCE,
	INVENTORY_ASSET,
	LABOUR,
	OVERHEAD,
	SCRAP,
	SHRINKAGE,
	BooksTestCase,
)
from allorders_qb.tests.utils import make_item

RECEIVABLES = "Accounts Receivable (A/R)"
VALUES, COUNTED = "Values Only", "QuickBooks Counts Too"


class StockPostingTestCase(BooksTestCase):
	def submit(self, doctype: str, **values) -> Document:
		doc = frappe.get_doc({"doctype": doctype, **values}).insert()
		doc.submit()
		return self.send(doc)

	def take_back(self, ship_doc: Document, quantity: float, **values) -> Document:
		doc = build_customer_return(ship_doc.name)
		line = {key: values.pop(key) for key in ("disposition",) if key in values}
		doc.update({"location": self.location, **values})
		doc.lines[0].update({"quantity": quantity, **line})
		doc.insert()
		doc.submit()
		return self.send(doc)

	def adjust(self, item: Document, change: float, **values) -> Document:
		return self.submit(
			"AO Quantity Adjustment",
			location=self.location,
			reason="Lost" if change < 0 else "Found",
			lines=[{"item": item.name, "quantity_change": change}],
			**values,
		)

	def revalue(self, item: Document, change: float) -> Document:
		return self.submit("AO Value Adjustment", lines=[{"item": item.name, "value_change": change}])

	def make_table(self, board: Document) -> Document:
		return make_item(
			item_type="Assembly",
			components=[{"item": board.name, "quantity": 2}],
			production_costs=[
				{"kind": "Labour", "description": "Joiner", "amount": 7.5},
				{"kind": "Overhead", "description": "Workshop", "amount": 0.25},
			],
		)

	def build(self, table: Document, quantity: float, **values) -> Document:
		return self.submit(
			"AO Work Order", item=table.name, quantity=quantity, location=self.location, **values
		)

	def get_balances(self, *accounts: str) -> list[float]:
		return [round(self.company.get_balance(account), 2) for account in accounts]

	def get_statuses(self, doc: Document) -> dict[str, str]:
		return {row.role: row.status for row in rows.get_rows(doc.doctype, doc.name)}


class TestValuesOnly(StockPostingTestCase):
	def setUp(self):
		super().setUp()
		self.choose_mode(VALUES)

	def test_what_comes_back_to_stock_comes_back_at_its_cost(self):
		item = self.stock(quantity=3, cost="3.333")
		ship_doc = self.ship(item, 2)
		returned = self.take_back(ship_doc, 1)
		self.assertEqual(self.get_statuses(returned), {"credit_memo": "Sent", "cogs": "Sent"})
		# Two left with 6.67; one of them is 3.34 half up, and 3.33 stay sold.
		self.assertEqual(self.get_balances(COST_OF_GOODS, INVENTORY_ASSET), [3.33, -3.33])
		self.assertEqual(self.get_balances(RECEIVABLES), [10])

	def test_what_is_scrapped_goes_to_scrap(self):
		ship_doc = self.ship(self.stock(cost=4), 2)
		self.take_back(ship_doc, 1, disposition="Scrap")
		self.assertEqual(self.get_balances(COST_OF_GOODS, SCRAP, INVENTORY_ASSET), [4, 4, -8])

	def test_money_given_back_at_once_is_a_refund_from_the_bank(self):
		ship_doc = self.ship(self.stock(cost=4), 2)
		returned = self.take_back(ship_doc, 1, refunded_at_once=1, payment_account="Checking")
		self.assertEqual(self.get_statuses(returned), {"refund_receipt": "Sent", "cogs": "Sent"})
		self.assertEqual(self.get_balances("Checking"), [-10])

	def test_a_refund_that_names_no_account_is_paid_from_that_of_the_settings(self):
		ship_doc = self.ship(self.stock(cost=4), 2)
		returned = self.take_back(ship_doc, 1, refunded_at_once=1)
		self.assertEqual(self.get_statuses(returned), {"refund_receipt": "Sent", "cogs": "Sent"})
		self.assertEqual(self.get_balances("Checking"), [-10])

	def test_a_refund_without_any_account_says_what_is_missing(self):
		settings = frappe.get_doc("QuickBooks Settings")
		settings.refund_account = None
		settings.save()
		ship_doc = self.ship(self.stock(cost=4), 2)
		returned = self.take_back(ship_doc, 1, refunded_at_once=1)
		returned.reload()
		self.assertEqual(returned.quickbooks_status, "Needs Attention")
		self.assertIn("so is the Refund Account of QuickBooks Settings", returned.quickbooks_reason)

	def test_a_work_order_adds_labour_and_overhead_to_inventory(self):
		board = self.stock(quantity=10, cost=20)
		order = self.build(self.make_table(board), 3)
		self.assertEqual(self.get_statuses(order), {"production": "Sent"})
		self.assertEqual(self.get_balances(INVENTORY_ASSET, LABOUR, OVERHEAD), [23.25, -22.5, -0.75])
		journal = self.company.query("SELECT * FROM JournalEntry")[0]
		amounts = [float(line["Amount"]) for line in journal["Line"]]
		self.assertEqual(sorted(amounts), [0.75, 22.5, 120, 143.25])

	def test_taking_apart_keeps_the_value_in_inventory(self):
		board = self.stock(quantity=10, cost=20)
		table = self.make_table(board)
		self.build(table, 2)
		before = self.get_balances(INVENTORY_ASSET)
		self.build(table, 1, work_kind="Disassemble")
		self.assertEqual(self.get_balances(INVENTORY_ASSET), [round(before[0] + 7.75, 2)])

	def test_a_loss_goes_to_the_account_that_the_adjustment_names(self):
		item = self.stock(quantity=10, cost=4)
		self.adjust(item, -2)
		self.adjust(item, -1, account=SCRAP)
		self.adjust(item, 1)
		self.assertEqual(self.get_balances(SHRINKAGE, SCRAP, INVENTORY_ASSET), [4, 4, -8])

	def test_another_value(self):
		self.revalue(self.stock(quantity=10, cost=4), -2.55)
		self.assertEqual(self.get_balances(SHRINKAGE, INVENTORY_ASSET), [2.55, -2.55])

	def test_paid_at_sale_is_a_sales_receipt(self):
		ship_doc = self.ship_paid(self.stock(cost=4))
		self.assertEqual(self.get_statuses(ship_doc), {"sales_receipt": "Sent", "cogs": "Sent"})
		self.assertEqual(self.get_balances("Undeposited Funds", RECEIVABLES, COST_OF_GOODS), [20, 0, 8])

	def ship_paid(self, item: Document) -> Document:
		from allorders_qb.tests.utils import make_ship_doc

		lines = [{"item": item.name, "quantity": 2}]
		return self.send(make_ship_doc(lines=lines, location=self.location, paid_at_sale=1, submit=True))


class TestQuickBooksCountsToo(StockPostingTestCase):
	def setUp(self):
		super().setUp()
		self.choose_mode(COUNTED)

	def bring(self, quantity: float, cost: str) -> Document:
		item = self.stock(quantity=quantity, cost=cost)
		self.bring_into_quickbooks(item, quantity, cost)
		return item

	def test_a_return_moves_quickbooks_own_stock(self):
		item = self.bring(5, "4")
		returned = self.take_back(self.ship(item, 2), 1)
		self.assertEqual(self.get_statuses(returned), {"credit_memo": "Sent"})
		self.assertEqual(self.get_quantity(item), 4)
		self.assertEqual(self.get_balances(COST_OF_GOODS), [4])

	def test_what_is_scrapped_leaves_quickbooks_stock_again(self):
		item = self.bring(5, "4")
		returned = self.take_back(self.ship(item, 2), 1, disposition="Scrap")
		self.assertEqual(self.get_statuses(returned), {"credit_memo": "Sent", "scrap": "Sent"})
		self.assertEqual(self.get_quantity(item), 3)
		self.assertEqual(self.get_balances(COST_OF_GOODS, SCRAP, INVENTORY_ASSET), [4, 4, 12])

	def test_a_work_order_goes_through_the_clearing_account(self):
		board = self.bring(10, "20")
		table = self.make_table(board)
		order = self.build(table, 3)
		self.assertEqual(self.get_statuses(order), {"adjustment": "Sent", "production": "Sent"})
		self.assertEqual((self.get_quantity(board), self.get_quantity(table)), (4, 3))
		self.assertEqual(float(self.get_item(table)["PurchaseCost"]), 47.75)
		# 6 boards of 20 out, 3 tables of 47.75 in; labour and overhead clear the rest.
		self.assertEqual(self.get_balances(CLEARING, LABOUR, OVERHEAD), [0, -22.5, -0.75])
		self.assertEqual(self.get_balances(INVENTORY_ASSET), [223.25])

	def test_a_loss_is_an_inventory_adjustment(self):
		item = self.bring(10, "4")
		lost = self.adjust(item, -2)
		self.assertEqual(self.get_statuses(lost), {"adjustment": "Sent"})
		self.assertEqual((self.get_quantity(item), self.get_balances(SHRINKAGE)), (8, [8]))

	def test_no_journal_touches_the_items_own_account(self):
		item = self.bring(10, "4")
		self.revalue(item, -2.55)
		self.assertEqual(self.get_balances(SHRINKAGE, DIFFERENCE, INVENTORY_ASSET), [2.55, -2.55, 40])


class TestNoMode(StockPostingTestCase):
	def test_stock_is_not_recorded_and_the_document_says_why(self):
		item = self.stock(quantity=10, cost=4)
		for doc in (self.adjust(item, -2), self.revalue(item, 1), self.build(self.make_table(item), 1)):
			self.assertEqual(self.get_statuses(doc), {})
			doc.reload()
			self.assertEqual(doc.quickbooks_status, "Not Sent")
			self.assertIn("no inventory mode is chosen", doc.quickbooks_reason)
			outcome = documents.record(doc.doctype, doc.name)
			self.assertFalse(outcome["ok"])

	def test_what_moved_before_the_start_is_part_of_the_opening_stock(self):
		self.choose_mode(VALUES, inventory_start_date="2030-01-01")
		lost = self.adjust(self.stock(quantity=10, cost=4), -2)
		lost.reload()
		self.assertIn("the start of inventory", lost.quickbooks_reason)

	def test_a_return_is_a_credit_memo(self):
		ship_doc = self.ship(self.stock(cost=4), 2)
		returned = self.take_back(ship_doc, 1)
		self.assertEqual(self.get_statuses(returned), {"credit_memo": "Sent"})
		self.assertEqual(self.get_balances(RECEIVABLES, COST_OF_GOODS), [10, 0])


class TestLedgerOrder(StockPostingTestCase):
	"""Where QuickBooks counts too, what moves one item leaves in the order of our ledger."""

	def setUp(self):
		super().setUp()
		self.choose_mode(COUNTED)
		self.item, self.other = self.bring(), self.bring()

	def bring(self) -> Document:
		item = self.stock(quantity=10, cost=4)
		self.bring_into_quickbooks(item, 10, "4")
		return item

	def refuse_next(self, entity: str) -> None:
		self.company.queue_fault(match={"entity": entity, "operation": "create"}, times=1, code="6000")

	def test_a_stuck_move_holds_what_moves_its_item_and_nothing_else(self):
		self.refuse_next("InventoryAdjustment")
		stuck = self.adjust(self.item, -1)
		waiting, free = self.ship(self.item, 1), self.ship(self.other, 1)
		self.assertEqual(self.get_statuses(stuck), {"adjustment": "Needs Attention"})
		self.assertEqual(self.get_statuses(waiting), {"invoice": "Queued"})
		self.assertEqual(self.get_statuses(free), {"invoice": "Sent"})
		said = documents.get_quickbooks_state(waiting.doctype, waiting.name)["sentence"]
		self.assertIn(f"Waits for AO Quantity Adjustment {stuck.name}", said)
		documents.record(stuck.doctype, stuck.name)
		self.send(waiting)
		self.assertEqual(self.get_statuses(waiting), {"invoice": "Sent"})
		self.assertEqual(self.get_quantity(self.item), 8)

	def test_each_waits_for_the_one_before_it_alone(self):
		self.refuse_next("InventoryAdjustment")
		docs = [self.adjust(self.item, -1), self.ship(self.item, 1), self.adjust(self.item, -2)]
		found = [rows.get_rows(doc.doctype, doc.name)[0] for doc in docs]
		self.assertEqual([row.blocked_by for row in found], [None, found[0].name, found[1].name])

	def test_what_is_taken_out_of_the_queue_holds_nothing(self):
		self.refuse_next("InventoryAdjustment")
		stuck = self.adjust(self.item, -1)
		waiting = self.ship(self.item, 1)
		stuck.reload()
		stuck.cancel()
		self.send(waiting)
		self.assertEqual(self.get_statuses(waiting), {"invoice": "Sent"})
		self.assertEqual(frappe.db.count("QuickBooks Queue Item", {"item": self.item.name}), 0)
