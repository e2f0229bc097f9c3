"""Buying at the desk: ordered from a vendor's prices, received in parts, billed at once or later, and sent back."""

import pytest
from playwright.sync_api import expect

VENDOR, POTTERS, CARRIER = "Tidewater Enamel Works", "Orchard & Clay Potters", "Pacific Drayage"
UNITS = "lines.map((line) => [line.quantity, line.purchase_unit, line.stock_quantity])"


@pytest.fixture
def order(office) -> str:
	"""A submitted order of five dozen blue kettles."""
	made = office.insert("AO Purchase Order", vendor=VENDOR, lines=[{"item": "KC-101", "quantity": 5}])
	office.submit("AO Purchase Order", made["name"])
	return made["name"]


def receive(clerk, order: str, quantity: str, invoice: str) -> str:
	clerk.open_form("AO Purchase Order", order)
	clerk.press_in("Create", "Receiver")
	clerk.type_into("vendor_invoice_number", invoice)
	clerk.type_line(1, quantity=quantity)
	clerk.save()
	clerk.submit()
	clerk.expect_status("Sent")
	return clerk.read("name")


def count_connected(clerk, doctype: str) -> str:
	"""The number on a badge of the form's Connections."""
	badge = clerk.form.locator(f'.form-documents .document-link[data-doctype="{doctype}"] .count')
	return badge.inner_text()


def test_an_order_is_typed_in_by_the_dozen_from_the_vendors_prices(clerk):
	clerk.open("ao-purchase-order/new")
	clerk.choose("vendor", VENDOR)
	clerk.expect_values(terms="Net 30", currency="USD", location="Tacoma Warehouse")
	clerk.type_line(1, item="KC-101", quantity="5")
	clerk.type_line(2, item="KC-102", quantity="2")
	clerk.expect_values(total=1108.8)
	assert clerk.read(UNITS) == [[5, "dozen", 60], [2, "dozen", 24]]
	clerk.picture("purchase-order-new")
	clerk.save()
	clerk.submit()
	clerk.expect_values(status="Open", total=1108.8)
	expect(clerk.form.get_by_text("0% received")).to_be_visible()


def test_it_is_received_in_parts_and_closes_by_itself(clerk, company, order):
	clerk.open_form("AO Purchase Order", order)
	clerk.press_in("Create", "Receiver")
	assert clerk.read(UNITS) == [[5, "dozen", 60]]
	clerk.type_into("vendor_invoice_number", "TE-50177")
	clerk.type_line(1, quantity="3")
	clerk.save()
	clerk.expect_values(status="In Transit")
	expect(clerk.sentence).to_contain_text("it is a draft, it has not happened yet")
	expect(clerk.button("Bill")).to_have_count(0)
	clerk.submit()
	clerk.expect_status("Sent")
	expect(clerk.sentence).to_contain_text("In QuickBooks as Bill TE-50177 since")
	clerk.picture("receiver-sent")
	(bill,) = company.query("SELECT * FROM Bill WHERE DocNumber = 'TE-50177'")
	detail = bill["Line"][0]["ItemBasedExpenseLineDetail"]
	assert (float(bill["TotalAmt"]), float(detail["Qty"])) == (475.2, 36)

	clerk.open_form("AO Purchase Order", order)
	clerk.expect_values(status="Partially Received", percent_received=60)
	assert clerk.read("lines.map((line) => [line.stock_quantity, line.received_quantity])") == [[60, 36]]
	assert count_connected(clerk, "AO Receiver") == "1"
	clerk.picture("purchase-order-partly-received")
	receive(clerk, order, "2", "TE-50201")
	clerk.open_form("AO Purchase Order", order)
	clerk.expect_values(status="Closed", percent_received=100)
	offered = clerk.page.locator(".page-head:visible .dropdown-item")
	expect(offered.filter(has_text="Receiver")).to_have_count(0)


def test_more_than_was_ordered_is_refused_naming_row_and_remedy(clerk, order):
	clerk.open_form("AO Purchase Order", order)
	clerk.press_in("Create", "Receiver")
	clerk.type_line(1, quantity="9")
	clerk.save()
	with clerk.expect_refusal():
		clerk.submit()
	assert (
		f"Row 1: 9 dozen (108) of KC-101 is more than the 60 left to receive on {order} (ordered 60, received 0). "
		"Lower the quantity" in clerk.read_dialog()
	)
	clerk.picture("refused-over-receipt")
	clerk.close_dialog()
	assert clerk.read("docstatus") == 0


def test_what_is_billed_later_says_so_and_its_bill_goes_there(clerk, company):
	clerk.open("ao-receiver/new")
	clerk.choose("vendor", POTTERS)
	clerk.field("billing").select_option("Bill Later")
	clerk.type_line(1, item="KC-110", quantity="4")
	clerk.type_line(2, item="KC-115", quantity="10")
	clerk.save()
	clerk.submit()
	clerk.expect_status("Not Sent")
	expect(clerk.sentence).to_contain_text("it is billed later, and its vendor bill goes there instead.")
	expect(clerk.button("Bill")).to_have_count(0)
	receiver = clerk.read("name")
	clerk.open("query-report/AO Received Not Billed")
	expect(clerk.form.locator(".datatable").get_by_text(receiver).first).to_be_visible()
	clerk.picture("received-not-billed")

	clerk.open_form("AO Receiver", receiver)
	clerk.press_in("Create", "Vendor Bill")
	clerk.type_into("vendor_invoice_number", "4417")
	clerk.type_line(2, unit_cost="8.95")
	clerk.save()
	clerk.expect_values(total=259.9)
	clerk.submit()
	clerk.expect_status("Sent")
	expect(clerk.sentence).to_contain_text("In QuickBooks as Bill 4417 since")
	clerk.picture("vendor-bill-sent")
	(bill,) = company.query("SELECT * FROM Bill WHERE DocNumber = '4417'")
	assert float(bill["TotalAmt"]) == 259.9
	assert count_connected(clerk, "AO Receiver") == "1"


def test_the_carriers_bill_takes_over_the_freight_of_a_receiver(clerk, company, office):
	office.update(
		"QuickBooks Settings", "QuickBooks Settings", landed_cost_clearing_account="Landed Cost Clearing"
	)
	made = office.insert(
		"AO Receiver",
		vendor=VENDOR,
		location="Tacoma Warehouse",
		vendor_invoice_number="TE-50260",
		lines=[{"item": "KC-102", "quantity": 1}],
		landed_costs=[{"description": "Ocean freight", "amount": 36, "vendor": CARRIER}],
	)
	office.submit("AO Receiver", made["name"])
	clerk.open_form("AO Receiver", made["name"])
	clerk.press_in("Create", "Vendor Bill")
	clerk.expect_values(vendor=CARRIER)
	clerk.type_into("vendor_invoice_number", "PD-8831")
	clerk.save()
	clerk.submit()
	clerk.expect_status("Sent")
	(bill,) = company.query("SELECT * FROM Bill WHERE DocNumber = 'PD-8831'")
	assert float(bill["TotalAmt"]) == 36


def test_what_goes_back_is_a_vendor_credit(clerk, company, order):
	receiver = receive(clerk, order, "5", "TE-50188")
	clerk.press_in("Create", "Vendor Return")
	clerk.type_into("reason", "Chipped enamel")
	clerk.type_line(1, quantity="1")
	clerk.save()
	clerk.expect_values(status="Pending", total=158.4)
	clerk.submit()
	clerk.expect_status("Sent")
	expect(clerk.sentence).to_contain_text("In QuickBooks as Vendor Credit")
	clerk.picture("vendor-return-sent")
	assert clerk.read("status") == "Returned"
	quickbooks_id = clerk.read("quickbooks_id")
	(credit,) = company.query(f"SELECT * FROM VendorCredit WHERE Id = '{quickbooks_id}'")
	assert float(credit["TotalAmt"]) == 158.4
	clerk.open_form("AO Receiver", receiver)
	assert count_connected(clerk, "AO Vendor Return") == "1"
	clerk.press_in("Create", "Vendor Return")
	assert clerk.read("lines[0].quantity") == 4, "what can still go back"
	clerk.type_line(1, quantity="5")
	clerk.save()
	with clerk.expect_refusal():
		clerk.submit()
	assert "KC-101" in clerk.read_dialog()
	clerk.close_dialog()


def test_the_lists_show_totals_and_where_they_stand_in_quickbooks(clerk, order):
	receive(clerk, order, "1", "TE-50190")
	for doctype, columns in (
		("AO Purchase Order", ("Partially Received", "$ 792.00")),
		("AO Receiver", ("Received", "$ 158.40", "Sent")),
	):
		clerk.open_list(doctype)
		row = clerk.form.locator(".list-row-container").first
		for text in columns:
			expect(row).to_contain_text(text)
		clerk.picture("list-" + doctype[3:].lower().replace(" ", "-"))
	clerk.open_form("AO Vendor", VENDOR)
	assert count_connected(clerk, "AO Purchase Order") != "0"


def test_record_selected_receivers_answers_for_each(clerk, office, order):
	office.update(
		"QuickBooks Settings",
		"QuickBooks Settings",
		posting_rules=[{"document_type": "AO Receiver", "rule": "By Button"}],
	)
	try:
		made = office.insert(
			"AO Receiver",
			vendor=VENDOR,
			location="Tacoma Warehouse",
			vendor_invoice_number="TE-50301",
			lines=[{"item": "KC-102", "quantity": 1}],
		)
		office.submit("AO Receiver", made["name"])
		clerk.open_form("AO Receiver", made["name"])
		expect(clerk.sentence).to_contain_text("nobody has pressed Bill yet")
		expect(clerk.button("Bill")).to_be_visible()
		clerk.open_list("AO Receiver")
		clerk.form.locator(f'.list-row-checkbox[data-name="{made["name"]}"]').check()
		clerk.press_in("Actions", "Record Selected Items in QuickBooks")
		expect(clerk.dialog.locator(".quickbooks-results")).to_contain_text("is on its way to QuickBooks.")
		clerk.close_dialog()
		clerk.open_form("AO Receiver", made["name"])
		clerk.expect_status("Sent")
	finally:
		office.update(
			"QuickBooks Settings",
			"QuickBooks Settings",
			posting_rules=[{"document_type": "AO Ship Doc", "rule": "On Submit"}],
		)
