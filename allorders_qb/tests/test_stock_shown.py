"""The quantities that All Orders shows of an item, and the reports of stock."""

import frappe
from frappe.desk.query_report import run
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_purchase_order.ao_purchase_order import close_purchase_order
from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import (
	make_purchase_order as map_purchase_order,
)
from allorders_qb.stock.quantities_shown import get_item_quantities, to_floats
from allorders_qb.tests.test_purchasing import DAY, PurchasingTestCase
from allorders_qb.tests.utils import (
	as_user,
	make_customer,
	make_item,
	make_location,
	make_opening_stock,
	make_receiver,
	make_sales_order,
	make_ship_doc,
)

NOTHING = {
	"on_hand": 0, "available": 0, "committed": 0, "reserved": 0, "required": 0, "on_order": 0, "in_production": 0,
	"deficiency": 0,
}  # fmt: skip


class TestQuantitiesShown(PurchasingTestCase):
	def assert_shown(self, location: str | None = None, item: str | None = None, **expected: float) -> None:
		self.assertEqual(to_floats(get_item_quantities(item or self.item, location)), {**NOTHING, **expected})

	def bring(self, quantity: float = 20, item: str | None = None) -> None:
		make_opening_stock(
			[{"item": item or self.item, "location": self.location, "quantity": quantity, "unit_cost": 2}],
			posting_date=DAY,
		)

	def sell(self, quantity: float) -> Document:
		lines = [{"item": self.item, "quantity": quantity}]
		return make_sales_order(lines=lines, location=self.location)

	def test_demand_beyond_what_there_is_is_the_deficiency(self) -> None:
		self.assert_shown()
		self.bring(20)
		self.sell(30)
		self.assert_shown(on_hand=20, available=20, required=30, deficiency=10)
		self.order(0.5)
		self.assert_shown(on_hand=20, available=20, required=30, on_order=6, deficiency=4)
		self.assert_shown(self.location, on_hand=20, available=20, required=30, on_order=6, deficiency=4)
		self.assert_shown(make_location().name)

	def test_what_is_committed_is_not_available_and_not_missing_either(self) -> None:
		self.bring(20)
		order = self.sell(20)
		ship_doc = make_ship_doc(order, quantities={self.item: 15}, location=self.location)
		self.assert_shown(on_hand=20, available=5, committed=15, required=20)
		ship_doc.submit()
		self.assert_shown(on_hand=5, available=5, required=5)

	def test_what_is_bought_for_an_order_is_reserved(self) -> None:
		sales_order = self.sell(10)
		order = map_purchase_order(sales_order.name)
		order.insert()
		self.assert_shown(required=10, deficiency=10)
		order.submit()
		self.assert_shown(required=10, reserved=10, on_order=12)
		receiver = make_receiver(order, quantities={self.item: 0.5}, posting_date=DAY)
		self.assert_shown(on_hand=6, available=6, required=10, reserved=10, on_order=6)
		close_purchase_order(order.name)
		self.assert_shown(on_hand=6, available=6, required=10, reserved=6, deficiency=4)
		self.assertEqual(receiver.location, self.location)

	def test_what_customers_have_announced_counts_by_setting(self) -> None:
		self.bring(5)
		frappe.get_doc({
			"doctype": "AO Customer Return", "customer": make_customer().name, "location": self.location,
			"lines": [
				{"item": self.item, "quantity": 2}, {"item": self.item, "quantity": 1, "disposition": "Scrap"},
			],
		}).insert()  # fmt: skip
		self.assert_shown(on_hand=5, available=7)
		settings = frappe.get_doc("AO Settings")
		settings.exclude_returns_from_available = 1
		settings.save()
		self.addCleanup(frappe.clear_document_cache, "AO Settings", "AO Settings")
		self.assert_shown(on_hand=5, available=5)

	def test_work_orders_need_components_and_make_products(self) -> None:
		self.bring(20)
		kit = make_item(item_type="Assembly", components=[{"item": self.item, "quantity": 3}]).name
		work = {"doctype": "AO Work Order", "item": kit, "location": self.location}
		frappe.get_doc({**work, "quantity": 2}).insert()
		self.assert_shown(on_hand=20, available=20, required=6)
		self.assert_shown(item=kit, on_order=2)
		started = frappe.get_doc({**work, "quantity": 1}).insert()
		started.components[0].allocated_quantity = 1
		started.append("steps", {"step_name": "Pack", "status": "In Production"})
		started.save()
		self.assert_shown(on_hand=20, available=19, required=8)
		self.assert_shown(item=kit, on_order=2, in_production=1)


class TestStockReports(PurchasingTestCase):
	def setUp(self) -> None:
		super().setUp()
		for dozens, cost, day in ((1, 30, "2030-05-01"), (1, 48, "2030-05-05")):
			make_receiver(
				vendor=self.vendor,
				lines=[{"item": self.item, "quantity": dozens, "unit_cost": cost}],
				location=self.location,
				posting_date=day,
			)
		make_ship_doc(
			lines=[{"item": self.item, "quantity": 15}],
			location=self.location,
			posting_date="2030-05-08",
			submit=True,
		)

	def report(self, name: str, **filters) -> list[dict]:
		return self.run_report(name, **filters)["result"]

	def list_columns(self, name: str, **filters) -> list[str]:
		return [column["fieldname"] for column in self.run_report(name, **filters)["columns"]]

	def run_report(self, name: str, **filters) -> dict:
		with as_user("AO Viewer"):
			return run(name, filters={"item": self.item, **filters}, ignore_prepared_report=True)

	def test_stock_levels(self) -> None:
		make_sales_order(lines=[{"item": self.item, "quantity": 10}], location=self.location)
		(row,) = self.report("AO Stock Levels", only_deficient=1)
		self.assertEqual((row["location"], row["on_hand"], row["deficiency"]), (self.location, 9, 1))
		self.assertEqual(self.report("AO Stock Levels", location=make_location().name), [])

	def test_stock_valuation_with_its_layers_and_of_another_day(self) -> None:
		item, layer = self.report("AO Stock Valuation", show_layers=1)
		self.assertEqual((item["quantity"], item["value"], item["unit_cost"], item["layers"]), (9, 36, 4, 1))
		self.assertEqual((layer["received"], layer["quantity"], layer["value"]), (12, 9, 36))
		self.assertNotIn("received", self.list_columns("AO Stock Valuation"))
		self.assertIn("received", self.list_columns("AO Stock Valuation", show_layers=1))
		(before,) = self.report("AO Stock Valuation", to_date="2030-05-05")
		self.assertEqual((before["quantity"], before["value"]), (24, 78))

	def test_stock_ledger_with_what_there_was_after_each_movement(self) -> None:
		rows = self.report("AO Stock Ledger", from_date="2030-05-05")
		self.assertEqual([(row["quantity_after"], row["value_after"]) for row in rows], [(24, 78), (9, 36)])
		here = self.report("AO Stock Ledger", location=self.location)
		self.assertEqual([row["quantity_change"] for row in here], [12, 12, -15])
