"""What goes out and what comes back, over real HTTP."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from wild_server import TOKEN, answer

from allorders_qb.qbo.batches import BatchItem
from allorders_qb.qbo.client import QuickBooksClient
from allorders_qb.qbo.faults import FaultClass, OutcomeUnknown, Refused

INVOICE = (
	'{"Invoice":{"Id":"145","SyncToken":"0","TotalAmt":1234567.10},"time":"2026-11-23T08:00:00.000-08:00"}'
)
HTML = "<html><body><h1>503 Service Unavailable</h1></body></html>"


def get_target(request) -> tuple[str, str, dict[str, str]]:
	method, target, _version = request.line.split(" ")
	parts = urlsplit(target)
	return method, parts.path, {key: values[0] for key, values in parse_qs(parts.query).items()}


def test_create_sends_the_frozen_text_byte_for_byte(client, server):
	server.script = [answer(INVOICE)]
	body = '{"b": 10.50,  "a":"Café “Zoë” 日本","n":0.1000000}'
	answered = client.create("Invoice", body, "request-1", {"include": "allowduplicatedocnum"})
	request = server.received[0]
	assert request.body == body.encode("utf-8")
	assert get_target(request) == (
		"POST",
		"/v3/company/4620/invoice",
		{"minorversion": "75", "requestid": "request-1", "include": "allowduplicatedocnum"},
	)
	assert request.headers["authorization"] == f"Bearer {TOKEN}"
	assert request.headers["content-type"] == "application/json"
	assert request.headers["accept"] == "application/json"
	assert answered.data["TotalAmt"] == Decimal("1234567.10")
	assert isinstance(answered.data["TotalAmt"], Decimal)
	assert (answered.entity, answered.status, answered.intuit_tid) == ("Invoice", 200, "1-tid")
	assert 0 < answered.duration < 5


def test_callers_params_are_not_changed(client, server):
	server.script = [answer(INVOICE)]
	params = {"include": "allowduplicatedocnum"}
	client.create("Invoice", "{}", "request-1", params)
	assert params == {"include": "allowduplicatedocnum"}


@pytest.mark.parametrize(
	("operation", "expected"),
	[
		("update", {}),
		("void", {"operation": "void"}),
		("delete", {"operation": "delete"}),
	],
)
def test_writes_carry_their_operation_and_request_id(client, server, operation, expected):
	server.script = [answer(INVOICE)]
	getattr(client, operation)("Invoice", '{"Id":"145","SyncToken":"0"}', "request-2")
	_method, _path, query = get_target(server.received[0])
	assert query == {"minorversion": "75", "requestid": "request-2", **expected}


def test_what_cannot_be_done_is_refused_before_anything_is_sent(client, server):
	server.script = [answer(INVOICE)]
	with pytest.raises(ValueError, match="no void for Customer"):
		client.void("Customer", "{}", "request-1")
	with pytest.raises(ValueError, match="does not delete Customer"):
		client.delete("Customer", "{}", "request-1")
	with pytest.raises(ValueError, match="does not write TaxCode"):
		client.create("TaxCode", "{}", "request-1")
	with pytest.raises(ValueError, match="not a QuickBooks entity"):
		client.create("Spaceship", "{}", "request-1")
	with pytest.raises(ValueError, match="1 to 50"):
		client.create("Invoice", "{}", "r" * 51)
	assert server.received == []


def test_read_and_company_facts(client, server):
	server.script = [
		answer(INVOICE),
		answer('{"CompanyInfo":{"Id":"1","CompanyName":"Harbor Wholesale"}}'),
		answer('{"Preferences":{"Id":"1","CurrencyPrefs":{}}}'),
	]
	assert client.read("Invoice", "145").data["Id"] == "145"
	assert client.get_company_info()["CompanyName"] == "Harbor Wholesale"
	assert client.get_preferences()["Id"] == "1"
	assert [get_target(request)[:2] for request in server.received] == [
		("GET", "/v3/company/4620/invoice/145"),
		("GET", "/v3/company/4620/companyinfo/4620"),
		("GET", "/v3/company/4620/preferences"),
	]
	assert all(request.body == b"" for request in server.received)


def test_query_returns_rows_and_knows_an_empty_answer(client, server):
	server.script = [
		answer('{"QueryResponse":{"Customer":[{"Id":"1"},{"Id":"2"}],"startPosition":1,"maxResults":2}}'),
		answer('{"QueryResponse":{}}'),
		answer('{"QueryResponse":{"totalCount":50}}'),
	]
	statement = "SELECT * FROM Customer WHERE DisplayName = 'Bob\\'s Café'"
	assert [row["Id"] for row in client.query(statement)] == ["1", "2"]
	assert client.query(statement) == []
	assert client.count("Customer", "Active = true") == 50
	first = server.received[0]
	assert first.body == statement.encode("utf-8")
	assert first.headers["content-type"] == "application/text"
	assert get_target(first)[:2] == ("POST", "/v3/company/4620/query")


def make_page(*ids: int) -> str:
	rows = ",".join(f'{{"Id":"{number}"}}' for number in ids)
	return f'{{"QueryResponse":{{"Customer":[{rows}]}}}}'


def test_query_all_pages_with_one_row_of_overlap(client, server):
	server.script = [answer(make_page(1, 2, 3)), answer(make_page(3, 4, 5)), answer(make_page(5, 6))]
	assert [row["Id"] for row in client.query_all("Customer", page=3)] == ["1", "2", "3", "4", "5", "6"]
	assert b"ORDER BY Id STARTPOSITION 3 MAXRESULTS 3" in server.received[1].body


def test_query_all_skips_nothing_when_the_list_shrinks_meanwhile(client, server):
	# Customer 2 is made inactive after the first page: the second page would begin with 4 and hide nothing but 3's place.
	server.script = [
		answer(make_page(1, 2, 3)),
		answer(make_page(4, 5)),
		answer(make_page(1, 3, 4)),
		answer(make_page(4, 5)),
	]
	assert [row["Id"] for row in client.query_all("Customer", page=3)] == ["1", "2", "3", "4", "5"]


def test_query_all_gives_up_on_a_list_that_never_holds_still(client, server):
	server.script = [answer(make_page(1, 2)), answer(make_page(7, 8))] * 5
	with pytest.raises(OutcomeUnknown, match="changed again and again"):
		list(client.query_all("Customer", page=2))


# HTTP 200 that is no success -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	"body",
	[
		'{"BatchItemResponse":[],"time":"2026-11-23T08:00:00.000-08:00"}',
		'{"time":"2026-11-23T08:00:00.000-08:00"}',
		'{"Invoice":{}}',
		'{"Invoice":null}',
		"[]",
		"",
		"<html>Welcome to the hotel's Wi-Fi</html>",
		'{"Invoice":{"Id":"1","TotalAmt":NaN}}',
	],
)
def test_200_without_the_invoice_is_unknown(client, server, records, body):
	server.script = [answer(body)]
	with pytest.raises(OutcomeUnknown) as caught:
		client.create("Invoice", "{}", "request-1")
	assert (caught.value.status, caught.value.intuit_tid) == (200, "1-tid")
	assert records[0].error == str(caught.value)


def test_200_with_a_validation_fault_is_a_refusal(client, server):
	server.script = [
		answer(
			'{"Fault":{"Error":[{"Message":"Business Validation Error","Detail":"Something","code":"6000"}],"type":"ValidationFault"}}'
		)
	]
	with pytest.raises(Refused) as caught:
		client.create("Invoice", "{}", "request-1")
	assert caught.value.fault.code == "6000"


def test_200_with_a_system_fault_is_unknown(client, server):
	server.script = [
		answer(
			'{"Fault":{"Error":[{"Message":"An application error","Detail":"java.lang.UnsupportedOperationException","code":"10000"}],"type":"SystemFault"}}'
		)
	]
	with pytest.raises(OutcomeUnknown):
		client.void("Invoice", "{}", "request-1")


def test_503_html_is_unknown(client, server, records):
	server.script = [
		answer(HTML, "503 Service Unavailable", {"Content-Type": "text/html", "Retry-After": "90"})
	]
	with pytest.raises(OutcomeUnknown, match="HTTP 503") as caught:
		client.create("Invoice", "{}", "request-1")
	assert caught.value.pause_seconds == 90
	assert records[0].response_body == HTML


def test_429_is_a_pause(client, server):
	body = '{"fault":{"error":[{"message":"message=ThrottleExceeded; errorCode=003001; statusCode=429","detail":"The request limit was reached.","code":"3001","element":null}],"type":"SERVICE"}}'
	server.script = [answer(body, "429 Too Many Requests")]
	with pytest.raises(Refused) as caught:
		client.create("Invoice", "{}", "request-1")
	assert (caught.value.fault.fault_class, caught.value.fault.pause_seconds) == (FaultClass.PAUSE, 60)


def test_missing_object_is_recognised(client, server):
	server.script = [
		answer(
			'{"Fault":{"Error":[{"Message":"Object Not Found","Detail":"Object Not Found : Something you\'re trying to use has been deleted.","code":"610","element":""}],"type":"ValidationFault"}}',
			"400 Bad Request",
		)
	]
	with pytest.raises(Refused) as caught:
		client.read("Invoice", "99")
	assert caught.value.fault.is_missing


# The record of each call ---------------------------------------------------------------------------------------------


def test_every_call_is_recorded_without_its_secrets(client, server, records):
	server.script = [answer(f'{{"Invoice":{{"Id":"145","PrivateNote":"echo {TOKEN}"}}}}')]
	client.create("Invoice", '{"PrivateNote":"kept"}', "request-1")
	record = records[0]
	assert (record.method, record.path, record.entity, record.operation) == (
		"POST",
		"/v3/company/4620/invoice",
		"Invoice",
		"create",
	)
	assert (record.request_id, record.status, record.intuit_tid) == ("request-1", 200, "1-tid")
	assert record.request_body == '{"PrivateNote":"kept"}'
	assert record.error is None
	assert TOKEN not in repr(record)
	assert "echo ********" in record.response_body


def test_a_call_without_an_answer_is_recorded(client, server, records):
	server.script = [lambda connection, request: False]
	with pytest.raises(OutcomeUnknown):
		client.query("SELECT * FROM Invoice")
	record = records[0]
	assert (record.entity, record.operation, record.status, record.response_body) == (
		"Invoice",
		"query",
		None,
		None,
	)
	assert "did not answer" in record.error


def test_a_failing_log_does_not_hide_the_answer(client, server, caplog):
	def fail(_record):
		raise RuntimeError("the log is full")

	client.on_call = fail
	server.script = [answer(INVOICE)]
	assert client.create("Invoice", "{}", "request-1").data["Id"] == "145"
	assert "the log is full" in caplog.text


def test_the_pacer_is_held_during_every_request(client, server):
	seen = []

	@contextmanager
	def pace(batch_items):
		before = len(server.received)
		yield
		seen.append((batch_items, before, len(server.received)))

	client.pacer = pace
	server.script = [answer(INVOICE)]
	client.create("Invoice", "{}", "request-1")
	client.read("Invoice", "145")
	assert seen == [(0, 0, 1), (0, 1, 2)]


@pytest.mark.parametrize("operation", ["query", "create"])
def test_the_pacer_learns_how_many_items_a_batch_has(client, server, operation):
	"""One that only reads is a batch for QuickBooks' limits all the same."""
	seen = []

	@contextmanager
	def pace(batch_items):
		seen.append(batch_items)
		yield

	client.pacer = pace
	server.script = [
		answer(
			'{"BatchItemResponse":[{"bId":"1","QueryResponse":{}},{"bId":"2","QueryResponse":{}}]}'
			if operation == "query"
			else '{"BatchItemResponse":[{"bId":"1","Vendor":{"Id":"1"}},{"bId":"2","Vendor":{"Id":"2"}}]}'
		)
	]
	body = "SELECT * FROM Vendor" if operation == "query" else '{"DisplayName":"A"}'
	client.batch([BatchItem(number, operation, "Vendor", body) for number in ("1", "2")], "batch-1")
	assert seen == [2]


def test_a_new_token_is_used_at_once_and_none_is_fetched_behind_ones_back(client, server):
	server.script = [answer(INVOICE)]
	client.create("Invoice", "{}", "request-1")
	client.access_token = "the-next-access-token"
	client.create("Invoice", "{}", "request-2")
	assert [request.headers["authorization"] for request in server.received] == [
		f"Bearer {TOKEN}",
		"Bearer the-next-access-token",
	]


def test_netrc_and_proxies_of_the_environment_do_not_interfere(server, monkeypatch, tmp_path):
	netrc = tmp_path / "netrc"
	netrc.write_text("machine 127.0.0.1 login somebody password else\n")
	monkeypatch.setenv("NETRC", str(netrc))
	monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
	monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
	server.script = [answer(INVOICE)]
	client = QuickBooksClient(base_url=server.url, realm_id="4620", access_token=TOKEN)
	client.read("Invoice", "145")
	assert server.received[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_two_clients_share_nothing(server):
	server.script = [answer(INVOICE)]
	first = QuickBooksClient(base_url=server.url, realm_id="1", access_token="token-of-one")
	second = QuickBooksClient(base_url=server.url, realm_id="2", access_token="token-of-two")
	first.read("Invoice", "145")
	second.read("Invoice", "145")
	assert [get_target(request)[1] for request in server.received] == [
		"/v3/company/1/invoice/145",
		"/v3/company/2/invoice/145",
	]
	assert [request.headers["authorization"] for request in server.received] == [
		"Bearer token-of-one",
		"Bearer token-of-two",
	]
