"""Envelopes, headers, formats, and what the service tolerates in a body."""

import gzip
import json
import re
import socket
import zlib
from urllib.parse import urlsplit

import pytest

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[78]:00$")


def test_emulator_every_reply_has_intuit_tid(books):
	"""Documented: quote it to Intuit's support."""
	seen = set()
	for answer in (
		books.get(f"companyinfo/{books.realm}"),
		books.get("query", query="select * from Nothing"),
		books.post("invoice", {}),
		books.session.get(f"{books.api}/preferences", headers={"Authorization": "Bearer no"}),
	):
		seen.add(answer.headers["intuit_tid"])
	assert len(seen) == 4


def test_emulator_envelope_and_common_properties(books):
	"""Ids and SyncTokens are strings; time carries the Pacific offset."""
	answer = books.post("customer", {"DisplayName": "A"}).json()
	assert set(answer) == {"Customer", "time"} and TIME.match(answer["time"])
	customer = answer["Customer"]
	assert (customer["Id"], customer["SyncToken"], customer["domain"], customer["sparse"]) == (
		"1",
		"0",
		"QBO",
		False,
	)
	assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$", customer["MetaData"]["CreateTime"])


def test_emulator_entity_segment_ignores_case_and_minorversion_is_ignored(books):
	"""Minor versions 1-74 count as 75: Intuit blog, 2025-01-21."""
	for version in ("1", "75", "nonsense"):
		assert books.get("CompanyInfo/" + books.realm, minorversion=version).status_code == 200
	assert books.post("CUSTOMER", {"DisplayName": "B"}).status_code == 200


def test_emulator_answers_xml_unless_json_is_asked_for(books):
	"""The default wire format is XML."""
	answer = books.session.get(f"{books.api}/companyinfo/{books.realm}", headers={"Accept": "*/*"})
	assert answer.headers["Content-Type"].startswith("application/xml")
	assert (
		answer.text.startswith("<?xml")
		and "<CompanyName>Cascade &amp; Harbor Trading Co.</CompanyName>" in answer.text
	)


def test_emulator_company_info_and_preferences(books):
	info = books.read("companyinfo", books.realm)
	assert info["Id"] == "1" and info["Country"] == "US"
	preferences = books.get("preferences").json()["Preferences"]
	assert preferences["SalesFormsPrefs"]["CustomTxnNumbers"] is True
	names = preferences["SalesFormsPrefs"]["CustomField"][1]["CustomField"]
	assert names[0] == {
		"Name": "SalesFormsPrefs.SalesCustomName1",
		"Type": "StringType",
		"StringValue": "P.O. Number",
	}
	assert books.query("select * from CompanyInfo")["CompanyInfo"][0]["CompanyName"] == info["CompanyName"]
	assert books.query("select * from Preferences")["Preferences"][0]["Id"] == "1"


def test_emulator_preferences_writable_subset(books):
	preferences = books.get("preferences").json()["Preferences"]
	body = {
		"Id": "1",
		"SyncToken": preferences["SyncToken"],
		"sparse": True,
		"AccountingInfoPrefs": {"BookCloseDate": "2020-12-31"},
	}
	changed = books.make("preferences", body)
	assert changed["AccountingInfoPrefs"]["BookCloseDate"] == "2020-12-31"
	assert changed["AccountingInfoPrefs"]["TrackDepartments"] is True and changed["SyncToken"] == "1"


@pytest.mark.parametrize(
	("path", "entity", "count"),
	[("account", "Account", 34), ("term", "Term", 5), ("class", "Class", 3), ("department", "Department", 2), ("paymentmethod", "PaymentMethod", 5), ("taxrate", "TaxRate", 1)],
)  # fmt: skip
def test_emulator_lists_come_with_the_company(books, path, entity, count):
	rows = books.query(f"select * from {entity} maxresults 1000")[entity]
	assert len(rows) == count
	assert books.read(path, rows[0]["Id"])["Name"] == rows[0]["Name"]


def test_emulator_us_pseudo_tax_codes_are_their_own_ids(books):
	assert (
		books.read("taxcode", "TAX")["Taxable"] is True and books.read("taxcode", "NON")["Taxable"] is False
	)


def test_emulator_creates_small_lists(books):
	"""Minimal bodies of Intuit's entity pages."""
	assert books.make("term", {"Name": "Net 45", "DueDays": 45})["Type"] == "STANDARD"
	assert books.make("term", {"Name": "15th", "DayOfMonthDue": 15})["Type"] == "DATE_DRIVEN"
	assert books.make("class", {"Name": "North"})["FullyQualifiedName"] == "North"
	child = books.make("department", {"Name": "Dock", "ParentRef": {"value": "1"}})
	assert child["FullyQualifiedName"] == "Tacoma Warehouse:Dock" and child["SubDepartment"] is True
	assert books.make("paymentmethod", {"Name": "Wire"})["Type"] == "NON_CREDIT_CARD"
	account = books.make("account", {"Name": "MyBank", "AccountType": "Bank"})
	assert (account["Classification"], account["CurrentBalance"]) == ("Asset", 0)
	books.refuse(books.post("account", {"Name": "X"}), "6010")
	books.refuse(books.post("account", {"Name": "Checking", "AccountType": "Bank"}), "6240")
	books.refuse(books.post("account", {"Name": 'Quote"', "AccountType": "Bank"}), "2040")
	books.refuse(books.post("term", {"Name": "x" * 32, "DueDays": 1}), "2050")


def test_emulator_tolerates_what_python_quickbooks_sends(books):
	"""Empty strings, zeros, empty lists and Decimals as strings: its live tests pass with them."""
	item, customer = books.item(), books.customer()
	line = {
		"Id": None, "LineNum": 0, "Description": None, "Amount": "100.50", "LinkedTxn": [], "CustomField": [],
		"DetailType": "SalesItemLineDetail",
		"SalesItemLineDetail": {
			"UnitPrice": 0, "Qty": 0, "ServiceDate": "", "TaxInclusiveAmt": 0, "ItemRef": {"value": item, "name": "", "type": ""}
		},
	}  # fmt: skip
	body = {
		"CustomerRef": {"value": customer, "name": "", "type": ""}, "Line": [line], "TxnDate": "", "DueDate": "",
		"PrivateNote": "", "TotalAmt": "", "ExchangeRate": 1, "GlobalTaxCalculation": "TaxExcluded", "SyncToken": 0,
		"sparse": False, "domain": "QBO", "LinkedTxn": [], "CustomField": [], "Balance": 0, "Deposit": 0, "DocNumber": None,
	}  # fmt: skip
	invoice = books.make("invoice", body)
	assert invoice["TotalAmt"] == 100.5 and "PrivateNote" not in invoice
	assert "UnitPrice" not in invoice["Line"][0]["SalesItemLineDetail"]


@pytest.mark.parametrize(
	"raw",
	[b"", b"{", b"[]", b"null", b"42", b'"x"', b"{'a': 1}", b'{"a": NaN}', b"[" * 100_000, b'{"Line": ' + b"[" * 5000, b'{"a": 1e999999999}', b'{"a":' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_emulator_malformed_json_is_2010(books, raw):
	"""2010: "failed to parse json object; a property specified is unsupported or invalid"."""
	books.refuse(books.post("invoice", raw), "2010")


def test_emulator_bytes_that_are_not_utf8_are_code_500(books):
	"""Seen live: code 500 for bytes that are not UTF-8."""
	books.refuse(books.post("customer", b'{"DisplayName": "\xff\xfe"}'), "500")
	books.refuse(books.post("customer", '{"DisplayName": "\\ud800"}'), "500")


def test_emulator_unknown_property_is_2010_and_named(books):
	error = books.refuse(books.post("customer", {"DisplayName": "A", "Colour": "red"}), "2010")
	assert "Colour" in error["Detail"]
	books.knobs(unknown_properties="ignored")
	assert books.post("customer", {"DisplayName": "A", "Colour": "red"}).status_code == 200


def test_emulator_oversized_body_is_413(books):
	answer = books.post("customer", json.dumps({"DisplayName": "A", "Notes": "x" * 5_000_000}))
	assert answer.status_code == 413
	assert books.query("select count(*) from Customer") == {"totalCount": 0}


@pytest.mark.parametrize(
	"path",
	[
		"nonsense",
		"nonsense/1",
		"customer/1/2/3",
		"customer/../invoice",
		"customer/%2e%2e/x",
		"customer/%0A",
		"%0D%0A",
		"invoice/abc",
		"invoice/1'",
		"invoice/" + "9" * 40,
		"reports/Nope",
		"reports",
		"",
	],
)
def test_emulator_paths_that_lead_nowhere_are_faults(books, path):
	answer = books.session.get(f"{books.api}/{path}")
	assert answer.status_code == 400, answer.text
	assert answer.json()["Fault"]["Error"][0]["code"] in ("500", "610", "2000", "2030")


def test_emulator_what_is_not_emulated_says_so(books):
	for answer in (
		books.post("journalcode", {}),
		books.get("query", query="select * from ReimburseCharge"),
		books.get("query", query="select * from JournalCode"),
	):
		assert "not emulated" in books.refuse(answer, "500")["Detail"]


def test_emulator_unsupported_void_and_delete(books):
	"""Voids of entities that have none: HTTP 400, code 500, element Operation (seen live, 2026-08)."""
	customer = books.customer()
	for operation in ("void", "delete"):
		error = books.refuse(
			books.post("customer", {"Id": customer, "SyncToken": "0"}, operation=operation), "500"
		)
		assert (
			error["Detail"] == f"Operation {operation} is not supported." and error["element"] == "Operation"
		)
	assert books.read("customer", customer)["SyncToken"] == "0"


def test_emulator_gzip_on_request(books):
	answer = books.session.get(f"{books.api}/preferences", headers={"Accept-Encoding": "gzip"})
	assert answer.headers["Content-Encoding"] == "gzip" and answer.json()["Preferences"]["Id"] == "1"


def test_emulator_bodies_may_come_packed(watched):
	"""gzip and deflate; a body that is not what it says is malformed, and a bomb is too large."""
	body = json.dumps({"DisplayName": "Packed"}).encode()
	post = watched.session.post
	address = f"{watched.api}/customer"
	for encoding, packed in (("gzip", gzip.compress(body)), ("deflate", zlib.compress(body))):
		answer = post(address, data=packed, headers={"Content-Encoding": encoding})
		assert answer.json()["Customer"]["DisplayName"] == "Packed"
		watched.control("POST", "reset")
	for encoding, raw, code in (
		("gzip", body, "2010"),
		("gzip", gzip.compress(body)[:-9], "2010"),
		("br", body, "500"),
	):
		watched.refuse(post(address, data=raw, headers={"Content-Encoding": encoding}), code)
	bomb = gzip.compress(b" " * 50_000_000)
	answer = post(address, data=bomb, headers={"Content-Encoding": "gzip"})
	assert answer.status_code == 413 and "intuit_tid" in answer.headers
	assert watched.query("select * from Customer") == {} and watched.complaints.read_text() == ""


@pytest.mark.parametrize(
	("content_type", "body", "code"),
	[
		("application/xml", "<Customer/>", "6080"), ("text/xml;charset=UTF-8", "<Customer/>", "6080"), ("application/x-www-form-urlencoded", "a=b", "2010"),
		("multipart/form-data", "--x", "2010"), ("", "plain", "2010"), ("text/plain", '{"DisplayName": "A"}', None),
		("application/json; charset=utf-8", '{"DisplayName": "A"}', None),
	],
)  # fmt: skip
def test_emulator_content_types(books, content_type, body, code):
	"""JSON is read whatever it is called; only XML has to say so."""
	answer = books.session.post(f"{books.api}/customer", data=body, headers={"Content-Type": content_type})
	if code:
		books.refuse(answer, code)
	else:
		assert answer.status_code == 200


def test_emulator_operation_update_is_accepted_and_not_required(books):
	"""node-quickbooks always sends it, python-quickbooks never."""
	books.customer()
	for number, parameters in enumerate(({"operation": "update"}, {"operation": "UPDATE"}, {})):
		body = {"Id": "1", "SyncToken": str(number), "sparse": True, "Notes": "x"}
		assert books.make("customer", body, **parameters)["SyncToken"] == str(number + 1)


def test_emulator_oversized_body_has_an_intuit_tid(books):
	answer = books.post("customer", b"x" * 5_000_000)
	assert answer.status_code == 413 and "intuit_tid" in answer.headers and answer.text.startswith("<html>")


def test_emulator_answers_are_not_to_be_cached(books):
	"""Intuit's security requirements name both words."""
	assert books.get("preferences").headers["Cache-Control"] == "no-cache, no-store"


@pytest.mark.parametrize(
	"raw",
	[
		b"NONSENSE\r\n\r\n",
		b"GET / HTTP/9.9\r\n\r\n",
		b"\x16\x03\x01\x02\x00\x01\x00",
		b"GET / HTTP/1.1\r\nA\x00: b\r\n\r\n",
	],
)
def test_emulator_what_is_no_http_is_400_without_a_word(watched, raw):
	"""Port scanners, browsers that try TLS."""
	address = urlsplit(watched.url)
	with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
		connection.sendall(raw)
		connection.shutdown(socket.SHUT_WR)
		answer = connection.recv(100)
	assert answer == b"" or answer.startswith(b"HTTP/1.0 400") or answer.startswith(b"HTTP/1.1 400"), answer
	assert watched.get("preferences").status_code == 200 and watched.complaints.read_text() == ""
