"""Webhooks: Intuit's webhooks pages and its blog of 2025-11-12; what they leave open are knobs."""

import base64
import hashlib
import hmac
import json
import re

import pytest
from webhook_endpoint import TOKEN, Endpoint, subscribe, wait_idle


def test_emulator_webhook_legacy_payload_and_signature(hooked):
	"""Shape of the webhooks page; base64 of the HMAC-SHA256 over the raw body with the verifier token."""
	hooked.customer("Émile's Café")
	body = hooked.endpoint.wait(1)[0]
	headers = hooked.endpoint.received[0][0]
	payload = json.loads(body)
	entity = payload["eventNotifications"][0]["dataChangeEvent"]["entities"][0]
	assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", entity.pop("lastUpdated"))
	assert payload == {
		"eventNotifications": [
			{
				"realmId": hooked.realm,
				"dataChangeEvent": {"entities": [{"name": "Customer", "id": "1", "operation": "Create"}]},
			}
		]
	}
	signature = base64.b64encode(hmac.new(TOKEN.encode(), body, hashlib.sha256).digest()).decode()
	assert headers["intuit-signature"] == signature and headers["Content-Type"] == "application/json"


def test_emulator_webhook_cloud_events_payload(hooked):
	"""Intuit blog, 2025-11-12: an array of CloudEvents, times with nine fractional digits, empty data."""
	subscribe(hooked, hooked.endpoint, format="cloudevents")
	hooked.customer()
	event = json.loads(hooked.endpoint.wait(1)[0])[0]
	assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$", event.pop("time"))
	assert re.match(r"[0-9a-f-]{36}$", event.pop("id")) and re.match(
		r"intuit\.[0-9a-f]{32}$", event.pop("source")
	)
	assert event == {
		"specversion": "1.0", "type": "qbo.customer.created.v1", "datacontenttype": "application/json",
		"intuitentityid": "1", "intuitaccountid": hooked.realm, "data": {},
	}  # fmt: skip


def test_emulator_webhook_cloud_events_with_data_and_content_type_by_knob(hooked):
	"""A migration guide says that data may carry the entity; the content type may be the CloudEvents one."""
	subscribe(hooked, hooked.endpoint, format="cloudevents")
	hooked.knobs(webhook_data="entity", webhook_content_type="application/cloudevents+json")
	customer = hooked.customer("With Data")
	assert json.loads(hooked.endpoint.wait(1)[0])[0]["data"] == hooked.read("customer", customer)
	assert hooked.endpoint.received[0][0]["Content-Type"] == "application/cloudevents+json"


def test_emulator_webhook_operations(hooked):
	"""Create, Update, Void, Delete and Emailed; what a write does to other records is told too."""
	invoice = hooked.invoice()
	other = hooked.make("invoice", hooked.invoice_body(hooked.line("1"), customer="1"))
	update = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
	hooked.make("invoice", update)
	hooked.make("invoice", {"Id": invoice["Id"], "SyncToken": "1"}, operation="void")
	assert hooked.session.post(
		f"{hooked.api}/invoice/{other['Id']}/send", params={"sendTo": "a@b.example"}
	).ok
	hooked.make("invoice", {"Id": invoice["Id"], "SyncToken": "2"}, operation="delete")
	wait_idle(hooked)
	told = hooked.endpoint.list_entities()
	assert [one for one in told if one[0] != "Invoice"] == [
		("Customer", "1", "Create"),
		("Item", "1", "Create"),
	]
	first = [
		operation for name, identifier, operation in told if (name, identifier) == ("Invoice", invoice["Id"])
	]
	assert first == ["Create", "Update", "Void", "Delete"]
	second = [
		operation for name, identifier, operation in told if (name, identifier) == ("Invoice", other["Id"])
	]
	assert second == ["Create", "Emailed"]


def test_emulator_webhook_tells_of_an_invoice_that_is_paid(hooked):
	"""A payment bumps its invoice, and that notifies."""
	invoice = hooked.invoice()
	link = {"Amount": 40, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
	payment = hooked.make("payment", {"CustomerRef": {"value": "1"}, "TotalAmt": 40, "Line": [link]})
	wait_idle(hooked)
	told = hooked.endpoint.list_entities()
	assert ("Payment", payment["Id"], "Create") in told and ("Invoice", invoice["Id"], "Update") in told


def test_emulator_webhook_tells_of_parties_and_items_by_knob(hooked):
	"""Own writes that give the customer and the item a new time, or not: a knob."""
	item = hooked.item(
		"Stock", Type="Inventory", TrackQtyOnHand=True, QtyOnHand=5, InvStartDate="2026-01-01", PurchaseCost=2,
		ExpenseAccountRef={"value": "40"}, AssetAccountRef={"value": "11"},
	)  # fmt: skip
	customer = hooked.customer()
	before = [hooked.read("customer", customer), hooked.read("item", item)]
	wait_idle(hooked)
	hooked.advance(5)
	hooked.invoice(hooked.line(item, 10, Qty=1, UnitPrice=10), customer=customer)
	wait_idle(hooked)
	assert not [one for one in hooked.endpoint.list_entities() if one[2] == "Update"]
	assert hooked.read("customer", customer)["MetaData"] == before[0]["MetaData"]
	hooked.knobs(own_writes_bump_parties=True)
	hooked.invoice(hooked.line(item, 10, Qty=1, UnitPrice=10), customer=customer)
	wait_idle(hooked)
	told = hooked.endpoint.list_entities()
	assert ("Customer", customer, "Update") in told and ("Item", item, "Update") in told
	after = [hooked.read("customer", customer), hooked.read("item", item)]
	for old, new in zip(before, after, strict=True):
		assert new["MetaData"]["LastUpdatedTime"] > old["MetaData"]["LastUpdatedTime"]
		assert new["SyncToken"] == old["SyncToken"]
	groups = hooked.get(
		"cdc", entities="Customer,Item", changedSince=after[0]["MetaData"]["LastUpdatedTime"]
	).json()
	assert [group["maxResults"] for group in groups["CDCResponse"][0]["QueryResponse"]] == [1, 1]


def test_emulator_webhook_of_entities_that_have_none(hooked):
	"""InventoryAdjustment, TaxCode, TaxRate and Attachable: none."""
	hooked.make("attachable", {"Note": "a note"})
	hooked.customer()
	wait_idle(hooked, 1)
	assert hooked.endpoint.list_entities() == [("Customer", "1", "Create")]


def test_emulator_webhook_calls_a_company_currency_currency(hooked):
	"""Intuit's list of webhooks has Currency; the record is called CompanyCurrency."""
	hooked.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	identifier = hooked.make("companycurrency", {"Code": "EUR"})["Id"]
	wait_idle(hooked, 1)
	assert ("Currency", identifier, "Create") in hooked.endpoint.list_entities()


def test_emulator_webhook_only_of_the_entities_the_app_chose(hooked):
	subscribe(hooked, hooked.endpoint, entities=["Vendor"])
	hooked.customer()
	hooked.make("vendor", {"DisplayName": "V"})
	wait_idle(hooked, 1)
	assert hooked.endpoint.list_entities() == [("Vendor", "2", "Create")]


def test_emulator_webhook_goes_to_the_apps_that_are_connected(hooked):
	"""Each app has its endpoint and its token; one that was disconnected gets nothing."""
	other = Endpoint()
	subscribe(hooked, other, client_id="connected-later", verifier_token="other")
	hooked.customer("A")
	hooked.session.post(f"{hooked.control_url}/tokens", json={"client_id": "connected-later"})
	hooked.customer("B")
	body = other.wait(1)[0]
	signature = base64.b64encode(hmac.new(b"other", body, hashlib.sha256).digest()).decode()
	assert other.received[0][0]["intuit-signature"] == signature
	assert [one[1] for one in other.list_entities()] == ["2"]
	wait_idle(hooked)
	hooked.control("POST", "revoke_all")
	hooked.connect()
	hooked.customer("C")
	wait_idle(hooked)
	assert [one[1] for one in other.list_entities()] == ["2"]
	assert [one[1] for one in hooked.endpoint.list_entities()] == ["1", "2", "3"]
	other.server.shutdown()
	other.server.server_close()


@pytest.mark.parametrize("signature", ["wrong", "valid", "missing", "malformed"])
def test_emulator_webhook_that_is_forged(hooked, signature):
	hooked.endpoint.status = 401
	order = {
		"client_id": "test-app",
		"signature": signature,
		"events": [{"entity": "Invoice", "id": "7", "operation": "Delete"}],
	}
	assert hooked.control("POST", "forge", order) == {"status": 401, "problem": None}
	headers, body = hooked.endpoint.received[0]
	good = base64.b64encode(hmac.new(TOKEN.encode(), body, hashlib.sha256).digest()).decode()
	assert (headers.get("intuit-signature") == good) is (signature == "valid")
	assert ("intuit-signature" in headers) is (signature != "missing")
	assert hooked.endpoint.list_entities() == [("Invoice", "7", "Delete")]
	assert hooked.control("GET", "deliveries")["deliveries"] == []


def test_emulator_webhook_forged_with_any_body(hooked):
	hooked.control("POST", "forge", {"client_id": "test-app", "body": "no json", "signature": "valid"})
	assert hooked.endpoint.received[0][1] == b"no json"


@pytest.mark.parametrize(
	("client_id", "change"),
	[
		("app", {"url": "http://192.0.2.1/x"}), ("app", {"url": "http://example.com/x"}), ("app", {"url": "ftp://127.0.0.1/x"}),
		("app", {"url": "http://localhost.example.com/x"}), ("app", {"url": "http://127.0.0.1@example.com/"}), ("app", {"url": None}),
		("app", {"url": "http://169.254.169.254/"}), ("app", {"verifier_token": ""}), ("app", {"format": "xml"}),
		("app", {"entities": ["TaxCode"]}), ("app", {"entities": ["Nonsense"]}), ("app", {"entities": "Invoice"}), ("app", {"colour": 1}),
		("app", {"host": ""}),
	],
)  # fmt: skip
def test_emulator_webhook_configuration_that_is_refused(books, client_id, change):
	"""They go to this machine only, unless the emulator was started otherwise."""
	body = {"url": "http://127.0.0.1:9/x", "verifier_token": "t", **change}
	answer = books.session.put(f"{books.url}/_control/webhooks/{client_id}", json=body)
	assert answer.status_code == 400 and answer.json()["error"].endswith("."), answer.text
	assert books.session.get(f"{books.url}/_control/webhooks").json() == {"webhooks": []}


def test_emulator_webhook_to_a_name_of_localhost_with_a_host_header(hooked):
	"""So that a site that is found by its name can be notified on this machine."""
	port = hooked.endpoint.server.server_port
	subscribe(hooked, hooked.endpoint, url=f"http://site.localhost:{port}/hook", host="shop.example")
	hooked.customer()
	hooked.endpoint.wait(1)
	assert hooked.endpoint.received[0][0]["Host"] == "shop.example"


def test_emulator_webhook_tells_what_another_user_did_and_of_a_merge_with_both_ids(hooked):
	"""Merge: the record that is left, and deletedId. Of the two customers nothing else is told."""
	keep, gone = hooked.customer("Keep"), hooked.customer("Gone")
	wait_idle(hooked)
	hooked.endpoint.received.clear()
	hooked.control(
		"POST", "as_user", {"entity": "Customer", "operation": "merge", "body": {"Id": gone, "into": keep}}
	)
	wait_idle(hooked)
	entity = json.loads(hooked.endpoint.wait(1)[0])["eventNotifications"][0]["dataChangeEvent"]["entities"][0]
	assert (entity["id"], entity["operation"], entity["deletedId"]) == (keep, "Merge", gone)
	assert hooked.endpoint.list_entities() == [("Customer", keep, "Merge")]
	subscribe(hooked, hooked.endpoint, format="cloudevents")
	hooked.endpoint.received.clear()
	hooked.control("POST", "as_user", {"entity": "Customer", "operation": "touch", "body": {"Id": keep}})
	assert json.loads(hooked.endpoint.wait(1)[0])[0]["type"] == "qbo.customer.updated.v1"


def test_emulator_request_page_lists_the_items_of_a_batch(books):
	items = [
		{"bId": "one", "operation": "create", "Customer": {"DisplayName": "A"}},
		{"bId": "two", "operation": "create", "Customer": {"DisplayName": "A"}},
	]
	books.post("batch", {"BatchItemRequest": items})
	seq = books.journal()[-1]["seq"]
	text = books.session.get(f"{books.url}/app/request", params={"companyId": books.realm, "seq": seq}).text
	assert "<h2>Items</h2>" in text and "two" in text and "6240" in text
