"""The desk around the documents: workspace, number cards, connections, print formats, list colours."""

import json
from pathlib import Path

import frappe
from frappe.desk.desktop import Workspace, get_desktop_page
from frappe.desk.doctype.number_card.number_card import get_result
from frappe.desk.notifications import get_open_count
from frappe.model.document import Document
from frappe.modules import get_module_path

from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import (
	make_ship_doc as map_ship_doc,
)
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	as_user,
	make_customer,
	make_item,
	make_location,
	make_opening_stock,
	make_purchase_order,
	make_sales_order,
	make_ship_doc,
	make_vendor,
)

WORKSPACE = "All Orders"


def count_card(name: str) -> int:
	card = frappe.get_doc("Number Card", name)
	return get_result(card.as_json(), card.filters_json)


def count_connections(doc: Document) -> dict[str, int]:
	"""Return what the form counts under Connections; early releases of Frappe 15 answer in another shape."""
	answer = get_open_count(doc.doctype, doc.name)["count"]
	rows = answer if isinstance(answer, list) else answer["external_links_found"]
	return {row.get("doctype") or row["name"]: row["count"] for row in rows if row["count"]}


def may_see(page: dict) -> bool:
	"""Return whether the user is offered a workspace."""
	try:
		return bool(Workspace(page).is_permitted())
	except frappe.PermissionError:
		return False


class TestWorkspace(IntegrationTestCase):
	def test_every_block_names_something_that_exists(self) -> None:
		workspace = frappe.get_doc("Workspace", WORKSPACE)
		labels = {
			"number_card": {card.label for card in workspace.number_cards},
			"shortcut": {shortcut.label for shortcut in workspace.shortcuts},
			"card": {link.label for link in workspace.links if link.type == "Card Break"},
		}
		names = {"number_card": "number_card_name", "shortcut": "shortcut_name", "card": "card_name"}
		shown = {kind: set() for kind in labels}
		for block in json.loads(workspace.content):
			if block["type"] in names:
				shown[block["type"]].add(block["data"][names[block["type"]]])
		self.assertEqual(shown, labels)
		for link in workspace.links:
			if link.type == "Link":
				self.assertTrue(frappe.db.exists(link.link_type, link.link_to), link.link_to)
		for shortcut in workspace.shortcuts:
			self.assertTrue(frappe.db.exists("DocType", shortcut.link_to), shortcut.link_to)
		for card in workspace.number_cards:
			self.assertTrue(frappe.db.exists("Number Card", card.number_card_name), card.number_card_name)

	def test_each_role_sees_it_with_its_cards(self) -> None:
		page = {"name": WORKSPACE, "title": WORKSPACE, "public": 1}
		for role in ("AO Viewer", "AO User", "AO Manager", "QuickBooks Poster", "QuickBooks Manager"):
			with as_user(role):
				self.assertTrue(may_see(page), role)
				shown = get_desktop_page(json.dumps(page))
				cards = {item.label for item in shown["number_cards"]["items"]}
				self.assertLessEqual({"Open Orders", "Orders Partly Shipped"}, cards, role)
				self.assertIn("Sales Orders", [item["label"] for item in shown["shortcuts"]["items"]], role)
		with as_user("Website Manager"):
			self.assertFalse(may_see(page))

	def test_number_cards_count_what_they_say(self) -> None:
		names = ("AO Open Orders", "AO Partly Shipped Orders", "AO Shipped Not in QuickBooks")
		before = [count_card(name) for name in names]
		item = make_item()
		order = make_sales_order(lines=[{"item": item.name, "quantity": 4}])
		make_sales_order()
		make_sales_order(submit=False)
		self.assert_more(names, before, [2, 0, 0])
		ship_doc = make_ship_doc(order, quantities={item.name: 1}, submit=True)
		self.assert_more(names, before, [2, 1, 1])
		for status, waiting in (
			("", 1),
			("Not Sent", 1),
			("Outcome Unknown", 1),
			("Sent", 0),
			("Never Send", 0),
		):
			ship_doc.db_set("quickbooks_status", status)
			self.assert_more(names, before, [2, 1, waiting])
		make_ship_doc(order, submit=True)
		self.assert_more(names[:2], before[:2], [1, 0])

	def assert_more(self, names: tuple[str, ...], before: list[int], more: list[int]) -> None:
		self.assertEqual([count_card(name) - count for name, count in zip(names, before, strict=True)], more)


class TestConnections(IntegrationTestCase):
	def test_what_is_connected_to_what(self) -> None:
		customer, item, location = make_customer(), make_item(), make_location()
		opening = make_opening_stock([{"item": item.name, "location": location.name, "quantity": 9}])
		order = make_sales_order(customer, [{"item": item.name, "quantity": 5}])
		other = make_sales_order(customer, [{"item": item.name, "quantity": 5}])
		ship_doc = map_ship_doc(other.name, map_ship_doc(order.name))
		ship_doc.location = location.name
		ship_doc.insert().submit()
		make_ship_doc(customer=customer, lines=[{"item": item.name, "quantity": 1}], location=location.name)
		for doc, expected in (
			(order, {"AO Ship Doc": 1}),
			(customer, {"AO Sales Order": 2, "AO Ship Doc": 2}),
			(
				item,
				{"AO Sales Order": 2, "AO Ship Doc": 2, "AO Opening Stock": 1, "AO Stock Ledger Entry": 3},
			),
			(location, {"AO Stock Balance": 1, "AO Stock Ledger Entry": 3, "AO Ship Doc": 2}),
			(opening, {"AO Stock Ledger Entry": 1}),
			(ship_doc, {"AO Stock Ledger Entry": 2}),
		):
			self.assertEqual(count_connections(doc), expected, doc.doctype)
		table, field = ship_doc.meta.get_dashboard_data()["internal_links"]["AO Sales Order"]
		self.assertEqual({row.get(field) for row in ship_doc.get(table)}, {order.name, other.name})


class TestPrintFormats(IntegrationTestCase):
	def test_order_confirmation(self) -> None:
		item = make_item(description="Mug <12 oz>", unit_price=4.525)
		order = make_sales_order(
			lines=[{"item": item.name, "quantity": 1234.5678, "discount_percent": 33.333}],
			freight=12.5,
			po_number="PO-77",
			bill_to_line1="12 Harbor Lane",
			bill_to_city="Astoria",
			customer_note="Before noon, please.",
			private_note="Pays late.",
		)
		html = frappe.get_print(order.doctype, order.name, "AO Order Confirmation")
		for shown in (
			order.name,
			"Order Confirmation",
			"12 Harbor Lane",
			"PO-77",
			"Mug &lt;12 oz&gt;",
			"1234.5678 each",
			"33.333 %",
			"4.525",
			order.get_formatted("total"),
			"12.50",
			"Before noon, please.",
		):
			self.assertIn(shown, html)
		self.assertNotIn("Pays late.", html)

	def test_packing_slip_has_no_prices(self) -> None:
		item = make_item(description="Chai", unit_price=18.77)
		order = make_sales_order(lines=[{"item": item.name, "quantity": 3}], freight=12.34)
		ship_doc = make_ship_doc(order, tracking_number="1Z 999", ship_to_line1="Dock 4", submit=True)
		html = frappe.get_print(ship_doc.doctype, ship_doc.name, "AO Packing Slip")
		for shown in (ship_doc.name, order.name, "Packing Slip", "Dock 4", "1Z 999", "Chai", "each"):
			self.assertIn(shown, html)
		for hidden in ("18.77", "56.31", "12.34"):
			self.assertNotIn(hidden, html)

	def test_what_a_vendor_gets(self) -> None:
		vendor, location = (
			make_vendor(address_line1="Kai 7", address_city="Hamburg"),
			make_location(line1="Dock 9"),
		)
		price = {
			"vendor": vendor.name,
			"vendor_item_code": "MUG-12",
			"purchase_unit": "dozen",
			"conversion": 12,
		}
		item = make_item(description="Mug <12 oz>", vendor_prices=[{**price, "unit_cost": 30.125}])
		lines = [{"item": item.name, "quantity": 2.5, "discount_percent": 10}]
		order = make_purchase_order(
			vendor, lines, location=location.name, vendor_note="By rail, please.", private_note="Too dear."
		)
		html = frappe.get_print(order.doctype, order.name, "AO Purchase Order Form")
		for shown in (
			*(
				"Purchase Order",
				order.name,
				"Kai 7",
				"Hamburg",
				"Dock 9",
				"MUG-12",
				"Mug &lt;12 oz&gt;",
				"2.5 dozen",
			),
			*("30 each", "30.125", "10 %", order.get_formatted("total"), "By rail, please."),
		):
			self.assertIn(shown, html)
		self.assertNotIn("Too dear.", html)

	def test_they_are_what_the_print_button_offers(self) -> None:
		for doctype, name in (
			("AO Sales Order", "AO Order Confirmation"),
			("AO Ship Doc", "AO Packing Slip"),
			("AO Purchase Order", "AO Purchase Order Form"),
			("AO Vendor Return", "AO Vendor Return Slip"),
		):
			self.assertEqual(frappe.get_meta(doctype).default_print_format, name)
			self.assertEqual(frappe.db.get_value("Print Format", name, "doc_type"), doctype)


class TestDocTypes(IntegrationTestCase):
	def test_every_status_has_a_colour(self) -> None:
		for doctype in (
			"AO Sales Order",
			"AO Ship Doc",
			"AO Purchase Order",
			"AO Receiver",
			"AO Vendor Bill",
			"AO Vendor Return",
		):
			meta = frappe.get_meta(doctype)
			options = meta.get_field("status").options.split("\n")
			self.assertEqual([state.title for state in meta.states], options)

	def test_what_is_computed_is_neither_copied_nor_changed_after_submit(self) -> None:
		for doctype, fields in (
			("AO Sales Order", ("status", "percent_shipped", "is_closed")),
			("AO Sales Order Line", ("shipped_quantity",)),
			("AO Ship Doc", ("status", "quickbooks_status", "quickbooks_id", "quickbooks_doc_number")),
			("AO Purchase Order", ("status", "percent_received", "is_closed")),
			("AO Purchase Order Line", ("received_quantity",)),
		):
			for fieldname in fields:
				df = frappe.get_meta(doctype).get_field(fieldname)
				self.assertTrue(df.no_copy and df.read_only, (doctype, fieldname))
				self.assertEqual(bool(df.allow_on_submit), fieldname.startswith("quickbooks_"))

	def test_document_numbers_fit_quickbooks(self) -> None:
		for doc in (make_sales_order(), make_ship_doc()):
			self.assertLessEqual(len(f"{doc.name}-1"), 21)

	def test_lists_are_sorted_on_every_release(self) -> None:
		for path in Path(get_module_path("AllOrders QB")).glob("doctype/ao_*/ao_*.json"):
			definition = json.loads(path.read_text())
			self.assertTrue(definition["sort_field"] and definition["sort_order"], path.name)
