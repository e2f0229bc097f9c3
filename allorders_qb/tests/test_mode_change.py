"""The guided change of the inventory mode, both ways: the emulated company's trial balance before and after, to the cent."""

import json
from decimal import Decimal
from types import SimpleNamespace

import frappe
import requests
from frappe.model.document import Document
from frappe.utils import add_days, today

from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill
from allorders_qb.allorders_qb.report.ao_recosting_differences import ao_recosting_differences
from allorders_qb.allorders_qb.report.ao_work_order_variance import ao_work_order_variance
from allorders_qb.api import mode_change
from allorders_qb.api.true_up import propose_true_up
from allorders_qb.stock.recosting import recost_due_items
from allorders_qb.sync import queue, rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.mode_change import course
from allorders_qb.sync.mode_change.records import CHANGE
from allorders_qb.sync.mode_change.work import note_missing
from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.sync.runs.engine import carry_out_runs
from allorders_qb.sync.runs.start import start_run
from allorders_qb.tests.booked import DIFFERENCE, INVENTORY_ASSET, BooksTestCase
from allorders_qb.tests.committed import OwnConnection
from allorders_qb.tests.emulated import let_time_pass, work
from allorders_qb.tests.utils import make_item, make_receiver, make_vendor, read_message

VALUES, COUNTED = "Values Only", "QuickBooks Counts Too"


class ModeChangeTestCase(BooksTestCase):
	mode: str

	def setUp(self) -> None:
		super().setUp()
		self.forget_others()
		self.addCleanup(self.forget_others)
		self.choose_mode(self.mode)
		self.vendor = make_vendor().name
		self.items = [make_item(purchase_cost=2), make_item(purchase_cost=5, item_type="Inventory Part")]
		self.receive(self.items[0], 12, 2.55)
		self.receive(self.items[1], 7, 5)
		self.ship(self.items[0], 5)

	@staticmethod
	def forget_others() -> None:
		"""Nothing that other tests have left is in stock, or waits to be sent."""
		for doctype in (
			*POSTING_TYPES,
			"AO Item Stock",
			"AO Stock Layer",
			"AO Stock Balance",
			"AO Stock Ledger Entry",
		):
			frappe.db.delete(doctype)
		frappe.db.delete("AO Receiver Line")
		frappe.db.delete("QuickBooks Match")
		frappe.db.commit()

	def receive(self, item: Document, quantity: float, cost: float, **values) -> Document:
		lines = [{"item": item.name, "quantity": quantity, "unit_cost": cost}]
		number = frappe.generate_hash(length=8)
		return self.send(
			make_receiver(
				vendor=self.vendor,
				lines=lines,
				location=self.location,
				vendor_invoice_number=number,
				**values,
			)
		)

	def read_trial_balance(self) -> dict[str, Decimal]:
		token = self.company.grant_tokens().access_token
		answer = requests.get(
			f"{self.company.url}/v3/company/{self.company.realm_id}/reports/TrialBalance",
			params={"start_date": "1900-01-01", "end_date": "2999-12-31"},
			headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
			timeout=30,
		)
		balances = {}
		for row in answer.json()["Rows"]["Row"]:
			columns = [column.get("value") or 0 for column in row.get("ColData", [])]
			if columns and columns[0]:
				balances[columns[0]] = Decimal(str(columns[1])) - Decimal(str(columns[2]))
		return {name: amount for name, amount in balances.items() if amount}

	def propose(self, **values) -> Document:
		doc = frappe.get_doc(CHANGE, mode_change.propose())
		doc.update(values)
		doc.save()
		frappe.db.commit()
		return doc

	def change(self, **values) -> Document:
		"""Prepare, begin and carry out a change."""
		doc = self.propose(**values)
		doc.submit()
		frappe.db.commit()
		return self.go_on(doc)

	def go_on(self, doc: Document) -> Document:
		for _round in range(4):
			carry_out_runs()
			let_time_pass(700)
		frappe.db.commit()
		doc.reload()
		return doc

	def read_failing(self, doc: Document) -> dict[str, str]:
		mode_change.check(doc.name)
		doc.reload()
		return {one["title"]: one["sentence"] for one in json.loads(doc.checks) if not one["holds"]}

	def read_items(self, item: Document) -> list[dict]:
		"""QuickBooks' items that are or were this one, active first."""
		found = self.company.query("SELECT * FROM Item WHERE Active IN (true, false) MAXRESULTS 1000")
		mine = [one for one in found if one["Name"].startswith(item.name)]
		return sorted(mine, key=lambda one: not one["Active"])

	def explain(self, doc: Document) -> str:
		"""What a failing test has to say of a change that is not done."""
		runs = frappe.get_all(
			"QuickBooks Sync Run",
			filters={"kind": "Inventory Mode Change"},
			fields=["name", "status", "summary", "progress_text"],
			order_by="creation desc",
			limit=3,
		)
		errors = frappe.get_all(
			"QuickBooks Sync Run Error", filters={"parent": runs[0].name}, pluck="message", order_by="idx"
		)
		items = [
			(one["Name"], one["Type"], one["Active"], one["Id"])
			for item in self.items
			for one in self.read_items(item)
		]
		lines = [(line.item, line.old_id, line.new_id, line.detached) for line in doc.lines]
		return f"{items} {lines} {doc.status} {doc.step} {doc.quickbooks_reason} {runs} {errors}"

	def assert_no_true_up(self) -> None:
		refused = "no true-up after a change of inventory mode"
		with self.assertRaisesRegex(frappe.ValidationError, refused):
			propose_true_up()
		reports = [ao_recosting_differences]
		if frappe.get_doc(SETTINGS).inventory_mode == COUNTED:
			reports.append(ao_work_order_variance)
		for report in reports:
			_columns, found, message = report.execute()
			self.assertEqual(found, [])
			self.assertIn(refused, message)

	def read_run(self, doc: Document) -> Document:
		return frappe.get_last_doc("QuickBooks Sync Run", {"kind": "Inventory Mode Change"})


class TestFromCountedToValues(ModeChangeTestCase):
	mode = COUNTED

	def test_the_books_are_the_same_before_and_after(self) -> None:
		before = self.read_trial_balance()
		doc = self.change()
		self.assertEqual((doc.status, doc.step), ("Done", None), self.explain(doc))
		self.assertEqual(self.read_trial_balance(), before)
		self.assertEqual(before[INVENTORY_ASSET], Decimal("52.85"))
		self.assertEqual(doc.quickbooks_status, "Sent")
		for item in self.items:
			new, old = self.read_items(item)
			self.assertEqual((new["Name"], new["Type"]), (item.name, "NonInventory"))
			self.assertEqual((old["Type"], old["QtyOnHand"], old["Active"]), ("Inventory", 0, False))
			self.assertIn("until", old["Name"])

	def test_afterwards_the_new_mode_posts_to_the_new_items(self) -> None:
		self.change()
		ship_doc = self.ship(self.items[0], 2)
		self.assertEqual(self.list_roles(ship_doc), ["invoice", "cogs"])
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Sent", ship_doc.quickbooks_reason)
		self.receive(self.items[1], 1, 6)
		value = sum(frappe.get_all("AO Item Stock", pluck="value", order_by="name"))
		self.assertEqual(self.company.get_balance(INVENTORY_ASSET), round(value, 2))

	def test_nothing_is_trued_up_afterwards(self) -> None:
		doc = self.propose()
		doc.submit()
		frappe.db.commit()
		self.assert_no_true_up()
		self.go_on(doc)
		self.assert_no_true_up()

	def test_it_is_moved_to_another_account(self) -> None:
		before = self.read_trial_balance()
		doc = self.change(new_asset_account="Prepaid Expenses")
		self.assertEqual(doc.status, "Done", self.explain(doc))
		after = self.read_trial_balance()
		self.assertEqual(after.pop("Prepaid Expenses"), before.pop(INVENTORY_ASSET))
		self.assertEqual(after, before)

	def test_what_quickbooks_values_otherwise_is_shown_and_stays_in_between(self) -> None:
		self.company.post(
			"JournalEntry",
			{
				"Line": [
					self.make_journal_line(INVENTORY_ASSET, "Credit"),
					self.make_journal_line("Inventory Shrinkage", "Debit"),
				]
			},
		)
		doc = self.propose()
		self.assertIn(
			"QuickBooks has 51.85 on inventory, All Orders values it at 52.85. Bring the difference of -1.00",
			self.read_failing(doc)["Value"],
		)
		self.assertEqual(doc.difference, -1)
		before = self.read_trial_balance()
		doc = self.change(accept_difference=1)
		self.assertEqual(doc.status, "Done")
		after = self.read_trial_balance()
		accounts = (INVENTORY_ASSET, DIFFERENCE)
		self.assertEqual(
			sum(after.pop(one, 0) for one in accounts), sum(before.pop(one, 0) for one in accounts)
		)
		self.assertEqual(after, before)

	def make_journal_line(self, account: str, side: str) -> dict:
		(found,) = self.company.query(f"SELECT * FROM Account WHERE Name = '{account}'")
		return {
			"Amount": 1,
			"DetailType": "JournalEntryLineDetail",
			"JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": found["Id"]}},
		}

	def test_what_happens_meanwhile_waits_and_goes_by_the_new_mode(self) -> None:
		doc = self.propose()
		doc.submit()
		frappe.db.commit()
		ship_doc = self.ship(self.items[0], 1)
		ship_doc.reload()
		self.assertIn("inventory mode is changed", ship_doc.quickbooks_reason)
		self.assertEqual(len(self.company.get_invoices()), 1)
		self.go_on(doc)
		work()
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Sent", ship_doc.quickbooks_reason)
		self.assertEqual(self.list_roles(ship_doc), ["invoice", "cogs"])
		self.assertEqual(self.company.get_balance(INVENTORY_ASSET), 50.3)

	def test_a_full_synchronization_takes_old_items_for_nobodys(self) -> None:
		self.change()
		before = frappe.db.count("AO Item")
		start_run("Full", trigger="Button")
		frappe.db.commit()
		carry_out_runs()
		self.assertEqual(frappe.db.count("AO Item"), before)
		self.assertTrue(frappe.db.exists("AO Item", self.items[0].name))

	def test_what_does_not_hold_is_named_with_its_remedy(self) -> None:
		receiver = self.receive(self.items[0], 1, 2.55, billing="Bill Later")
		doc = self.propose(posting_date="2026-01-01")
		failing = self.read_failing(doc)
		self.assertIn(f"{receiver.name} was received and is not billed", failing["Bills"])
		self.assertIn("is dated after", failing["Period"])
		bill = make_vendor_bill(receiver.name)
		bill.vendor_invoice_number = "1"
		self.send(bill.insert().submit())
		unsent = make_receiver(
			vendor=self.vendor,
			lines=[{"item": self.items[1].name, "quantity": 1, "unit_cost": 5}],
			location=self.location,
			submit=False,
		)
		unsent.submit()
		frappe.db.commit()
		failing = self.read_failing(doc)
		self.assertIn(f"{unsent.name} is still in the queue", failing["Queue"])
		self.assertIn(f"{self.items[1].name}: 8 here, 7 in QuickBooks", failing["Quantities"])
		with self.assertRaises(frappe.ValidationError) as context:
			doc.submit()
		self.assertIn(unsent.name, read_message(context))
		self.assertEqual(frappe.get_doc(SETTINGS).inventory_mode, COUNTED)

	def test_a_cost_that_is_worked_out_anew_is_waited_for(self) -> None:
		doc = self.propose()
		self.assertNotIn("Costs", self.read_failing(doc))
		self.receive(self.items[0], 1, 3, posting_date=add_days(today(), -1))
		self.assertIn(
			f"The cost of {self.items[0].name} is being worked out", self.read_failing(doc)["Costs"]
		)
		with self.assertRaisesRegex(frappe.ValidationError, "being worked out anew"):
			doc.submit()
		recost_due_items()
		self.assertNotIn("Costs", self.read_failing(doc))

	def test_what_moves_while_it_is_checked_is_not_begun_on(self) -> None:
		doc = self.propose()
		mode_change.check(doc.name)
		doc.reload()
		ship_doc = self.ship(self.items[0], 1)
		self.assertEqual(ship_doc.get_db_value("quickbooks_status"), "Sent")
		with self.assertRaises(frappe.ValidationError) as context:
			course.begin(doc)
		self.assertIn(f"{self.items[0].name} moved while it was checked", read_message(context))
		self.assertEqual(frappe.get_doc(SETTINGS).inventory_mode, COUNTED)
		self.assertEqual(self.change().status, "Done")

	def test_what_is_queued_while_it_is_checked_is_not_begun_on(self) -> None:
		doc = self.propose()
		mode_change.check(doc.name)
		doc.reload()
		item = make_item(purchase_cost=1)
		queue.queue_needed_record("AO Item", item.name)
		with self.assertRaises(frappe.ValidationError) as context:
			course.begin(doc)
		self.assertIn(f"{item.name} was put into the queue", read_message(context))
		self.assertEqual(frappe.get_doc(SETTINGS).inventory_mode, COUNTED)

	def test_it_begins_on_what_others_have_committed_and_they_wait_for_it(self) -> None:
		doc = self.propose()
		mode_change.check(doc.name)
		names = [make_item(purchase_cost=1).name for _number in range(2)]
		frappe.db.commit()
		doc.reload()
		early, late = (
			OwnConnection(lambda name=name: queue.queue_needed_record("AO Item", name)) for name in names
		)
		early.start()
		early.join(20)
		self.assertEqual(rows.get_rows("AO Item", names[0]), [], "the snapshot is from before")
		with self.assertRaisesRegex(frappe.ValidationError, f"{names[0]} was put into the queue"):
			course.begin(doc)
		frappe.db.rollback()
		work()
		course.begin(doc)
		late.start()
		late.join(1)
		self.assertTrue(late.is_alive(), "nothing comes into the queue until the new mode holds")
		frappe.db.rollback()
		late.join(20)
		self.assertEqual(len(rows.get_rows("AO Item", names[1])), 1)

	def test_what_is_missing_and_not_on_its_way_is_named(self) -> None:
		item = make_item(purchase_cost=1)
		self.assertEqual(rows.get_rows("AO Item", item.name), [])
		said = []
		context = SimpleNamespace(note_error=lambda *noted: said.append(noted))
		note_missing(context, [item.name])
		((sentence, doctype, name),) = said
		self.assertIn("nothing is on its way", sentence)
		self.assertEqual((doctype, name), ("AO Item", item.name))

	def test_what_stands_beside_quickbooks_counts_whichever_account_is_in_between(self) -> None:
		self.send(
			frappe.get_doc(
				{
					"doctype": "AO Value Adjustment",
					"reason": "Damaged",
					"lines": [{"item": self.items[0].name, "value_change": -2.5}],
				}
			)
			.insert()
			.submit()
		)
		doc = self.propose(transfer_account="Prepaid Expenses")
		self.assertNotIn("Value", self.read_failing(doc))
		self.assertEqual((doc.quickbooks_value, doc.difference), (50.35, 0))

	def test_it_goes_on_after_every_fault(self) -> None:
		before = self.read_trial_balance()
		doc = self.propose()
		doc.submit()
		frappe.db.commit()
		for match in (
			{"entity": "InventoryAdjustment"},
			{"entity": "JournalEntry"},
			{"path": "/batch"},
		):
			self.company.queue_fault(match=match, drop="after_commit", times=1)
		for _round in range(6):
			self.go_on(doc)
		self.assertEqual(doc.status, "Done", self.explain(doc))
		self.assertEqual(self.read_trial_balance(), before)
		self.assertEqual(len(self.company.query("SELECT * FROM InventoryAdjustment")), 1)
		self.assertEqual(len(self.company.query("SELECT * FROM JournalEntry")), 1)

	def test_what_quickbooks_refuses_waits_for_a_person(self) -> None:
		doc = self.propose()
		doc.submit()
		frappe.db.commit()
		self.company.queue_fault(match={"entity": "JournalEntry"}, code="2500", detail="Refused", times=1)
		self.go_on(doc)
		self.assertEqual((doc.status, doc.step), ("Running", "Post"))
		self.assertEqual(self.read_run(doc).status, "Finished with Errors")
		self.assertEqual(doc.quickbooks_status, "Needs Attention")
		from allorders_qb.sync.decisions import retry

		for row in rows.get_rows(CHANGE, doc.name):
			if row.status == "Needs Attention":
				retry(row.name)
		mode_change.go_on(doc.name)
		self.go_on(doc)
		self.assertEqual(doc.status, "Done")

	def test_what_is_begun_stays(self) -> None:
		doc = self.change()
		with self.assertRaises(frappe.ValidationError):
			doc.cancel()


class TestFromValuesToCounted(ModeChangeTestCase):
	mode = VALUES

	def test_the_books_are_the_same_before_and_after(self) -> None:
		before = self.read_trial_balance()
		doc = self.change(transfer_account=DIFFERENCE)
		self.assertEqual((doc.status, doc.step), ("Done", None), self.explain(doc))
		self.assertEqual(self.read_trial_balance(), before)
		self.assertEqual(before[INVENTORY_ASSET], Decimal("52.85"))
		work()
		for item, quantity, cost in ((self.items[0], 7, 2), (self.items[1], 7, 5)):
			new, old = self.read_items(item)
			self.assertEqual((new["Name"], new["Type"], new["QtyOnHand"]), (item.name, "Inventory", quantity))
			self.assertEqual((old["Type"], old["Active"]), ("NonInventory", False))
			self.assertEqual(new["PurchaseCost"], cost, "its own again")

	def test_without_an_account_in_between_there_is_a_draft_that_says_what_to_choose(self) -> None:
		frappe.db.set_single_value(SETTINGS, "cost_difference_account", None)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		doc = self.propose()
		self.assertFalse(doc.transfer_account)
		self.assertIn("Inventory Cost Difference", self.read_failing(doc)["Company and Accounts"])
		with self.assertRaisesRegex(frappe.ValidationError, "Inventory Cost Difference"):
			doc.submit()
		frappe.db.rollback()

	def test_afterwards_quickbooks_counts(self) -> None:
		self.change()
		ship_doc = self.ship(self.items[0], 2)
		self.assertEqual(self.list_roles(ship_doc), ["invoice"])
		self.assertEqual(self.read_items(self.items[0])[0]["QtyOnHand"], 5)
		self.assertEqual(self.company.get_balance(INVENTORY_ASSET), 47.75)

	def test_nothing_is_trued_up_afterwards(self) -> None:
		self.change()
		self.assert_no_true_up()

	def test_whatever_quickbooks_says_they_cost_the_sum_stays(self) -> None:
		accounts = (INVENTORY_ASSET, DIFFERENCE)
		before = self.read_trial_balance()
		self.company.set_knobs(stock_positive_adjustment_cost="zero")
		doc = self.change()
		self.assertEqual(doc.status, "Done", self.explain(doc))
		after = self.read_trial_balance()
		self.assertEqual(sum(after.pop(one, 0) for one in accounts), before.pop(INVENTORY_ASSET))
		self.assertEqual(after, before)

	def test_a_worker_of_before_goes_by_the_mode_that_holds(self) -> None:
		self.assertEqual(frappe.get_cached_doc(SETTINGS).inventory_mode, VALUES)
		singles = frappe.qb.DocType("Singles")
		(
			frappe.qb.update(singles)
			.set(singles.value, COUNTED)
			.where((singles.doctype == SETTINGS) & (singles.field == "inventory_mode"))
			.run()
		)
		self.assertEqual(self.send_item(make_item(purchase_cost=1))["Type"], "Inventory")

	def test_and_back_again(self) -> None:
		before = self.read_trial_balance()
		self.change()
		work()
		self.assertEqual(self.change().status, "Done")
		self.assertEqual(self.read_trial_balance(), before)
		self.assertEqual(frappe.get_doc(SETTINGS).inventory_mode, VALUES)
