"""Who may do what, in the desk and through REST."""

import json

import frappe

from allorders_qb.allorders_qb.doctype.ao_item.ao_item import get_stock
from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import (
	close_sales_order,
	reopen_sales_order,
)
from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import (
	make_ship_doc as map_ship_doc,
)
from allorders_qb.tests.committed import CommittingTestCase, read_api_message
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	as_user,
	make_customer,
	make_item,
	make_location,
	make_opening_stock,
	make_sales_order,
	make_ship_doc,
)

DOCUMENTS = (
	"AO Payment",
	"AO Sales Order",
	"AO Ship Doc",
	"AO Purchase Order",
	"AO Receiver",
	"AO Vendor Bill",
	"AO Vendor Return",
)
RIGHTS = ("read", "write", "create", "submit", "cancel", "amend", "delete")
NOTHING: frozenset[str] = frozenset()
READ = frozenset({"read"})
ALL_OF_A_DOCUMENT = frozenset(RIGHTS)
ALL_OF_A_LIST = frozenset({"read", "write", "create", "delete"})

EXPECTED = {
	"AO Viewer": {
		"document": READ,
		"party": READ,
		"list": READ,
		"opening": READ,
		"ledger": READ,
		"settings": READ,
	},
	"AO User": {
		"document": frozenset({"read", "write", "create", "submit"}),
		"party": frozenset({"read", "write", "create"}),
		"list": READ,
		"opening": READ,
		"ledger": READ,
		"settings": READ,
	},
	"AO Manager": {
		"document": ALL_OF_A_DOCUMENT,
		"party": ALL_OF_A_LIST,
		"list": ALL_OF_A_LIST,
		"opening": ALL_OF_A_DOCUMENT,
		"ledger": READ,
		"settings": frozenset({"read", "write", "create"}),
	},
	"System Manager": {
		"document": ALL_OF_A_DOCUMENT,
		"party": ALL_OF_A_LIST,
		"list": ALL_OF_A_LIST,
		"opening": ALL_OF_A_DOCUMENT,
		"ledger": READ,
		"settings": frozenset({"read", "write", "create"}),
	},
	"QuickBooks Poster": {"document": READ, "party": READ, "list": READ, "settings": READ},
	"QuickBooks Manager": {"document": READ, "party": READ, "list": READ, "settings": READ},
	"Blogger": {
		"document": NOTHING,
		"party": NOTHING,
		"list": NOTHING,
		"opening": NOTHING,
		"ledger": NOTHING,
	},
}
KINDS = {
	"document": DOCUMENTS,
	"party": ("AO Customer", "AO Item"),
	"list": ("AO Location", "AO Shipping Method", "AO Sales Rep", "AO Customer Type"),
	"opening": ("AO Opening Stock",),
	"ledger": ("AO Stock Ledger Entry", "AO Stock Balance"),
	"settings": ("AO Settings",),
}


class TestRoles(IntegrationTestCase):
	def test_rights_of_each_role(self) -> None:
		for role, kinds in EXPECTED.items():
			if not frappe.db.exists("Role", role):
				continue
			with as_user(role):
				for kind, expected in kinds.items():
					for doctype in KINDS[kind]:
						held = {right for right in RIGHTS if frappe.has_permission(doctype, right)}
						self.assertEqual(held, expected, f"{role} on {doctype}")

	def test_a_user_orders_and_ships_but_does_not_cancel(self) -> None:
		customer, item, location = make_customer().name, make_item().name, make_location().name
		with as_user("AO User"):
			order = make_sales_order(customer, [{"item": item, "quantity": 2}])
			ship_doc = make_ship_doc(order, location=location, submit=True)
			self.assertEqual(frappe.db.get_value("AO Sales Order", order.name, "status"), "Closed")
			self.assertRaises(frappe.PermissionError, ship_doc.cancel)
		ship_doc.reload()
		with as_user("AO Manager"):
			ship_doc.cancel()
			self.assertEqual(frappe.db.get_value("AO Sales Order", order.name, "status"), "Open")

	def test_a_viewer_reads_and_changes_nothing(self) -> None:
		draft = make_sales_order(submit=False)
		submitted = make_sales_order()
		with as_user("AO Viewer"):
			self.assertEqual(frappe.get_doc("AO Sales Order", draft.name).customer, draft.customer)
			self.assertIn(
				draft.name, frappe.get_list("AO Sales Order", pluck="name", order_by="creation desc")
			)
			self.assertEqual(get_stock(draft.lines[0].item)["required"], 0)
			for refused in (
				lambda: frappe.get_doc("AO Sales Order", draft.name).submit(),
				lambda: frappe.get_doc("AO Sales Order", draft.name).save(),
				lambda: make_sales_order(draft.customer, [{"item": draft.lines[0].item, "quantity": 1}]),
				lambda: map_ship_doc(submitted.name),
				lambda: close_sales_order(submitted.name),
				lambda: reopen_sales_order(submitted.name),
				lambda: make_opening_stock([{"item": draft.lines[0].item}]),
			):
				self.assertRaises(frappe.PermissionError, refused)

	def test_a_stranger_reads_nothing(self) -> None:
		order = make_sales_order()
		with as_user("Website Manager"):
			self.assertRaises(frappe.PermissionError, frappe.get_list, "AO Sales Order")
			self.assertRaises(frappe.PermissionError, map_ship_doc, order.name)
			self.assertRaises(frappe.PermissionError, get_stock, order.lines[0].item)


class TestThroughRest(CommittingTestCase):
	METHODS = "/api/method/allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order"

	def test_totals_and_status_of_a_client_are_recomputed(self) -> None:
		customer, item = make_customer().name, make_item().name
		status, body = self.call_api(
			("AO User",),
			"POST",
			"/api/resource/AO Sales Order",
			customer=customer,
			total=1,
			subtotal=1,
			status="Closed",
			percent_shipped=100,
			is_closed=1,
			lines=[
				{
					"item": item,
					"quantity": "3",
					"amount": 1,
					"shipped_quantity": 3,
					"discount_percent": "33.333",
				}
			],
		)
		self.assertEqual(status, 200, body)
		order = frappe.get_doc("AO Sales Order", body["data"]["name"])
		self.assertEqual((order.total, order.subtotal, order.lines[0].amount), (20, 20, 20))
		self.assertEqual((order.status, order.percent_shipped, order.is_closed), ("Draft", 0, 0))
		self.assertEqual(order.lines[0].shipped_quantity, 0)

		status, body = self.call_api(
			("AO User",), "PUT", f"/api/resource/AO Sales Order/{order.name}", total=1, docstatus=1
		)
		self.assertEqual(status, 200, body)
		order.reload()
		self.assertEqual((order.docstatus, order.status, order.total), (1, "Open", 20))

		for computed in ({"status": "Closed"}, {"is_closed": 1}, {"percent_shipped": 50}, {"total": 1}):
			self.call_api(("AO Manager",), "PUT", f"/api/resource/AO Sales Order/{order.name}", **computed)
			order.reload()
			self.assertEqual(
				(order.status, order.is_closed, order.percent_shipped, order.total), ("Open", 0, 0, 20)
			)

	def test_a_viewer_cannot_submit_write_or_close(self) -> None:
		draft, submitted = make_sales_order(submit=False), make_sales_order()
		self.commit()
		path = f"/api/resource/AO Sales Order/{draft.name}"
		status, body = self.call_api(("AO Viewer",), "GET", path)
		self.assertEqual((status, body["data"]["customer"]), (200, draft.customer))
		refused = (
			("PUT", path, {"docstatus": 1}),
			("PUT", path, {"po_number": "X"}),
			("DELETE", path, {}),
			("POST", "/api/method/frappe.client.submit", {"doc": draft.as_json()}),
			("POST", self.METHODS + ".close_sales_order", {"name": submitted.name}),
			("POST", self.METHODS + ".make_ship_doc", {"source_name": submitted.name}),
		)
		for method, path, values in refused:
			status, body = self.call_api(("AO Viewer",), method, path, **values)
			self.assertEqual(status, 403, (path, values, body))
		self.assertEqual(frappe.db.get_value("AO Sales Order", draft.name, "docstatus"), 0)
		self.assertEqual(frappe.db.get_value("AO Sales Order", submitted.name, "is_closed"), 0)

	def test_closing_is_a_post_and_answers_with_a_sentence(self) -> None:
		order = make_sales_order()
		self.commit()
		method = self.METHODS + ".close_sales_order"
		status, _body = self.call_api(("AO User",), "GET", method, name=order.name)
		self.assertEqual(status, 403, "a link in a mail must not close an order")
		status, body = self.call_api(("AO User",), "POST", method, name=order.name)
		self.assertEqual(status, 200, body)
		self.assertEqual(frappe.db.get_value("AO Sales Order", order.name, "status"), "Closed")
		status, body = self.call_api(("AO User",), "POST", method, name=order.name)
		self.assertEqual(status, 417)
		self.assertEqual(read_api_message(body), f"{order.name} is closed already.")

	def test_a_user_cannot_cancel_or_delete_what_was_submitted(self) -> None:
		order = make_sales_order()
		self.commit()
		for method, path, values in (
			("POST", "/api/method/frappe.client.cancel", {"doctype": "AO Sales Order", "name": order.name}),
			("DELETE", f"/api/resource/AO Sales Order/{order.name}", {}),
		):
			status, body = self.call_api(("AO User",), method, path, **values)
			self.assertEqual(status, 403, body)
		status, body = self.call_api(
			("AO Manager",),
			"POST",
			"/api/method/frappe.client.cancel",
			doctype="AO Sales Order",
			name=order.name,
		)
		self.assertEqual(status, 200, body)
		self.assertEqual(frappe.db.get_value("AO Sales Order", order.name, "status"), "Cancelled")

	def test_the_ledger_takes_nothing_from_anybody(self) -> None:
		item, location = make_item().name, make_location().name
		make_opening_stock([{"item": item, "location": location, "quantity": 3}])
		entry = frappe.get_doc("AO Stock Ledger Entry", {"item": item})
		self.commit()
		this_entry = f"/api/resource/AO Stock Ledger Entry/{entry.name}"
		for method, path, values in (
			("PUT", this_entry, {"quantity_change": 99}),
			("DELETE", this_entry, {}),
			("POST", "/api/resource/AO Stock Ledger Entry", json.loads(entry.as_json())),
			("POST", "/api/resource/AO Stock Balance", {"item": item, "location": location, "on_hand": 9}),
		):
			status, body = self.call_api(("System Manager",), method, path, **values)
			self.assertEqual(status, 403, body)

	def test_a_mapped_ship_doc_of_a_client_is_checked_again(self) -> None:
		order = make_sales_order()
		location = make_location().name
		self.commit()
		status, body = self.call_api(
			("AO User",), "POST", self.METHODS + ".make_ship_doc", source_name=order.name
		)
		self.assertEqual(status, 200, body)
		ship_doc = body["message"] | {"location": location}
		ship_doc["lines"][0].update({"quantity": 11, "amount": 1})
		status, body = self.call_api(("AO User",), "POST", "/api/resource/AO Ship Doc", **ship_doc)
		self.assertEqual((status, body["data"]["total"]), (200, 110))
		status, body = self.call_api(
			("AO User",), "PUT", f"/api/resource/AO Ship Doc/{body['data']['name']}", docstatus=1
		)
		self.assertEqual(status, 417)
		self.assertIn("Row 1: 11 of", read_api_message(body))
