"""The query language: Intuit's "data queries" page, and what clients and captures show."""

import pytest


@pytest.fixture
def shop(books):
	"""Six customers, two items, and an invoice a day for the first two customers."""
	for name in ("Adam's Candy Shop", "Béla & Söhne", "Cool Cars", "100% Wool", "under_score", "back\\slash"):
		books.customer(name)
	tape, rope = books.item("Tape", Sku="T-1", UnitPrice=2.5), books.item("Rope", UnitPrice=30)
	for day in range(1, 8):
		line = books.line(tape if day % 2 else rope, 10 * day)
		number = {"DocNumber": f"N-{day}"} if day != 7 else {}
		books.invoice(line, customer="1" if day < 5 else "2", TxnDate=f"2026-03-{day:02d}", **number)
	return books


def names(books, where: str) -> list[str]:
	return [row["DisplayName"] for row in books.query(f"select * from Customer {where}").get("Customer", [])]


def numbers(books, rest: str) -> list:
	return [row.get("DocNumber") for row in books.query(f"select * from Invoice {rest}").get("Invoice", [])]


def test_emulator_query_envelope_and_empty_result(shop):
	"""node-quickbooks asserts that no match gives exactly {}."""
	found = shop.query("SELECT * FROM Customer WHERE DisplayName = 'Cool Cars'")
	assert (found["startPosition"], found["maxResults"], len(found["Customer"])) == (1, 1, 1)
	assert shop.query("select * from Customer where DisplayName = 'Nobody'") == {}


def test_emulator_query_count(shop):
	assert shop.query("select count(*) from Invoice") == {"totalCount": 7}
	assert shop.query("SELECT COUNT(*) FROM Invoice WHERE TotalAmt > '40'") == {"totalCount": 3}


def test_emulator_query_by_post_is_the_same(shop):
	"""Content-Type application/text, the statement as body."""
	statement = "select * from Customer where DisplayName = 'Béla & Söhne'"
	answer = shop.session.post(
		f"{shop.api}/query", data=statement.encode(), headers={"Content-Type": "application/text"}
	)
	assert answer.json()["QueryResponse"] == shop.query(statement)
	assert len(answer.json()["QueryResponse"]["Customer"]) == 1


def test_emulator_query_escapes(shop):
	"""Apostrophes are escaped by a backslash; a backslash before anything else stands for that character."""
	assert names(shop, r"where DisplayName = 'Adam\'s Candy Shop'") == ["Adam's Candy Shop"]
	assert names(shop, r"where DisplayName = 'back\\slash'") == ["back\\slash"]
	shop.refuse(
		shop.get("query", query="select * from Customer where DisplayName = 'Adam's Candy Shop'"), "4000"
	)


@pytest.mark.parametrize(
	("condition", "expected"),
	[
		("TotalAmt > '50.00'", ["N-6", None]),
		("TotalAmt >= 60", ["N-6", None]),
		("TotalAmt = '10.00'", ["N-1"]),
		("TxnDate < '2026-03-03'", ["N-1", "N-2"]),
		("TxnDate <= '2026-03-02' AND CustomerRef = '1'", ["N-1", "N-2"]),
		("CustomerRef = '2'", ["N-5", "N-6", None]),
		("CustomerRef in ('2', '3')", ["N-5", "N-6", None]),
		("DocNumber in ('N-1', 'N-4', 'x')", ["N-1", "N-4"]),
		("DocNumber != 'N-1' and TotalAmt < '40'", ["N-2", "N-3"]),
		("DocNumber like 'N-%' and TotalAmt < '30'", ["N-1", "N-2"]),
		("Id = '3'", ["N-3"]),
		("Id > '5'", ["N-6", None]),
		("Id IN ('1', '7')", ["N-1", None]),
		("Balance > '0' and DueDate = '2026-03-04'", ["N-4"]),
		(
			"MetaData.CreateTime > '2015-01-16T09:00:00-07:00'",
			["N-1", "N-2", "N-3", "N-4", "N-5", "N-6", None],
		),
		("MetaData.LastUpdatedTime < '2015-01-16'", []),
		("TxnDate = 2026-03-05", ["N-5"]),
	],
)
def test_emulator_query_conditions(shop, condition, expected):
	assert numbers(shop, f"where {condition} ORDER BY Id") == expected
	assert shop.query(f"select count(*) from Invoice where {condition}") == {"totalCount": len(expected)}


def test_emulator_query_like_has_one_wildcard(shop):
	assert names(shop, "where DisplayName like '%Candy%'") == ["Adam's Candy Shop"]
	assert names(shop, "where DisplayName like 'under_score'") == ["under_score"]
	assert names(shop, "where DisplayName like '____l_%'") == []
	assert names(shop, "where DisplayName like '100\\% W%'") == ["100% Wool"]
	assert names(shop, r"where DisplayName like 'back\\%'") == ["back\\slash"]


def test_emulator_query_case_by_knob(shop):
	"""Unconfirmed by Intuit, hence a knob."""
	assert names(shop, "where DisplayName = 'cool cars'") == ["Cool Cars"]
	shop.knobs(query_ignores_case=False)
	assert names(shop, "where DisplayName = 'cool cars'") == []
	assert names(shop, "where DisplayName = 'Cool Cars'") == ["Cool Cars"]
	assert names(shop, "where DisplayName like 'cool%'") == []
	assert names(shop, "where DisplayName in ('cool cars', 'Cool Cars')") == ["Cool Cars"]


@pytest.mark.parametrize(
	"words", ["ORDERBY TotalAmt DESC", "order by TotalAmt desc", "ORDER BY TxnDate DESC, Id"]
)
def test_emulator_query_order(shop, words):
	"""Both ORDERBY and ORDER BY are accepted; python-quickbooks emits both."""
	assert numbers(shop, f"where CustomerRef = '1' {words}") == ["N-4", "N-3", "N-2", "N-1"]


def test_emulator_query_default_order_by_knob(shop):
	"""Documented ascending, seen descending live: always ask for an order."""
	assert numbers(shop, "maxresults 2") == ["N-1", "N-2"]
	shop.knobs(default_query_order="desc")
	assert numbers(shop, "maxresults 2") == [None, "N-6"]


def test_emulator_query_pages(shop):
	assert numbers(shop, "orderby Id startposition 3 maxresults 2") == ["N-3", "N-4"]
	found = shop.query("select * from Invoice orderby Id maxresults 2 startposition 7")
	assert (found["startPosition"], found["maxResults"]) == (7, 1)
	assert shop.query("select * from Invoice startposition 8") == {}


def test_emulator_query_default_page_is_100(books):
	for number in range(105):
		books.customer(f"C{number}")
	assert len(books.query("select * from Customer")["Customer"]) == 100
	assert len(books.query("select * from Customer maxresults 1000")["Customer"]) == 105


@pytest.mark.parametrize(
	("rest", "detail"),
	[
		("STARTPOSITION 0", "value 0 is too small. Min allowed value is 1"),
		("STARTPOSITION -5", "value -5 is too small"),
		("MAXRESULTS 0", "value 0 is too small"),
		("MAXRESULTS 1001", "value 1001 is too large. Max allowed value is 1000"),
		("where PrivateNote = 'x'", "property 'PrivateNote' is not queryable"),
		("where Line.Amount = '1'", "is not queryable"),
		("where Colour = 'x'", "Property Colour not found for Entity Invoice"),
		("orderby PrivateNote", "not queryable"),
		("where TotalAmt > 'abc'", "Invalid value"),
		("where TotalAmt > '1e999999'", "Invalid value"),
		("where TxnDate > 'yesterday'", "Invalid value"),
		("where MetaData.LastUpdatedTime > 'soon'", "Invalid value"),
	],
)
def test_emulator_query_validation_is_4001(books, rest, detail):
	"""STARTPOSITION 0: fixture; PrivateNote: seen live."""
	error = books.refuse(books.get("query", query=f"select * from Invoice {rest}"), "4001")
	assert error["Detail"].startswith("QueryValidationError: ") and detail in error["Detail"]


@pytest.mark.parametrize(
	"statement",
	[
		"", "   ", "select", "select *", "select * from", "delete from Invoice", "select * from Invoice where",
		"select * from Invoice where Id = '1' or Id = '2'", "select * from Invoice where not Id = '1'",
		"select * from Invoice where (Id = '1')", "select * from Invoice where Id = '1' and",
		"select * from Invoice; drop table object", "select * from Invoice -- x", "select * from Invoice where Id = '1",
		"select * from Invoice, Customer", "select count(Id) from Invoice", "select * from Invoice limit 5",
		"select * from Invoice where Id is null", "select * from Invoice where Id in ()", "select * from Invoice where Id = 1 = 1",
		"select * from Invoice maxresults many", "\x00", "select * from Invoice where DocNumber = \"x\"",
	],
)  # fmt: skip
def test_emulator_query_that_does_not_parse_is_4000(books, statement):
	"""AND only: no OR, NOT, parentheses or joins."""
	books.refuse(books.get("query", query=statement), "4000")


def test_emulator_query_unknown_entity(books):
	error = books.refuse(books.get("query", query="select * from Gizmo"), "4001")
	assert "Metadata not found for Entity Gizmo" in error["Detail"]


def test_emulator_query_injection_is_text(shop):
	for text in ("' OR '1'='1", "x') UNION SELECT 1 --", "'; DROP TABLE object; --", "\\", "%' --"):
		escaped = text.replace("\\", "\\\\").replace("'", "\\'")
		assert names(shop, f"where DisplayName = '{escaped}'") == []
	assert shop.query("select count(*) from Invoice") == {"totalCount": 7}


def test_emulator_query_inactive_rows_need_to_be_named(shop):
	"""Seen by users of the API: inactive rows only with Active in the condition."""
	shop.make("customer", {"Id": "3", "SyncToken": "0", "sparse": True, "Active": False})
	assert len(names(shop, "")) == 5
	assert names(shop, "where Active = false") == ["Cool Cars (deleted)"]
	assert len(names(shop, "where Active in (true, false)")) == 6
	assert names(shop, "where Id = '3'") == []


def test_emulator_query_star_and_sku(shop):
	"""python-quickbooks sends "SELECT *, Sku FROM Item"."""
	items = shop.query("SELECT *, Sku FROM Item ORDERBY Id")["Item"]
	assert items[0]["Sku"] == "T-1" and items[0]["Name"] == "Tape"
	assert [item["Name"] for item in shop.query("select * from Item where Sku = 'T-1'")["Item"]] == ["Tape"]


def test_emulator_query_of_chosen_fields(shop):
	found = shop.query("select DocNumber, MetaData.CreateTime from Invoice where Id = '1'")["Invoice"][0]
	assert set(found) == {"domain", "sparse", "Id", "DocNumber", "MetaData"}


def test_emulator_query_taxcode_returns_three_extra_rows(books):
	"""A known quirk, kept by python-quickbooks' tests: MAXRESULTS 1 gives 4 rows."""
	assert len(books.query("SELECT * FROM TaxCode MAXRESULTS 1")["TaxCode"]) == 4


def test_emulator_query_lags_writes_by_knob(shop):
	"""Reads by Id see a write at once; queries only after the lag."""
	shop.knobs(query_lag_ms=60_000)
	shop.advance(120)
	invoice = shop.invoice(shop.line("1"), customer="1", DocNumber="late")
	update = {"Id": "1", "SyncToken": "0", "sparse": True, "DocNumber": "renumbered"}
	shop.make("invoice", update)
	shop.make("invoice", {"Id": "2", "SyncToken": "0"}, operation="delete")
	assert shop.read("invoice", invoice["Id"])["DocNumber"] == "late"
	assert numbers(shop, "where DocNumber = 'late'") == []
	assert numbers(shop, "where Id in ('1', '2') orderby Id") == ["N-1", "N-2"]
	assert shop.query("select count(*) from Invoice") == {"totalCount": 7}
	shop.advance(61)
	assert numbers(shop, "where DocNumber = 'late'") == ["late"]
	assert numbers(shop, "where Id in ('1', '2')") == ["renumbered"]


def test_emulator_include_invoicelink_shows_the_customers_page(books):
	"""Intuit's Invoice page: the link comes only on include=invoiceLink, where it can be paid online and has an e-mail."""
	payable = {"AllowOnlineCreditCardPayment": True, "BillEmail": {"Address": "a@b.example"}}
	invoice = books.invoice(**payable)
	assert "InvoiceLink" not in invoice and "InvoiceLink" not in books.read("invoice", invoice["Id"])
	found = books.get(f"invoice/{invoice['Id']}", include="invoiceLink").json()["Invoice"]
	assert books.session.get(found["InvoiceLink"]).status_code == 200
	assert found["InvoiceLink"].startswith(books.url)
	for chosen in ("*", "Id, InvoiceLink"):
		answer = books.get("query", query=f"select {chosen} from Invoice", include="invoiceLink").json()
		assert answer["QueryResponse"]["Invoice"][0]["InvoiceLink"] == found["InvoiceLink"]
	assert "InvoiceLink" not in books.query("select * from Invoice")["Invoice"][0]
	for missing in payable:
		plain = books.make("invoice", {**invoice, "Id": "", **payable, missing: None})
		shown = books.get(f"invoice/{plain['Id']}", include="invoiceLink").json()["Invoice"]
		assert "InvoiceLink" not in shown
