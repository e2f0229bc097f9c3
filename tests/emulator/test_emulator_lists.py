"""Lists: accounts, terms, nesting, and the small ones the owner keeps. Sources: Intuit's entity pages, as collected."""

import pytest
from every_kind import Stage

from qbo_emulator.entities.recurring import KINDS


def edit(books, entity: str, record: dict, **changes) -> dict:
	"""Post a sparse update on top of the record as it stands."""
	token = books.read(entity, record["Id"])["SyncToken"]
	return books.make(entity, {"Id": record["Id"], "SyncToken": token, "sparse": True, **changes})


# ------------------------------------------------------------------------------------------ accounts


def test_emulator_account_needs_type_or_subtype_6010(books):
	books.refuse(books.post("account", {"Name": "Petty Cash"}), "6010")
	by_subtype = books.make("account", {"Name": "Stock", "AccountSubType": "Inventory"})
	assert (by_subtype["AccountType"], by_subtype["Classification"]) == ("Other Current Asset", "Asset")
	by_type = books.make("account", {"Name": "MyBank", "AccountType": "Bank"})
	assert (by_type["AccountSubType"], by_type["CurrentBalance"]) == ("Checking", 0)


def test_emulator_account_subtype_belongs_to_its_type(books):
	books.refuse(
		books.post("account", {"Name": "A", "AccountType": "Bank", "AccountSubType": "Inventory"}), "2110"
	)
	books.refuse(books.post("account", {"Name": "A", "AccountType": "Piggy Bank"}), "2110")
	books.refuse(books.post("account", {"Name": "A", "AccountSubType": "Piggy"}), "2110")


@pytest.mark.parametrize("name", ['The "Bank"', "Bank: main", "Tab\t"])
def test_emulator_account_name_has_no_quote_or_colon(books, name):
	books.refuse(books.post("account", {"Name": name, "AccountType": "Bank"}), "2040")


def test_emulator_account_number_is_unique_and_without_colon(books):
	"""Up to 20 characters here: the page says 7 for the US, python-quickbooks' live tests store 11."""
	books.make("account", {"Name": "A", "AccountType": "Bank", "AcctNum": "12345678901"})
	error = books.refuse(
		books.post("account", {"Name": "B", "AccountType": "Bank", "AcctNum": "12345678901"}), "6000"
	)
	assert "already in use" in error["Detail"]
	books.refuse(books.post("account", {"Name": "B", "AccountType": "Bank", "AcctNum": "1:2"}), "2040")
	books.refuse(books.post("account", {"Name": "B", "AccountType": "Bank", "AcctNum": "9" * 21}), "2050")


def test_emulator_account_balance_is_read_only(books):
	account = books.make("account", {"Name": "A", "AccountType": "Bank", "CurrentBalance": 500})
	assert account["CurrentBalance"] == 0 and books.balances() == {}


def test_emulator_account_is_renamed_when_deactivated_even_with_a_balance(books):
	"""Seen live: " (deleted)" after the name, with a balance on it and no journal made."""
	books.invoice()
	income = books.read("account", "31")
	gone = edit(books, "account", income, Active=False)
	assert (gone["Name"], gone["CurrentBalance"]) == ("Sales of Product Income (deleted)", 100)
	assert books.balances()["Sales of Product Income (deleted)"] == "-100.00"
	again = books.make("account", {"Name": "Sales of Product Income", "AccountType": "Income"})
	assert again["Id"] != income["Id"]


def test_emulator_account_type_can_be_changed_but_not_of_what_quickbooks_posts_to(books):
	"""Not documented: receivables and payables have parties, and the company's own accounts have their place."""
	for identifier, kind in (("10", "Bank"), ("12", "Bank"), ("31", "Accounts Receivable"), ("61", "Income")):
		body = {**books.read("account", identifier), "AccountType": kind, "AccountSubType": ""}
		books.refuse(books.post("account", body), "6000")
	free = books.make("account", {"Name": "Float", "AccountType": "Bank"})
	changed = books.make("account", {**free, "AccountType": "Other Current Asset", "AccountSubType": ""})
	assert (changed["AccountType"], changed["Classification"]) == ("Other Current Asset", "Asset")


def test_emulator_account_below_another_type_is_refused(books):
	books.refuse(
		books.post("account", {"Name": "Sub", "AccountType": "Expense", "ParentRef": {"value": "1"}}), "6000"
	)
	sub = books.make("account", {"Name": "Sub", "AccountType": "Bank", "ParentRef": {"value": "1"}})
	assert (sub["FullyQualifiedName"], sub["SubAccount"]) == ("Checking:Sub", True)


def test_emulator_account_currency_needs_multicurrency_and_the_balance_sheet(books):
	euro = {"value": "EUR"}
	body = {"Name": "Euro bank", "AccountType": "Bank", "CurrencyRef": euro}
	books.refuse(books.post("account", body), "6000")
	books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	bank = books.make("account", body)
	assert bank["CurrencyRef"] == {"value": "EUR", "name": "Euro"}
	books.refuse(
		books.post("account", {"Name": "Euro sales", "AccountType": "Income", "CurrencyRef": euro}), "6000"
	)
	assert edit(books, "account", bank, CurrencyRef={"value": "USD"})["CurrencyRef"]["value"] == "EUR"


# ------------------------------------------------------------------------------------------ terms


def test_emulator_term_is_standard_or_date_driven(books):
	standard = books.make("term", {"Name": "Net 45", "DueDays": 45})
	driven = books.make("term", {"Name": "15th", "DayOfMonthDue": 15, "DueNextMonthDays": 5, "DueDays": 0})
	assert (standard["Type"], driven["Type"]) == ("STANDARD", "DATE_DRIVEN")
	assert "DueDays" not in driven
	books.refuse(books.post("term", {"Name": "None"}), "2020")
	books.refuse(books.post("term", {"Name": "Long", "DueDays": 1000}), "2070")
	books.refuse(books.post("term", {"Name": "Odd", "DayOfMonthDue": 32}), "2070")
	books.refuse(books.post("term", {"Name": "x" * 32, "DueDays": 1}), "2050")


@pytest.mark.parametrize(
	("term", "txn_date", "due"),
	[
		({"DayOfMonthDue": 15}, "2026-03-10", "2026-03-15"),
		({"DayOfMonthDue": 15}, "2026-03-15", "2026-03-15"),
		({"DayOfMonthDue": 15}, "2026-03-16", "2026-04-15"),
		({"DayOfMonthDue": 15, "DueNextMonthDays": 10}, "2026-03-10", "2026-04-15"),
		({"DayOfMonthDue": 31}, "2026-02-03", "2026-02-28"),
		({"DayOfMonthDue": 5}, "2026-12-20", "2027-01-05"),
	],
)
def test_emulator_due_date_by_a_date_driven_term(books, term, txn_date, due):
	made = books.make("term", {"Name": "Driven", **term})
	invoice = books.invoice(SalesTermRef={"value": made["Id"]}, TxnDate=txn_date)
	assert invoice["DueDate"] == due


# ------------------------------------------------------------------------------------------ nesting


@pytest.mark.parametrize("entity", ["class", "department"])
def test_emulator_classes_and_locations_nest(books, entity):
	flag = {"class": "SubClass", "department": "SubDepartment"}[entity]
	top = books.make(entity, {"Name": "North"})
	below = books.make(entity, {"Name": "Oslo", "ParentRef": {"value": top["Id"]}})
	assert (below["FullyQualifiedName"], below[flag], top[flag]) == ("North:Oslo", True, False)
	books.make(entity, {"Name": "Oslo"})  # names are unique below their parent
	books.refuse(books.post(entity, {"Name": "Oslo", "ParentRef": {"value": top["Id"]}}), "6240")


@pytest.mark.parametrize(
	("entity", "name", "extra"),
	[
		("customer", "DisplayName", {}),
		("item", "Name", {"Type": "Service", "IncomeAccountRef": {"value": "31"}}),
		("account", "Name", {"AccountType": "Expense"}),
		("class", "Name", {}),
		("department", "Name", {}),
	],
)
def test_emulator_renaming_a_parent_renames_what_is_below(books, entity, name, extra):
	top = books.make(entity, {name: "Top", **extra})
	middle = books.make(entity, {name: "Middle", "ParentRef": {"value": top["Id"]}, **extra})
	leaf = books.make(entity, {name: "Leaf", "ParentRef": {"value": middle["Id"]}, **extra})
	other = books.make(entity, {name: "Topmost", **extra})
	edit(books, entity, top, **{name: "Head"})
	renamed = books.read(entity, leaf["Id"])
	assert renamed["FullyQualifiedName"] == "Head:Middle:Leaf"
	assert renamed["SyncToken"] == "0"
	assert books.read(entity, middle["Id"])["ParentRef"]["name"] == "Head"
	assert books.read(entity, other["Id"])["FullyQualifiedName"] == "Topmost"
	edit(books, entity, middle, ParentRef={"value": other["Id"]})
	assert books.read(entity, leaf["Id"])["FullyQualifiedName"] == "Topmost:Middle:Leaf"
	books.knobs(rename_touches_children=True)
	edit(books, entity, other, **{name: "Roof"})
	touched = books.read(entity, leaf["Id"])
	assert (touched["FullyQualifiedName"], touched["SyncToken"]) == ("Roof:Middle:Leaf", "1")


def test_emulator_names_below_a_renamed_parent_are_free_and_taken(books):
	extra = {"Type": "Service", "IncomeAccountRef": {"value": "31"}}
	top = books.make("item", {"Name": "Tools", "Type": "Category"})
	books.make("item", {"Name": "Saw", "ParentRef": {"value": top["Id"]}, **extra})
	edit(books, "item", top, Name="Old tools")
	again = books.make("item", {"Name": "Tools", "Type": "Category"})
	books.make("item", {"Name": "Saw", "ParentRef": {"value": again["Id"]}, **extra})
	books.refuse(books.post("item", {"Name": "Saw", "ParentRef": {"value": top["Id"]}, **extra}), "6240")


def test_emulator_moving_a_branch_too_deep_is_6180(books):
	names = [books.make("class", {"Name": "L0"})]
	for level in range(1, 4):
		names.append(books.make("class", {"Name": f"L{level}", "ParentRef": {"value": names[-1]["Id"]}}))
	branch = books.make("class", {"Name": "B"})
	books.make("class", {"Name": "Twig", "ParentRef": {"value": branch["Id"]}})
	body = {"Id": branch["Id"], "SyncToken": "0", "sparse": True, "ParentRef": {"value": names[-1]["Id"]}}
	books.refuse(books.post("class", body), "6180")
	assert books.read("class", branch["Id"])["FullyQualifiedName"] == "B"


# ------------------------------------------------------------------------------------------ the owner's lists


def test_emulator_company_currency_needs_multicurrency(books):
	books.refuse(books.post("companycurrency", {"Code": "EUR"}), "6000")
	books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	euro = books.make("companycurrency", {"Code": "EUR"})
	assert (euro["Code"], euro["Name"], euro["Active"]) == ("EUR", "Euro", True)
	books.refuse(books.post("companycurrency", {"Code": "EUR"}), "6240")
	books.refuse(books.post("companycurrency", {"Code": "USD"}), "6240")
	books.refuse(books.post("companycurrency", {"Code": "E1"}), "2110")
	books.refuse(books.post("companycurrency", {}), "2020")
	edit(books, "companycurrency", euro, Active=False)
	assert books.query("select * from CompanyCurrency") == {}


def test_emulator_exchange_rate_by_currency_and_day(books):
	"""GET /exchangerate?sourcecurrencycode=…&asofdate=…; it has no Id; an update is a POST."""
	books.refuse(books.post("exchangerate", {"SourceCurrencyCode": "EUR", "Rate": 1.1}), "6000")
	books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	made = books.make("exchangerate", {"SourceCurrencyCode": "EUR", "AsOfDate": "2026-01-05", "Rate": 1.1})
	assert "Id" not in made and made["TargetCurrencyCode"] == "USD"
	books.make("exchangerate", {"SourceCurrencyCode": "EUR", "AsOfDate": "2026-02-01", "Rate": 1.2})
	changed = books.make(
		"exchangerate", {"SourceCurrencyCode": "EUR", "AsOfDate": "2026-02-01", "Rate": "1.25"}
	)
	assert changed["SyncToken"] == "1"
	for day, rate in (("2026-01-31", 1.1), ("2026-02-01", 1.25)):
		answer = books.get("exchangerate", sourcecurrencycode="eur", asofdate=day).json()["ExchangeRate"]
		assert answer["Rate"] == rate
	books.refuse(books.get("exchangerate", sourcecurrencycode="EUR", asofdate="2025-12-31"), "610")
	books.refuse(books.get("exchangerate"), "2020")
	books.refuse(books.post("exchangerate", {"SourceCurrencyCode": "EUR", "Rate": 0}), "2070")
	found = books.query(
		"select * from ExchangeRate where SourceCurrencyCode in ('EUR') and AsOfDate = '2026-02-01'"
	)
	assert [row["Rate"] for row in found["ExchangeRate"]] == [1.25]
	assert len(books.query("select Rate from ExchangeRate")["ExchangeRate"]) == 2


def test_emulator_customer_types_are_made_by_the_owner(books):
	"""Read and query only; a customer refers to them."""
	assert books.post("customertype", {"Name": "Retail"}).status_code == 400
	made = books.control("POST", "records", {"entity": "CustomerType", "record": {"Name": "Retail"}})
	found = books.query("select * from CustomerType where Name = 'Retail'")["CustomerType"]
	assert [row["Id"] for row in found] == [made["Id"]] and found[0]["Active"] is True
	books.customer("Typed", CustomerTypeRef={"value": made["Id"]})
	books.refuse(books.post("customer", {"DisplayName": "X", "CustomerTypeRef": {"value": "99"}}), "2500")


def test_emulator_employee_with_payroll_needs_its_address(books):
	"""PrimaryAddr is required where payroll is on; read-only and masked fields as Intuit's page has them."""
	address = {
		"Line1": "45 N. Elm St",
		"City": "Tacoma",
		"CountrySubDivisionCode": "WA",
		"PostalCode": "98402",
	}
	employee = books.make("employee", {
		"GivenName": "Bill", "FamilyName": "Miller", "PrimaryAddr": address, "HiredDate": "2024-01-02", "BillRate": 55,
		"PrimaryPhone": {"FreeFormNumber": "234-525-1234"},
	})  # fmt: skip
	assert employee["PrimaryAddr"]["PostalCode"] == "98402" and employee["BillableTime"] is False
	books.refuse(
		books.post("employee", {"GivenName": "A", "HiredDate": "2024-02-01", "ReleasedDate": "2024-01-01"}),
		"6000",
	)


@pytest.mark.parametrize(
	("entity", "body", "reference"),
	[
		("customer", {"DisplayName": "C"}, "SalesTermRef"),
		("customer", {"DisplayName": "C"}, "DefaultTaxCodeRef"),
		("vendor", {"DisplayName": "V"}, "TermRef"),
		("item", {"Name": "I", "IncomeAccountRef": {"value": "31"}}, "SalesTaxCodeRef"),
		("item", {"Name": "I", "IncomeAccountRef": {"value": "31"}}, "ClassRef"),
		("item", {"Name": "I", "IncomeAccountRef": {"value": "31"}}, "PrefVendorRef"),
		("account", {"Name": "A", "AccountType": "Bank"}, "ParentRef"),
	],
)
def test_emulator_lists_refer_to_what_exists(books, entity, body, reference):
	books.refuse(books.post(entity, {**body, reference: {"value": "99"}}), "2500")


def test_emulator_classes_count_where_the_company_tracks_them(books):
	"""ClassRef for each line or for the transaction, DepartmentRef if locations are tracked; else silently absent."""
	item = books.item()
	reference = {"value": "1"}
	body = books.invoice_body(
		books.line(item, ClassRef=reference), ClassRef=reference, DepartmentRef=reference
	)
	for per_line, per_txn, locations in ((True, False, True), (False, True, False), (False, False, False)):
		books.preferences(AccountingInfoPrefs={
			"ClassTrackingPerTxnLine": per_line, "ClassTrackingPerTxn": per_txn, "TrackDepartments": locations,
		})  # fmt: skip
		made = books.make("invoice", body)
		assert ("ClassRef" in made["Line"][0]["SalesItemLineDetail"], "ClassRef" in made, "DepartmentRef" in made) == (
			per_line, per_txn, locations,
		)  # fmt: skip


def test_emulator_inventory_needs_its_preference(books):
	books.preferences(ProductAndServicesPrefs={"QuantityOnHand": False})
	body = {
		"Name": "Pump", "Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 1, "InvStartDate": "2026-01-01",
		"IncomeAccountRef": {"value": "31"}, "ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
	}  # fmt: skip
	books.refuse(books.post("item", body), "5030")


def test_emulator_preferences_that_cannot_be_written_are_left_as_they_are(books):
	"""Multicurrency and sales tax are turned on by a person; the answer is 200 all the same."""
	body = {
		"Id": "1", "SyncToken": "0", "sparse": True, "CurrencyPrefs": {"MultiCurrencyEnabled": True},
		"SalesFormsPrefs": {"AllowShipping": False},
	}  # fmt: skip
	changed = books.make("preferences", body)
	assert changed["CurrencyPrefs"]["MultiCurrencyEnabled"] is False
	assert (
		changed["SalesFormsPrefs"]["AllowShipping"] is False
		and changed["SalesFormsPrefs"]["AllowDiscount"] is True
	)


# ------------------------------------------------------------------------------------------ time, templates, budgets


def test_emulator_time_activity(books):
	employee = books.make("employee", {"GivenName": "Ann", "FamilyName": "Lee"})["Id"]
	body = {
		"NameOf": "Employee",
		"EmployeeRef": {"value": employee},
		"Hours": 8,
		"Minutes": 30,
		"TxnDate": "2026-03-02",
	}
	made = books.make("timeactivity", body)
	assert (made["EmployeeRef"]["name"], made["BillableStatus"], made["Minutes"]) == (
		"Ann Lee",
		"NotBillable",
		30,
	)
	clocked = books.make("timeactivity", {
		"NameOf": "Employee", "EmployeeRef": {"value": employee}, "BreakMinutes": 30,
		"StartTime": "2026-03-02T08:00:00-08:00", "EndTime": "2026-03-02T17:15:00-08:00",
	})  # fmt: skip
	assert (clocked["Hours"], clocked["Minutes"]) == (8, 45)
	books.refuse(books.post("timeactivity", {"NameOf": "Employee", "Hours": 1}), "2020")
	books.refuse(books.post("timeactivity", {**body, "BillableStatus": "Billable"}), "6000")
	books.refuse(books.post("timeactivity", {**body, "Hours": 0, "Minutes": 0}), "2020")
	books.refuse(books.post("timeactivity", {**body, "EmployeeRef": {"value": "999"}}), "2500")
	assert books.query("select count(*) from TimeActivity where TxnDate = '2026-03-02'")["totalCount"] == 1
	gone = books.make("timeactivity", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
	assert gone["status"] == "Deleted" and books.balances() == {}


def test_emulator_recurring_templates_of_every_kind_post_nothing(books):
	stage = Stage(books)
	info = {
		"Name": "R",
		"RecurType": "Automated",
		"ScheduleInfo": {"IntervalType": "Monthly", "NumInterval": 1},
	}
	before = books.control("GET", "ledger")
	bodies = {kind: body for kind, body in stage.list_bodies("2026-01-15") if kind in KINDS}
	money = {"AccountRef": {"value": "28"}}
	line = {"Amount": 9, "DetailType": "DepositLineDetail", "DepositLineDetail": money}
	bodies["Deposit"] = {"DepositToAccountRef": {"value": "1"}, "Line": [line]}
	assert set(bodies) == set(KINDS)
	for kind, body in bodies.items():
		made = books.make("recurringtransaction", {kind: {**body, "RecurringInfo": info}})
		assert list(made) == [kind] and "DocNumber" not in made[kind], made
		assert books.query(f"select count(*) from {kind}")["totalCount"] == 0
	assert books.control("GET", "ledger") == before
	assert books.query("select count(*) from RecurringTransaction where Name = 'R'")["totalCount"] == len(
		KINDS
	)


def test_emulator_recurring_transaction_wraps_its_template(books):
	"""{"RecurringTransaction": {"Invoice": {…, "RecurringInfo": …}}}; nothing is posted."""
	info = {
		"Name": "Monthly rent", "RecurType": "Automated", "Active": True,
		"ScheduleInfo": {"IntervalType": "Monthly", "NumInterval": 1, "DayOfMonth": 3, "StartDate": "2026-01-03"},
	}  # fmt: skip
	invoice = books.invoice_body()
	body = {"Invoice": {**invoice, "RecurringInfo": info}}
	books.refuse(books.post("recurringtransaction", {"Invoice": invoice}), "2020")
	books.refuse(books.post("recurringtransaction", {"Nothing": {}}), "2010")
	made = books.make("recurringtransaction", body)
	template = made["Invoice"]
	assert template["RecurringInfo"]["ScheduleInfo"]["DayOfMonth"] == 3
	assert (template["TotalAmt"], template["RecurDataRef"]["value"]) == (100, template["Id"])
	assert "DocNumber" not in template and books.balances() == {}
	assert books.query("select * from RecurringTransaction")["RecurringTransaction"][0]["Invoice"] == template
	assert books.read("recurringtransaction", template["Id"])["Invoice"] == template
	assert books.query("select count(*) from Invoice")["totalCount"] == 0
	books.make("recurringtransaction", {"Invoice": template}, operation="delete")
	assert books.query("select * from RecurringTransaction") == {}
