"""A migration goes through whatever the settings still name, adds what is missing, and says what is lost."""

import contextlib
import io

import frappe

from allorders_qb import install
from allorders_qb.api.connection import get_connection_status
from allorders_qb.install import ORDER_SETTINGS, SETTINGS
from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.tests.utils import IntegrationTestCase

GONE = "Gone - 1234"
LOST = {
	SETTINGS: {
		"realm_id": "9999999",
		"inventory_mode": "Values Only",
		"inventory_start_date": "2026-01-01",
		"inventory_asset_account": GONE,
		"default_income_account": GONE,
	},
	ORDER_SETTINGS: {"default_location": "A Warehouse That Was"},
}


class TestMigratingWithLostRecords(IntegrationTestCase):
	def setUp(self):
		self.before = {
			doctype: {field: frappe.db.get_single_value(doctype, field) for field in fields}
			for doctype, fields in LOST.items()
		}
		for doctype, values in LOST.items():
			self.write(doctype, values)
		self.addCleanup(self.restore)

	def write(self, doctype: str, values: dict) -> None:
		# A copy: Frappe writes its own fields into it.
		frappe.db.set_single_value(doctype, dict(values))
		frappe.clear_document_cache(doctype, doctype)

	def restore(self):
		frappe.db.rollback()
		for doctype, values in self.before.items():
			self.write(doctype, values)
		frappe.db.commit()

	def migrate(self) -> str:
		with contextlib.redirect_stdout(io.StringIO()) as said:
			install.after_migrate()
		return said.getvalue()

	def test_what_is_missing_is_added_and_nothing_else_is_changed(self):
		frappe.db.delete("QuickBooks Posting Rule", {"document_type": "AO Ship Doc"})
		frappe.db.delete("QuickBooks List Rule", {"list_type": "AO Item"})
		frappe.db.delete("QuickBooks Field Owner", {"list_type": "AO Item"})
		self.write(ORDER_SETTINGS, {"freight_item": None, "default_currency": None})
		with self.assertRaises(frappe.LinkValidationError):
			frappe.get_doc(SETTINGS).save()
		self.migrate()
		self.migrate()
		settings = frappe.get_doc(SETTINGS)
		ruled = sorted(one.doctype for one in POSTING_TYPES.values() if not one.guided)
		self.assertEqual(sorted(row.document_type for row in settings.posting_rules), ruled)
		self.assertEqual(settings.posting_rules[-1].document_type, "AO Ship Doc")
		self.assertEqual(
			[row.direction for row in settings.list_rules if row.list_type == "AO Item"], ["Both Ways"]
		)
		self.assertTrue([row for row in settings.field_owners if row.list_type == "AO Item"])
		for fieldname, value in LOST[SETTINGS].items():
			self.assertEqual(str(settings.get(fieldname)), value, fieldname)
		orders = frappe.get_doc(ORDER_SETTINGS)
		self.assertEqual(orders.freight_item, "Freight")
		self.assertTrue(orders.default_currency)
		self.assertEqual(orders.default_location, "A Warehouse That Was")

	def test_what_is_lost_is_said_there_and_in_the_settings(self):
		said = self.migrate()
		self.assertIn(f"Inventory Asset Account: QuickBooks Account {GONE} is not here any more.", said)
		self.assertIn("AO Settings: Default Location: AO Location A Warehouse That Was", said)
		lost = get_connection_status()["lost"]
		self.assertEqual(len(lost), 3)
		self.assertIn("Connected Company: QuickBooks Connection 9999999", lost[0])
		self.restore()
		self.assertEqual([sentence for sentence in get_connection_status()["lost"] if GONE in sentence], [])
