"""Invoices: what must be sent, what the service makes of it, and what stands in the ledger afterwards."""

import pytest


def kinds(invoice: dict) -> list[str]:
	return [line["DetailType"] for line in invoice["Line"]]


def shipping(amount: float, **detail) -> dict:
	detail = {"ItemRef": {"value": "SHIPPING_ITEM_ID"}, **detail}
	return {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}


def discount(**more) -> dict:
	return {"DetailType": "DiscountLineDetail", **more}


def test_emulator_minimal_invoice(books):
	"""The entity page's minimal body: customer, one line."""
	customer = books.customer(BillAddr={"Line1": "1 Pier", "City": "Tacoma"}, ShipAddr={"Line1": "2 Pier"})
	invoice = books.invoice(books.line(books.item(), 100.0, Qty=1, UnitPrice=100.0), customer=customer)
	assert (invoice["TotalAmt"], invoice["Balance"], invoice["SyncToken"]) == (100, 100, "0")
	assert kinds(invoice) == ["SalesItemLineDetail", "SubTotalLineDetail"]
	assert invoice["Line"][0]["Id"] == "1" and invoice["Line"][1]["Amount"] == 100
	assert "DocNumber" not in invoice
	assert invoice["DueDate"] == invoice["TxnDate"]
	assert (invoice["BillAddr"]["City"], invoice["ShipAddr"]["Line1"]) == ("Tacoma", "2 Pier")
	assert invoice["CustomerRef"] == {"value": customer, "name": "King Groceries"}
	assert books.balances() == {"Accounts Receivable (A/R)": "100.00", "Sales of Product Income": "-100.00"}
	assert books.read("customer", customer)["Balance"] == 100


def test_emulator_invoice_refusals_for_what_is_missing(books):
	item, customer = books.item(), books.customer()
	assert (
		books.refuse(books.post("invoice", {"Line": [books.line(item)]}), "2020")["element"] == "CustomerRef"
	)
	assert (
		books.refuse(books.post("invoice", {"CustomerRef": {"value": customer}}), "2020")["element"] == "Line"
	)
	no_kind = {"Amount": 5, "SalesItemLineDetail": {"ItemRef": {"value": item}}}
	books.refuse(books.post("invoice", books.invoice_body(no_kind, customer=customer)), "2020")
	no_amount = {
		"DetailType": "SalesItemLineDetail",
		"SalesItemLineDetail": {"ItemRef": {"value": item}, "Qty": 1},
	}
	books.refuse(books.post("invoice", books.invoice_body(no_amount, customer=customer)), "2020")
	assert books.balances() == {}


def test_emulator_invoice_with_unknown_references_is_2500(books):
	item, customer = books.item(), books.customer()
	error = books.refuse(books.post("invoice", books.invoice_body(books.line(item), customer="999")), "2500")
	assert error["Detail"] == "Invalid Reference Id : Names element id 999 not found"
	books.refuse(books.post("invoice", books.invoice_body(books.line("999"), customer=customer)), "2500")
	for name in ("SalesTermRef", "DepartmentRef"):
		body = books.invoice_body(books.line(item), customer=customer, **{name: {"value": "999"}})
		books.refuse(books.post("invoice", body), "2500")


@pytest.mark.parametrize(
	("amount", "quantity", "price", "accepted"),
	[
		(30, 3, 10, True), (33.33, 3, 11.11, True), (100, 3, 33.3333333, True), (0.05, 3, 0.0166667, True),
		(30.01, 3, 10, False), (29.98, 3, 10, False), (0, 2, 5, False), (99.99, 3, 33.33333, False), (-30, 3, -10, True),
		(2.01, 0.5, 4.01, True), (2.0, 0.5, 4.01, True),
	],
)  # fmt: skip
def test_emulator_amount_is_quantity_times_price_or_6070(books, amount, quantity, price, accepted):
	"""6070. A half cent may be rounded either way; Intuit does not document the tolerance."""
	lines = (
		books.line(books.item(), amount, Qty=quantity, UnitPrice=price),
		books.line(books.item("B"), 500),
	)
	answer = books.post("invoice", books.invoice_body(*lines))
	if accepted:
		assert answer.json()["Invoice"]["TotalAmt"] == pytest.approx(500 + amount)
	else:
		error = books.refuse(answer, "6070")
		assert error["Message"] == "Amount is not equal to UnitPrice * Qty"


def test_emulator_quantity_or_price_zero_counts_as_absent(books):
	"""python-quickbooks sends Qty 0 and UnitPrice 0 with an Amount; the Amount survives."""
	invoice = books.invoice(books.line(books.item(), 100, Qty=0, UnitPrice=0))
	assert invoice["TotalAmt"] == 100
	invoice = books.invoice(books.line("1", 100, Qty=3), customer="1")
	assert invoice["Line"][0]["SalesItemLineDetail"]["UnitPrice"] == 33.3333333


def test_emulator_line_without_item_is_documentation(books):
	"""A line without ItemRef: its Amount is ignored."""
	line = {
		"Amount": 55,
		"DetailType": "SalesItemLineDetail",
		"Description": "see below",
		"SalesItemLineDetail": {},
	}
	invoice = books.invoice(line, books.line(books.item(), 10))
	assert invoice["TotalAmt"] == 10 and kinds(invoice)[0] == "DescriptionOnly"


def test_emulator_negative_line_but_no_negative_total(books):
	item = books.item()
	invoice = books.invoice(
		books.line(item, 100), books.line(item, -100, Qty=-1, UnitPrice=100), customer=books.customer()
	)
	assert invoice["TotalAmt"] == 0
	books.refuse(books.post("invoice", books.invoice_body(books.line(item, -5), customer="1")), "6000")


def test_emulator_shipping_line_follows_the_subtotal(books):
	invoice = books.invoice(shipping(12.5), books.line(books.item(), 100))
	assert kinds(invoice) == ["SalesItemLineDetail", "SubTotalLineDetail", "SalesItemLineDetail"]
	assert invoice["Line"][1]["Amount"] == 100 and invoice["TotalAmt"] == 112.5
	assert invoice["Line"][2]["SalesItemLineDetail"]["ItemRef"]["value"] == "SHIPPING_ITEM_ID"
	assert books.balances()["Shipping Income"] == "-12.50"


def test_emulator_shipping_is_refused_where_turned_off(books):
	"""Which code the service uses is not confirmed."""
	books.preferences(SalesFormsPrefs={"AllowShipping": False})
	books.refuse(books.post("invoice", books.invoice_body(books.line(books.item()), shipping(5))), "6000")


def test_emulator_tips_are_turned_off(books):
	"""GRATUITY_ITEM_ID is the other reserved item; no company here takes tips."""
	line = {**shipping(5), "SalesItemLineDetail": {"ItemRef": {"value": "GRATUITY_ITEM_ID"}}}
	books.refuse(books.post("invoice", books.invoice_body(books.line(books.item()), line)), "6000")


def test_emulator_discount_line_follows_the_subtotal(books):
	"""python-quickbooks' estimate test: item, subtotal, discount."""
	percent = discount(DiscountLineDetail={"PercentBased": True, "DiscountPercent": 12.5})
	invoice = books.invoice(percent, books.line(books.item(), 99.99), shipping(10))
	assert kinds(invoice)[1:] == ["SubTotalLineDetail", "DiscountLineDetail", "SalesItemLineDetail"]
	assert invoice["Line"][2]["Amount"] == 12.5 and invoice["TotalAmt"] == 97.49
	assert books.balances()["Discounts Given"] == "12.50"
	fixed = books.invoice(discount(Amount=9.99, DiscountLineDetail={}), books.line("1", 99.99), customer="1")
	assert fixed["TotalAmt"] == 90
	books.preferences(SalesFormsPrefs={"AllowDiscount": False})
	books.refuse(
		books.post("invoice", books.invoice_body(discount(Amount=1), books.line("1"), customer="1")), "6000"
	)


def test_emulator_sent_totals_are_overwritten(books):
	invoice = books.invoice(TotalAmt=1, Balance=1, HomeTotalAmt=1)
	assert (invoice["TotalAmt"], invoice["Balance"]) == (100, 100)


@pytest.mark.parametrize(
	("term", "due"), [("1", "2026-01-31"), ("2", "2026-02-15"), ("3", "2026-03-02"), ("4", "2026-04-01")]
)
def test_emulator_due_date_comes_from_the_term(books, term, due):
	assert books.invoice(TxnDate="2026-01-31", SalesTermRef={"value": term})["DueDate"] == due


def test_emulator_sent_due_date_wins(books):
	assert (
		books.invoice(TxnDate="2026-01-31", SalesTermRef={"value": "3"}, DueDate="2026-05-01")["DueDate"]
		== "2026-05-01"
	)


@pytest.mark.parametrize("day", ["31.01.2026", "2026-02-30", "tomorrow", "20260101", "2026-1-1"])
def test_emulator_bad_date_is_2060(books, day):
	books.refuse(books.post("invoice", books.invoice_body(TxnDate=day)), "2060")


@pytest.mark.parametrize(
	("line", "code"),
	[
		({"Amount": "ten"}, "2080"),
		({"Amount": "123456789012345"}, "2080"),
		({"SalesItemLineDetail": {"ItemRef": {"value": "1"}, "Qty": "two"}}, "2100"),
		({"SalesItemLineDetail": {"ItemRef": {"value": "1"}, "UnitPrice": "1,5"}}, "2070"),
		({"DetailType": "Sales"}, "2110"),
	],
)
def test_emulator_bad_values_have_a_code_by_kind(books, line, code):
	"""Intuit's error-code page, 2060 to 2110: date, number, amount, percent, quantity, choice."""
	body = books.invoice_body()
	body["Line"] = [{**body["Line"][0], **line}]
	books.refuse(books.post("invoice", body), code)


@pytest.mark.parametrize(
	("name", "value"),
	[("DocNumber", "x" * 22), ("PrivateNote", "x" * 4001), ("CustomerMemo", {"value": "x" * 1001})],
)
def test_emulator_lengths_of_invoice_texts(books, name, value):
	"""DocNumber 21, PrivateNote 4000, customer memo 1000."""
	body = books.invoice_body(**{name: value})
	books.refuse(books.post("invoice", body), "2050")
	shorter = {"value": "x" * 1000} if name == "CustomerMemo" else value[1:]
	assert books.make("invoice", {**body, name: shorter})[name] == shorter


def test_emulator_line_description_is_4000_and_lines_750(books):
	item, customer = books.item(), books.customer()
	line = {**books.line(item), "Description": "x" * 4001}
	books.refuse(books.post("invoice", books.invoice_body(line, customer=customer)), "2050")
	lines = [books.line(item, 1)] * 751
	books.refuse(books.post("invoice", books.invoice_body(*lines, customer=customer)), "6000")
	assert books.invoice(*lines[:750], customer=customer)["TotalAmt"] == 750


def test_emulator_custom_fields_go_by_definition_id(books):
	body = books.invoice_body(
		CustomField=[{"DefinitionId": "1", "Type": "StringType", "StringValue": "PO 77"}]
	)
	fields = books.make("invoice", body)["CustomField"]
	assert fields[0] == {
		"DefinitionId": "1",
		"Name": "P.O. Number",
		"Type": "StringType",
		"StringValue": "PO 77",
	}
	assert fields[1] == {"DefinitionId": "2", "Name": "Sales Rep", "Type": "StringType"}
	body["CustomField"] = [{"DefinitionId": "9", "StringValue": "x"}]
	books.refuse(books.post("invoice", body), "3000")
	body["CustomField"] = [{"DefinitionId": "1", "StringValue": "x" * 32}]
	books.refuse(books.post("invoice", body), "2050")


def test_emulator_class_and_location_as_preferred(books):
	"""ClassTrackingPerTxnLine and TrackDepartments; silently absent where they are off."""
	body = books.invoice_body(
		books.line(books.item(), ClassRef={"value": "2"}),
		DepartmentRef={"value": "1"},
		ClassRef={"value": "1"},
	)
	invoice = books.make("invoice", body)
	assert invoice["Line"][0]["SalesItemLineDetail"]["ClassRef"]["name"] == "Web Shop"
	assert invoice["DepartmentRef"]["name"] == "Tacoma Warehouse" and "ClassRef" not in invoice
	books.preferences(AccountingInfoPrefs={"TrackDepartments": False, "ClassTrackingPerTxnLine": False})
	invoice = books.make("invoice", body)
	assert "DepartmentRef" not in invoice and "ClassRef" not in invoice["Line"][0]["SalesItemLineDetail"]


def test_emulator_number_taken_is_6140_with_the_id_of_its_owner(books):
	"""Captured in the wild: the Detail ends "DocNumber=X is assigned to TxnType=Invoice with TxnId=45823"."""
	first = books.invoice(DocNumber="SD-1")
	again = books.invoice_body(books.line("1"), customer="1", DocNumber="SD-1")
	error = books.refuse(books.post("invoice", again), "6140")
	assert error["Message"] == "Duplicate Document Number Error"
	assert error["Detail"].endswith(f"DocNumber=SD-1 is assigned to TxnType=Invoice with TxnId={first['Id']}")
	other = books.make("invoice", again, include="allowduplicatedocnum")
	assert other["DocNumber"] == "SD-1"
	own = {
		"Id": other["Id"],
		"SyncToken": "0",
		"sparse": True,
		"PrivateNote": "still mine",
		"DocNumber": "SD-1",
	}
	assert books.make("invoice", own)["PrivateNote"] == "still mine"


def test_emulator_duplicate_number_passes_where_not_warned_of(books):
	books.invoice(DocNumber="SD-1")
	books.knobs(warn_duplicate_numbers=False)
	pairs = books.get("preferences").json()["Preferences"]["OtherPrefs"]["NameValue"]
	assert {"Name": "WarnDuplicateInvoiceNumber", "Value": "false"} in pairs
	books.invoice(books.line("1"), customer="1", DocNumber="SD-1")


def test_emulator_number_of_a_deleted_invoice_is_free_of_a_voided_one_not(books):
	for number, operation in (("D-1", "delete"), ("V-1", "void")):
		invoice = books.invoice(
			books.line(books.item(number)), customer=books.customer(number), DocNumber=number
		)
		books.make("invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation=operation)
	books.invoice(books.line("1"), customer="1", DocNumber="D-1")
	books.refuse(
		books.post("invoice", books.invoice_body(books.line("1"), customer="1", DocNumber="V-1")), "6140"
	)


def test_emulator_numbers_itself_where_custom_numbers_are_off(books):
	"""Preferences.SalesFormsPrefs.CustomTxnNumbers."""
	books.knobs(custom_txn_numbers=False)
	assert books.get("preferences").json()["Preferences"]["SalesFormsPrefs"]["CustomTxnNumbers"] is False
	first = books.invoice()["DocNumber"]
	second = books.invoice(books.line("1"), customer="1")["DocNumber"]
	assert (first, second) == ("1001", "1002")
	assert books.invoice(books.line("1"), customer="1", DocNumber="MINE")["DocNumber"] == "MINE"
	books.knobs(sent_number_when_automatic="replaced")
	assert books.invoice(books.line("1"), customer="1", DocNumber="MINE")["DocNumber"] == "1003"
	books.knobs(custom_txn_numbers=True)
	assert books.invoice(books.line("1"), customer="1", DocNumber="AUTO_GENERATE")["DocNumber"] == "1004"


def test_emulator_line_tax_code_is_tax_or_non(books):
	"""6100 in a US company otherwise."""
	body = books.invoice_body(books.line(books.item(), TaxCodeRef={"value": "2"}))
	books.refuse(books.post("invoice", body), "6100")


def test_emulator_automated_tax_on_taxable_lines(books):
	"""One rate, on the sum of the taxable lines, rounded half up; a TxnTaxCodeRef that is sent is replaced."""
	item = books.item()
	lines = [books.line(item, 0.5, TaxCodeRef={"value": "TAX"}) for _ in range(3)]
	invoice = books.invoice(*lines, books.line(item, 50), TxnTaxDetail={"TxnTaxCodeRef": {"value": "NON"}})
	assert invoice["TxnTaxDetail"]["TotalTax"] == 0.15  # 1.50 at 10.3 % is 0.1545
	assert invoice["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["NetAmountTaxable"] == 1.5
	assert invoice["TxnTaxDetail"]["TxnTaxCodeRef"]["value"] == "2"
	assert invoice["TotalAmt"] == 51.65 and books.balances()["Sales Tax Payable"] == "-0.15"


def test_emulator_tax_override_is_honoured(books):
	taxed = books.line(books.item(), 100, TaxCodeRef={"value": "TAX"})
	for total in (7.77, 0):
		invoice = books.invoice(taxed, customer=books.customer(f"C{total}"), TxnTaxDetail={"TotalTax": total})
		assert invoice["TxnTaxDetail"]["TotalTax"] == total and invoice["TotalAmt"] == 100 + total


def test_emulator_tax_exempt_customer_and_discount_before_tax(books):
	taxed = books.line(books.item(), 100, TaxCodeRef={"value": "TAX"})
	assert books.invoice(taxed, customer=books.customer("E", Taxable=False))["TotalAmt"] == 100
	half = discount(Amount=50, DiscountLineDetail={})
	customer = books.customer("F")
	assert books.invoice(taxed, half, customer=customer)["TxnTaxDetail"]["TotalTax"] == 10.3
	after = books.invoice(taxed, half, customer=customer, ApplyTaxAfterDiscount=True)
	assert after["TxnTaxDetail"]["TotalTax"] == 5.15 and after["TotalAmt"] == 55.15


def test_emulator_older_tax_model_uses_the_sent_code(books):
	books.preferences(TaxPrefs={"PartnerTaxEnabled": False})
	taxed = books.line(books.item(), 100, TaxCodeRef={"value": "TAX"})
	customer = books.customer()
	assert books.invoice(taxed, customer=customer)["TotalAmt"] == 100
	with_code = books.invoice(taxed, customer=customer, TxnTaxDetail={"TxnTaxCodeRef": {"value": "2"}})
	assert with_code["TotalAmt"] == 110.3


def test_emulator_without_sales_tax_nothing_is_stored(books):
	"""UsingSalesTax false: tax detail is ignored and not stored."""
	books.preferences(TaxPrefs={"UsingSalesTax": False})
	invoice = books.invoice(
		books.line(books.item(), 100, TaxCodeRef={"value": "TAX"}), TxnTaxDetail={"TotalTax": 9}
	)
	assert "TxnTaxDetail" not in invoice and invoice["TotalAmt"] == 100


def test_emulator_multicurrency_wants_currency_and_keeps_an_account_each(books):
	books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	item = books.item()
	home, foreign = books.customer("Home"), books.customer("Auslander", CurrencyRef={"value": "EUR"})
	books.refuse(books.post("invoice", books.invoice_body(books.line(item), customer=home)), "2020")
	body = books.invoice_body(books.line(item, 33.33), books.line(item, 33.33), customer=foreign)
	books.refuse(books.post("invoice", {**body, "CurrencyRef": {"value": "USD"}}), "6000")
	assert books.make("invoice", {**body, "CurrencyRef": {"value": "EUR"}})["ExchangeRate"] == 1
	invoice = books.make("invoice", {**body, "CurrencyRef": {"value": "EUR"}, "ExchangeRate": 1.08765})
	assert invoice["TotalAmt"] == 66.66 and invoice["HomeTotalAmt"] == 72.5
	balances = books.balances()
	assert balances["Accounts Receivable (A/R) - EUR"] == "139.16"  # 66.66 at 1, and twice 33.33 at 1.08765
	assert books.read("customer", foreign)["Balance"] == 133.32


def test_emulator_foreign_currency_needs_multicurrency(books):
	books.refuse(books.post("customer", {"DisplayName": "X", "CurrencyRef": {"value": "EUR"}}), "6000")
	books.refuse(books.post("invoice", books.invoice_body(CurrencyRef={"value": "EUR"})), "6000")
	assert (
		books.invoice(books.line("1"), customer="1", CurrencyRef={"value": "USD"})["CurrencyRef"]["name"]
		== "United States Dollar"
	)


def test_emulator_deposit_reduces_the_balance(books):
	invoice = books.invoice(Deposit=30)
	assert (invoice["TotalAmt"], invoice["Balance"]) == (100, 70)
	assert books.balances()["Undeposited Funds"] == "30.00"


def test_emulator_inventory_sale_moves_stock_and_cost(books):
	pump = {
		"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 10, "InvStartDate": "2024-01-01", "PurchaseCost": 7.5,
		"ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
	}  # fmt: skip
	item, customer = books.item("Pump", **pump), books.customer()
	invoice = books.invoice(books.line(item, 36, Qty=3, UnitPrice=12), customer=customer)
	assert books.read("item", item)["QtyOnHand"] == 7
	balances = books.balances()
	assert (balances["Cost of Goods Sold"], balances["Inventory Asset"]) == ("22.50", "52.50")
	early = books.invoice_body(
		books.line(item, 12, Qty=1, UnitPrice=12), customer=customer, TxnDate="2023-12-31"
	)
	books.refuse(books.post("invoice", early), "6270")
	books.refuse(books.post("invoice", books.invoice_body(books.line(item, 12), customer=customer)), "6520")
	books.make("invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="void")
	assert books.read("item", item)["QtyOnHand"] == 10 and "Cost of Goods Sold" not in books.balances()
	books.knobs(stock_negative="refused")
	books.refuse(
		books.post("invoice", books.invoice_body(books.line(item, 11, Qty=11), customer=customer)), "6000"
	)


def test_emulator_inventory_needs_the_feature(books):
	books.preferences(ProductAndServicesPrefs={"QuantityOnHand": False})
	body = {
		"Name": "P",
		"Type": "Inventory",
		"TrackQtyOnHand": True,
		"QtyOnHand": 0,
		"InvStartDate": "2024-01-01",
	}
	books.refuse(books.post("item", body), "5030")
