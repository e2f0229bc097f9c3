"""Where QuickBooks counts too: our value and QuickBooks' own differ by what the true-up lists and books, cause by cause.

The witnesses are QuickBooks' ledger and its InventoryValuationSummary: with what stands on Inventory Cost Difference it is
what our own ledger says the stock is worth.
"""

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, today

from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill, make_vendor_return
from allorders_qb.allorders_qb.report.ao_work_order_variance.ao_work_order_variance import execute
from allorders_qb.api import documents
from allorders_qb.api.true_up import propose_true_up
from allorders_qb.stock.recosting import recost_due_items
from allorders_qb.sync.true_up import TRUE_UP
from allorders_qb.tests.booked import CLEARING, COST_OF_GOODS, DIFFERENCE, INVENTORY_ASSET, SHRINKAGE
from allorders_qb.tests.emulated import connect_site
from allorders_qb.tests.test_postings_stock import COUNTED, StockPostingTestCase
from allorders_qb.tests.utils import make_item, make_receiver, make_vendor

STOCK = ("AO Stock Ledger Entry", "AO Stock Layer", "AO Item Stock", "AO Stock Balance")
LANDED = "Landed Cost Clearing"
NOTHING = "nothing to bring up to date"


class CountedTestCase(StockPostingTestCase):
	def setUp(self) -> None:
		super().setUp()
		# What other tests have left on the shelves is no part of this company.
		for doctype in (*STOCK, TRUE_UP, f"{TRUE_UP} Line", f"{TRUE_UP} Item"):
			frappe.db.delete(doctype)
		self.choose_mode(COUNTED)
		self.vendor = make_vendor().name

	def receive(self, item: Document, quantity: float, cost: float, **values) -> Document:
		"""So many bought at that cost, and in QuickBooks by their bill."""
		line = {"item": item.name, "quantity": quantity, "unit_cost": cost}
		values = {"vendor_invoice_number": frappe.generate_hash(length=8), **values}
		return self.send(make_receiver(vendor=self.vendor, lines=[line], location=self.location, **values))

	def build_tables(self, quantity: float = 3) -> tuple[Document, Document, Document]:
		"""Boards, tables and the work order that made tables of boards which cost more than QuickBooks thinks: each table is worth
		47.75 here (2 boards of 20, and 7.75), and comes in there at 43.75 (2 boards of 18, and 7.75)."""
		board = make_item(purchase_cost=18)
		self.receive(board, 10, 20)
		table = self.make_table(board)
		return board, table, self.build(table, quantity)

	def true_up(self, day: str | None = None) -> Document:
		"""A true-up, proposed, submitted and sent."""
		doc = frappe.get_doc(TRUE_UP, propose_true_up(day))
		doc.submit()
		self.send(doc)
		doc.reload()
		self.assertEqual(doc.quickbooks_status, "Sent", doc.quickbooks_reason)
		return doc

	def list_causes(self, doc: Document) -> list[tuple[str, str, float]]:
		return [(line.cause, line.reference_name, line.difference) for line in doc.lines]

	def assert_worth(self) -> None:
		"""QuickBooks' own value and what stands beside it are our valuation."""
		ours = sum(frappe.get_all("AO Item Stock", pluck="value", order_by="item"))
		self.assertAlmostEqual(sum(self.get_balances(INVENTORY_ASSET, DIFFERENCE)), ours, places=2)

	def assert_done(self) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, NOTHING):
			propose_true_up()


class TestCauses(CountedTestCase):
	def test_a_work_order_leaves_nothing_in_the_clearing_account(self) -> None:
		_board, table, order = self.build_tables(3)
		# 120.00 of boards went out there, 3 tables at 43.75 came in, and 23.25 were added.
		self.assertEqual(self.get_balances(CLEARING, DIFFERENCE), [12, 0])
		doc = self.true_up()
		self.assertEqual(self.list_causes(doc), [("Work Order", order.name, 12)])
		self.assertEqual((doc.lines[0].item, doc.lines[0].account), (table.name, CLEARING))
		self.assertEqual(self.get_balances(CLEARING, DIFFERENCE), [0, 12])
		self.assert_worth()
		self.assert_done()

	def test_what_was_made_is_sold_at_our_cost(self) -> None:
		_board, table, _order = self.build_tables(3)
		self.true_up()
		ship_doc = self.ship(table, 2)
		self.assertEqual(self.get_balances(COST_OF_GOODS), [87.5])
		doc = self.true_up()
		self.assertEqual(self.list_causes(doc), [("Recosting", ship_doc.name, -8)])
		self.assertEqual(self.get_balances(COST_OF_GOODS, DIFFERENCE, CLEARING), [95.5, 4, 0])
		self.assert_worth()
		self.assert_done()

	def test_what_comes_back_comes_back_at_our_cost(self) -> None:
		_board, table, _order = self.build_tables(3)
		returned = self.take_back(self.ship(table, 2), 1)
		doc = self.true_up()
		self.assertIn(("Return", returned.name, 4), self.list_causes(doc))
		self.assertEqual(self.get_balances(COST_OF_GOODS, DIFFERENCE, CLEARING), [47.75, 8, 0])
		self.assert_worth()
		self.assert_done()

	def test_a_value_adjustment_is_counted_and_booked_by_itself_alone(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4)
		self.revalue(item, -2.5)
		self.assertEqual(self.get_balances(DIFFERENCE), [-2.5])
		self.assert_worth()
		self.assert_done()

	def test_actual_freight_is_counted_and_sold_at_our_cost(self) -> None:
		item = make_item(purchase_cost=4)
		freight = [{"description": "Freight", "amount": 10}]
		receiver = self.receive(item, 10, 4, landed_costs=freight)
		bill = make_vendor_bill(receiver.name)
		bill.vendor_invoice_number = "F-1"
		bill.landed_costs[0].amount = 15
		self.send(bill.insert().submit())
		self.assertEqual(self.get_balances(DIFFERENCE, LANDED), [5, 0])
		self.assert_done()
		ship_doc = self.ship(item, 4)
		doc = self.true_up()
		self.assertEqual(self.list_causes(doc), [("Recosting", ship_doc.name, -2)])
		self.assertEqual(self.get_balances(COST_OF_GOODS, DIFFERENCE, LANDED), [22, 3, 0])
		self.assert_worth()

	def bill(self, receiver: Document, **line) -> Document:
		"""A vendor's bill of what was received, sent."""
		doc = make_vendor_bill(receiver.name)
		doc.update({"vendor_invoice_number": frappe.generate_hash(length=8), "posting_date": today()})
		doc.lines[0].update(line)
		return self.send(doc.insert().submit())

	def test_what_a_bill_books_is_each_items_own(self) -> None:
		item, other = make_item(purchase_cost=4), make_item(purchase_cost=4)
		lines = [{"item": name, "quantity": 10, "unit_cost": 4} for name in (item.name, other.name)]
		receiver = self.send(
			make_receiver(
				vendor=self.vendor,
				lines=lines,
				location=self.location,
				billing="Bill Later",
				landed_costs=[{"description": "Freight", "amount": 10}],
			)
		)
		bill = make_vendor_bill(receiver.name)
		bill.vendor_invoice_number = "F-2"
		bill.landed_costs[0].amount = 14
		bill.lines[0].unit_cost = bill.lines[1].unit_cost = 5
		self.send(bill.insert().submit())
		self.assertEqual(self.get_balances(DIFFERENCE, LANDED), [4, 0])
		self.assert_worth()
		self.assert_done()

	def test_freight_on_a_bill_in_another_currency(self) -> None:
		switched_on = {"CurrencyPrefs": {"MultiCurrencyEnabled": True}}
		self.company.control("PATCH", f"{self.company.realm_id}/preferences", switched_on)
		self.company.post("CompanyCurrency", {"Code": "EUR", "Name": "Euro"})
		connect_site(self.company)
		self.vendor = make_vendor(currency="EUR").name
		item, other = make_item(purchase_cost=4), make_item(purchase_cost=4)
		lines = [
			{"item": item.name, "quantity": 3, "unit_cost": 7.77},
			{"item": other.name, "quantity": 3, "unit_cost": 1.11},
		]
		receiver = self.send(
			make_receiver(
				vendor=self.vendor,
				lines=lines,
				location=self.location,
				exchange_rate=7.77,
				landed_costs=[{"description": "Freight", "amount": 10.01}],
				vendor_invoice_number="E-1",
			)
		)
		clearing, inventory = self.get_balances(LANDED, INVENTORY_ASSET)
		ours = sum(frappe.get_all("AO Item Stock", pluck="value", order_by="item"))
		self.assertNotEqual((clearing, inventory), (-10.01, ours))
		doc = self.true_up()
		self.assertIn(("Landed Cost", receiver.name), [line[:2] for line in self.list_causes(doc)])
		self.assertEqual(self.get_balances(LANDED), [-10.01])
		self.assert_worth()
		self.assert_done()

	def test_what_is_billed_later_needs_none(self) -> None:
		item = make_item(purchase_cost=4)
		receiver = self.receive(item, 10, 4, billing="Bill Later")
		self.ship(item, 4)
		self.assert_done()
		self.bill(receiver, unit_cost=4.5)
		self.assertEqual(self.get_balances(INVENTORY_ASSET, COST_OF_GOODS, DIFFERENCE), [27, 18, 0])
		self.assert_worth()
		self.assert_done()

	def test_what_is_billed_later_is_not_listed_twice(self) -> None:
		item = make_item(purchase_cost=4)
		day = add_days(today(), -3)
		receiver = self.receive(item, 10, 4, billing="Bill Later", posting_date=day)
		self.bill(receiver, quantity=3, unit_cost=4.5)
		found = self.adjust(item, 2)
		with self.assertRaisesRegex(frappe.ValidationError, "which is dated later"):
			propose_true_up(day)
		doc = self.true_up()
		self.assertEqual(self.list_causes(doc), [("Recosting", found.name, 0.3)])
		self.assert_worth()
		self.assert_done()

	def test_a_back_dated_receiver(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4, posting_date=add_days(today(), -5))
		self.company.set_knobs(stock_back_dating="entry_order")
		ship_doc = self.ship(item, 4)
		self.receive(item, 2, 7, posting_date=add_days(today(), -9))
		recost_due_items()
		frappe.db.commit()
		doc = self.true_up()
		self.assertEqual(self.list_causes(doc), [("Recosting", ship_doc.name, -6)])
		self.assertEqual(self.get_balances(COST_OF_GOODS), [22])
		self.assert_worth()
		self.assert_done()

	def test_what_was_found_goes_against_the_adjustments_account(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 5)
		found = self.adjust(item, 2)
		doc = self.true_up()
		self.assertEqual(self.list_causes(doc), [("Recosting", found.name, 2)])
		self.assertEqual(self.get_balances(SHRINKAGE, DIFFERENCE), [-10, 2])
		self.assert_worth()


class TestDecisions(CountedTestCase):
	def test_what_a_person_did_in_quickbooks_is_shown_and_never_booked_by_itself(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4)
		self.bring_into_quickbooks(item, 2, "5")
		doc = frappe.get_doc(TRUE_UP, propose_true_up())
		self.assertEqual(doc.lines, [])
		row = doc.get("items")[0]
		self.assertEqual((row.item, row.our_quantity, row.quickbooks_quantity), (item.name, 10, 12))
		self.assertEqual((row.our_value, row.quickbooks_value, row.unexplained), (40, 50, -10))
		with self.assertRaisesRegex(frappe.ValidationError, "nothing to book"):
			doc.submit()
		self.assertEqual(self.get_balances(DIFFERENCE), [0])

	def test_a_person_decides_with_an_account_and_a_reason(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4)
		self.bring_into_quickbooks(item, 2, "5")
		doc = frappe.get_doc(TRUE_UP, propose_true_up())
		doc.get("items")[0].account = INVENTORY_ASSET
		doc.get("items")[0].reason = "Samples"
		doc.save()
		with self.assertRaisesRegex(frappe.ValidationError, "no journal entry touches Inventory Asset"):
			doc.submit()
		doc.reload()
		doc.get("items")[0].update({"account": SHRINKAGE, "reason": "Samples"})
		doc.save()
		self.assertEqual(propose_true_up(), doc.name)
		doc.reload()
		self.assertEqual(doc.get("items")[0].account, SHRINKAGE)
		doc.submit()
		self.send(doc)
		self.assertEqual(self.get_balances(SHRINKAGE, DIFFERENCE), [10, -10])
		self.assert_worth()
		self.assert_done()

	def test_what_is_never_sent_is_for_a_person_to_say(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4)
		self.submit(
			"AO Quantity Adjustment",
			location=self.location,
			reason="Lost",
			lines=[{"item": item.name, "quantity_change": -1}],
			never_send=1,
			never_send_reason="Entered there by hand",
		)
		doc = frappe.get_doc(TRUE_UP, propose_true_up())
		self.assertEqual((doc.lines, [row.unexplained for row in doc.get("items")]), ([], [-4]))

	def test_what_has_no_transaction_of_its_own_is_for_a_person_to_say(self) -> None:
		_board, table, order = self.build_tables(1)
		frappe.db.delete("QuickBooks Link", {"reference_name": order.name})
		doc = frappe.get_doc(TRUE_UP, propose_true_up())
		found = {row.item: row.unexplained for row in doc.get("items")}
		self.assertEqual((doc.lines, found[table.name]), ([], 4))

	def test_what_is_not_in_quickbooks_yet_is_named_and_left_out(self) -> None:
		_board, table, order = self.build_tables(1)
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 5)
		found = self.adjust(item, 2)
		self.company.queue_fault(match={"entity": "Invoice", "operation": "create"}, times=1, code="6000")
		refused = self.ship(table, 1)
		doc = self.true_up()
		self.assertEqual(self.list_causes(doc), [("Recosting", found.name, 2)])
		left_out = {row.item: row.left_out for row in doc.get("items")}
		self.assertIn(refused.name, left_out[table.name])
		self.assertEqual(self.get_balances(CLEARING), [4])
		documents.record(refused.doctype, refused.name)
		self.send(refused)
		doc = self.true_up()
		self.assertEqual(
			sorted(self.list_causes(doc)),
			sorted([("Work Order", order.name, 4), ("Recosting", refused.name, -4)]),
		)
		self.assert_worth()

	def test_a_draft_that_was_overtaken_is_refused(self) -> None:
		_board, table, _order = self.build_tables(1)
		doc = frappe.get_doc(TRUE_UP, propose_true_up())
		frappe.db.commit()
		doc.posting_date = add_days(today(), 1)
		with self.assertRaisesRegex(frappe.ValidationError, "Press Read QuickBooks Again"):
			doc.submit()
		frappe.db.rollback()
		doc.reload()
		self.receive(frappe.get_doc("AO Item", _board.name), 1, 99, posting_date=add_days(today(), -9))
		recost_due_items()
		frappe.db.commit()
		with self.assertRaisesRegex(frappe.ValidationError, "has changed since QuickBooks was read"):
			doc.submit()
		frappe.db.rollback()
		self.true_up()
		self.assertEqual(self.get_balances(CLEARING), [0])
		self.assert_worth()

	def test_nobody_writes_what_was_read(self) -> None:
		_board, table, order = self.build_tables(1)
		self.bring_into_quickbooks(table, 1, "5")
		doc = frappe.get_doc(TRUE_UP, propose_true_up())
		frappe.db.commit()
		doc.lines[0].difference = 1000
		row = doc.get("items")[0]
		row.update({"unexplained": 1000, "account": SHRINKAGE, "reason": "A gift"})
		doc.append(
			"lines", {"reference_doctype": order.doctype, "reference_name": order.name, "difference": 7}
		)
		doc.save()
		doc.reload()
		self.assertEqual(self.list_causes(doc), [("Work Order", order.name, 4)])
		row = doc.get("items")[0]
		self.assertEqual((row.unexplained, row.account, row.reason), (-5, SHRINKAGE, "A gift"))
		self.assertEqual(doc.total_difference, -1)
		doc.submit()
		self.send(doc)
		self.assertEqual(self.get_balances(DIFFERENCE, SHRINKAGE, CLEARING), [-1, 5, 0])
		self.assert_worth()
		made = frappe.get_doc(
			{
				"doctype": TRUE_UP,
				"lines": [
					{"reference_doctype": order.doctype, "reference_name": order.name, "difference": 7}
				],
			}
		).insert()
		self.assertEqual(made.lines, [])
		with self.assertRaisesRegex(frappe.ValidationError, "Press Read QuickBooks Again"):
			made.submit()

	def test_one_at_a_time(self) -> None:
		_board, table, _order = self.build_tables(1)
		doc = frappe.get_doc(TRUE_UP, propose_true_up())
		self.company.queue_fault(
			match={"entity": "JournalEntry", "operation": "create"}, times=1, code="6000"
		)
		doc.submit()
		self.send(doc)
		with self.assertRaisesRegex(frappe.ValidationError, f"{doc.name} is not in QuickBooks"):
			propose_true_up()

	def test_none_is_dated_before_one_that_was_posted(self) -> None:
		self.build_tables(1)
		doc = self.true_up()
		with self.assertRaisesRegex(frappe.ValidationError, f"{doc.name} is dated"):
			propose_true_up(add_days(today(), -1))

	def test_without_quickbooks_nothing_is_proposed(self) -> None:
		self.build_tables(1)
		self.company.set_knobs(http_503_html=True)
		with self.assertRaisesRegex(frappe.ValidationError, "QuickBooks had an error of its own"):
			propose_true_up()
		self.assertEqual(frappe.get_all(TRUE_UP, order_by="name"), [])
		calls = frappe.get_all(
			"QuickBooks Call",
			filters={"operation": "report"},
			fields=["error"],
			order_by="creation desc",
			limit=1,
		)
		self.assertIn("error of its own", calls[0].error)


class TestVariances(CountedTestCase):
	FIGURES = ("our_components", "quickbooks_components", "our_product", "quickbooks_product")
	BOOKED = ("variance", "booked", "to_book")

	def run_report(self, **filters) -> list[dict]:
		return execute(filters)[1]

	def test_a_work_orders_variance_is_listed_before_and_after_it_is_booked(self) -> None:
		_board, table, order = self.build_tables(3)
		apart = self.build(table, 1, work_kind="Disassemble")
		rows = {row["work_order"]: row for row in self.run_report()}
		self.assertEqual([rows[order.name][name] for name in self.FIGURES], [-120, -120, 143.25, 131.25])
		self.assertEqual([rows[order.name][name] for name in self.BOOKED], [12, 0, 12])
		# A table of 47.75 here, of 43.75 there, becomes two boards, which come in there at their purchase cost.
		self.assertEqual([rows[apart.name][name] for name in self.FIGURES], [55.5, 36, -47.75, -43.75])
		self.true_up()
		(row,) = self.run_report(work_order=order.name)
		self.assertEqual([row[name] for name in self.BOOKED], [12, 12, 0])
		self.assertEqual(self.get_balances(CLEARING), [0])

	def test_what_is_not_there_says_why(self) -> None:
		board = make_item(purchase_cost=18)
		self.receive(board, 10, 20)
		self.company.queue_fault(
			match={"entity": "InventoryAdjustment", "operation": "create"}, times=1, code="6000"
		)
		order = self.build(self.make_table(board), 1)
		(row,) = self.run_report(work_order=order.name)
		order.reload()
		self.assertEqual(row["note"], order.quickbooks_reason)
		self.assertNotIn("variance", row)


class TestUnconfirmed(CountedTestCase):
	"""Whatever QuickBooks does where Intuit says nothing, the true-up brings its books to our valuation."""

	def test_under_each_value_of_each_knob(self) -> None:
		for knob, value in (
			("stock_positive_adjustment_cost", "current_layer"),
			("stock_positive_adjustment_cost", "zero"),
			("stock_return_cost", "purchase_cost"),
			("stock_return_cost", "sale_cost"),
			("stock_vendor_credit_cost", "line_amount"),
			("stock_back_dating", "entry_order"),
			("stock_same_day_order", "receipts_first"),
			("stock_rounding", "per_unit"),
			("stock_negative", "keep"),
			("stock_negative", "recost"),
		):
			with self.subTest(knob=knob, value=value):
				self.setUp()
				self.company.set_knobs(**{knob: value})
				self.tell_story()

	def tell_story(self) -> None:
		before = frappe.db.get_single_value("AO Settings", "negative_stock")
		self.addCleanup(frappe.db.set_single_value, "AO Settings", "negative_stock", before)
		frappe.db.set_single_value("AO Settings", "negative_stock", "Allow")
		board = make_item(purchase_cost=18)
		self.receive(board, 7, 20.01, posting_date=add_days(today(), -9))
		second = self.receive(board, 5, 21.37, posting_date=add_days(today(), -8))
		table = self.make_table(board)
		self.build(table, 3, posting_date=add_days(today(), -7))
		ship_doc = self.ship(table, 2)
		self.take_back(ship_doc, 1)
		returned = make_vendor_return(second.name)
		returned.lines[0].update({"quantity": 1, "unit_cost": 22})
		self.send(returned.insert().submit())
		self.adjust(board, 1)
		self.true_up()
		self.assert_worth()
		self.assertEqual(self.get_balances(CLEARING), [0])
		self.assert_done()
		self.ship(board, 9)
		self.receive(board, 6, 23.11)
		self.receive(board, 2, 25, posting_date=add_days(today(), -10))
		self.build(table, 1, work_kind="Disassemble")
		recost_due_items()
		frappe.db.commit()
		self.true_up()
		self.assert_worth()
		self.assertEqual(self.get_balances(CLEARING), [0])
		self.assert_done()
