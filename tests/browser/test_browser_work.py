"""Making, counting, moving and taking back at the desk, where QuickBooks keeps the values of stock.

Runs last (by its name): the inventory mode that it chooses stays.
"""

import pytest
from playwright.sync_api import expect

TACOMA, PORTLAND = "Tacoma Warehouse", "Portland Showroom"
ASSEMBLY = "GS-801"

pytestmark = pytest.mark.usefixtures("values_only")


def test_a_work_order_is_split_its_steps_finished_and_its_value_recorded(clerk, company):
	clerk.open("ao-work-order/new")
	clerk.expect_values(location=TACOMA)
	clerk.choose("item", ASSEMBLY)
	clerk.type_into("quantity", "10")
	clerk.page.wait_for_function(
		"() => cur_frm.doc.components.length === 4 && cur_frm.doc.components[0].required_quantity === 10"
	)
	assert clerk.read("components.map((row) => row.required_quantity)") == [10, 20, 20, 20]
	clerk.save()
	clerk.press("Pick All")
	clerk.save()
	expect(clerk.button("Pick All")).to_have_count(0)
	clerk.picture("work-order-planned")
	clerk.press("Finish a Part")
	clerk.dialog.locator("input").first.fill("4")
	clerk.picture("work-order-split")
	clerk.answer("Split")
	clerk.expect_values(quantity=4)
	name = clerk.read("name")
	with clerk.expect_refusal():
		clerk.submit()
	assert "Step 1, Fetch, is Waiting. Finish it first." in clerk.read_dialog()
	clerk.close_dialog()
	clerk.press("Finish Steps")
	clerk.save()
	clerk.expect_values(status="In Production")
	clerk.submit()
	clerk.expect_status("Sent")
	expect(clerk.sentence).to_contain_text("In QuickBooks as Journal Entry")
	clerk.expect_values(status="Finished")
	clerk.picture("work-order-sent")
	assert company.query(f"SELECT * FROM JournalEntry WHERE DocNumber = '{name}'")
	clerk.open_list("AO Work Order")
	rest = clerk.form.locator(".list-row-container").filter(has_text="Planned").first
	expect(rest).to_contain_text("6")
	clerk.picture("list-work-order")


def test_what_was_made_is_taken_apart_again(clerk, office):
	made = office.insert(
		"AO Work Order",
		item=ASSEMBLY,
		quantity=2,
		location=TACOMA,
		steps=[],
	)
	steps = [{**step, "status": "Finished"} for step in made["steps"]]
	office.update("AO Work Order", made["name"], steps=steps)
	office.submit("AO Work Order", made["name"])
	clerk.open("ao-work-order/new")
	clerk.field("work_kind").select_option("Disassemble")
	clerk.choose("item", ASSEMBLY)
	clerk.page.wait_for_function("() => (cur_frm.doc.components || []).length === 4")
	clerk.save()
	if clerk.read("steps.length"):
		clerk.press("Finish Steps")
		clerk.save()
	clerk.submit()
	clerk.expect_status("Sent")
	clerk.expect_values(status="Finished")


def test_a_count_sheet_becomes_an_adjustment(books):
	books.open("ao-quantity-adjustment/new")
	books.expect_values(location=TACOMA)
	books.press("All Items Here")
	books.page.wait_for_function("() => cur_frm.doc.lines.length > 5")
	kettles = books.read("lines.findIndex((line) => line.item === 'KC-102')")
	on_hand = books.read(f"lines[{kettles}].on_hand")
	books.type_line(kettles + 1, counted_quantity=str(on_hand - 3))
	assert books.read(f"lines[{kettles}].quantity_change") == -3
	books.picture("count-sheet")
	books.save()
	books.submit()
	books.expect_status("Sent")
	expect(books.sentence).to_contain_text("In QuickBooks as Journal Entry")
	books.picture("adjustment-sent")
	assert books.read("total_value_change") < 0


def test_a_value_adjustment_shows_what_the_item_is_worth(books):
	books.open("ao-value-adjustment/new")
	books.type_line(1, item="KC-115", value_change="-12.5")
	books.page.wait_for_function("() => cur_frm.doc.lines[0].new_value > 0")
	line = books.read("lines[0]")
	assert round(line["value"] - 12.5, 2) == line["new_value"]
	books.save()
	books.submit()
	books.expect_status("Sent")


def test_a_transfer_moves_goods_and_never_goes_to_quickbooks(clerk):
	clerk.open("ao-transfer/new")
	clerk.choose("from_location", TACOMA)
	clerk.choose("to_location", PORTLAND)
	clerk.type_line(1, item="KC-101", quantity="24")
	clerk.save()
	clerk.submit()
	clerk.expect_values(status="Moved")
	expect(clerk.sentence).to_have_count(0)
	clerk.picture("transfer")


def test_what_a_customer_sends_back_is_credited(clerk, company, warehouse):
	ship_doc = warehouse.ship()
	clerk.open_form("AO Ship Doc", ship_doc)
	clerk.expect_status("Sent")
	expect(clerk.sentence).to_contain_text("Also there: Cost of Goods")
	clerk.press_in("Create", "Customer Return")
	clerk.type_into("reason", "One too many")
	clerk.type_line(1, quantity="1")
	clerk.save()
	clerk.expect_values(status="RMA", total=24.5)
	clerk.picture("customer-return-rma")
	clerk.submit()
	clerk.expect_status("Sent")
	name = clerk.read("name")
	expect(clerk.sentence).to_contain_text(f"In QuickBooks as Credit Memo {name} since")
	clerk.picture("customer-return-sent")
	(credit,) = company.query(f"SELECT * FROM CreditMemo WHERE DocNumber = '{name}'")
	assert float(credit["TotalAmt"]) == 24.5
	clerk.open_list("AO Customer Return")
	row = clerk.form.locator(".list-row-container").filter(has_text=name)
	for text in ("Returned", "$ 24.50", "Sent"):
		expect(row).to_contain_text(text)


def test_more_than_was_shipped_never_comes_back(clerk, warehouse):
	clerk.open_form("AO Ship Doc", warehouse.ship())
	clerk.press_in("Create", "Customer Return")
	clerk.type_line(1, quantity="9")
	with clerk.expect_refusal():
		clerk.press("Save")
		if not clerk.page.locator(".modal.show").count():
			clerk.submit()
	assert "Row 1: 9 of KC-101" in clerk.read_dialog()
	clerk.close_dialog()


def test_the_workspace_counts_what_is_to_be_received_made_and_taken_back(clerk):
	clerk.open("all-orders")
	for label in ("To Receive", "To Build", "Returns Announced", "Received, Not Billed"):
		card = clerk.form.locator(".number-widget-box").filter(has_text=label).first
		expect(card.locator(".widget-content .number")).not_to_have_text("")
	clerk.form.locator(".number-widget-box").filter(has_text="To Build").click()
	clerk.page.wait_for_url("**/app/ao-work-order**")
	clerk.expect_list()
	statuses = set(clerk.page.evaluate("() => cur_list.data.map((order) => order.status)"))
	assert statuses and statuses <= {"Planned", "In Production"}


def test_lists_open_without_an_error(books):
	for doctype in (
		"AO Value Adjustment",
		"AO Transfer",
		"AO Payment",
		"AO Cost True-Up",
		"AO Opening Stock",
	):
		books.open_list(doctype)
		assert not books.troubles, f"{doctype}: {books.troubles}"
