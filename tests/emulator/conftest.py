"""A real emulator process on a free port, one for the session; each test begins with the company as new."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).resolve().parent))  # for what several tests share
SALES, SHIPPING, COST, ASSET, RECEIVABLE = "31", "32", "40", "11", "10"
"""Account Ids of the shipped company us_wholesaler."""


class Process:
	"""An emulator that was started; ``url`` and ``realm`` come from its ready line."""

	def __init__(self, *arguments: str, stderr=None) -> None:
		command = [sys.executable, "-m", "qbo_emulator", "--port", "0", *arguments]
		self.process = subprocess.Popen(
			command,
			stdout=subprocess.PIPE,
			stderr=stderr,
			cwd=ROOT,
			env={**os.environ, "PYTHONPATH": str(ROOT)},
			text=True,
		)
		line = self.process.stdout.readline()
		assert line, "the emulator did not start"
		self.ready = json.loads(line)
		self.url = self.ready["url"]
		self.realm = self.ready["realm"]

	def kill(self) -> None:
		self.process.kill()
		self.process.wait(timeout=10)
		self.process.stdout.close()


class Books:
	"""A client of the emulator as plain as can be, so that a test sees status, headers and body themselves."""

	def __init__(self, url: str, realm: str) -> None:
		self.url, self.realm = url, realm
		self.api = f"{url}/v3/company/{realm}"
		self.control_url = f"{url}/_control/{realm}"
		self.session = requests.Session()
		self.session.trust_env = False  # no proxy between a test and its own machine
		self.session.headers["Accept"] = "application/json"
		self.connect()

	def connect(self) -> dict:
		tokens = self.session.post(f"{self.control_url}/tokens", json={"client_id": "test-app"}).json()
		self.session.headers["Authorization"] = f"Bearer {tokens['access_token']}"
		return tokens

	def control(self, method: str, name: str, body=None, **parameters):
		answer = self.session.request(method, f"{self.control_url}/{name}", json=body, params=parameters)
		assert answer.status_code == 200, answer.text
		return answer.json()

	def knobs(self, **changes) -> dict:
		return self.control("PATCH", "knobs", changes)

	def preferences(self, **groups) -> dict:
		return self.control("PATCH", "preferences", groups)

	def advance(self, seconds: float) -> None:
		assert self.session.post(f"{self.url}/_control/clock", json={"advance_seconds": seconds}).ok

	def journal(self, **wanted) -> list[dict]:
		return self.control("GET", "requests", **wanted)["requests"]

	def get_moved(self) -> dict[str, float]:
		"""Return what changed of the balances since the company was new; its fixture keeps them as ``before``."""
		after = self.balances()
		names = {*after, *self.before}
		moved = {
			name: round(float(after.get(name, 0)) - float(self.before.get(name, 0)), 2) for name in names
		}
		return {name: amount for name, amount in moved.items() if amount}

	def balances(self) -> dict:
		ledger = self.control("GET", "ledger", entries="0")
		assert ledger["debits"] == ledger["credits"]
		return ledger["balances"]

	def get_digest(self) -> str:
		"""Return the checksum of everything stored: a refused write leaves it as it is."""
		return self.control("GET", "digest")["digest"]

	def post(self, entity: str, body, timeout=30, **parameters) -> requests.Response:
		data = body if isinstance(body, (str, bytes)) else json.dumps(body)
		headers = {"Content-Type": "application/json"}
		return self.session.post(
			f"{self.api}/{entity}", data=data, params=parameters, headers=headers, timeout=timeout
		)

	def make(self, entity: str, body, **parameters) -> dict:
		"""Post and return the entity; fails with the fault's text."""
		answer = self.post(entity, body, **parameters)
		assert answer.status_code == 200, answer.text
		return next(value for key, value in answer.json().items() if key != "time")

	def get(self, path: str, **parameters) -> requests.Response:
		return self.session.get(f"{self.api}/{path}", params=parameters, timeout=30)

	def read(self, entity: str, identifier: str) -> dict:
		answer = self.get(f"{entity}/{identifier}")
		assert answer.status_code == 200, answer.text
		return next(value for key, value in answer.json().items() if key != "time")

	def query(self, statement: str) -> dict:
		answer = self.get("query", query=statement)
		assert answer.status_code == 200, answer.text
		return answer.json()["QueryResponse"]

	def refuse(self, answer: requests.Response, code: str, status: int = 400) -> dict:
		"""Assert an API fault with this code and return its error."""
		assert answer.status_code == status, answer.text
		body = answer.json()
		error = body["Fault"]["Error"][0]
		assert error["code"] == code, error
		assert body["time"]
		return error

	def customer(self, name: str = "King Groceries", **more) -> str:
		return self.make("customer", {"DisplayName": name, **more})["Id"]

	def item(self, name: str = "Tape", **more) -> str:
		body = {"Name": name, "Type": "NonInventory", "IncomeAccountRef": {"value": SALES}, **more}
		return self.make("item", body)["Id"]

	def line(self, item: str, amount: float = 100.0, **detail) -> dict:
		return {
			"Amount": amount,
			"DetailType": "SalesItemLineDetail",
			"SalesItemLineDetail": {"ItemRef": {"value": item}, **detail},
		}

	def vendor(self, name: str = "Dukes Supply", **more) -> str:
		return self.make("vendor", {"DisplayName": name, **more})["Id"]

	def stocked_item(self, name: str = "Pump", quantity: float = 0, **more) -> str:
		"""Make an Inventory item, tracked from 2024 on."""
		body = {
			"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": quantity, "InvStartDate": "2024-01-01",
			"ExpenseAccountRef": {"value": COST}, "AssetAccountRef": {"value": ASSET}, **more,
		}  # fmt: skip
		return self.item(name, **body)

	def bought(self, item: str, quantity: float, price: float, **detail) -> dict:
		"""Return a purchase's item line."""
		return {
			"Amount": round(quantity * price, 2),
			"DetailType": "ItemBasedExpenseLineDetail",
			"ItemBasedExpenseLineDetail": {
				"ItemRef": {"value": item}, "Qty": quantity, "UnitPrice": price, **detail,
			},
		}  # fmt: skip

	def charged(self, account: str, amount: float, **detail) -> dict:
		"""Return a purchase's account line."""
		return {
			"Amount": amount,
			"DetailType": "AccountBasedExpenseLineDetail",
			"AccountBasedExpenseLineDetail": {"AccountRef": {"value": account}, **detail},
		}

	def bill(self, *lines: dict, vendor: str, **more) -> dict:
		return self.make("bill", {"VendorRef": {"value": vendor}, "Line": list(lines), **more})

	def layers(self, item: str) -> list[tuple[str, str]]:
		"""Return an item's open layers as (quantity, value), oldest first."""
		found = self.control("GET", "stock", item=item)["layers"]
		return [(layer["quantity"], layer["value"]) for layer in found]

	def cost(self, entity: str, identifier: str) -> str:
		"""Return what the ledger says a transaction charged to Cost of Goods Sold (negative: credited)."""
		entries = self.control("GET", "ledger", entity=entity, id=identifier)["entries"]
		own = [entry for entry in entries if entry["account"]["id"] == COST]
		return str(sum(Decimal(entry["debit"]) - Decimal(entry["credit"]) for entry in own))

	def change(self, entity: str, record: dict, operation: str = "", **changes) -> dict:
		"""Update a record sparsely as it stands now, or void or delete it."""
		token = self.read(entity, record["Id"])["SyncToken"]
		body = {"Id": record["Id"], "SyncToken": token, "sparse": True, **changes}
		return self.make(entity, body, **({"operation": operation} if operation else {}))

	def invoice_body(self, *lines: dict, customer: str | None = None, **more) -> dict:
		"""Return an invoice for ``customer`` with the lines; both are made where none are given."""
		customer = customer or self.customer()
		lines = lines or (self.line(self.item()),)
		return {"CustomerRef": {"value": customer}, "Line": list(lines), **more}

	def invoice(self, *lines: dict, customer: str | None = None, **more) -> dict:
		return self.make("invoice", self.invoice_body(*lines, customer=customer, **more))

	def apply(self, amount: float, target: dict, kind: str = "Invoice") -> dict:
		"""Return a payment line that settles ``amount`` of a transaction."""
		return {"Amount": amount, "LinkedTxn": [{"TxnId": target["Id"], "TxnType": kind}]}

	def payment(self, customer: str, total: float, *lines: dict, **more) -> dict:
		body = {"CustomerRef": {"value": customer}, "TotalAmt": total, **more}
		return self.make("payment", {**body, "Line": list(lines)} if lines else body)

	def drop(self, entity: str, document: dict, **parameters) -> requests.Response:
		"""Post the least that names a transaction as it stands now: to void or delete it."""
		token = self.read(entity, document["Id"])["SyncToken"]
		return self.post(entity, {"Id": document["Id"], "SyncToken": token, "sparse": True}, **parameters)


@pytest.fixture(scope="session")
def emulator_process():
	process = Process("--knob", "throttle.enabled=false")
	yield process
	process.kill()


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
	"""Books of an emulator of its own, of which ``complaints`` is the file with all that it wrote to stderr."""
	path = tmp_path_factory.mktemp("watched") / "stderr.txt"
	with path.open("w") as stderr:
		process = Process("--knob", "throttle.enabled=false", stderr=stderr)
		books = Books(process.url, process.realm)
		books.complaints = path
		yield books
		process.kill()


@pytest.fixture
def books(emulator_process):
	"""The company as new, with the limits off."""
	books = Books(emulator_process.url, emulator_process.realm)
	books.control("POST", "reset")
	return books


@pytest.fixture(scope="module")
def moved_books():
	"""A company in a process of its own, for tests that move the clock and leave it there."""
	process = Process("--knob", "throttle.enabled=false")
	yield Books(process.url, process.realm)
	process.kill()


@pytest.fixture(scope="session")
def uk_process():
	process = Process("--company", "uk_trader", "--knob", "throttle.enabled=false")
	yield process
	process.kill()


@pytest.fixture
def uk(uk_process):
	"""The company outside the US as new, with the limits off."""
	books = Books(uk_process.url, uk_process.realm)
	books.control("POST", "reset")
	books.before = books.balances()
	return books


@pytest.fixture
def start_process():
	"""Start emulators of one's own; they are killed after the test."""
	started = []

	def start(*arguments: str, stderr=None) -> Process:
		started.append(Process(*arguments, stderr=stderr))
		return started[-1]

	yield start
	for process in started:
		process.kill()


@pytest.fixture
def open_books():
	"""Return a client of a process."""
	return lambda process: Books(process.url, process.realm)


@pytest.fixture
def run_emulator():
	"""Run the command to its end and return what it printed."""

	def run(*arguments: str) -> subprocess.CompletedProcess:
		command = [sys.executable, "-m", "qbo_emulator", *arguments]
		environment = {**os.environ, "PYTHONPATH": str(ROOT)}
		return subprocess.run(
			command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
		)

	return run


@pytest.fixture
def shipped_company():
	"""Return the content of a shipped company's file."""

	def read(name: str) -> dict:
		return json.loads((ROOT / "qbo_emulator" / "companies" / f"{name}.json").read_text(encoding="utf-8"))

	return read


@pytest.fixture
def auth(books, monkeypatch):
	"""An AuthClient of intuit-oauth, connected through the consent page."""
	from quickbooks_client import connect

	return connect(books, monkeypatch)


@pytest.fixture
def client(auth, books, monkeypatch):
	"""A client of python-quickbooks whose addresses point to the emulator; the library has no other seam for that."""
	from quickbooks_client import open_client

	return open_client(auth, books, monkeypatch)


@pytest.fixture
def endpoint():
	from webhook_endpoint import Endpoint

	endpoint = Endpoint()
	yield endpoint
	endpoint.server.shutdown()
	endpoint.server.server_close()


@pytest.fixture
def hooked(books, endpoint):
	"""Books whose app is notified in the older format, without delay; ended after the test."""
	from webhook_endpoint import subscribe

	books.knobs(webhook_delay_ms=0)
	subscribe(books, endpoint)
	books.endpoint = endpoint
	yield books
	for app in books.session.get(f"{books.url}/_control/webhooks").json()["webhooks"]:
		books.session.delete(f"{books.url}/_control/webhooks/{app['client_id']}")
