"""Opening quantities come in from a spreadsheet, through Frappe's own Data Import."""

import csv
import io

import frappe
from frappe.core.doctype.data_import.importer import Importer

from allorders_qb.stock.ledger import read_balances
from allorders_qb.tests.committed import CommittingTestCase
from allorders_qb.tests.utils import make_item, make_location


def write_csv(rows: list[list[str]]) -> str:
	text = io.StringIO()
	csv.writer(text).writerows(rows)
	return text.getvalue()


class TestImportOfOpeningStock(CommittingTestCase):
	def test_a_spreadsheet_of_opening_quantities(self) -> None:
		chai, mugs = make_item().name, make_item().name
		main, shop = make_location().name, make_location().name
		log = self.import_rows(
			[
				[
					"Counted On",
					"Item (Counted)",
					"Location (Counted)",
					"Quantity (Counted)",
					"Unit Cost (Counted)",
				],
				["2026-01-01", chai, main, "40", "9.125"],
				["", chai, shop, "2.5", "9.125"],
				["", mugs, main, "500", ""],
			]
		)
		self.assertEqual([row.success for row in log], [1], log)
		places = {(chai, main): 40, (chai, shop): 2.5, (mugs, main): 500}
		self.assertEqual({place: float(value) for place, value in read_balances(places).items()}, places)
		voucher = frappe.get_doc("AO Opening Stock", log[0].docname)
		self.assertEqual((voucher.docstatus, voucher.lines[0].unit_cost), (1, 9.125))

	def test_a_wrong_row_is_named_and_nothing_moves(self) -> None:
		chai, service, main = make_item().name, make_item(item_type="Service").name, make_location().name
		log = self.import_rows(
			[
				["Counted On", "Item (Counted)", "Location (Counted)", "Quantity (Counted)"],
				["2026-01-01", chai, main, "5"],
				["", service, main, "1"],
			]
		)
		self.assertEqual([row.success for row in log], [0])
		self.assertIn(f"Row 2: {service} is of type Service, which is not counted in stock.", log[0].messages)
		self.assertEqual(read_balances({(chai, main): 0}), {(chai, main): 0})

	def import_rows(self, rows: list[list[str]]) -> list[frappe._dict]:
		"""Import and submit; return the import's log."""
		self.commit()
		data_import = frappe.new_doc("Data Import")
		data_import.update(
			{
				"reference_doctype": "AO Opening Stock",
				"import_type": "Insert New Records",
				"submit_after_import": 1,
			}
		)
		data_import.insert()
		self.addCleanup(frappe.delete_doc, "Data Import", data_import.name, force=True)
		file = frappe.new_doc("File")
		file.update({"file_name": f"{data_import.name}.csv", "content": write_csv(rows), "is_private": 1})
		file.insert()
		self.addCleanup(frappe.delete_doc, "File", file.name, force=True)
		data_import.import_file = file.file_url
		data_import.save()
		self.commit()
		Importer("AO Opening Stock", data_import=data_import).import_data()
		return frappe.get_all(
			"Data Import Log",
			filters={"data_import": data_import.name},
			fields=["success", "docname", "messages", "exception"],
			order_by="log_index asc",
		)
