"""Every page a user of the app comes to opens without an error, and leads where it says."""

import re

import pytest
from desk_warehouse import CUSTOMER
from playwright.sync_api import expect

LISTS = (
	"AO Sales Order",
	"AO Ship Doc",
	"AO Customer",
	"AO Item",
	"AO Location",
	"AO Opening Stock",
	"AO Stock Balance",
	"AO Stock Ledger Entry",
	"AO Sales Rep",
	"AO Shipping Method",
	"AO Customer Type",
	"QuickBooks Queue Entry",
	"QuickBooks Link",
	"QuickBooks Call",
	"QuickBooks Connection",
	"QuickBooks Account",
	"QuickBooks Term",
	"QuickBooks Class",
	"QuickBooks Department",
	"QuickBooks Payment Method",
	"QuickBooks Tax Code",
)


def test_the_workspace_counts_and_leads_to_filtered_lists(clerk, warehouse, set_rule):
	set_rule("By Button")
	warehouse.ship()
	warehouse.order()
	clerk.open("all-orders")
	cards = clerk.form.locator(".number-widget-box")
	for label in ("Open Orders", "Orders Partly Shipped", "Shipped, Not Yet in QuickBooks"):
		card = cards.filter(has_text=label)
		expect(card.locator(".widget-content .number")).to_have_text(re.compile(r"\d+"))
	clerk.picture("workspace")
	clerk.form.locator(".shortcut-widget-box").filter(has_text="Sales Orders").click()
	clerk.page.wait_for_url("**/app/ao-sales-order**")
	clerk.expect_list()
	statuses = clerk.page.evaluate("() => [...new Set(cur_list.data.map((order) => order.status))]")
	assert statuses and set(statuses) <= {"Open", "Partially Shipped"}
	clerk.open("all-orders")
	clerk.form.locator(".number-widget-box").filter(has_text="Shipped, Not Yet in QuickBooks").click()
	clerk.page.wait_for_url("**/app/ao-ship-doc**")
	clerk.expect_list()
	statuses = clerk.page.evaluate("() => [...new Set(cur_list.data.map((doc) => doc.quickbooks_status))]")
	assert "Not Sent" in statuses and "Sent" not in statuses


@pytest.fixture
def filled(warehouse) -> str:
	"""A ship doc of a new order, so that no list below is empty for want of one."""
	return warehouse.ship()


def test_every_list_and_its_first_form_open_without_an_error(books, filled):
	for doctype in LISTS:
		books.open_list(doctype)
		first = books.page.evaluate("() => cur_list.data[0] && cur_list.data[0].name")
		if first:
			books.page.evaluate(
				"([doctype, name]) => frappe.set_route('Form', doctype, name)", [doctype, first]
			)
			books.page.wait_for_function("(name) => cur_frm && cur_frm.docname === name", arg=first)
			books.settle()
		assert not books.troubles, f"{doctype}: {books.troubles}"
	for single in ("quickbooks-settings", "ao-settings"):
		books.open(single)
	books.open_list("AO Ship Doc")
	books.picture("ship-docs")


def test_the_forms_say_where_stock_is_and_what_quickbooks_has(clerk, filled):
	clerk.open_form("AO Item", "KC-101")
	expect(clerk.form.locator(".ao-stock-panel")).to_contain_text("Tacoma Warehouse")
	clerk.expect_status("Sent")
	expect(clerk.sentence).to_contain_text("In QuickBooks as Item")
	clerk.picture("item")
	clerk.open_form("AO Customer", CUSTOMER)
	clerk.expect_status("Sent")
	expect(clerk.sentence).to_contain_text("In QuickBooks as Customer")


@pytest.mark.parametrize(
	("doctype", "print_format", "heading"),
	[
		("AO Sales Order", "AO Order Confirmation", "Order Confirmation"),
		("AO Ship Doc", "AO Packing Slip", "Packing Slip"),
	],
)
def test_the_print_view_shows_what_the_customer_gets(clerk, warehouse, doctype, print_format, heading):
	order = warehouse.order(KC_101=3, KC_115=2)
	name = order if doctype == "AO Sales Order" else warehouse.ship(order)
	clerk.open(f"print/{doctype}/{name}")
	sheet = clerk.page.frame_locator("iframe.print-format-container")
	expect(sheet.locator("body")).to_contain_text(heading)
	expect(sheet.locator("body")).to_contain_text(name)
	expect(sheet.locator("body")).to_contain_text(CUSTOMER)
	expect(sheet.locator("body")).to_contain_text("KC-115")
	clerk.picture(heading.lower().replace(" ", "-"))
