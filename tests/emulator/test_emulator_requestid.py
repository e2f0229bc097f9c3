"""requestid: Intuit's blog of 2015-04-06 and python-quickbooks' test_create_idempotence, and the knob's four modes."""

import threading

import pytest


@pytest.fixture
def ready(books):
	"""A customer and an item are there; returns a function that posts an invoice under a requestid."""
	body = books.invoice_body(books.line(books.item(), 100), customer=books.customer())
	books.send = lambda requestid, **more: books.post("invoice", {**body, **more}, requestid=requestid)
	books.body = body
	return books


def count(books) -> int:
	return books.query("select count(*) from Invoice")["totalCount"]


def test_emulator_requestid_repeats_the_original_answer(ready):
	first = ready.send("same")
	again = ready.send("same", PrivateNote="another body")
	assert again.content == first.content and count(ready) == 1
	assert ready.balances()["Accounts Receivable (A/R)"] == "100.00"
	entries = ready.journal(operation="create", entity="Invoice")
	assert [(entry["committed"], entry["replayed"], entry["entity_id"]) for entry in entries] == [
		(True, False, "1"),
		(False, True, "1"),
	]


def test_emulator_requestid_repeats_even_a_dead_id(ready):
	first = ready.send("same").json()["Invoice"]
	ready.make("invoice", {"Id": first["Id"], "SyncToken": "0"}, operation="delete")
	assert ready.send("same").json()["Invoice"]["Id"] == first["Id"]
	assert count(ready) == 0


def test_emulator_requestid_is_per_company_and_for_every_write(ready):
	update = {"Id": "1", "SyncToken": "0", "sparse": True, "PrivateNote": "a"}
	ready.send("create")
	first = ready.post("invoice", update, requestid="update")
	assert ready.post("invoice", update, requestid="update").content == first.content
	void = {"Id": "1", "SyncToken": "1"}
	first = ready.post("invoice", void, operation="void", requestid="void")
	assert ready.post("invoice", void, operation="void", requestid="void").content == first.content
	assert ready.read("invoice", "1")["SyncToken"] == "2"


def test_emulator_requestid_of_a_refusal_works_again_when_honoured(ready):
	ready.refuse(ready.send("id", DocNumber="x" * 22), "2050")
	assert ready.send("id").status_code == 200


def test_emulator_requestid_replays_faults_by_knob(ready):
	ready.knobs(requestid="replays_faults")
	first = ready.send("id", DocNumber="x" * 22)
	ready.refuse(first, "2050")
	assert ready.send("id").content == first.content and count(ready) == 0
	assert ready.send("other").status_code == 200


def test_emulator_requestid_ignored_by_knob(ready):
	ready.knobs(requestid="ignored")
	assert ready.send("same").json()["Invoice"]["Id"] != ready.send("same").json()["Invoice"]["Id"]
	assert count(ready) == 2


def test_emulator_requestid_forgotten_by_knob(ready):
	ready.knobs(requestid="forgotten")
	ready.send("same")
	ready.send("same")
	assert count(ready) == 2
	ready.knobs(requestid_memory_s=300)
	ready.send("later")
	ready.send("later")
	assert count(ready) == 3
	ready.advance(301)
	ready.send("later")
	assert count(ready) == 4


def test_emulator_requestid_of_50_characters_at_most(ready):
	"""2130 Invalid Request Id Format."""
	assert ready.send("x" * 50).status_code == 200
	ready.refuse(ready.send("x" * 51), "2130")


@pytest.mark.parametrize("mode", ["honoured", "forgotten"])
def test_emulator_requestid_in_flight_twice_is_one_write(ready, mode):
	"""The second waits for the first while that is still being committed."""
	ready.knobs(requestid=mode, requestid_memory_s=60, commit_delay_ms=300)
	answers = []
	threads = [threading.Thread(target=lambda: answers.append(ready.send("same"))) for _ in range(3)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert {answer.content for answer in answers} == {answers[0].content}
	assert count(ready) == 1
