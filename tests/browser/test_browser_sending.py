"""When documents leave for QuickBooks, and what the desk says of those that do not."""

from desk_warehouse import CUSTOMER
from playwright.sync_api import expect

DECISIONS = ("Look at It in QuickBooks", "Link to It", "Send All the Same", "Try Again")


def get_invoices(company, name: str) -> list[dict]:
	return company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{name}'")


def test_by_button_a_double_click_on_invoice_makes_one_invoice(clerk, warehouse, company, set_rule):
	set_rule("By Button")
	name = warehouse.ship()
	clerk.open_form("AO Ship Doc", name)
	clerk.expect_status("Not Sent")
	expect(clerk.sentence).to_contain_text("Not in QuickBooks: nobody has pressed Invoice yet.")
	clerk.picture("invoice-button")
	clerk.button("Invoice").dblclick()
	clerk.expect_status("Sent")
	assert len(get_invoices(company, name)) == 1
	assert warehouse.count_entries(name) == 1
	creations = [
		entry for entry in company.get_requests(entity="Invoice", operation="create") if entry["committed"]
	]
	assert len({entry["entity_id"] for entry in creations}) == len(creations)
	expect(clerk.button("Invoice")).to_have_count(0)


def test_invoice_on_a_draft_submits_it_first_where_the_settings_say_so(clerk, warehouse, office, company):
	name = warehouse.pack()
	clerk.open_form("AO Ship Doc", name)
	expect(clerk.sentence).to_contain_text("it is a draft, it has not happened yet")
	expect(clerk.button("Invoice")).to_have_count(0)
	office.update("AO Settings", "AO Settings", invoice_submits_draft=1)
	try:
		clerk.open_form("AO Ship Doc", name)
		clerk.press("Invoice")
		assert f"{name} is a draft. Has it shipped?" in clerk.read_dialog()
		clerk.answer("Yes")
		clerk.expect_status("Sent")
	finally:
		office.update("AO Settings", "AO Settings", invoice_submits_draft=0)
	assert clerk.read("status") == "Shipped"
	assert len(get_invoices(company, name)) == 1


def test_record_selected_items_answers_for_each_row(clerk, warehouse, company, set_rule):
	set_rule("By Button")
	shipped = [warehouse.ship(), warehouse.ship()]
	draft = warehouse.pack()
	clerk.open_list("AO Ship Doc")
	for name in (*shipped, draft):
		clerk.form.locator(f'.list-row-checkbox[data-name="{name}"]').check()
	clerk.press_in("Actions", "Record Selected Items in QuickBooks")
	results = clerk.dialog.locator(".quickbooks-results")
	for name in shipped:
		expect(results.locator(f'tr[data-name="{name}"]')).to_contain_text(
			f"{name} is on its way to QuickBooks."
		)
	expect(results.locator(f'tr[data-name="{draft}"]')).to_contain_text("still a draft: submit it first")
	expect(clerk.dialog).to_contain_text("2 of 3 in QuickBooks, or on their way")
	clerk.picture("record-selected")
	clerk.close_dialog()
	for name in shipped:
		row = clerk.form.locator(".list-row-container").filter(has_text=name)
		expect(row.get_by_text("Sent", exact=True)).to_be_visible()
		assert len(get_invoices(company, name)) == 1
	assert not get_invoices(company, draft)


def test_at_synchronization_documents_wait_until_they_are_sent(clerk, books, warehouse, company, set_rule):
	set_rule("At Synchronization")
	name = warehouse.pack()
	clerk.open_form("AO Ship Doc", name)
	clerk.submit()
	clerk.expect_status("Queued")
	expect(clerk.sentence).to_contain_text("Waits for the next synchronization.")
	clerk.picture("waits-for-synchronization")
	books.open_list("QuickBooks Queue Entry")
	expect(books.form.locator(".list-row-container").filter(has_text=name)).to_contain_text("Queued")
	books.picture("queue")
	assert not get_invoices(company, name)
	books.press("Send Waiting Now")
	books.expect_alert("on their way")
	clerk.expect_status("Sent")
	assert len(get_invoices(company, name)) == 1


def test_what_a_user_without_the_right_to_post_ships_waits(packer, warehouse, company):
	name = warehouse.pack()
	packer.open_form("AO Ship Doc", name)
	packer.submit()
	packer.expect_status("Queued")
	expect(packer.sentence).to_contain_text("Tomas Ferro may not send to QuickBooks")
	expect(packer.button("Invoice")).to_have_count(0)
	expect(packer.button("QuickBooks")).to_have_count(0)


def test_never_send_asks_for_the_reason_and_can_be_taken_back(clerk, warehouse, company, set_rule):
	set_rule("By Button")
	name = warehouse.ship()
	clerk.open_form("AO Ship Doc", name)
	clerk.expect_status("Not Sent")
	clerk.press_in("QuickBooks", "Never Send")
	clerk.dialog.locator("textarea").fill("Samples for the trade fair, nobody pays for them.")
	clerk.picture("never-send")
	clerk.answer("Never Send")
	clerk.expect_status("Never Send")
	expect(clerk.sentence).to_contain_text("Never goes to QuickBooks: Samples for the trade fair")
	expect(clerk.button("Invoice")).to_have_count(0)
	clerk.press_in("QuickBooks", "Allow Sending")
	clerk.expect_status("Not Sent")
	assert not get_invoices(company, name)


def test_cancel_of_a_sent_ship_doc_is_refused_saying_why(books, warehouse):
	name = warehouse.ship()
	books.open_form("AO Ship Doc", name)
	books.expect_status("Sent")
	with books.expect_refusal():
		books.press("Cancel")
		books.answer("Yes")
	assert f"{name} can't be cancelled: QuickBooks holds it as Invoice {name}." in books.read_dialog()
	books.picture("refused-cancel")
	books.close_dialog()
	books.page.reload()
	books.settle()
	assert books.read("docstatus") == 1


def clash(books, warehouse, company) -> tuple[str, str]:
	"""A ship doc whose number somebody has used in QuickBooks itself, submitted; its name and the other's Id."""
	warehouse_item = warehouse.get_quickbooks_id("AO Item", "KC-101")
	name = warehouse.pack()
	other = company.post(
		"Invoice",
		{
			"DocNumber": name,
			"CustomerRef": {"value": warehouse.get_quickbooks_id("AO Customer", CUSTOMER)},
			"Line": [
				{
					"Amount": 98,
					"DetailType": "SalesItemLineDetail",
					"SalesItemLineDetail": {
						"ItemRef": {"value": warehouse_item},
						"Qty": 4,
						"UnitPrice": 24.5,
					},
				}
			],
		},
	)
	books.open_form("AO Ship Doc", name)
	books.submit()
	books.expect_status("Needs Attention")
	expect(books.sentence).to_contain_text(f"QuickBooks already has Invoice {name}")
	for label in DECISIONS:
		expect(books.sentence.get_by_role("button", name=label)).to_be_visible()
	return name, other["Id"]


def test_needs_attention_link_to_what_quickbooks_has(books, clerk, warehouse, company):
	name, other = clash(books, warehouse, company)
	books.picture("needs-attention")
	clerk.open_form("AO Ship Doc", name)
	clerk.expect_status("Needs Attention")
	expect(clerk.sentence).to_contain_text("A QuickBooks Manager decides")
	assert clerk.sentence.get_by_role("button").all_inner_texts() == ["Look at It in QuickBooks", "Try Again"]
	books.sentence.get_by_role("button", name="Link to It").click()
	assert f"Is it the same as {name}?" in books.read_dialog()
	books.answer("Yes")
	books.expect_status("Sent")
	assert books.read("quickbooks_id") == other
	assert [invoice["Id"] for invoice in get_invoices(company, name)] == [other]
	expect(books.page.get_by_text(f"linked it to Invoice {other} of QuickBooks")).to_be_visible()


def test_needs_attention_send_all_the_same(books, warehouse, company):
	name, other = clash(books, warehouse, company)
	books.sentence.get_by_role("button", name="Send All the Same").click()
	assert "It will then have two of them." in books.read_dialog()
	books.answer("Yes")
	books.expect_status("Sent")
	assert len(get_invoices(company, name)) == 2
	assert books.read("quickbooks_id") != other


def test_a_customer_that_quickbooks_has_already_is_linked(books, office, warehouse, company):
	customer = "Harborlight Books & Gifts"
	other = company.post("Customer", {"DisplayName": customer})
	office.insert("AO Customer", customer_name=customer)
	books.open_form("AO Customer", customer)
	books.expect_status("Needs Attention")
	expect(books.sentence).to_contain_text(f"QuickBooks already has a Customer named “{customer}”")
	name = warehouse.ship(customer=customer)
	books.open_form("AO Ship Doc", name)
	expect(books.sentence).to_contain_text(f"Waits for AO Customer {customer}")
	books.open_form("AO Customer", customer)
	books.sentence.get_by_role("button", name="Link to It").click()
	books.answer("Yes")
	books.expect_status("Sent")
	books.open_form("AO Ship Doc", name)
	books.expect_status("Sent")
	(invoice,) = get_invoices(company, name)
	assert invoice["CustomerRef"]["value"] == other["Id"]


def test_a_lost_answer_is_said_to_be_unknown_and_locks_the_ship_doc(clerk, warehouse, company):
	name = warehouse.pack(customer="The Brass Heron")
	company.queue_fault(match={"entity": "Invoice", "operation": "create"}, times=1, drop="after_commit")
	clerk.open_form("AO Ship Doc", name)
	clerk.submit()
	clerk.expect_status("Outcome Unknown")
	expect(clerk.sentence).to_contain_text("Perhaps in QuickBooks")
	expect(clerk.button("Invoice")).to_have_count(0)
	offered = clerk.page.locator(".page-head:visible .inner-group-button .dropdown-item")
	expect(offered.filter(has_text="Never Send")).to_have_count(0)
	clerk.picture("outcome-unknown")
	assert len(get_invoices(company, name)) == 1
