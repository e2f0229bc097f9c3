"""The shipped company outside the US: VAT, prices that include it, two currencies. Intuit's page on non-US sales tax."""

import json

STANDARD, REDUCED, ZERO_RATED = "2", "3", "4"
PAN, CARAFE, BOOK, ENGRAVING = "1", "2", "3", "4"
HOME, FOREIGN = "1", "2"


def sell(uk, *lines: dict, customer: str = HOME, method: str = "TaxInclusive", **more) -> dict:
	currency = {"value": "GBP" if customer == HOME else "EUR"}
	body = uk.invoice_body(*lines, customer=customer, CurrencyRef=currency, TxnDate="2026-03-02", **more)
	return {**body, "GlobalTaxCalculation": method}


def line(uk, item: str, amount: float, code: str | None, **detail) -> dict:
	return uk.line(item, amount, **({"TaxCodeRef": {"value": code}} if code else {}), **detail)


def test_emulator_uk_company_begins_with_its_opening_transactions(uk):
	assert uk.before == {
		"Accounts Receivable (A/R)": "208.00", "Accounts Receivable (A/R) - EUR": "425.00", "Cost of Sales": "300.00",
		"Current Account": "10200.00", "Opening Balance Equity": "-2980.00", "Sales of Product Income": "-773.00",
		"Stock Asset": "3600.00", "VAT Control": "56.00", "Accounts Payable (A/P)": "-696.00",
		"Accounts Payable (A/P) - EUR": "-340.00", "Share Capital": "-10000.00",
	}  # fmt: skip
	invoice = uk.read("invoice", "1")
	assert (invoice["TotalAmt"], invoice["Balance"], invoice["DueDate"]) == (408, 208, "2026-02-11")
	assert uk.read("invoice", "2")["DueDate"] == "2026-03-31"  # by a date-driven term
	answer = uk.get("exchangerate", sourcecurrencycode="EUR", asofdate="2026-01-20").json()
	assert answer["ExchangeRate"]["Rate"] == 0.87


def test_emulator_uk_every_line_needs_a_real_tax_code(uk):
	body = sell(uk, line(uk, PAN, 36, None, Qty=1))
	error = uk.refuse(uk.post("invoice", body), "6000")
	assert "tax rate before you save" in error["Detail"]
	uk.refuse(uk.post("invoice", sell(uk, line(uk, PAN, 36, "TAX", Qty=1))), "2500")
	without = sell(uk, line(uk, PAN, 36, STANDARD, Qty=1))
	del without["GlobalTaxCalculation"]
	uk.refuse(uk.post("invoice", without), "2020")
	uk.refuse(uk.post("invoice", {**without, "GlobalTaxCalculation": "Sometimes"}), "2110")


def test_emulator_uk_tax_inclusive_lines_are_stored_and_posted_net(uk):
	body = sell(uk, line(uk, PAN, 72, STANDARD, Qty=2, UnitPrice=36), line(uk, BOOK, 12, ZERO_RATED, Qty=1))
	made = uk.make("invoice", body)
	first = made["Line"][0]
	assert (first["Amount"], first["SalesItemLineDetail"]["TaxInclusiveAmt"]) == (60, 72)
	assert first["SalesItemLineDetail"]["UnitPrice"] == 30
	assert made["Line"][2]["Amount"] == 72  # the subtotal is net as well
	assert (made["TotalAmt"], made["TxnTaxDetail"]["TotalTax"]) == (84, 12)
	assert [entry["TaxLineDetail"]["NetAmountTaxable"] for entry in made["TxnTaxDetail"]["TaxLine"]] == [
		60,
		12,
	]
	assert uk.get_moved() == {
		"Accounts Receivable (A/R)": 84, "Sales of Product Income": -72, "VAT Control": -12, "Cost of Sales": 29, "Stock Asset": -29,
	}  # fmt: skip


def test_emulator_uk_sending_back_what_was_read_changes_nothing(uk):
	made = uk.make("invoice", sell(uk, line(uk, PAN, 100, STANDARD, Qty=3), line(uk, ENGRAVING, 5, REDUCED)))
	again = uk.make("invoice", {**made, "sparse": False})
	assert again["SyncToken"] == "1"
	for name in ("Line", "TotalAmt", "TxnTaxDetail", "GlobalTaxCalculation"):
		assert again[name] == made[name]


def test_emulator_uk_tax_excluded_and_not_applicable(uk):
	made = uk.make("invoice", sell(uk, line(uk, ENGRAVING, 10, STANDARD), method="TaxExcluded"))
	assert (made["TotalAmt"], made["Line"][0]["Amount"]) == (12, 10)
	assert "TaxInclusiveAmt" not in made["Line"][0]["SalesItemLineDetail"]
	plain = sell(uk, line(uk, ENGRAVING, 10, None), method="NotApplicable")
	made = uk.make("invoice", plain)
	assert made["TotalAmt"] == 10 and "TxnTaxDetail" not in made
	uk.refuse(uk.post("invoice", {**plain, "TxnTaxDetail": {"TotalTax": 2}}), "6170")


def test_emulator_uk_prescribed_tax_line_is_kept_until_it_is_left_out(uk):
	"""Hence "remove TxnTaxDetail when changing line Amount in an update"."""
	tax_line = {
		"Amount": 1.99,
		"DetailType": "TaxLineDetail",
		"TaxLineDetail": {"TaxRateRef": {"value": "1"}},
	}
	body = sell(
		uk, line(uk, ENGRAVING, 10, STANDARD), method="TaxExcluded", TxnTaxDetail={"TaxLine": [tax_line]}
	)
	made = uk.make("invoice", body)
	assert (made["TotalAmt"], made["TxnTaxDetail"]["TotalTax"]) == (11.99, 1.99)
	changed = {**made, "Line": [line(uk, ENGRAVING, 20, STANDARD)]}
	stale = uk.make("invoice", changed)
	assert stale["TxnTaxDetail"]["TotalTax"] == 1.99
	del changed["TxnTaxDetail"]
	assert uk.make("invoice", {**changed, "SyncToken": "1"})["TxnTaxDetail"]["TotalTax"] == 4


def test_emulator_uk_discount_lowers_the_tax(uk):
	discount = {
		"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10},
	}  # fmt: skip
	made = uk.make("invoice", sell(uk, line(uk, ENGRAVING, 120, STANDARD), discount))
	assert made["TxnTaxDetail"]["TotalTax"] == 18 and made["TotalAmt"] == 108
	assert uk.get_moved() == {
		"Accounts Receivable (A/R)": 108, "Services": -100, "Discounts Given": 10, "VAT Control": -18,
	}  # fmt: skip


def test_emulator_uk_shipping_is_taxed_by_its_code(uk):
	shipping = line(uk, "SHIPPING_ITEM_ID", 12, STANDARD)
	made = uk.make("invoice", sell(uk, line(uk, BOOK, 12, ZERO_RATED), shipping))
	assert made["TotalAmt"] == 24
	assert uk.get_moved()["Carriage Charged"] == -10


def test_emulator_uk_void_and_delete_take_the_tax_back(uk):
	made = uk.make("invoice", sell(uk, line(uk, PAN, 72, STANDARD, Qty=2)))
	voided = uk.make("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="void")
	assert voided["TotalAmt"] == 0 and voided["Line"][0]["SalesItemLineDetail"]["TaxInclusiveAmt"] == 0
	assert uk.get_moved() == {}
	uk.make("invoice", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
	assert uk.get_moved() == {}


def test_emulator_uk_foreign_invoice_with_tax_balances_in_home_currency(uk):
	body = sell(uk, line(uk, ENGRAVING, 33.33, STANDARD), customer=FOREIGN, ExchangeRate=0.8537)
	made = uk.make("invoice", body)
	assert made["TotalAmt"] == 33.33 and made["HomeTotalAmt"] == 28.45
	moved = uk.get_moved()
	assert moved["Accounts Receivable (A/R) - EUR"] == 28.45 and round(sum(moved.values()), 2) == 0


def test_emulator_uk_bundle_takes_its_items_codes(uk):
	parts = [
		{"ItemRef": {"value": PAN, "name": "Saucepan 20 cm"}, "Qty": 1},
		{"ItemRef": {"value": BOOK}, "Qty": 1},
	]
	bundle = {"Name": "Gift set", "Type": "Group", "ItemGroupDetail": {"ItemGroupLine": parts}}
	made = uk.control("POST", "records", {"entity": "Item", "record": bundle})
	group = {
		"DetailType": "GroupLineDetail",
		"GroupLineDetail": {"GroupItemRef": {"value": made["Id"]}, "Quantity": 2},
	}
	invoice = uk.make("invoice", sell(uk, group))
	assert (invoice["TotalAmt"], invoice["TxnTaxDetail"]["TotalTax"]) == (96, 12)
	assert invoice["Line"][0]["Amount"] == 84


def test_emulator_uk_company_is_saved_and_loaded(uk, start_process, open_books, tmp_path):
	uk.make("invoice", sell(uk, line(uk, CARAFE, 36, STANDARD, Qty=2)))
	path = tmp_path / "uk.json"
	path.write_text(json.dumps(uk.control("GET", "export")))
	again = open_books(start_process("--company", str(path)))
	assert again.balances() == uk.balances()
	assert again.read("invoice", "1") == uk.read("invoice", "1")  # with the payment that is linked to it


def test_emulator_uk_has_no_pseudo_tax_codes(uk):
	assert len(uk.query("select * from TaxCode maxresults 2")["TaxCode"]) == 2
	uk.refuse(uk.get("taxcode/TAX"), "610")


def test_emulator_uk_names_have_accounts_of_their_currency(uk):
	euro = {"value": "EUR"}
	made = uk.make("vendor", {"DisplayName": "V", "CurrencyRef": euro, "APAccountRef": {"value": "21"}})
	assert made["APAccountRef"]["name"] == "Accounts Payable (A/P) - EUR"
	for account, code in (("20", "6000"), ("1", "6430"), ("99", "2500")):
		body = {"DisplayName": "W", "CurrencyRef": euro, "APAccountRef": {"value": account}}
		uk.refuse(uk.post("vendor", body), code)
	uk.refuse(uk.post("customer", {"DisplayName": "C", "ARAccountRef": {"value": "11"}}), "6000")


def test_emulator_uk_without_vat_asks_for_no_codes(uk):
	uk.preferences(TaxPrefs={"UsingSalesTax": False})
	body = sell(uk, line(uk, ENGRAVING, 10, None))
	del body["GlobalTaxCalculation"]
	assert uk.make("invoice", body)["TotalAmt"] == 10


def test_emulator_two_companies_in_one_process(start_process, open_books):
	process = start_process("--company", "us_wholesaler", "--company", "uk_trader")
	assert [company["name"] for company in process.ready["companies"]] == [
		"Cascade & Harbor Trading Co.", "Thistle & Wharf Trading Ltd",
	]  # fmt: skip
	us = open_books(process)
	assert us.balances() == {}
	process.realm = process.ready["companies"][1]["realm"]
	assert open_books(process).read("customer", FOREIGN)["CurrencyRef"]["value"] == "EUR"


def test_emulator_uk_price_of_one_unit_is_of_the_amount_beside_its_gross(uk):
	gross = line(uk, PAN, 60, STANDARD, Qty=2, UnitPrice=36, TaxInclusiveAmt=72)
	uk.refuse(uk.post("invoice", sell(uk, gross)), "6070")
	made = uk.make("invoice", sell(uk, line(uk, PAN, 60, STANDARD, Qty=2, UnitPrice=30, TaxInclusiveAmt=72)))
	assert (made["TotalAmt"], made["TxnTaxDetail"]["TotalTax"]) == (72, 12)
