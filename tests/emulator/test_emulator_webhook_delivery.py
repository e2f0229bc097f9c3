"""When webhooks are sent and sent again: within 3 seconds, up the ladder, in order, never lost (Intuit's webhooks pages)."""

import json

import pytest
from waiting import wait_for
from webhook_endpoint import subscribe, wait_idle, wait_tried

MINUTE, HOUR = 60, 3600


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
