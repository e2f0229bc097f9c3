"""Bill and VendorCredit: lines, payables, due dates, numbers, and the answers that say 200 and mean no."""

import pytest

RENT, FREIGHT, PAYABLE = "50", "41", "20"


def build_body(vendor, *lines, **more):
	return {"VendorRef": {"value": vendor}, "Line": list(lines), **more}


def read_entries(books, entity, record):
	entries = books.control("GET", "ledger", entity=entity, id=record["Id"])["entries"]
	return [(entry["account"]["id"], entry["debit"], entry["credit"]) for entry in entries]


def test_emulator_bill_posts_its_lines(books):
	"""[D] An account line goes to its account, an item line to the item's: expense, or the asset of an Inventory item."""
	vendor, pump = books.vendor(), books.stocked_item()
	tape = books.item("Tape", ExpenseAccountRef={"value": FREIGHT})
	bill = books.bill(
		books.charged(RENT, 200, ClassRef={"value": "1"}), books.bought(tape, 2, 3), books.bought(pump, 4, 10),
		vendor=vendor, DocNumber="A-1",
	)  # fmt: skip
	assert (bill["TotalAmt"], bill["Balance"], bill["APAccountRef"]["value"]) == (246, 246, PAYABLE)
	assert [line["Id"] for line in bill["Line"]] == ["1", "2", "3"]
	assert read_entries(books, "Bill", bill) == [
		(PAYABLE, "0.00", "246.00"), (RENT, "200.00", "0.00"), (FREIGHT, "6.00", "0.00"), ("11", "40.00", "0.00"),
	]  # fmt: skip
	assert books.read("vendor", vendor)["Balance"] == 246
	assert books.read("item", pump)["QtyOnHand"] == 4
	books.change("bill", bill, "delete")
	assert books.balances() == {} and books.read("vendor", vendor)["Balance"] == 0
	assert books.read("item", pump)["QtyOnHand"] == 0


def test_emulator_bill_without_item_moves_nothing(books):
	"""A negative account line may stand beside item lines, as landed cost is cleared."""
	pump = books.stocked_item()
	books.bill(books.bought(pump, 10, 11), books.charged(FREIGHT, -10), vendor=books.vendor())
	assert books.layers(pump) == [("10", "110.00")]
	assert books.balances()["Accounts Payable (A/P)"] == "-100.00"


@pytest.mark.parametrize(
	("change", "code"),
	[
		({"VendorRef": None}, "2020"),
		({"VendorRef": {"value": "999"}}, "2500"),
		({"Line": []}, "2250"),
		({"Line": [{"Amount": 1}]}, "2020"),
		({"Line": [{"DetailType": "AccountBasedExpenseLineDetail"}]}, "2020"),
		({"Line": [{"Amount": 1, "DetailType": "AccountBasedExpenseLineDetail"}]}, "6440"),
		({"Line": [{"Amount": 1, "DetailType": "ItemBasedExpenseLineDetail"}]}, "6440"),
		({"Line": [{"Amount": 1, "DetailType": "SalesItemLineDetail"}]}, "2110"),
		({"APAccountRef": {"value": "1"}}, "6430"),
		({"SalesTermRef": {"value": "999"}}, "2500"),
		({"LinkedTxn": [{"TxnId": "1", "TxnType": "Invoice"}]}, "620"),
		({"DocNumber": "x" * 22}, "2050"),
		({"CurrencyRef": {"value": "EUR"}}, "6000"),
	],
)
def test_emulator_bill_refuses(books, change, code):
	body = build_body(books.vendor(), books.charged(RENT, 5), **change)
	for entity in ("bill", "vendorcredit"):
		if "SalesTermRef" in change and entity == "vendorcredit":
			continue
		books.refuse(books.post(entity, body), code)
	assert books.balances() == {}


def test_emulator_bill_line_rules(books):
	"""[D] 6070 by the line, 6520 without a quantity, 6100 tax codes, billable lines need their customer."""
	vendor, pump = books.vendor(), books.stocked_item()
	wrong = books.bought(pump, 3, 2)
	wrong["Amount"] = 7
	unpriced = {
		"Amount": 5, "DetailType": "ItemBasedExpenseLineDetail", "ItemBasedExpenseLineDetail": {"ItemRef": {"value": pump}},
	}  # fmt: skip
	unbuyable = books.item("Only sold")
	for line, code in (
		(wrong, "6070"),
		(unpriced, "6520"),
		(books.bought(unbuyable, 1, 1), "6000"),
		(books.charged(RENT, 5, TaxCodeRef={"value": "3"}), "6100"),
		(books.charged(RENT, 5, BillableStatus="Billable"), "6000"),
		(books.charged(RENT, -5), "6000"),
	):
		books.refuse(books.post("bill", build_body(vendor, line)), code)
	customer = books.customer()
	line = books.charged(RENT, 5, BillableStatus="Billable", CustomerRef={"value": customer})
	stored = books.bill(line, vendor=vendor)["Line"][0]["AccountBasedExpenseLineDetail"]
	assert (stored["BillableStatus"], stored["CustomerRef"]["value"]) == ("Billable", customer)
	assert stored["TaxCodeRef"] == {"value": "NON"}


def test_emulator_bill_due_date_comes_from_the_term(books):
	"""[D] DueDate = TxnDate + term; without one it is the bill's date."""
	vendor = books.vendor()
	bill = books.bill(
		books.charged(RENT, 5), vendor=vendor, TxnDate="2026-01-10", SalesTermRef={"value": "3"}
	)
	assert books.read("term", "3")["DueDays"] == 30 and bill["DueDate"] == "2026-02-09"
	assert books.bill(books.charged(RENT, 5), vendor=vendor, TxnDate="2026-01-10")["DueDate"] == "2026-01-10"


def test_emulator_bill_vendor_is_required_on_every_update(books):
	"""[L] Bill.VendorRef must be repeated even on a sparse update: 2020."""
	vendor = books.vendor()
	for entity in ("bill", "vendorcredit"):
		record = books.make(entity, build_body(vendor, books.charged(RENT, 5)))
		body = {"Id": record["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
		error = books.refuse(books.post(entity, body), "2020")
		assert error["element"] == "VendorRef"
		assert books.make(entity, {**body, "VendorRef": {"value": vendor}})["PrivateNote"] == "x"


def test_emulator_bill_sparse_update_replaces_all_lines(books):
	"""[L] Sending one of two Bill lines returned 200 and silently dropped the other; a line loses what is not re-sent."""
	vendor = books.vendor()
	bill = books.bill(
		{**books.charged(RENT, 5), "Description": "x"}, books.charged(FREIGHT, 6), vendor=vendor
	)
	line = {**books.charged(RENT, 5), "Id": bill["Line"][0]["Id"]}
	changed = books.change("bill", bill, Line=[line], VendorRef={"value": vendor})
	assert [line["Id"] for line in changed["Line"]] == ["1"] and "Description" not in changed["Line"][0]
	assert changed["TotalAmt"] == 5 and books.balances()["Accounts Payable (A/P)"] == "-5.00"


def test_emulator_bill_void_crashes_with_http_200(books):
	"""[L] Voiding a Bill answers HTTP 200 with a SystemFault 10000, and nothing changed."""
	bill = books.bill(books.charged(RENT, 5), vendor=books.vendor())
	answer = books.post("bill", {"Id": bill["Id"], "SyncToken": "0"}, operation="void")
	error = books.refuse(answer, "10000", 200)
	assert answer.json()["Fault"]["type"] == "SystemFault"
	assert error["Detail"] == "java.lang.UnsupportedOperationException"
	assert books.read("bill", bill["Id"]) == bill


def test_emulator_bill_numbers(books):
	"""[D] Yours or null; a duplicate is 6140 unless ``include=allowduplicatedocnum`` or the warning is off."""
	vendor, other = books.vendor(), books.vendor("Other")
	line = books.charged(RENT, 5)
	bill = books.bill(line, vendor=vendor, DocNumber="B-7")
	assert "DocNumber" not in books.bill(line, vendor=vendor)
	error = books.refuse(books.post("bill", build_body(vendor, line, DocNumber="b-7")), "6140")
	assert error["Detail"].endswith(f"DocNumber=b-7 is assigned to TxnType=Bill with TxnId={bill['Id']}")
	books.make("vendorcredit", build_body(vendor, line, DocNumber="B-7"))
	books.make("bill", build_body(vendor, line, DocNumber="B-7"), include="allowduplicatedocnum")
	books.bill(line, vendor=other, DocNumber="B-7")
	books.knobs(duplicate_bill_scope="type")
	books.refuse(books.post("bill", build_body(books.vendor("Third"), line, DocNumber="B-7")), "6140")
	books.preferences(OtherPrefs={"NameValue": [{"Name": "WarnDuplicateBillNumber", "Value": "false"}]})
	books.bill(line, vendor=vendor, DocNumber="B-7")


def test_emulator_vendor_credit(books):
	"""[D] Same lines as a Bill; it lowers what is owed and takes goods out of stock."""
	vendor, pump = books.vendor(), books.stocked_item()
	books.bill(books.bought(pump, 10, 6), vendor=vendor)
	credit = books.make("vendorcredit", build_body(vendor, books.bought(pump, 3, 6)))
	assert (credit["TotalAmt"], credit["Balance"]) == (18, 18)
	assert books.balances() == {"Inventory Asset": "42.00", "Accounts Payable (A/P)": "-42.00"}
	assert books.read("vendor", vendor)["Balance"] == 42 and books.read("item", pump)["QtyOnHand"] == 7
	books.refuse(books.post("vendorcredit", {"Id": credit["Id"], "SyncToken": "0"}, operation="void"), "500")
	books.change("vendorcredit", credit, "delete")
	assert books.read("vendor", vendor)["Balance"] == 60


def test_emulator_bill_in_a_closed_period(books):
	"""[D] 6200 at or before BookCloseDate, for the old date as for the new one."""
	vendor = books.vendor()
	bill = books.bill(books.charged(RENT, 5), vendor=vendor, TxnDate="2026-01-10")
	books.preferences(AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
	books.refuse(books.post("bill", build_body(vendor, books.charged(RENT, 5), TxnDate="2026-01-31")), "6200")
	body = {"Id": bill["Id"], "SyncToken": "0"}
	books.refuse(books.post("bill", body, operation="delete"), "6200")
	update = {**body, "sparse": True, "VendorRef": {"value": vendor}, "TxnDate": "2026-02-02"}
	books.refuse(books.post("bill", update), "6200")


def test_emulator_bill_queries(books):
	vendor = books.vendor()
	for number in ("Q-1", "Q-2"):
		books.bill(books.charged(RENT, 5), vendor=vendor, DocNumber=number, TxnDate="2026-01-10")
	found = books.query(f"select * from Bill where VendorRef = '{vendor}' and DocNumber = 'Q-2'")["Bill"]
	assert [bill["DocNumber"] for bill in found] == ["Q-2"]
	assert books.query("select count(*) from Bill where Balance > '4.99'")["totalCount"] == 2
	assert books.query("select * from VendorCredit") == {}


# ------------------------------------------------------------------------------------------- currencies


@pytest.fixture
def euro(books):
	books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	return books


def test_emulator_bill_in_another_currency(euro):
	"""[D] CurrencyRef is mandatory and the vendor's; each currency has its own A/P account; layers are at home."""
	vendor = euro.vendor("Van Dijk", CurrencyRef={"value": "EUR"})
	pump = euro.stocked_item()
	body = build_body(vendor, euro.bought(pump, 10, 6), ExchangeRate=1.25)
	euro.refuse(euro.post("bill", body), "2020")
	euro.refuse(euro.post("bill", {**body, "CurrencyRef": {"value": "USD"}}), "6000")
	bill = euro.make("bill", {**body, "CurrencyRef": {"value": "EUR"}})
	assert (bill["TotalAmt"], bill["Balance"], bill["HomeTotalAmt"], bill["HomeBalance"]) == (60, 60, 75, 75)
	assert euro.balances() == {"Inventory Asset": "75.00", "Accounts Payable (A/P) - EUR": "-75.00"}
	account = euro.query("select * from Account where Name = 'Accounts Payable (A/P) - EUR'")["Account"][0]
	assert (account["AccountType"], account["CurrencyRef"]["value"]) == ("Accounts Payable", "EUR")
	assert euro.layers(pump) == [("10", "75.00")] and euro.read("vendor", vendor)["Balance"] == 60
	euro.refuse(
		euro.post("bill", {**body, "CurrencyRef": {"value": "EUR"}, "APAccountRef": {"value": PAYABLE}}),
		"6000",
	)


def test_emulator_bill_rate_defaults_to_one(euro):
	"""[D] An ExchangeRate that is left out means 1."""
	vendor = euro.vendor("Van Dijk", CurrencyRef={"value": "EUR"})
	bill = euro.bill(euro.charged(RENT, 60), vendor=vendor, CurrencyRef={"value": "EUR"})
	assert (bill["ExchangeRate"], bill["HomeTotalAmt"]) == (1, 60)
