"""Bad days to order: drops, delays, limits, faults. Each test looks at the books, not at the answers alone."""

import threading
import time

import pytest
import requests
from waiting import wait_for


@pytest.fixture
def ready(books):
	books.body = books.invoice_body(books.line(books.item(), 100), customer=books.customer())
	return books


def count(books) -> int:
	return books.query("select count(*) from Invoice")["totalCount"]


def receivable(books) -> str:
	return books.balances().get("Accounts Receivable (A/R)", "0.00")


def test_emulator_drop_after_commit(ready):
	ready.knobs(drop="after_commit", drop_count=2)
	for _ in range(2):
		with pytest.raises(requests.ConnectionError):
			ready.post("invoice", ready.body)
	assert ready.post("invoice", ready.body).status_code == 200
	assert count(ready) == 3 and receivable(ready) == "300.00"
	entries = ready.journal(operation="create", entity="Invoice")
	assert [(entry["committed"], entry["outcome"], entry["status"]) for entry in entries] == [
		(True, "dropped", None), (True, "dropped", None), (True, "answered", 200)
	]  # fmt: skip
	assert ready.control("GET", "knobs")["drop"] == "none"


def test_emulator_drop_before_commit(ready):
	ready.knobs(drop="before_commit", drop_count=1)
	with pytest.raises(requests.ConnectionError):
		ready.post("invoice", ready.body)
	assert count(ready) == 0 and receivable(ready) == "0.00"
	entry = ready.journal(operation="create", entity="Invoice")[0]
	assert (entry["committed"], entry["outcome"]) == (False, "dropped")
	assert ready.post("invoice", ready.body).status_code == 200


def test_emulator_drop_leaves_reads_and_refusals_alone(ready):
	ready.knobs(drop="after_commit")
	assert count(ready) == 0
	ready.refuse(ready.post("invoice", {**ready.body, "DocNumber": "x" * 30}), "2050")
	with pytest.raises(requests.ConnectionError):
		ready.post("invoice", ready.body)


def test_emulator_commit_after_the_client_gave_up(ready):
	"""Slower than the client's timeout, and stored all the same."""
	ready.knobs(commit_delay_ms=500)
	with pytest.raises(requests.Timeout):
		ready.post("invoice", ready.body, timeout=0.1)
	assert count(ready) == 0 and ready.journal(entity="Invoice", operation="create")[0]["outcome"] == "open"
	wait_for(lambda: ready.journal(entity="Invoice", operation="create")[0]["committed"])
	assert count(ready) == 1 and receivable(ready) == "100.00"


def test_emulator_journal_shows_a_commit_while_its_answer_is_held(ready):
	ready.knobs(latency_after_commit_ms=600)
	thread = threading.Thread(target=lambda: ready.post("invoice", ready.body, requestid="held"))
	thread.start()
	entry = wait_for(lambda: ready.journal(requestid="held", committed="true"))[0]
	assert (entry["outcome"], entry["status"], entry["entity_id"]) == ("open", None, "1")
	thread.join()
	entry = ready.journal(requestid="held")[0]
	assert (entry["outcome"], entry["status"]) == ("answered", 200) and entry["duration"] > 0.5


def test_emulator_latency_holds_every_request(ready):
	ready.knobs(latency_ms=150)
	begun = time.monotonic()
	count(ready)
	assert time.monotonic() - begun > 0.15


def test_emulator_503_as_html(ready):
	ready.knobs(http_503_html=True)
	answer = ready.post("invoice", ready.body)
	assert answer.status_code == 503 and answer.text.startswith("<html>") and "intuit_tid" in answer.headers
	ready.knobs(http_503_html=False)
	assert count(ready) == 0


def test_emulator_subscription_ended_is_6190(ready):
	ready.knobs(subscription_ended=True)
	error = ready.refuse(ready.post("invoice", ready.body), "6190")
	assert error["Message"] == "Invalid Company Status"
	ready.refuse(ready.get("query", query="select * from Invoice"), "6190")
	ready.knobs(subscription_ended=False)
	assert count(ready) == 0


# ------------------------------------------------------------------------------------------ limits


def limit(books, **limits) -> None:
	values = {"enabled": True, "per_minute": None, "per_second": None, "concurrent": None, **limits}
	books.knobs(throttle=values)


def test_emulator_limits_are_on_by_default(start_process, open_books):
	"""500 a minute, 10 a second, 10 at once, 40 and 120 batches a minute: Intuit's limits page."""
	knobs = open_books(start_process()).control("GET", "knobs")
	assert knobs["throttle"] == {
		"enabled": True, "per_minute": 500, "per_second": 10, "concurrent": 10, "batches_per_minute": 40,
		"company_batches_per_minute": 120,
	}  # fmt: skip


def test_emulator_429_in_the_gateways_shape(ready):
	limit(ready, per_minute=3)
	statuses = [ready.get("preferences").status_code for _ in range(5)]
	assert statuses == [200, 200, 200, 429, 429]
	body = ready.get("preferences").json()
	assert body["fault"]["type"] == "SERVICE"
	assert body["fault"]["error"][0] == {
		"message": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
		"detail": "The request limit was reached.  Try again later",
		"code": "3001",
		"element": None,
	}
	assert ready.post("invoice", ready.body).status_code == 429
	assert ready.control("GET", "limits")["refused"] == 4
	ready.advance(61)
	assert count(ready) == 0


def test_emulator_limit_per_second(ready):
	limit(ready, per_second=5)
	statuses = [ready.get("preferences").status_code for _ in range(8)]
	assert statuses.count(429) == 3
	ready.advance(1.5)
	assert ready.get("preferences").status_code == 200


def test_emulator_limit_of_concurrent_requests(ready):
	limit(ready, concurrent=2)
	ready.knobs(latency_ms=300)
	statuses = []
	threads = [
		threading.Thread(target=lambda: statuses.append(ready.get("preferences").status_code))
		for _ in range(4)
	]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert sorted(statuses) == [200, 200, 429, 429]
	assert ready.get("preferences").status_code == 200


# ------------------------------------------------------------------------------------- faults to order


def order(books, **rule) -> None:
	books.control("POST", "faults", rule)


def test_emulator_fault_by_code_for_the_next_matching_requests(ready):
	order(
		ready,
		match={"method": "POST", "entity": "invoice", "operation": "create"},
		times=2,
		code="6000",
		detail="Not today",
	)
	assert count(ready) == 0
	for _ in range(2):
		assert ready.refuse(ready.post("invoice", ready.body), "6000")["Detail"] == "Not today"
	assert ready.post("invoice", ready.body).status_code == 200
	assert ready.control("GET", "faults") == {"faults": []}


def test_emulator_fault_after_the_commit(ready):
	order(ready, match={"operation": "create"}, when="after_commit", code="10000")
	answer = ready.post("invoice", ready.body)
	assert answer.status_code == 500 and answer.json()["Fault"]["type"] == "SystemFault"
	assert count(ready) == 1


def test_emulator_fault_with_any_status_and_body(ready):
	"""A Fault with HTTP 200, and the silent no-op seen live for the void of a journal entry."""
	order(ready, match={"operation": "void"}, status=200, body={"BatchItemResponse": [], "time": "x"})
	order(ready, match={"operation": "create"}, status=200, code="10000")
	order(ready, match={"operation": "query"}, html="<html>maintenance</html>", status=502)
	order(ready, match={"operation": "read"}, status=504)
	answer = ready.post("invoice", ready.body)
	assert answer.status_code == 200 and answer.json()["Fault"]["Error"][0]["code"] == "10000"
	assert ready.get("query", query="select * from Invoice").status_code == 502
	empty = ready.get("preferences")
	assert (empty.status_code, empty.text) == (504, "")
	invoice = ready.make("invoice", ready.body)
	answer = ready.post("invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="void")
	assert answer.json() == {"BatchItemResponse": [], "time": "x"}
	assert ready.read("invoice", invoice["Id"])["TotalAmt"] == 100


def test_emulator_fault_skips_and_matches_by_requestid(ready):
	order(ready, match={"requestid": "second"}, drop="after_commit")
	order(ready, match={"entity": "Customer", "operation": "create"}, skip=1, code="6240")
	assert ready.post("invoice", ready.body, requestid="first").status_code == 200
	with pytest.raises(requests.ConnectionError):
		ready.post("invoice", ready.body, requestid="second")
	assert count(ready) == 2
	assert ready.post("invoice", ready.body, requestid="second").status_code == 200
	assert count(ready) == 2
	ready.customer("first")
	ready.refuse(ready.post("customer", {"DisplayName": "second"}), "6240")


def test_emulator_half_sent_answer(ready):
	order(ready, match={"operation": "create"}, drop="half_answer")
	with pytest.raises(requests.RequestException):
		ready.post("invoice", ready.body)
	assert count(ready) == 1


def test_emulator_stale_race_by_holding_one_of_two_updates(ready):
	invoice = ready.make("invoice", ready.body)
	order(ready, match={"operation": "update", "requestid": "slow"}, commit_delay_ms=300)
	update = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
	answers = []
	thread = threading.Thread(
		target=lambda: answers.append(
			ready.post("invoice", {**update, "PrivateNote": "slow"}, requestid="slow")
		)
	)
	thread.start()
	wait_for(lambda: ready.journal(requestid="slow"))
	ready.make("invoice", {**update, "PrivateNote": "fast"})
	thread.join()
	ready.refuse(answers[0], "5010")
	assert ready.read("invoice", invoice["Id"])["PrivateNote"] == "fast"


@pytest.mark.parametrize(
	"rule",
	[
		{}, {"match": {"colour": "red"}, "code": "6000"}, {"code": "6000", "times": 0}, {"status": 99}, {"drop": "sometimes"},
		{"code": "6000", "when": "later"}, {"latency_ms": -1}, {"nonsense": 1, "code": "1"}, [], "x",
	],
)  # fmt: skip
def test_emulator_bad_fault_orders_are_explained(books, rule):
	answer = books.session.post(f"{books.control_url}/faults", json=rule)
	assert answer.status_code == 400 and answer.json()["error"].endswith(".")


@pytest.mark.parametrize(
	"changes",
	[
		{"latencyms": 5},
		{"latency_ms": -5},
		{"drop": "later"},
		{"throttle": {"enabled": "maybe"}},
		{"throttle": 5},
		[],
		{"latency_ms": None},
	],
)
def test_emulator_bad_knobs_are_explained(books, changes):
	before = books.control("GET", "knobs")
	answer = books.session.patch(f"{books.control_url}/knobs", json=changes)
	assert answer.status_code == 400 and answer.json()["error"].endswith(".")
	assert books.control("GET", "knobs") == before


def test_emulator_journal_can_be_read_from_a_point_and_cleared(ready):
	ready.post("invoice", ready.body)
	last = ready.journal()[-1]
	ready.refuse(ready.post("invoice", {**ready.body, "DocNumber": "x" * 30}), "2050")
	later = ready.journal(since=last["seq"])
	assert [(entry["status"], entry["code"], entry["entity"], entry["operation"]) for entry in later] == [
		(400, "2050", "Invoice", "create")
	]
	assert later[0]["seq"] == last["seq"] + 1 and "request_body" not in later[0]
	ready.control("DELETE", "requests")
	assert ready.journal() == []


def test_emulator_control_api_is_for_this_machines_callers(books):
	answer = books.session.post(f"{books.control_url}/reset", headers={"Origin": "http://evil.example"})
	assert answer.status_code == 403


def test_emulator_held_write_dies_with_a_reset(ready):
	"""So that a request one test left behind does not write into the next one's company."""
	ready.knobs(commit_delay_ms=300)
	with pytest.raises(requests.Timeout):
		ready.post("invoice", ready.body, timeout=0.1)
	ready.control("POST", "reset")
	ready.customer()
	ready.item()
	time.sleep(0.4)
	assert count(ready) == 0
