"""What was acknowledged survives kill -9: documents, books, tokens, answers to repeat, the clock."""

import threading

import requests


def test_emulator_kill_9_loses_nothing_acknowledged(start_process, open_books, tmp_path):
	state = ("--state", str(tmp_path / "state.sqlite"), "--knob", "throttle.enabled=false")
	process = start_process(*state)
	books = open_books(process)
	body = books.invoice_body(books.line(books.item(), 10), customer=books.customer())
	acknowledged: list[str] = []

	def write(worker: int) -> None:
		own = open_books(process)
		try:
			for number in range(10_000):
				answer = own.post(
					"invoice", {**body, "DocNumber": f"{worker}-{number}"}, requestid=f"{worker}-{number}"
				)
				acknowledged.append(answer.json()["Invoice"]["DocNumber"])
		except requests.RequestException:
			return

	threads = [threading.Thread(target=write, args=(worker,)) for worker in range(3)]
	for thread in threads:
		thread.start()
	while len(acknowledged) < 60:
		threads[0].join(0.01)
	process.kill()
	for thread in threads:
		thread.join()

	again = open_books(start_process(*state))
	stored = {
		row["DocNumber"]
		for start in range(1, len(acknowledged) + 10, 1000)
		for row in again.query(
			f"select DocNumber from Invoice orderby Id startposition {start} maxresults 1000"
		).get("Invoice", [])
	}
	assert set(acknowledged) <= stored and len(stored) <= len(acknowledged) + len(threads)
	assert again.balances()["Accounts Receivable (A/R)"] == f"{len(stored) * 10}.00"
	assert again.read("customer", "1")["Balance"] == len(stored) * 10
	for number in acknowledged[-3:]:
		repeated = again.post("invoice", {**body, "DocNumber": number}, requestid=number)
		assert repeated.json()["Invoice"]["DocNumber"] == number
	assert again.query("select count(*) from Invoice")["totalCount"] == len(stored)


def test_emulator_restart_keeps_tokens_knobs_and_clock(start_process, open_books, tmp_path):
	state = ("--state", str(tmp_path / "state.sqlite"))
	process = start_process(*state)
	books = open_books(process)
	books.advance(5 * 86400)
	books.connect()
	books.knobs(query_lag_ms=123)
	clock = requests.get(f"{process.url}/_control/clock").json()["offset_seconds"]
	process.kill()
	fresh = start_process(*state)
	headers = books.session.headers
	assert (
		requests.get(f"{fresh.url}/v3/company/{fresh.realm}/preferences", headers=headers).status_code == 200
	)
	again = open_books(fresh)
	assert again.control("GET", "knobs")["query_lag_ms"] == 123
	assert requests.get(f"{fresh.url}/_control/clock").json()["offset_seconds"] == clock >= 5 * 86400


def test_emulator_reset_makes_the_company_new_and_keeps_tokens(books):
	books.invoice()
	books.knobs(requestid="ignored")
	books.preferences(AccountingInfoPrefs={"BookCloseDate": "2020-01-01"})
	books.control("POST", "reset")
	assert books.query("select * from Customer") == {} and books.balances() == {}
	assert books.control("GET", "knobs")["requestid"] == "honoured"
	assert books.control("GET", "knobs")["throttle"]["enabled"] is False, "start-up knobs come back"
	assert "BookCloseDate" not in books.control("GET", "preferences")["AccountingInfoPrefs"]
	assert books.customer() == "1"


def test_emulator_kill_9_keeps_batches_whole(start_process, open_books, tmp_path):
	"""Every acknowledged batch is there with its answer to repeat; one whose answer was lost is there whole or not at all."""
	state = ("--state", str(tmp_path / "state.sqlite"), "--knob", "throttle.enabled=false")
	process = start_process(*state)
	books = open_books(process)
	body = books.invoice_body(books.line(books.item(), 10), customer=books.customer())
	size = 7
	acknowledged: dict[str, list] = {}

	def build_batch(name: str) -> dict:
		return {
			"BatchItemRequest": [
				{"bId": str(item), "operation": "create", "Invoice": {**body, "DocNumber": f"{name}-{item}"}}
				for item in range(size)
			]
		}

	def write(worker: int) -> None:
		own = open_books(process)
		try:
			for number in range(10_000):
				name = f"{worker}-{number}"
				answer = own.post("batch", build_batch(name), requestid=name)
				acknowledged[name] = answer.json()["BatchItemResponse"]
		except requests.RequestException:
			return

	threads = [threading.Thread(target=write, args=(worker,)) for worker in range(3)]
	for thread in threads:
		thread.start()
	while len(acknowledged) < 12:
		threads[0].join(0.01)
	process.kill()
	for thread in threads:
		thread.join()

	again = open_books(start_process(*state))
	rows = again.query("select DocNumber from Invoice orderby Id maxresults 1000")["Invoice"]
	stored: dict[str, int] = {}
	for row in rows:
		name = row["DocNumber"].rpartition("-")[0]
		stored[name] = stored.get(name, 0) + 1
	assert set(acknowledged) <= set(stored) and set(stored.values()) == {size}
	assert len(stored) <= len(acknowledged) + len(threads)
	assert again.balances()["Accounts Receivable (A/R)"] == f"{len(rows) * 10}.00"
	for name in list(acknowledged)[-3:]:
		repeated = again.post("batch", build_batch(name), requestid=name).json()["BatchItemResponse"]
		assert repeated == acknowledged[name]
	assert again.query("select count(*) from Invoice")["totalCount"] == len(rows)
