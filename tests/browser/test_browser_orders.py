"""The main job at the desk: an order is typed in, shipped in two parts, and each part is an invoice in QuickBooks."""

from desk_warehouse import CUSTOMER
from playwright.sync_api import expect

AMOUNTS = "lines.filter((line) => line.item).map((line) => line.amount)"


def read_invoice_page(clerk) -> str:
	"""Follow the link on the form; the text of the page that it opens in QuickBooks."""
	with clerk.context.expect_page() as opened:
		clerk.sentence.get_by_role("link", name="Open in QuickBooks").click()
	page = opened.value
	page.wait_for_load_state()
	page.screenshot(path=clerk.pictures / "invoice-in-quickbooks.png")
	text = page.locator("body").inner_text()
	page.close()
	return text


def test_an_order_is_typed_in_shipped_in_two_parts_and_invoiced(clerk, company):
	clerk.open("ao-sales-order/new")
	clerk.choose("customer", "Nell's Pantry & Table")
	clerk.type_into("po_number", "NP-2291")
	clerk.type_line(1, item="KC-101", quantity="12")
	clerk.type_line(2, item="KC-115", quantity="7", discount_percent="15")
	clerk.type_line(3, item="KC-110", quantity="3", unit_price="14.355", discount_percent="2.5")
	clerk.type_into("freight", "18.50")
	shown = {"subtotal": 443.09, "total": 461.59}
	clerk.expect_values(**shown)
	amounts = clerk.read(AMOUNTS)
	assert amounts == [294.0, 107.1, 41.99]
	clerk.picture("order-new")

	clerk.save()
	saved = clerk.get_saved()
	assert {field: saved[field] for field in shown} == shown, "the server adds up otherwise"
	assert [line["amount"] for line in saved["lines"]] == amounts
	assert clerk.read("terms") == "Net 30", "the customer's terms"
	clerk.submit()
	order = clerk.read("name")
	assert clerk.read("status") == "Open"

	clerk.press_in("Create", "Ship Doc")
	assert clerk.read("lines.map((line) => line.quantity)") == [12, 7, 3]
	clerk.type_line(1, quantity="8")
	clerk.remove_line(3)
	clerk.type_into("freight", "10")
	clerk.save()
	assert clerk.read("status") == "Committed"
	clerk.picture("ship-doc-draft")
	clerk.submit()
	assert clerk.read("status") == "Shipped"
	clerk.expect_status("Sent")
	first = clerk.read("name")
	expect(clerk.sentence).to_contain_text(f"In QuickBooks as Invoice {first} since")
	assert clerk.read("quickbooks_status") == "Sent", "the fields follow without a reload"
	assert clerk.read("quickbooks_total") == clerk.read("total") == 313.1
	clerk.picture("ship-doc-sent")
	page = read_invoice_page(clerk)
	assert f"Invoice {first}" in page and "313.10" in page
	(invoice,) = company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{first}'")
	assert invoice["TotalAmt"] == 313.1

	clerk.open_form("AO Sales Order", order)
	assert clerk.read("status") == "Partially Shipped"
	assert clerk.read("percent_shipped") == 68.18
	expect(clerk.form.get_by_text("68.18% shipped")).to_be_visible()
	clerk.picture("order-partly-shipped")
	clerk.press_in("Create", "Ship Doc")
	assert clerk.read("lines.map((line) => [line.item, line.quantity])") == [["KC-101", 4], ["KC-110", 3]]
	clerk.save()
	clerk.submit()
	clerk.expect_status("Sent")
	clerk.open_form("AO Sales Order", order)
	assert (clerk.read("status"), clerk.read("percent_shipped")) == ("Closed", 100)
	offered = clerk.page.locator(".page-head:visible .dropdown-item")
	expect(offered.filter(has_text="Ship Doc")).to_have_count(0)


def test_several_orders_of_a_customer_leave_on_one_ship_doc(clerk, warehouse, company):
	orders = [warehouse.order(KC_101=2), warehouse.order(KC_102=5)]
	clerk.open("ao-ship-doc/new")
	clerk.choose("customer", CUSTOMER)
	clerk.press_in("Get Items From", "Sales Order")
	for order in orders:
		clerk.dialog.locator(f'.list-item-container[data-item-name="{order}"] input').check()
	clerk.picture("orders-to-ship")
	clerk.answer("Get Items")
	clerk.page.wait_for_function("() => cur_frm.doc.lines.filter((line) => line.sales_order).length === 2")
	assert sorted(clerk.read("lines.map((line) => line.sales_order)")) == sorted(orders)
	clerk.save()
	clerk.submit()
	clerk.expect_status("Sent")
	name = clerk.read("name")
	assert len(company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{name}'")) == 1
	for order in orders:
		assert clerk.page.evaluate("(name) => frappe.db.get_value('AO Sales Order', name, 'status')", order)[
			"message"
		] == {"status": "Closed"}


def test_more_than_is_left_is_refused_naming_the_row(clerk, warehouse):
	order = warehouse.order(KC_101=4)
	clerk.open_form("AO Sales Order", order)
	clerk.press_in("Create", "Ship Doc")
	clerk.type_line(1, quantity="9")
	clerk.save()
	with clerk.expect_refusal():
		clerk.submit()
	refusal = clerk.read_dialog()
	assert f"Row 1: 9 of KC-101 is more than the 4 left to ship on {order} (ordered 4, shipped 0)." in refusal
	clerk.picture("refused-over-shipping")
	clerk.close_dialog()
	assert clerk.read("docstatus") == 0


def test_a_quantity_of_zero_is_refused_naming_the_row(clerk):
	clerk.open("ao-sales-order/new")
	clerk.choose("customer", CUSTOMER)
	clerk.type_line(1, item="KC-101", quantity="2")
	clerk.type_line(2, item="KC-102", quantity="0")
	with clerk.expect_refusal():
		clerk.press("Save")
	refusal = clerk.read_dialog()
	assert "Row 2" in refusal and "quantity" in refusal.lower()
	clerk.close_dialog()


def test_closing_an_order_by_hand_asks_first_and_can_be_taken_back(clerk, warehouse):
	order = warehouse.order(KC_101=4)
	clerk.open_form("AO Sales Order", order)
	clerk.press("Close")
	assert f"Close {order}? What is left of it will not be shipped." in clerk.read_dialog()
	clerk.answer("Yes")
	clerk.expect_values(status="Closed")
	expect(clerk.form.get_by_text("Closed by hand: nothing more is shipped")).to_be_visible()
	clerk.press("Reopen")
	clerk.expect_values(status="Open")
