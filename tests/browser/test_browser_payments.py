"""Taking money at the desk: a deposit on an order, and what it says when its invoice is there."""

from desk_warehouse import CUSTOMER as OHARA
from playwright.sync_api import expect

CUSTOMER = "The Brass Heron"


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
	warehouse.wait_for_values("AO Payment", payment, applied_amount=total)
	clerk.open_form("AO Payment", payment)
	expect(clerk.sentence).to_contain_text(f"settle Invoice {ship_doc}")
	clerk.expect_values(applied_amount=total, unapplied_amount=0)
	clerk.picture("payment-applied")
	(invoice,) = company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{ship_doc}'")
	assert float(invoice["Balance"]) == 0


def take_deposit_that_went_elsewhere(books, warehouse, company) -> tuple[str, str, str]:
	"""An older ship doc of a customer, a deposit for a newer one that QuickBooks holds against the older, and the newer one."""
	older = warehouse.ship(customer=CUSTOMER)
	books.open_form("AO Ship Doc", older)
	books.expect_status("Sent")
	order = warehouse.order(customer=CUSTOMER, KC_101=4)
	payment = warehouse.pay(order, CUSTOMER, 98)
	books.open_form("AO Payment", payment)
	books.expect_status("Sent")
	(invoice,) = company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{older}'")
	(remote,) = company.query(f"SELECT * FROM Payment WHERE Id = '{books.read('quickbooks_id')}'")
	link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
	company.post("Payment", {**remote, "Line": [{"Amount": 98, "LinkedTxn": [link]}]})
	newer = warehouse.ship(order)
	warehouse.wait_for_values("AO Payment", payment, quickbooks_status="Needs Attention")
	books.open_form("AO Payment", payment)
	books.expect_status("Needs Attention")
	expect(books.sentence).to_contain_text(older)
	return older, payment, newer


def get_balance(company, ship_doc: str) -> float:
	return float(company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{ship_doc}'")[0]["Balance"])


def test_what_went_to_another_invoice_is_moved_by_a_person(books, clerk, warehouse, company):
	older, payment, newer = take_deposit_that_went_elsewhere(books, warehouse, company)
	books.picture("payment-elsewhere")
	clerk.open_form("AO Payment", payment)
	clerk.expect_status("Needs Attention")
	expect(clerk.sentence.get_by_role("button", name="Move It")).to_have_count(0)
	books.sentence.get_by_role("button", name="Move It").click()
	assert "as far as it is needed for the invoice that it is for?" in books.read_dialog()
	books.answer("Yes")
	books.expect_status("Sent", seconds=60)
	expect(books.sentence).to_contain_text(f"settle Invoice {newer}")
	assert (get_balance(company, newer), get_balance(company, older)) == (0, 98)


def test_or_it_is_left_where_it_is(books, warehouse, company):
	older, _payment, newer = take_deposit_that_went_elsewhere(books, warehouse, company)
	books.sentence.get_by_role("button", name="Leave It").click()
	assert "Nothing more of it goes to that invoice from here." in books.read_dialog()
	books.answer("Yes")
	books.expect_status("Sent", seconds=60)
	assert (get_balance(company, newer), get_balance(company, older)) == (98, 0)


def test_an_order_shows_what_was_received_for_it(clerk, warehouse):
	order = warehouse.order(KC_101=4)
	warehouse.pay(order, OHARA, 50)
	clerk.open_form("AO Sales Order", order)
	expect(clerk.form.get_by_text("$ 50.00 received, $ 0.00 of it settles invoices")).to_be_visible()
	clerk.picture("order-with-deposit")
