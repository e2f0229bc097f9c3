"""Bad input to lists, tax, files and what is no plain entity: a fault, never a traceback, never a changed book."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.emulator.test_emulator_fuzz import JSON, list_paths, replace

RELAXED = settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
INVOICE = {
	"CustomerRef": {"value": "1"},
	"Line": [{"Amount": 1, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}],
	"RecurringInfo": {"Name": "R", "RecurType": "Automated", "ScheduleInfo": {"IntervalType": "Daily", "NumInterval": 1, "StartDate": "2026-01-01"}},
}  # fmt: skip
RATE = {"TaxRateName": "R", "RateValue": 5, "TaxAgencyId": "1", "TaxApplicableOn": "Sales", "TaxRateId": "3"}
GOOD = {
	"account": {
		"Name": "A", "AccountType": "Bank", "AccountSubType": "Checking", "AcctNum": "1", "ParentRef": {"value": "1"},
		"CurrencyRef": {"value": "EUR"}, "TaxCodeRef": {"value": "TAX"}, "Active": False, "Id": "1", "SyncToken": "0",
	},
	"attachable": {
		"Note": "n", "FileName": "f", "Category": "Image", "AttachableRef": [{"EntityRef": {"type": "Customer", "value": "1"}, "IncludeOnSend": True}],
	},
	"companycurrency": {"Code": "EUR", "Name": "Euro", "Active": False, "Id": "1", "SyncToken": "0", "sparse": True},
	"employee": {"GivenName": "G", "PrimaryAddr": {"Line1": "a"}, "HiredDate": "2026-01-01", "ReleasedDate": "2026-02-01", "SSN": "1"},
	"exchangerate": {"SourceCurrencyCode": "EUR", "TargetCurrencyCode": "USD", "Rate": 1, "AsOfDate": "2026-01-01", "SyncToken": "0"},
	"recurringtransaction": {"Invoice": INVOICE},
	"taxagency": {"DisplayName": "A", "TaxTrackedOnSales": True, "TaxRegistrationNumber": "1"},
	"taxservice/taxcode": {"TaxCode": "T", "TaxRateDetails": [RATE]},
	"term": {"Name": "T", "DueDays": 3, "DayOfMonthDue": 5, "DueNextMonthDays": 1, "DiscountPercent": 3, "Id": "1", "SyncToken": "0"},
	"timeactivity": {
		"NameOf": "Employee", "EmployeeRef": {"value": "1"}, "CustomerRef": {"value": "1"}, "Hours": 1, "Minutes": 2,
		"StartTime": "2026-01-01T08:00:00Z", "EndTime": "2026-01-01T09:00:00Z", "BreakHours": 1, "BillableStatus": "Billable",
	},
}  # fmt: skip
COUNTED = ("Account", "Attachable", "CompanyCurrency", "Employee", "TaxCode", "TaxRate", "TimeActivity")


def snapshot(books) -> tuple:
	counts = [books.query(f"select count(*) from {entity}")["totalCount"] for entity in COUNTED]
	return counts, books.control("GET", "ledger")


@pytest.fixture
def filled(books):
	"""A company that has what the bodies refer to, with multicurrency on."""
	books.customer()
	books.item()
	books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	return books


@pytest.mark.parametrize("entity", sorted(GOOD))
def test_emulator_fuzzed_lists(filled, entity):
	good = GOOD[entity]

	@RELAXED
	@given(
		path=st.sampled_from(list_paths(good)),
		value=JSON,
		without=st.sets(st.sampled_from(sorted(good)), max_size=3),
	)
	def fuzz(path, value, without):
		body = {
			key: item for key, item in replace(good, path, value).items() if key not in without - {path[0]}
		}
		before = snapshot(filled)
		answer = filled.post(entity, json.dumps(body))
		assert answer.status_code in (200, 400), (body, answer.text)
		if answer.status_code == 400:
			assert answer.json()["Fault"]["Error"][0]["code"] not in ("", "10000"), (body, answer.text)
			assert snapshot(filled) == before

	fuzz()


PIECES = st.sampled_from(
	[b"--b", b"--b--", b"\r\n", b"\n", b"\r\n\r\n", b'Content-Disposition: form-data; name="file_content_01"; filename="a"',
	b'Content-Disposition: form-data; name="file_metadata_01"', b"Content-Transfer-Encoding: base64", b"{}", b'{"Note": 1}', b"\xff\x00"]
)  # fmt: skip


def test_emulator_fuzzed_uploads(books):
	@RELAXED
	@given(
		pieces=st.lists(PIECES | st.binary(max_size=20), max_size=12),
		kind=st.sampled_from(["b", '"b"', "", "é", "x"]),
	)
	def fuzz(pieces, kind):
		headers = {"Content-Type": f"multipart/form-data; boundary={kind}".encode()}
		answer = books.session.post(f"{books.api}/upload", data=b"".join(pieces), headers=headers)
		assert answer.status_code in (200, 400), answer.text
		if answer.status_code == 400:
			assert answer.json()["Fault"]["Error"][0]["code"] == "2010"

	fuzz()


@pytest.mark.parametrize(
	"path", ["download/x", "download/%2e%2e", "invoice/x/pdf", "invoice/9/send", "customer/1/pdf", "exchangerate/1", "taxservice", "upload/1"]
)  # fmt: skip
def test_emulator_odd_addresses_are_faults(books, path):
	for answer in (books.get(path), books.post(path, "{}")):
		assert answer.status_code == 400, answer.text
		assert answer.json()["Fault"]["Error"][0]["code"] != "10000"
