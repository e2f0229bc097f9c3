"""For tests of the books: a connected site under an inventory mode, with stock to ship, and the company's ledger to ask."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document

from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.links import store_link
from allorders_qb.sync.registry import LIST_ROLE
from allorders_qb.tests.emulated import connect_site, run_emulator, work
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_item,
	make_location,
	make_opening_stock,
	make_ship_doc,
)

INVENTORY_ASSET, COST_OF_GOODS, SHRINKAGE, SCRAP = (
	"Inventory Asset",
	"Cost of Goods Sold",
	"Inventory Shrinkage",
	"Scrap",
)
CLEARING, DIFFERENCE = "Manufacturing Clearing", "Inventory Cost Difference"
LABOUR, OVERHEAD = "Labor Applied", "Overhead Applied"

ACCOUNTS = {
	"inventory_asset_account": INVENTORY_ASSET,
	"cost_of_goods_account": COST_OF_GOODS,
	"adjustment_account": SHRINKAGE,
	"scrap_account": SCRAP,
	"cost_difference_account": DIFFERENCE,
	"manufacturing_clearing_account": CLEARING,
	"purchase_variance_account": "Purchase Variance",
	"labour_account": LABOUR,
	"subcontract_account": LABOUR,
	"overhead_account": OVERHEAD,
	"landed_cost_clearing_account": "Landed Cost Clearing",
	"received_not_billed_account": "Received Not Billed",
	"deposit_account": "Undeposited Funds",
	"refund_account": "Checking",
}
START = "2020-01-01"


class BooksTestCase(IntegrationTestCase):
	"""A connected site; every test begins with an empty company, without an inventory mode."""

	COMPANY = "us_wholesaler"
	ACCOUNTS = ACCOUNTS

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		emulator = run_emulator(company=cls.COMPANY)
		cls.company = emulator.__enter__()
		cls.addClassCleanup(emulator.__exit__, None, None, None)
		cls.addClassCleanup(forget_mode)

	def setUp(self):
		super().setUp()
		frappe.set_user("Administrator")
		self.company.reset()
		forget_mode()
		connect_site(self.company)
		self.location = make_location().name

	def choose_mode(self, mode: str, **values: Any) -> None:
		"""Choose a mode with all its accounts, as a person does in QuickBooks Settings."""
		settings = frappe.get_doc(SETTINGS)
		settings.update({"inventory_mode": mode, "inventory_start_date": START, **self.ACCOUNTS, **values})
		settings.save()
		frappe.db.commit()

	def stock(self, quantity: float = 10, cost: Any = 4, **values: Any) -> Document:
		"""A new item with so many on hand at the test's location, each at `cost`."""
		item = make_item(purchase_cost=cost, **values)
		make_opening_stock(
			[{"item": item.name, "location": self.location, "quantity": quantity, "unit_cost": cost}]
		)
		return item

	def ship(self, item: Document, quantity: float, **line: Any) -> Document:
		"""A ship doc of so many, submitted and sent."""
		ship_doc = make_ship_doc(
			lines=[{"item": item.name, "quantity": quantity, **line}], location=self.location, submit=True
		)
		return self.send(ship_doc)

	def send(self, doc: Document) -> Document:
		"""Let workers send what is queued."""
		frappe.db.commit()
		work()
		return doc

	def list_roles(self, doc: Document) -> list[str]:
		"""The roles of a document's rows, in the order in which they leave."""
		return [row.role for row in rows.get_rows(doc.doctype, doc.name)]

	def get_item(self, item: Document) -> dict:
		"""QuickBooks' item."""
		return self.company.query(f"SELECT * FROM Item WHERE Name = '{item.name}'")[0]

	def get_quantity(self, item: Document) -> float:
		return float(self.get_item(item)["QtyOnHand"])

	def send_item(self, item: Document) -> dict:
		"""Have an item in QuickBooks before any document needs it."""
		from allorders_qb.sync.queue import queue_needed_record

		queue_needed_record("AO Item", item.name)
		frappe.db.commit()
		work()
		return self.get_item(item)

	def bring_into_quickbooks(self, item: Document, quantity: float, cost: str) -> None:
		"""Buy so many there, by a bill that a person enters."""
		remote = self.send_item(item)
		vendor = self.company.post("Vendor", {"DisplayName": f"Supplier of {item.name}"})
		self.company.post(
			"Bill",
			{
				"VendorRef": {"value": vendor["Id"]},
				"TxnDate": "2020-01-02",
				"Line": [
					{
						"DetailType": "ItemBasedExpenseLineDetail",
						"Amount": float(cost) * quantity,
						"ItemBasedExpenseLineDetail": {
							"ItemRef": {"value": remote["Id"]},
							"Qty": quantity,
							"UnitPrice": float(cost),
						},
					}
				],
			},
		)

	def link_inventory_item(self, item: Document) -> None:
		"""Link an item to one that QuickBooks counts."""
		ids = {row["Name"]: row["Id"] for row in self.company.query("SELECT * FROM Account MAXRESULTS 1000")}
		remote = self.company.post(
			"Item",
			{
				"Name": item.name,
				"Type": "Inventory",
				"TrackQtyOnHand": True,
				"QtyOnHand": 0,
				"InvStartDate": START,
				"IncomeAccountRef": {"value": ids["Sales of Product Income"]},
				"ExpenseAccountRef": {"value": ids[COST_OF_GOODS]},
				"AssetAccountRef": {"value": ids[INVENTORY_ASSET]},
			},
		)
		store_link(self.company.realm_id, "AO Item", item.name, LIST_ROLE, "Item", remote)


def forget_mode() -> None:
	"""A site where no mode was ever chosen."""
	empty = dict.fromkeys(ACCOUNTS)
	for field, value in {
		**empty,
		"inventory_mode": "Not Chosen",
		"inventory_fixed_by": None,
		"bills_by_account": 0,
		"inventory_start_date": None,
	}.items():
		frappe.db.set_single_value(SETTINGS, field, value)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	frappe.db.commit()
