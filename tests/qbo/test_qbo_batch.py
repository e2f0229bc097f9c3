"""Batches and change data capture, over real HTTP."""

from __future__ import annotations

import json
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from wild_server import answer

from allorders_qb.qbo.answers import Answer
from allorders_qb.qbo.batches import BatchItem
from allorders_qb.qbo.faults import FaultClass, NotSent, OutcomeUnknown, Refused

THROTTLED = (
	'{"fault":{"error":[{"message":"message=ThrottleExceeded; errorCode=003001; statusCode=429",'
	'"detail":"The request limit was reached.","code":"3001"}],"type":"SERVICE"}}'
)
TAKEN = {
	"bId": "2",
	"Fault": {
		"Error": [
			{"Message": "Duplicate Name Exists Error", "code": "6240", "Detail": "Id=58", "element": ""}
		],
		"type": "ValidationFault",
	},
}


def make_items(*bodies: str) -> list[BatchItem]:
	return [BatchItem(str(number), "create", "Customer", body) for number, body in enumerate(bodies, 1)]


def read_parameters(request) -> dict[str, str]:
	query = urlsplit(request.line.split(" ")[1]).query
	return {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}


def test_each_frozen_text_stands_in_the_batch_byte_for_byte(client, server):
	server.script = [
		answer(
			'{"BatchItemResponse":[{"bId":"b","QueryResponse":{"Item":[{"Id":"7"}]}},'
			'{"bId":"c","Customer":{"Id":"12","Balance":10.50}},{"bId":"a","Customer":{"Id":"11"}}],"time":"t"}'
		)
	]
	first, second = '{"DisplayName": "Zoë’s",  "N":0.1000000}', '{"Id":"12","SyncToken":"0","sparse":true}'
	results = client.batch(
		[
			BatchItem("a", "create", "Customer", first),
			BatchItem("b", "query", "Item", "SELECT * FROM Item WHERE Name = 'A \"b\"'"),
			BatchItem("c", "update", "Customer", second),
		],
		"batch-1",
	)
	request = server.received[0]
	assert request.line.startswith("POST /v3/company/4620/batch?")
	assert read_parameters(request) == {"minorversion": "75", "requestid": "batch-1"}
	assert f'"Customer":{first}'.encode() in request.body
	assert json.loads(request.body) == {
		"BatchItemRequest": [
			{"bId": "a", "operation": "create", "Customer": json.loads(first)},
			{"bId": "b", "Query": "SELECT * FROM Item WHERE Name = 'A \"b\"'"},
			{"bId": "c", "operation": "update", "Customer": json.loads(second)},
		]
	}
	assert {key: result.data for key, result in results.items()} == {
		"a": {"Id": "11"},
		"b": {"Item": [{"Id": "7"}]},
		"c": {"Id": "12", "Balance": Decimal("10.50")},
	}
	assert (results["a"].entity, results["a"].status, results["a"].intuit_tid) == ("Customer", 200, "1-tid")


def test_a_void_in_a_batch_is_an_update_with_optional_data(client, server):
	server.script = [answer('{"BatchItemResponse":[{"bId":"1","Invoice":{"Id":"9"}}]}')]
	client.batch([BatchItem("1", "void", "Invoice", '{"Id":"9","SyncToken":"1"}')], "batch-1")
	assert json.loads(server.received[0].body)["BatchItemRequest"] == [
		{
			"bId": "1",
			"operation": "update",
			"optionsData": "void",
			"Invoice": {"Id": "9", "SyncToken": "1"},
		}
	]


def test_each_item_is_sorted_as_a_single_answer_would_be(client, server):
	server.script = [
		answer(
			json.dumps(
				{
					"BatchItemResponse": [
						{"bId": "1", "Customer": {"Id": "11"}},
						TAKEN,
						{"bId": "3", "Fault": {"Error": [{"Message": "oops", "code": "10000"}]}},
						{"bId": "4", "Customer": {}},
						{"bId": "6", "Customer": {"Id": "16"}},
						{"bId": "6", "Customer": {"Id": "17"}},
						{"bId": "7", "Fault": {"Error": [{"code": "3001"}], "type": "SERVICE"}},
						"noise",
					]
				}
			)
		)
	]
	results = client.batch(make_items(*["{}"] * 7), "batch-1")
	assert list(results) == ["1", "2", "3", "4", "5", "6", "7"]
	assert isinstance(results["1"], Answer)
	assert isinstance(results["2"], Refused)
	assert results["2"].fault_class is FaultClass.DUPLICATE
	assert results["2"].fault.duplicate_id == "58"
	assert results["7"].fault_class is FaultClass.PAUSE
	for silent in ("3", "4", "5", "6"):
		assert isinstance(results[silent], OutcomeUnknown), silent
		assert "searched before anything is sent again" in str(results[silent])


@pytest.mark.parametrize("body", ["{}", '{"BatchItemResponse":{}}', "<html>", '{"time":"t"}'])
def test_a_batch_without_answers_is_an_unknown_outcome(client, server, body):
	server.script = [answer(body)]
	with pytest.raises(OutcomeUnknown):
		client.batch(make_items("{}"), "batch-1")


def test_an_empty_list_of_answers_leaves_every_item_unknown(client, server):
	server.script = [answer('{"BatchItemResponse":[]}')]
	results = client.batch(make_items("{}", "{}"), "batch-1")
	assert [type(result) for result in results.values()] == [OutcomeUnknown, OutcomeUnknown]


def test_a_batch_turned_away_as_a_whole_is_refused(client, server):
	server.script = [answer(THROTTLED, "429 Too Many Requests", {"Retry-After": "7"})]
	with pytest.raises(Refused) as caught:
		client.batch(make_items("{}"), "batch-1")
	assert (caught.value.fault.status, caught.value.fault.pause_seconds) == (429, 7)


def test_a_batch_that_met_nobody_was_not_sent(client, server):
	server.stop()
	with pytest.raises(NotSent):
		client.batch(make_items("{}"), "batch-1")


def test_what_quickbooks_would_refuse_never_leaves(client, server):
	server.script = [answer("{}")]
	item = make_items("{}")[0]
	for items, request_id, words in (
		([], "batch-1", "1 to 30"),
		(make_items(*["{}"] * 31), "batch-1", "1 to 30"),
		([item, item], "batch-1", "same id"),
		([item], "r" * 37, "1 to 36"),
		([item], None, "1 to 36"),
		([BatchItem("i" * 11, "create", "Customer", "{}")], "batch-1", "1 to 10"),
		([BatchItem("1", "merge", "Customer", "{}")], "batch-1", "no batch operation"),
		([BatchItem("1", "create", "TaxCode", "{}")], "batch-1", "does not write TaxCode"),
		([BatchItem("1", "delete", "Customer", "{}")], "batch-1", "does not delete"),
		([BatchItem("1", "void", "Customer", "{}")], "batch-1", "no void"),
		([BatchItem("1", "create", "Spaceship", "{}")], "batch-1", "not a QuickBooks entity"),
	):
		with pytest.raises(ValueError, match=words):
			client.batch(items, request_id)
	assert server.received == []


def test_the_record_of_a_batch_names_what_it_was_about(client, server, records):
	server.script = [answer('{"BatchItemResponse":[]}')]
	client.batch(make_items("{}"), "batch-1")
	client.batch([BatchItem("1", "query", "Item", "SELECT * FROM Item")])
	assert [(record.entity, record.operation, record.request_id) for record in records] == [
		("Customer", "batch", "batch-1"),
		("Item", "query", None),
	]


CHANGED = (
	'{"CDCResponse":[{"QueryResponse":[{"Customer":[{"Id":"1","Balance":1.10},{"Id":"2"},'
	'{"domain":"QBO","status":"Deleted","Id":"34","MetaData":{"LastUpdatedTime":"t"}}],"startPosition":1,'
	'"maxResults":3},{}]}],"time":"2026-11-23T08:00:00.000-08:00"}'
)


def test_a_capture_brings_objects_by_entity_and_the_moment_as_quickbooks_wrote_it(client, server):
	server.script = [answer(CHANGED)]
	changes = client.cdc(["Customer", "Item"], "2026-11-22T08:00:00+01:00")
	request = server.received[0]
	assert request.line.startswith("GET /v3/company/4620/cdc?")
	assert read_parameters(request) == {
		"entities": "Customer,Item",
		"changedSince": "2026-11-22T08:00:00+01:00",
		"minorversion": "75",
	}
	assert [row["Id"] for row in changes.objects["Customer"]] == ["1", "2", "34"]
	assert changes.objects["Customer"][0]["Balance"] == Decimal("1.10")
	assert changes.objects["Customer"][2]["status"] == "Deleted"
	assert changes.objects["Item"] == []
	assert (changes.time, changes.count) == ("2026-11-23T08:00:00.000-08:00", 3)
	assert not changes.is_cut_off


def test_a_capture_of_a_thousand_says_that_there_may_be_more(client, server):
	rows = {
		"Customer": [{"Id": str(number)} for number in range(600)],
		"Item": [{"Id": str(number)} for number in range(400)],
	}
	groups = [{kind: found} for kind, found in rows.items()]
	server.script = [answer(json.dumps({"CDCResponse": [{"QueryResponse": groups}], "time": "t"}))]
	changes = client.cdc(["Customer", "Item"], "t")
	assert changes.count == 1000
	assert changes.is_cut_off


@pytest.mark.parametrize(
	("body", "error"),
	[
		("{}", OutcomeUnknown),
		('{"CDCResponse":[{"QueryResponse":[{}]}]}', OutcomeUnknown),
		(
			'{"CDCResponse":[{"Fault":{"Error":[{"code":"4001","Message":"m"}],"type":"ValidationFault"}}],"time":"t"}',
			Refused,
		),
	],
)
def test_a_capture_that_cannot_be_built_on_is_an_error(client, server, body, error):
	server.script = [answer(body)]
	with pytest.raises(error):
		client.cdc(["Customer"], "t")


def test_what_is_not_captured_is_never_asked_for(client, server):
	server.script = [answer(CHANGED)]
	for entities, words in (
		([], "at least one"),
		(["Customer", "Customer"], "once"),
		(["Customer", "TaxCode"], "does not capture changes of TaxCode"),
		(["Spaceship"], "not a QuickBooks entity"),
	):
		with pytest.raises(ValueError, match=words):
			client.cdc(entities, "t")
	assert server.received == []
