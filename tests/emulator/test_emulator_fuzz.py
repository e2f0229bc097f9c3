"""Bad input of every kind: the fault the service would give, never a traceback, never a changed book."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

LEAVES = st.one_of(
	st.none(), st.booleans(), st.integers(-(10**25), 10**25), st.floats(allow_nan=False, allow_infinity=False),
	st.text(max_size=30), st.sampled_from(["", "1", "0", "-1", "1e400", "NaN", "TAX", "SHIPPING_ITEM_ID", "2026-01-01", "9" * 70]),
)  # fmt: skip
JSON = st.recursive(
	LEAVES,
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
	max_leaves=8,
)
RELAXED = settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
GOOD = {
	"invoice": {
		"CustomerRef": {"value": "1"}, "DocNumber": "N", "TxnDate": "2026-01-01", "DueDate": "2026-01-01", "PrivateNote": "n",
		"CustomerMemo": {"value": "m"}, "SalesTermRef": {"value": "1"}, "ShipMethodRef": {"value": "UPS"}, "TrackingNum": "1",
		"BillAddr": {"Line1": "a"}, "BillEmail": {"Address": "a@b.c"}, "CurrencyRef": {"value": "USD"}, "ExchangeRate": 1,
		"TxnTaxDetail": {"TotalTax": 1}, "CustomField": [{"DefinitionId": "1", "StringValue": "x"}], "Deposit": 1,
		"ApplyTaxAfterDiscount": True, "LinkedTxn": [], "Id": "1", "SyncToken": "0", "sparse": True,
		"Line": [
			{"Amount": 10, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}, "Qty": 1, "UnitPrice": 10}},
			{"Amount": 1, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": False}},
		],
	},
	"customer": {
		"DisplayName": "Z", "GivenName": "a", "Active": False, "PrimaryPhone": {"FreeFormNumber": "1"}, "ParentRef": {"value": "1"},
		"PrimaryEmailAddr": {"Address": "a@b.c"}, "Taxable": True, "Job": True, "Id": "1", "SyncToken": "0", "sparse": True,
	},
	"recurringtransaction": {
		"Invoice": {
			"CustomerRef": {"value": "1"},
			"Line": [{"Amount": 1, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}],
			"RecurringInfo": {
				"Name": "R", "RecurType": "Automated", "Active": True,
				"ScheduleInfo": {"IntervalType": "Daily", "NumInterval": 1, "StartDate": "2026-01-01"},
			},
		},
	},
	"taxservice/taxcode": {
		"TaxCode": "T",
		"TaxRateDetails": [{"TaxRateName": "R", "RateValue": 5, "TaxAgencyId": "1", "TaxApplicableOn": "Sales", "TaxRateId": "3"}],
	},
	"item": {
		"Name": "I", "Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 1, "InvStartDate": "2026-01-01", "UnitPrice": 1,
		"PurchaseCost": 2, "IncomeAccountRef": {"value": "31"}, "ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
		"ParentRef": {"value": "1"}, "ItemGroupDetail": {"ItemGroupLine": [{"ItemRef": {"value": "1"}, "Qty": 1}]},
	},
}  # fmt: skip


def list_paths(value, path=()) -> list[tuple]:
	"""Return the places of a JSON value at which something can be put."""
	places = [path] if path else []
	if isinstance(value, dict):
		for key, item in value.items():
			places += list_paths(item, (*path, key))
	elif isinstance(value, list):
		for index, item in enumerate(value):
			places += list_paths(item, (*path, index))
	return places


def replace(value, path, new):
	copy = json.loads(json.dumps(value))
	target = copy
	for key in path[:-1]:
		target = target[key]
	target[path[-1]] = new
	return copy


def post_spoilt(books, entity: str, body: dict, without: set[str]) -> None:
	"""Post a body that may be bad, some properties left out: a fault changes nothing, and the books balance."""
	body = {key: item for key, item in body.items() if key not in without}
	before = books.get_digest()
	answer = books.post(entity, json.dumps(body))
	assert answer.status_code in (200, 400), (body, answer.text)
	books.balances()
	if answer.status_code == 400:
		assert answer.json()["Fault"]["Error"][0]["code"] not in ("", "10000")
		assert books.get_digest() == before


@pytest.mark.parametrize("entity", GOOD)
def test_emulator_fuzzed_bodies(books, entity):
	books.invoice(books.line(books.item("One"), 10), customer=books.customer("One"))
	good = GOOD[entity]

	@RELAXED
	@given(
		path=st.sampled_from(list_paths(good)),
		value=JSON,
		without=st.sets(st.sampled_from(sorted(good)), max_size=4),
	)
	def fuzz(path, value, without):
		post_spoilt(books, entity, replace(good, path, value), without - {path[0]})

	fuzz()


@RELAXED
@given(raw=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def check_raw(books, raw):
	before = books.get_digest()
	for entity, parameters in (
		("invoice", {}),
		("invoice", {"operation": "void"}),
		("customer", {"operation": "delete"}),
	):
		answer = books.post(entity, raw, **parameters)
		assert answer.status_code == 400 and answer.json()["Fault"]["Error"][0]["code"] != "10000", (
			answer.text
		)
	assert books.get_digest() == before


def test_emulator_fuzzed_bytes(books):
	check_raw(books)


WORDS = st.sampled_from(
	["select", "*", "from", "Invoice", "Customer", "where", "Id", "DocNumber", "=", "'1'", "in", "(", ")", ",", "like", "and",
	"or", "orderby", "order by", "TxnDate", "desc", "startposition", "maxresults", "1", "0", "-1", "'", "\\", "''", ";", "--",
	"union", "MetaData.CreateTime", "true", "count(*)", "99999999999999999999", "!=", "<", "%", "\x00", "é"]
)  # fmt: skip


@RELAXED
@given(statement=st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=60))
def check_query(books, statement):
	answer = books.get("query", query=statement.encode("utf-8", "surrogatepass"))
	assert answer.status_code in (200, 400), answer.text
	if answer.status_code == 400:
		assert answer.json()["Fault"]["Error"][0]["code"] in ("4000", "4001", "500")


def test_emulator_fuzzed_queries(books):
	books.invoice(DocNumber="1")
	before = books.get_digest()
	check_query(books)
	assert books.get_digest() == before


@pytest.mark.parametrize(
	("method", "path"),
	[
		("PUT", "invoice/1"), ("DELETE", "invoice/1"), ("PATCH", "invoice"), ("HEAD", "invoice/1"), ("POST", "invoice/1"),
		("GET", "invoice"), ("POST", "companyinfo/1"), ("POST", "query/1"), ("PUT", "query"), ("POST", "taxcode"), ("OPTIONS", "x"),
	],
)  # fmt: skip
def test_emulator_odd_methods(books, method, path):
	answer = books.session.request(method, f"{books.api}/{path}", data="{}")
	assert answer.status_code == 400, (answer.status_code, answer.text)


def test_emulator_long_query_in_the_address_and_in_the_body(books):
	numbers = ", ".join(f"'N-{number:08d}'" for number in range(1000))
	statement = f"select * from Invoice where DocNumber in ({numbers})"
	assert books.query(statement) == {}
	answer = books.session.post(
		f"{books.api}/query", data="select * from Invoice where Id = '" + "9" * 200_000 + "'"
	)
	books.refuse(answer, "4001")


def test_emulator_control_api_explains_bad_input(books):
	for method, name, raw in (
		("PATCH", "knobs", b"{"), ("POST", "faults", b"\xff"), ("PATCH", "preferences", b"[]"), ("PATCH", "preferences", b'{"A": 5}'),
		("POST", "tokens", b'{"client_id": 5}'), ("PATCH", "knobs", b"[" * 100_000),
	):  # fmt: skip
		answer = books.session.request(method, f"{books.control_url}/{name}", data=raw)
		assert answer.status_code == 400 and answer.json()["error"], (name, raw[:20], answer.text)
	assert books.session.get(f"{books.control_url}/requests?since=x").status_code == 400
	assert books.session.get(f"{books.url}/_control/nobody/knobs").status_code == 404
	for seconds in (-1, "5", None, 1e30):
		assert (
			books.session.post(f"{books.url}/_control/clock", json={"advance_seconds": seconds}).status_code
			== 400
		)
