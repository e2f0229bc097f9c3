"""Notifications: only what is signed is read, both of Intuit's formats, and the same event is the same however it comes."""

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allorders_qb.qbo.webhooks import UnreadableNotification, is_genuine, read_event_time, read_events

TOKEN = "ee1a-verifier"
LEGACY = {
	"eventNotifications": [
		{
			"realmId": "310687",
			"dataChangeEvent": {
				"entities": [
					{
						"id": "1234",
						"operation": "Create",
						"name": "Customer",
						"lastUpdated": "2026-11-24T10:00:00Z",
					},
					{
						"id": "7",
						"operation": "Merge",
						"name": "Vendor",
						"lastUpdated": "2026-11-24T10:00:01Z",
						"deletedId": "9",
					},
				]
			},
		}
	]
}
CLOUD = [
	{
		"specversion": "1.0",
		"id": "88cd52aa-33b6-4351-9aa4-47572edbd068",
		"source": "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
		"type": "qbo.account.created.v1",
		"datacontenttype": "application/json",
		"time": "2025-09-10T21:31:25.179851517Z",
		"intuitentityid": "1234",
		"intuitaccountid": "310687",
		"data": {},
	}
]


def dump(content) -> bytes:
	return json.dumps(content).encode()


def sign(body: bytes, token: str = TOKEN) -> str:
	return base64.b64encode(hmac.new(token.encode(), body, hashlib.sha256).digest()).decode()


def test_a_signature_over_the_raw_bytes():
	body = b'{ "a" :1}'
	assert is_genuine(body, sign(body), TOKEN)
	assert not is_genuine(b'{"a":1}', sign(body), TOKEN), "the same content in other bytes"
	assert not is_genuine(body, sign(body, "another"), TOKEN)


@pytest.mark.parametrize("signature", (None, "", "x", "====", "é", "YWJj", sign(b"other")))
def test_forged_signatures(signature):
	assert not is_genuine(b"{}", signature, TOKEN)


def test_nothing_is_genuine_without_a_token():
	assert not is_genuine(b"{}", sign(b"{}", ""), "")


def test_legacy_events():
	first, second = read_events(dump(LEGACY))
	assert (first.realm_id, first.entity, first.entity_id, first.operation, first.time) == (
		"310687", "customer", "1234", "Create", "2026-11-24T10:00:00Z",
	)  # fmt: skip
	assert (second.operation, second.deleted_id) == ("Merge", "9")
	assert first.key != second.key and len(first.key) == 40


def test_cloud_events():
	(event,) = read_events(dump(CLOUD))
	assert (event.realm_id, event.entity, event.entity_id, event.operation) == (
		"310687", "account", "1234", "Create",
	)  # fmt: skip
	assert read_events(dump(CLOUD[0])) == [event], "one event without its array"


@pytest.mark.parametrize(
	("verb", "operation"),
	(
		("updated", "Update"),
		("deleted", "Delete"),
		("merged", "Merge"),
		("voided", "Void"),
		("emailed", "Emailed"),
	),
)
def test_operations_of_cloud_events(verb, operation):
	(event,) = read_events(dump([{**CLOUD[0], "type": f"qbo.invoice.{verb}.v1"}]))
	assert event.operation == operation


def test_the_same_event_has_the_same_key_and_another_has_another():
	again = json.loads(json.dumps(LEGACY))
	assert [event.key for event in read_events(dump(again))] == [
		event.key for event in read_events(dump(LEGACY))
	]
	again["eventNotifications"][0]["dataChangeEvent"]["entities"][0]["lastUpdated"] = "2026-11-24T10:00:02Z"
	assert read_events(dump(again))[0].key != read_events(dump(LEGACY))[0].key


def test_data_is_never_trusted():
	(event,) = read_events(dump([{**CLOUD[0], "data": {"Id": "666", "DisplayName": "Mallory"}}]))
	assert event.entity_id == "1234"


def test_nine_fractional_digits():
	assert read_event_time("2025-09-10T21:31:25.179851517Z").isoformat() == "2025-09-10T21:31:25.179851+00:00"
	assert read_event_time("2026-11-24T10:00:00-08:00").utcoffset().total_seconds() == -8 * 3600
	assert read_event_time("yesterday") is None


@pytest.mark.parametrize(
	"body",
	(
		b"", b"[", b"null", b"1", b"{}", b"[1]", b"[{}]", b'{"eventNotifications": {}}',
		b'{"eventNotifications": [{"realmId": "1"}]}', b'{"eventNotifications": [{"realmId": true, "dataChangeEvent": {"entities": []}}]}',
		dump([{**CLOUD[0], "type": "qbo.account"}]), dump([{**CLOUD[0], "intuitentityid": ""}]), b"[" * 100_000,
	),
)  # fmt: skip
def test_what_is_no_notification(body):
	with pytest.raises(UnreadableNotification):
		read_events(body)


@given(st.binary(max_size=200) | st.recursive(
	st.none() | st.booleans() | st.integers() | st.text(max_size=8),
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
		st.sampled_from(["eventNotifications", "dataChangeEvent", "entities", "specversion", "type", "id", "realmId"]), inner, max_size=4
	),
	max_leaves=12,
).map(dump))  # fmt: skip
def test_any_body_is_read_or_refused(body):
	try:
		assert all(event.key and event.entity_id for event in read_events(body))
	except UnreadableNotification as refusal:
		assert str(refusal)
