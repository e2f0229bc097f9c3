"""Change data capture: Intuit's page of that name, and for what it leaves open the knobs."""

import json
import re
import sqlite3
import time
from datetime import datetime, timedelta, timezone

import pytest

DAY = 86400


def now(books) -> float:
	return books.session.get(f"{books.url}/_control/clock").json()["now"]


def format_utc(seconds: float) -> str:
	return datetime.fromtimestamp(seconds, timezone.utc).isoformat()


def capture(books, entities: str, since: str) -> list[dict]:
	"""Return the groups of the answer, one for each entity."""
	answer = books.get("cdc", entities=entities, changedSince=since)
	assert answer.status_code == 200, answer.text
	body = answer.json()
	assert set(body) == {"CDCResponse", "time"} and len(body["CDCResponse"]) == 1
	return body["CDCResponse"][0]["QueryResponse"]


@pytest.fixture
def later(books):
	"""The company as new, half an hour after; returns books with the moment ``since``."""
	books.advance(1800)
	books.since = format_utc(now(books) - 60)
	return books


def test_emulator_cdc_groups_full_objects_by_entity(later):
	"""Shape of the documentation; an entity without changes is an empty object."""
	invoice = later.invoice()
	groups = capture(later, "Customer,Invoice,Vendor", later.since)
	assert groups[0]["Customer"] == [later.read("customer", "1")]
	assert (groups[0]["startPosition"], groups[0]["maxResults"]) == (1, 1)
	assert groups[1]["Invoice"] == [later.read("invoice", invoice["Id"])]
	assert groups[2] == {}


def test_emulator_cdc_orders_by_change_and_puts_tombstones_last(later):
	ids = [later.make("customer", {"DisplayName": name})["Id"] for name in "ABC"]
	body = later.invoice_body(later.line(later.item()), customer=ids[0])
	first, second, third = (later.make("invoice", body)["Id"] for _ in range(3))
	later.make("invoice", {"Id": first, "SyncToken": "0"}, operation="delete")
	later.advance(5)
	later.make("invoice", {"Id": second, "SyncToken": "0", "sparse": True, "PrivateNote": "x"})
	later.make("customer", {"Id": ids[0], "SyncToken": "0", "sparse": True, "Notes": "x"})
	invoices, customers = capture(later, "Invoice,Customer", later.since)
	assert [row["Id"] for row in invoices["Invoice"]] == [third, second, first]
	tombstone = invoices["Invoice"][2]
	stamp = tombstone.pop("MetaData")["LastUpdatedTime"]
	assert tombstone == {"domain": "QBO", "status": "Deleted", "Id": first}
	assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$", stamp)
	assert invoices["maxResults"] == 3
	assert [row["Id"] for row in customers["Customer"]] == [ids[1], ids[2], ids[0]]
	later.knobs(cdc_order="newest_first")
	invoices, customers = capture(later, "Invoice,Customer", later.since)
	assert [row["Id"] for row in invoices["Invoice"]] == [second, third, first]
	assert [row["Id"] for row in customers["Customer"]] == [ids[0], ids[2], ids[1]]


def test_emulator_cdc_shows_deactivated_records_as_updated(later):
	"""Name lists have no tombstones."""
	customer = later.customer("Gone")
	later.make("customer", {"Id": customer, "SyncToken": "0", "sparse": True, "Active": False})
	row = capture(later, "customer", later.since)[0]["Customer"][0]
	assert row["Active"] is False and row["DisplayName"] == "Gone (deleted)"


def test_emulator_cdc_says_nothing_of_what_is_older(later):
	later.customer()
	later.advance(120)
	assert capture(later, "Customer,Account", format_utc(now(later) - 60)) == [{}, {}]
	assert len(capture(later, "Customer,Account", later.since)[0]["Customer"]) == 1
	accounts = later.query("select count(*) from Account")["totalCount"]
	assert len(capture(later, "Account", format_utc(now(later) - 3600))[0]["Account"]) == accounts


def test_emulator_cdc_inclusive_or_exclusive_by_knob(later):
	"""Not established by Intuit."""
	stamp = later.make("customer", {"DisplayName": "A"})["MetaData"]["LastUpdatedTime"]
	after = (datetime.fromisoformat(stamp) + timedelta(seconds=1)).isoformat()
	assert len(capture(later, "Customer", stamp)[0]["Customer"]) == 1
	assert capture(later, "Customer", after) == [{}]
	later.knobs(cdc_inclusive=False)
	assert capture(later, "Customer", stamp) == [{}]


def test_emulator_cdc_reads_changed_since_in_every_form(later):
	"""With an offset, in UTC, without either (the company's zone), and as a date."""
	stamp = later.make("customer", {"DisplayName": "A"})["MetaData"]["LastUpdatedTime"]
	moment = datetime.fromisoformat(stamp)
	utc = moment.astimezone(timezone.utc)
	for text in (
		stamp,
		utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
		utc.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
		utc.isoformat().replace("+00:00", " 00:00"),  # a plus sign that was not encoded
		moment.strftime("%Y-%m-%dT%H:%M:%S"),
		moment.strftime("%Y-%m-%d"),
	):
		assert len(capture(later, "Customer", text)[0]["Customer"]) == 1, text
	naive = (moment + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
	assert capture(later, "Customer", naive) == [{}]


def test_emulator_cdc_looks_back_30_days(later):
	"""Documented limit; whether it is refused or cut is not established."""
	old = later.make("customer", {"DisplayName": "Old"})
	later.advance(31 * DAY)
	later.connect()
	later.customer("New")
	beyond = format_utc(now(later) - 30 * DAY - 60)
	later.refuse(later.get("cdc", entities="Customer", changedSince=beyond), "2060")
	assert len(capture(later, "Customer", format_utc(now(later) - 30 * DAY + 60))[0]["Customer"]) == 1
	later.knobs(cdc_beyond_30_days="truncated")
	rows = capture(later, "Customer", old["MetaData"]["LastUpdatedTime"])[0]["Customer"]
	assert [row["DisplayName"] for row in rows] == ["New"]


def test_emulator_cdc_returns_1000_objects_shared_by_all_entities(later):
	"""Documented: 1,000 objects in an answer; there are no further pages."""
	for start in range(0, 990, 30):
		items = [
			{"bId": str(number), "operation": "create", "Department": {"Name": f"D{start + number}"}}
			for number in range(30)
		]
		assert later.post("batch", {"BatchItemRequest": items}).status_code == 200
	for number in range(15):
		later.customer(f"C{number}")
	departments, customers, vendors = capture(later, "Department,Customer,Vendor", later.since)
	assert (departments["maxResults"], customers["maxResults"], vendors) == (990, 10, {})
	assert [row["DisplayName"] for row in customers["Customer"]] == [f"C{number}" for number in range(10)]
	customers, departments = capture(later, "Customer,Department", later.since)
	assert (customers["maxResults"], departments["maxResults"]) == (15, 985)


@pytest.mark.parametrize(
	"entity", ["JournalCode", "TimeActivity", "TaxAgency", "TaxCode", "taxrate", "Nonsense"]
)
def test_emulator_cdc_refuses_what_it_does_not_support(later, entity):
	"""Documented list of exclusions; the code is unconfirmed."""
	later.refuse(later.get("cdc", entities=f"Customer,{entity}", changedSince=later.since), "2000")


@pytest.mark.parametrize(
	("parameters", "code"),
	[
		({}, "2020"), ({"entities": "Customer"}, "2020"), ({"changedSince": "2026-01-01"}, "2020"),
		({"entities": " , ", "changedSince": "2026-01-01"}, "2020"), ({"entities": "Customer", "changedSince": "yesterday"}, "2060"),
		({"entities": "Customer", "changedSince": "9999-99-99"}, "2060"), ({"entities": "Customer", "changedSince": "0001-01-01T00:00:00+14:00"}, "2060"),
	],
)  # fmt: skip
def test_emulator_cdc_refuses_bad_parameters(books, parameters, code):
	books.refuse(books.get("cdc", **parameters), code)


def test_emulator_cdc_of_the_future_is_empty_and_a_name_twice_counts_once(later):
	assert capture(later, "Customer", format_utc(now(later) + DAY)) == [{}]
	later.customer()
	assert len(capture(later, "Customer,customer, CUSTOMER", later.since)) == 1


def test_emulator_cdc_lags_as_queries_do_or_not_by_knob(later):
	"""Reads by Id are ahead of it."""
	later.knobs(query_lag_ms=60_000)
	invoice = later.invoice()
	assert capture(later, "Invoice,Customer", later.since) == [{}, {}]
	later.knobs(cdc_lags=False)
	assert len(capture(later, "Invoice", later.since)[0]["Invoice"]) == 1
	later.knobs(cdc_lags=True)
	later.advance(61)
	later.make("invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="delete")
	assert capture(later, "Invoice", later.since)[0]["Invoice"][0]["Id"] == invoice["Id"]
	later.advance(61)
	assert capture(later, "Invoice", later.since)[0]["Invoice"][0]["status"] == "Deleted"


def test_emulator_cdc_finds_its_rows_over_an_index(start_process, open_books, tmp_path):
	"""With 100,000 records in the file the latest change is found in milliseconds."""
	state = tmp_path / "state.sqlite"
	process = start_process("--state", str(state), "--knob", "throttle.enabled=false")
	customer = json.dumps(open_books(process).read("customer", open_books(process).customer("Seed")))
	process.kill()
	with sqlite3.connect(state) as connection:
		connection.execute("PRAGMA synchronous = OFF")
		connection.executemany(
			"INSERT INTO object (company, entity, id, sync_token, active, state, name, created, updated, written, body)"
			" VALUES (1, 'Customer', ?, 0, 1, '', ?, 0, 0, 0, ?)",
			((number, f"N{number}", customer) for number in range(2, 100_002)),
		)
		connection.executemany(
			"INSERT INTO tombstone VALUES (1, 'Customer', ?, 0)",
			((number,) for number in range(200_000, 250_000)),
		)
	connection.close()
	books = open_books(start_process("--state", str(state), "--knob", "throttle.enabled=false"))
	since = format_utc(now(books) - 3600)
	assert len(capture(books, "Customer", since)[0]["Customer"]) == 1
	begun = time.monotonic()
	for _ in range(20):
		capture(books, "Customer", since)
	assert (time.monotonic() - begun) / 20 < 0.05
