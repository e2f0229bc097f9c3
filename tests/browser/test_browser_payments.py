"""Taking money at the desk: a deposit on an order, and what it says when its invoice is there."""

from playwright.sync_api import expect


def test_a_deposit_is_taken_and_settles_the_invoice_of_its_order(clerk, warehouse, company):
	order = warehouse.order(KC_101=4)
	clerk.open_form("AO Sales Order", order)
	total = clerk.read("total")
	clerk.press_in("Create", "Payment")
	clerk.expect_values(amount=total, allocated_amount=total)
	assert clerk.read("lines.map((line) => line.sales_order)") == [order]
	clerk.type_into("payment_reference", "4711")
	clerk.save()
	clerk.submit()
	clerk.expect_status("Sent")
	expect(clerk.sentence).to_contain_text(f"wait for the next invoice of {order}")

	payment = clerk.read("name")
	ship_doc = warehouse.ship(order)
	clerk.open_form("AO Ship Doc", ship_doc)
	clerk.expect_status("Sent")
	clerk.open_form("AO Payment", payment)
	expect(clerk.sentence).to_contain_text(f"settle Invoice {ship_doc}", timeout=30_000)
	clerk.expect_values(applied_amount=total, unapplied_amount=0)
	clerk.picture("payment-applied")
	(invoice,) = company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{ship_doc}'")
	assert float(invoice["Balance"]) == 0
