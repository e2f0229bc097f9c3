"""QuickBooks' own quantity and value beside ours, as last read, and the true-up that a synchronization proposes."""

import frappe
from frappe.permissions import add_permission, reset_perms
from frappe.utils import add_to_date, now_datetime, today

from allorders_qb.allorders_qb.report.ao_stock_levels.ao_stock_levels import execute as show_levels
from allorders_qb.allorders_qb.report.ao_stock_valuation.ao_stock_valuation import execute as show_valuation
from allorders_qb.api.item_stock import get_quickbooks_stock, read_quickbooks_stock
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.counted_stock.shown import READING
from allorders_qb.sync.runs import engine
from allorders_qb.sync.runs.run_rows import FULL, RUN, SINCE_LAST
from allorders_qb.sync.runs.start import start_run
from allorders_qb.sync.true_up import TRUE_UP
from allorders_qb.tests.test_runs_engine import forget_runs
from allorders_qb.tests.test_true_up_counted import CountedTestCase
from allorders_qb.tests.utils import as_user, make_customer, make_item


class ShownTestCase(CountedTestCase):
	def setUp(self) -> None:
		super().setUp()
		forget_runs()
		frappe.db.delete(READING)
		frappe.db.commit()

	def synchronize(self, kind: str = SINCE_LAST) -> int:
		"""A synchronization; how often it read a report."""
		self.company.control("DELETE", f"{self.company.realm_id}/requests")
		name = start_run(kind, trigger="Button")
		frappe.db.commit()
		engine.carry_out_runs()
		frappe.db.rollback()
		run = frappe.get_doc(RUN, name)
		self.assertEqual((run.status, run.error_count), ("Finished", 0), run.summary)
		return sum("/reports/" in entry["path"] for entry in self.company.get_requests())


class TestBeside(ShownTestCase):
	def test_a_document_that_is_not_there_explains_the_difference(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4)
		self.company.queue_fault(match={"entity": "Invoice", "operation": "create"}, times=1, code="6000")
		ship_doc = self.ship(item, 3)
		self.assertIsNone(get_quickbooks_stock(item.name))
		self.assertEqual(read_quickbooks_stock(), 1)
		found = get_quickbooks_stock(item.name)
		self.assertEqual((found["quantity"], found["value"]), (10, 40))
		self.assertEqual((found["our_quantity"], found["our_value"]), (7, 28))
		self.assertTrue(found["read_at"])
		ship_doc.reload()
		(unsent,) = found["unsent"]
		self.assertEqual(
			(unsent["name"], unsent["quantity"], unsent["reason"]),
			(ship_doc.name, -3, ship_doc.quickbooks_reason),
		)

	def test_documents_that_the_user_may_not_read_are_not_named(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4)
		self.company.queue_fault(match={"entity": "Invoice", "operation": "create"}, times=1, code="6000")
		ship_doc = self.ship(item, 3)
		read_quickbooks_stock()
		role = self.insert("Role", role_name=f"Stock {frappe.generate_hash(length=6)}")
		for doctype in ("AO Item", READING):
			add_permission(doctype, role)
			self.addCleanup(reset_perms, doctype)
		with as_user(role):
			self.assertEqual(get_quickbooks_stock(item.name)["unsent"], [])
		with as_user("AO Viewer") as user:
			names = [one["name"] for one in get_quickbooks_stock(item.name)["unsent"]]
			self.assertEqual(names, [ship_doc.name])
		self.insert("User Permission", user=user, allow="AO Customer", for_value=make_customer().name)
		with as_user("AO Viewer"):
			self.assertEqual(get_quickbooks_stock(item.name)["unsent"], [])

	def insert(self, doctype: str, **values) -> str:
		name = frappe.get_doc({"doctype": doctype, **values}).insert().name
		self.addCleanup(frappe.delete_doc, doctype, name, force=True)
		return name

	def test_the_reports_show_it(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4)
		self.revalue(item, -2.5)
		read_quickbooks_stock()
		(row,) = [row for row in show_levels()[1] if row["item"] == item.name]
		self.assertEqual((row["on_hand"], row["quickbooks_quantity"]), (10, 10))
		(row,) = [row for row in show_valuation()[1] if row["item"] == item.name]
		self.assertEqual(
			(row["value"], row["quickbooks_value"], row["quickbooks_difference"]), (37.5, 40, -2.5)
		)
		(row,) = [row for row in show_valuation({"to_date": today()})[1] if row["item"] == item.name]
		self.assertNotIn("quickbooks_value", row)

	def test_without_quantities_there_is_nothing_to_show(self) -> None:
		frappe.db.set_single_value(SETTINGS, "inventory_mode", "Values Only")
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		item = make_item()
		self.assertIsNone(get_quickbooks_stock(item.name))
		self.assertEqual(read_quickbooks_stock(), 0)
		self.assertNotIn("quickbooks_quantity", [column["fieldname"] for column in show_levels()[0]])

	def test_a_viewer_sees_it_and_others_do_not(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4)
		read_quickbooks_stock()
		with as_user("AO Viewer"):
			self.assertEqual(get_quickbooks_stock(item.name)["quantity"], 10)
			self.assertRaises(frappe.PermissionError, read_quickbooks_stock)
		with as_user("QuickBooks Poster"), self.assertRaises(frappe.PermissionError):
			get_quickbooks_stock(item.name)


class TestSynchronization(ShownTestCase):
	def test_it_reads_what_may_have_changed_and_no_more(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4)
		self.assertEqual(self.synchronize(), 1)
		self.assertEqual(get_quickbooks_stock(item.name)["quantity"], 10)
		self.assertEqual(self.synchronize(), 0)
		self.ship(item, 3)
		self.assertEqual(self.synchronize(), 1)
		self.assertEqual(get_quickbooks_stock(item.name)["quantity"], 7)
		self.assertEqual(self.synchronize(FULL), 1)
		frappe.db.set_value(
			READING,
			{"item": item.name},
			"read_at",
			add_to_date(now_datetime(), days=-2),
			update_modified=False,
		)
		frappe.db.commit()
		self.assertEqual(self.synchronize(), 1)

	def test_a_quantity_that_moved_there_is_no_change_of_the_item(self) -> None:
		item = make_item(purchase_cost=4)
		self.receive(item, 10, 4)
		self.synchronize()
		before = frappe.db.get_value("AO Item", item.name, "modified")
		self.company.set_knobs(own_writes_bump_parties=True)
		self.bring_into_quickbooks(item, 2, "5")
		queued = frappe.db.count("QuickBooks Queue Entry", {"reference_name": item.name})
		self.synchronize()
		self.assertEqual(frappe.db.get_value("AO Item", item.name, "modified"), before)
		run = frappe.get_last_doc(RUN)
		changed = [
			(row.list_type, row.updated, row.conflicts) for row in run.lists if row.updated or row.conflicts
		]
		self.assertEqual([row for row in changed if row[0] == "AO Item"], [])
		self.assertEqual(frappe.db.count("QuickBooks Queue Entry", {"reference_name": item.name}), queued)

	def test_by_setting_it_proposes_the_true_up(self) -> None:
		self.build_tables(1)
		self.synchronize()
		self.assertEqual(frappe.get_all(TRUE_UP, order_by="name"), [])
		settings = frappe.get_doc(SETTINGS)
		settings.true_up_at_synchronization = 1
		settings.save()
		self.addCleanup(frappe.db.set_single_value, SETTINGS, "true_up_at_synchronization", 0)
		self.synchronize(FULL)
		(name,) = frappe.get_all(TRUE_UP, filters={"docstatus": 0}, pluck="name", order_by="name")
		doc = frappe.get_doc(TRUE_UP, name)
		self.assertEqual([(line.cause, line.difference) for line in doc.lines], [("Work Order", 4)])
		doc.submit()
		self.send(doc)
		self.synchronize(FULL)
		self.assertEqual(frappe.get_all(TRUE_UP, filters={"docstatus": 0}, order_by="name"), [])
