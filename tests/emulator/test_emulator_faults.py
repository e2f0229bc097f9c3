"""More bad days to order: spread latencies, bursts, races, the cut-off, and the command line."""

import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from qbo_emulator import ctl
from qbo_emulator.chances import Chances

ROOT = Path(__file__).resolve().parents[2]


def order(books, **rule) -> None:
	books.control("POST", "faults", rule)


# ------------------------------------------------------------------------------------------ latency


@pytest.mark.parametrize(
	("distribution", "least", "most", "deviation"),
	[
		("fixed", 300, 300, 0),
		("uniform", 200, 400, 57.7),
		("normal", 0, 900, 100),
		("lognormal", 1, 3000, 100),
	],
)
def test_emulator_latency_distributions(distribution, least, most, deviation):
	"""Mean 300 and spread 100; the same seed gives the same waits."""
	chances = Chances(7)
	drawn = [chances.draw(distribution, 300, 100) for _ in range(5000)]
	assert least <= min(drawn) and max(drawn) <= most
	assert statistics.mean(drawn) == pytest.approx(300, rel=0.03)
	assert statistics.pstdev(drawn) == pytest.approx(deviation, rel=0.1)
	again = Chances(7)
	assert drawn == [again.draw(distribution, 300, 100) for _ in range(5000)]


def test_emulator_latency_is_spread_by_knobs(books):
	books.knobs(latency_ms=60, latency_spread_ms=60, latency_distribution="uniform", latency_seed=3)
	for _ in range(8):
		books.get("preferences")
	expected = Chances(3)
	for entry in books.journal():
		assert entry["duration"] * 1000 >= expected.draw("uniform", 60, 60)
	assert max(entry["duration"] for entry in books.journal()) < 1


def test_emulator_latency_of_a_pattern_of_requests_alone(books):
	order(
		books,
		match={"path": "/preferences"},
		times=None,
		latency_ms=150,
		latency_distribution="normal",
		latency_spread_ms=5,
	)
	books.get("preferences")
	books.get("query", query="select * from Term")
	slow, quick = books.journal()
	assert slow["duration"] > 0.1 > quick["duration"]


def test_emulator_request_over_the_cut_off_is_504_and_its_work_goes_on(books):
	"""Limits page: a request over 120 seconds times out."""
	assert books.control("GET", "knobs")["cut_off_ms"] == 120_000
	books.knobs(cut_off_ms=100, commit_delay_ms=400)
	answer = books.post("customer", {"DisplayName": "Late"})
	assert answer.status_code == 504 and answer.text.startswith("<html>") and "intuit_tid" in answer.headers
	assert books.query("select * from Customer") == {}
	end = time.monotonic() + 5
	while (
		books.journal(entity="Customer", operation="create")[0]["outcome"] == "open"
		and time.monotonic() < end
	):
		time.sleep(0.02)
	entry = books.journal(entity="Customer", operation="create")[0]
	assert (entry["outcome"], entry["status"], entry["committed"]) == ("cut_off", 504, True)
	assert books.query("select count(*) from Customer") == {"totalCount": 1}


# -------------------------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
	("code", "status", "name"),
	[("3001", 429, "ThrottleExceeded"), ("3100", 403, "ApplicationAuthorizationFailed"), ("3200", 401, "AuthenticationFailed"), ("3202", 401, "AuthenticationFailed")],
)  # fmt: skip
def test_emulator_gateway_faults_in_lower_case(books, code, status, name):
	"""Two independent captures: keys are lower case, the code stands in the message with six digits."""
	order(books, gateway=code, times=2)
	for _ in range(2):
		answer = books.get("preferences")
		assert answer.status_code == status
		error = answer.json()["fault"]["error"][0]
		assert (
			error["code"] == code
			and error["message"] == f"message={name}; errorCode=00{code}; statusCode={status}"
		)
	assert books.get("preferences").status_code == 200


def test_emulator_burst_of_429_for_some_seconds(books):
	"""It ends with the time, not with a number of requests."""
	order(books, match={"operation": "read"}, gateway="3001", seconds=60)
	assert [books.get("preferences").status_code for _ in range(4)] == [429] * 4
	assert books.query("select * from Term")["Term"]
	books.advance(61)
	assert books.get("preferences").status_code == 200 and books.control("GET", "faults") == {"faults": []}


def test_emulator_faults_by_chance_repeat_with_the_seed(books):
	def run() -> list[int]:
		books.control("DELETE", "faults")
		books.knobs(latency_seed=11)
		order(books, chance=0.4, html="<html>", times=None)
		return [books.get("preferences").status_code for _ in range(40)]

	first = run()
	assert first == run() and 5 < first.count(503) < 30


def test_emulator_silent_no_op(books):
	"""Seen live: HTTP 200, no Fault, an empty BatchItemResponse, and nothing changed."""
	order(books, match={"operation": "create"}, no_op=True)
	answer = books.post("customer", {"DisplayName": "A"})
	assert answer.status_code == 200 and set(answer.json()) == {"BatchItemResponse", "time"}
	assert books.query("select * from Customer") == {}


def test_emulator_race_with_another_user(books):
	"""5010: the other's save lands between the read and the write."""
	customer = books.customer()
	update = {"Id": customer, "SyncToken": "0", "sparse": True, "Notes": "x"}
	order(books, match={"entity": "Customer", "operation": "update"}, race=True)
	books.refuse(books.post("customer", update), "5010")
	assert books.read("customer", customer)["SyncToken"] == "1"
	assert books.make("customer", {**update, "SyncToken": "1"})["SyncToken"] == "2"


def test_emulator_requestid_mode_of_a_pattern_of_requests(books):
	order(books, match={"requestid": "a"}, requestid_mode="ignored", times=None)
	for requestid, code in (("a", "6240"), ("b", None)):
		books.post("vendor", {"DisplayName": requestid}, requestid=requestid)
		again = books.post("vendor", {"DisplayName": requestid}, requestid=requestid)
		if code:
			books.refuse(again, code)
		else:
			assert again.status_code == 200


def test_emulator_requestid_that_is_refused_with_600(books):
	"""Code list: 600 Duplicate Request ID."""
	books.knobs(requestid="refused_600")
	books.make("customer", {"DisplayName": "A"}, requestid="x")
	assert (
		books.refuse(books.post("customer", {"DisplayName": "B"}, requestid="x"), "600")["Message"]
		== "Duplicate Request ID"
	)
	assert books.query("select count(*) from Customer") == {"totalCount": 1}


def test_emulator_person_who_connected_has_no_access_any_more(books):
	"""Intuit blog, 2017: 120, HTTP 401."""
	books.knobs(user_removed=True)
	answer = books.get("preferences")
	assert answer.status_code == 401 and answer.json()["Fault"]["type"] == "AuthorizationFault"
	assert answer.json()["Fault"]["Error"][0]["code"] == "120"


@pytest.mark.parametrize(
	"rule",
	[
		{"chance": 2, "code": "1"}, {"chance": "x", "code": "1"}, {"seconds": 0, "code": "1"}, {"gateway": "9"}, {"race": 1},
		{"latency_ms": 1, "latency_distribution": "odd"}, {"requestid_mode": "odd"}, {"no_op": "yes"}, {"latency_ms": 1, "latency_spread_ms": -1},
	],
)  # fmt: skip
def test_emulator_bad_orders_are_explained(books, rule):
	answer = books.session.post(f"{books.control_url}/faults", json=rule)
	assert answer.status_code == 400 and answer.json()["error"].endswith("."), answer.text


# --------------------------------------------------------------------------------------- command line


@pytest.fixture
def run_ctl(books, capsys):
	"""Run the command line in this process and return its exit code, what it printed and what it complained of."""

	def run(*words: str) -> tuple[int, str, str]:
		status = ctl.main(["--url", books.url, *words])
		printed = capsys.readouterr()
		return status, printed.out, printed.err

	return run


def test_emulator_ctl_is_a_word_of_the_command_line(books):
	command = [sys.executable, "-m", "qbo_emulator", "ctl", "--url", books.url, "companies"]
	done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
	assert done.returncode == 0 and json.loads(done.stdout)["companies"][0]["realm"] == books.realm


def test_emulator_ctl_does_what_the_control_api_does(books, run_ctl):
	def call(*words: str):
		status, printed, complaint = run_ctl(*words)
		assert status == 0, complaint
		return json.loads(printed)

	assert call("companies")["companies"][0]["realm"] == books.realm
	assert call("knobs", "latency_ms=5", "throttle.enabled=true")["latency_ms"] == 5
	assert books.control("GET", "knobs")["throttle"]["enabled"] is True
	call("knobs", "throttle.enabled=false")
	assert call("--realm", books.realm, "faults", '{"match": {"operation": "create"}, "code": "6000"}')[
		"faults"
	]
	books.refuse(books.post("customer", {"DisplayName": "A"}), "6000")
	call("faults", '{"code": "6000"}')
	assert call("faults", "clear") == {"faults": []}
	assert call("as_user", '{"entity": "Customer", "operation": "create", "body": {"DisplayName": "A"}}')[
		"Customer"
	]["Id"]
	assert [entry["code"] for entry in call("requests", "code=6000")["requests"]] == ["6000"]
	before = call("clock")["offset_seconds"]
	assert call("clock", "60")["offset_seconds"] == before + 60
	assert (
		call("webhooks", "an-app", '{"url": "http://127.0.0.1:9/", "verifier_token": "t"}')["client_id"]
		== "an-app"
	)
	assert call("webhooks", "an-app", "clear") == {"removed": True}
	assert call("tokens")["access_token"] and call("reset") == {"reset": books.realm}


@pytest.mark.parametrize(
	("words", "sentence"),
	[
		(("knobs", "nonsense=1"), "There is no knob"), (("knobs", "latency_ms"), "neither JSON"), (("faults", "[]"), "takes NAME=VALUE"),
		(("--realm", "9", "knobs"), "There is no company 9"), (("--url", "http://127.0.0.1:9", "knobs"), "There is no emulator at"),
	],
)  # fmt: skip
def test_emulator_ctl_says_what_is_wrong(run_ctl, words, sentence):
	status, _printed, complaint = run_ctl(*words)
	assert status == 1 and sentence in complaint and complaint.startswith("ctl: ")


def test_emulator_faults_at_the_start_come_back_with_a_reset(start_process, open_books):
	rule = json.dumps({"match": {"operation": "create"}, "code": "6000"})
	books = open_books(start_process("--knob", "throttle.enabled=false", "--fault", rule))
	for _ in range(2):
		books.refuse(books.post("customer", {"DisplayName": "A"}), "6000")
		assert books.customer("A")
		books.control("POST", "reset")


@pytest.mark.parametrize("text", ["{", '{"nonsense": 1}'])
def test_emulator_bad_fault_at_the_start_is_explained(text):
	command = [sys.executable, "-m", "qbo_emulator", "--port", "0", "--fault", text]
	done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
	assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr.strip().endswith(".")


def test_emulator_journal_is_bounded_and_goes_on_counting(books):
	"""20,000 entries and 500 bodies are kept; seq goes on, so that since= works."""
	first = books.get("preferences")
	assert first.ok
	for _ in range(510):
		books.get("preferences")
	entries = books.journal(bodies="1")
	assert len(entries) == 511 and sum(entry["response_body"] is not None for entry in entries) == 500
	assert [entry["seq"] for entry in entries] == list(range(entries[0]["seq"], entries[0]["seq"] + 511))
	assert len(books.journal(since=entries[-2]["seq"])) == 1


def test_emulator_client_that_hangs_up_in_every_way_leaves_the_books_whole(books):
	"""Half-sent answers, cut connections and impatient clients at once: what is there is balanced and counted."""
	order(books, match={"operation": "create"}, drop="half_answer", chance=0.3, times=None)
	order(books, match={"operation": "create"}, drop="after_commit", chance=0.3, times=None)
	customer, item = None, None
	while customer is None or item is None:
		try:
			customer = customer or books.make("customer", {"DisplayName": "A"}, requestid="c")["Id"]
			item = (
				item
				or books.make(
					"item",
					{"Name": "I", "Type": "Service", "IncomeAccountRef": {"value": "31"}},
					requestid="i",
				)["Id"]
			)
		except requests.RequestException:
			continue
	body = {"CustomerRef": {"value": customer}, "Line": [books.line(item, 10)]}

	def write(number: int) -> None:
		while True:
			try:
				answer = books.post("invoice", {**body, "DocNumber": str(number)}, requestid=f"n{number}")
				assert answer.status_code == 200, answer.text
				return
			except requests.RequestException:
				continue

	threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert books.query("select count(*) from Invoice") == {"totalCount": 12}
	assert books.balances()["Accounts Receivable (A/R)"] == "120.00"
