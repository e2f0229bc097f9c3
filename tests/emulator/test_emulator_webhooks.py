"""Webhooks: Intuit's webhooks pages and its blog of 2025-11-12; what they leave open are knobs."""

import base64
import hashlib
import hmac
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

TOKEN = "verifier-token"
MINUTE, HOUR = 60, 3600


class Endpoint:
	"""An app's endpoint: keeps what came, and answers with ``status`` (after ``delay`` seconds)."""

	def __init__(self) -> None:
		self.received: list[tuple[dict, bytes]] = []
		self.status, self.delay = 200, 0.0
		endpoint = self

		class Handler(BaseHTTPRequestHandler):
			def do_POST(self) -> None:
				body = self.rfile.read(int(self.headers["Content-Length"]))
				endpoint.received.append((dict(self.headers), body))
				time.sleep(endpoint.delay)
				try:
					self.send_response(endpoint.status)
					self.end_headers()
				except OSError:
					return

			def log_message(self, *_arguments) -> None:
				"""Keep the test's output quiet."""

		self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
		self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
		threading.Thread(
			target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
		).start()

	def wait(self, count: int, seconds: float = 5.0) -> list[bytes]:
		"""Return the first ``count`` bodies once they are there; fails when they do not come."""
		end = time.monotonic() + seconds
		while len(self.received) < count and time.monotonic() < end:
			time.sleep(0.01)
		assert len(self.received) >= count, f"{len(self.received)} of {count} notifications came"
		return [body for _headers, body in self.received[:count]]

	def list_entities(self) -> list[tuple[str, str, str]]:
		"""Return (name, id, operation) of everything in the older format."""
		return [
			(entity["name"], entity["id"], entity["operation"])
			for _headers, body in self.received
			for notification in json.loads(body)["eventNotifications"]
			for entity in notification["dataChangeEvent"]["entities"]
		]


@pytest.fixture
def endpoint():
	endpoint = Endpoint()
	yield endpoint
	endpoint.server.shutdown()
	endpoint.server.server_close()


def subscribe(books, endpoint, client_id="test-app", **more) -> dict:
	body = {"url": endpoint.url, "verifier_token": TOKEN, **more}
	answer = books.session.put(f"{books.url}/_control/webhooks/{client_id}", json=body)
	assert answer.status_code == 200, answer.text
	return answer.json()


@pytest.fixture
def hooked(books, endpoint):
	"""Books whose app is notified in the older format, without delay; ended after the test."""
	books.knobs(webhook_delay_ms=0)
	subscribe(books, endpoint)
	books.endpoint = endpoint
	yield books
	for app in books.session.get(f"{books.url}/_control/webhooks").json()["webhooks"]:
		books.session.delete(f"{books.url}/_control/webhooks/{app['client_id']}")


def wait_for(condition, seconds: float = 5.0):
	end = time.monotonic() + seconds
	while time.monotonic() < end:
		value = condition()
		if value:
			return value
		time.sleep(0.01)
	raise AssertionError("it did not happen in time")


def wait_idle(books, acknowledged: int | None = None) -> list[dict]:
	"""Return the deliveries once nothing is to be sent any more."""

	def is_idle():
		found = books.control("GET", "deliveries")
		if found["events_not_gathered"] or any(one["state"] == "waiting" for one in found["deliveries"]):
			return None
		return (
			found["deliveries"] if acknowledged is None or len(found["deliveries"]) >= acknowledged else None
		)

	return wait_for(is_idle)


def wait_tried(books, times: int, index: int = 0) -> dict:
	"""Return a delivery once it was tried so many times."""
	return wait_for(
		lambda: next(
			iter(
				one
				for one in books.control("GET", "deliveries")["deliveries"][index : index + 1]
				if one["tried"] >= times
			),
			None,
		)
	)


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


def test_emulator_webhook_only_of_the_entities_the_app_chose(hooked):
	subscribe(hooked, hooked.endpoint, entities=["Vendor"])
	hooked.customer()
	hooked.make("vendor", {"DisplayName": "V"})
	wait_idle(hooked, 1)
	assert hooked.endpoint.list_entities() == [("Vendor", "2", "Create")]


def test_emulator_webhook_gathers_what_happens_soon_after(hooked):
	"""Documented: events are aggregated, one company in each notification."""
	hooked.knobs(webhook_delay_ms=60_000)
	for name in "ABC":
		hooked.customer(name)
	assert hooked.control("GET", "deliveries") == {"deliveries": [], "events_not_gathered": 3}
	hooked.advance(61)
	payload = json.loads(hooked.endpoint.wait(1)[0])
	assert len(payload["eventNotifications"]) == 1
	assert [entity["id"] for entity in payload["eventNotifications"][0]["dataChangeEvent"]["entities"]] == [
		"1",
		"2",
		"3",
	]


def test_emulator_webhook_disorder_and_single_events_by_knob(hooked):
	"""Documented: they can come out of order."""
	hooked.knobs(webhook_delay_ms=60_000, webhook_order="reversed", webhook_aggregate=False)
	for name in "ABC":
		hooked.customer(name)
	hooked.advance(61)
	hooked.endpoint.wait(3)
	assert [identifier for _name, identifier, _operation in hooked.endpoint.list_entities()] == [
		"3",
		"2",
		"1",
	]


def test_emulator_webhook_duplicates_by_knob(hooked):
	"""Documented: at least once; the same body and the same ids."""
	subscribe(hooked, hooked.endpoint, format="cloudevents")
	hooked.knobs(webhook_duplicates=2)
	hooked.customer()
	bodies = hooked.endpoint.wait(3)
	assert len(set(bodies)) == 1
	assert wait_idle(hooked, 1)[0]["tried"] == 3 and len(hooked.endpoint.received) == 3


def test_emulator_webhook_retry_ladder_on_the_movable_clock(hooked):
	"""Documented: 0, 10, 20, 30 seconds, 5, 20 minutes, 2, 4, 6 hours, then every 6 hours."""
	hooked.endpoint.status = 500
	hooked.customer()
	bodies = hooked.endpoint.wait(2)
	for tried, seconds in enumerate(
		(10, 20, 30, 5 * MINUTE, 20 * MINUTE, 2 * HOUR, 4 * HOUR, 6 * HOUR, 6 * HOUR, 6 * HOUR), start=2
	):
		delivery = wait_tried(hooked, tried)
		now = hooked.session.get(f"{hooked.url}/_control/clock").json()["now"]
		assert seconds - 3 < delivery["next_at"] - now <= seconds
		hooked.advance(seconds - 3)
		assert len(hooked.endpoint.received) == tried
		hooked.advance(3)
		bodies = hooked.endpoint.wait(tried + 1)
	assert len(set(bodies)) == 1
	wait_tried(hooked, 12)
	hooked.endpoint.status = 200
	hooked.advance(6 * HOUR)
	hooked.endpoint.wait(13)
	delivery = wait_idle(hooked, 1)[0]
	assert delivery["state"] == "acknowledged" and delivery["attempts"][-1]["status"] == 200
	assert [attempt["status"] for attempt in delivery["attempts"][:-1]] == [500] * 12


@pytest.mark.parametrize("status", [201, 204, 302, 401, 503])
def test_emulator_webhook_is_acknowledged_by_200_alone(hooked, status):
	hooked.endpoint.status = status
	hooked.customer()
	delivery = wait_tried(hooked, 2)
	assert delivery["state"] == "waiting" and delivery["attempts"][0]["status"] == status


def test_emulator_webhook_must_be_acknowledged_within_three_seconds(hooked):
	"""Documented; the knob makes the test short."""
	assert hooked.control("GET", "knobs")["webhook_timeout_ms"] == 3000
	hooked.knobs(webhook_timeout_ms=100)
	hooked.endpoint.delay = 0.4
	hooked.customer()
	delivery = wait_tried(hooked, 1)
	assert (
		delivery["state"] == "waiting"
		and "no answer within 0.1 seconds" in delivery["attempts"][0]["problem"]
	)


def test_emulator_webhook_that_fails_holds_up_the_later_ones(hooked):
	"""Documented: later events may be withheld until the failing one is acknowledged; a knob for the other reading."""
	hooked.endpoint.status = 500
	hooked.customer("A")
	wait_tried(hooked, 2)
	hooked.customer("B")
	hooked.customer("C")
	assert hooked.control("GET", "deliveries")["events_not_gathered"] == 2
	assert {identifier for _name, identifier, _operation in hooked.endpoint.list_entities()} == {"1"}
	hooked.knobs(webhook_head_of_line=False)
	wait_for(lambda: {one[1] for one in hooked.endpoint.list_entities()} == {"1", "2", "3"})
	hooked.knobs(webhook_head_of_line=True)
	hooked.endpoint.status = 200
	hooked.advance(30)
	wait_idle(hooked)


def test_emulator_webhook_order_is_kept(hooked):
	for number in range(20):
		hooked.customer(f"C{number}")
	wait_idle(hooked)
	assert [one[1] for one in hooked.endpoint.list_entities()] == [str(number) for number in range(1, 21)]


def test_emulator_webhook_of_a_refused_or_dropped_write(hooked):
	"""Nothing is told of what was not stored; what was stored is told though its answer was lost."""
	hooked.customer("A")
	hooked.refuse(hooked.post("customer", {"DisplayName": "A"}), "6240")
	hooked.knobs(drop="after_commit", drop_count=1)
	with pytest.raises(OSError):
		hooked.customer("B")
	items = [
		{"bId": str(n), "operation": "create", "Vendor": {"DisplayName": name}}
		for n, name in enumerate("ABC")
	]
	assert hooked.post("batch", {"BatchItemRequest": items}).ok
	wait_idle(hooked, 1)
	told = hooked.endpoint.list_entities()
	assert [one[0] for one in told] == ["Customer", "Customer", "Vendor"], told


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


def test_emulator_webhook_survives_kill_9(start_process, open_books, tmp_path, endpoint):
	"""Noted in the transaction of the write, sent again until acknowledged: at least once."""
	state = ("--state", str(tmp_path / "state.sqlite"), "--knob", "throttle.enabled=false")
	process = start_process(*state)
	books = open_books(process)
	endpoint.status = 500
	subscribe(books, endpoint)
	acknowledged = [books.customer(f"C{number}") for number in range(5)]
	items = [
		{"bId": str(number), "operation": "create", "Customer": {"DisplayName": f"B{number}"}}
		for number in range(30)
	]
	answers = books.post("batch", {"BatchItemRequest": items}, requestid="b").json()["BatchItemResponse"]
	acknowledged += [item["Customer"]["Id"] for item in answers]
	process.kill()
	endpoint.received.clear()
	endpoint.status = 200
	again = open_books(start_process(*state))
	again.advance(60)
	wait_idle(again)
	assert {one[1] for one in endpoint.list_entities()} == set(acknowledged)
	assert again.query("select count(*) from Customer")["totalCount"] == 35
	repeated = again.post("batch", {"BatchItemRequest": items}, requestid="b").json()["BatchItemResponse"]
	assert repeated == answers and again.query("select count(*) from Customer")["totalCount"] == 35


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


def test_emulator_webhooks_anywhere_is_said_at_the_start(start_process, open_books):
	books = open_books(start_process("--webhooks-anywhere"))
	body = {"url": "https://example.com/x", "verifier_token": "t"}
	assert books.session.put(f"{books.url}/_control/webhooks/app", json=body).ok


def test_emulator_webhook_deliveries_can_be_lost(hooked):
	hooked.endpoint.status = 500
	hooked.customer()
	wait_tried(hooked, 2)
	assert hooked.control("GET", "deliveries", state="waiting")["deliveries"]
	assert hooked.control("GET", "deliveries", state="acknowledged")["deliveries"] == []
	assert hooked.control("DELETE", "deliveries") == {"deliveries": []}
	hooked.endpoint.status = 200
	hooked.customer("Later")
	wait_idle(hooked, 1)
	assert hooked.endpoint.list_entities()[-1] == ("Customer", "2", "Create")


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
