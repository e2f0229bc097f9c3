"""What the demo reads of QuickBooks' books at the end, also right after the app has used up the requests of the minute."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from demo import books

THROTTLED = 429


class Company(BaseHTTPRequestHandler):
	"""A company that says so often that it is asked too much (``refusals``), and then answers."""

	def do_POST(self):
		self.answer(200, {"access_token": "token"})

	def do_GET(self):
		if self.server.refusals:
			self.server.refusals -= 1
			self.answer(THROTTLED, {})
		else:
			self.answer(200, {"QueryResponse": {"Bill": [{"TotalAmt": 12.30}, {"TotalAmt": 0.05}]}})

	def answer(self, status, body):
		self.send_response(status)
		self.end_headers()
		self.wfile.write(json.dumps(body).encode())

	def log_message(self, *_words):
		"""The tests say what matters."""


@pytest.fixture
def company(monkeypatch):
	monkeypatch.setattr(books, "PAUSE", 0.01)
	server = ThreadingHTTPServer(("127.0.0.1", 0), Company)
	thread = threading.Thread(target=server.serve_forever, daemon=True)
	thread.start()
	yield server
	server.shutdown()
	thread.join()
	server.server_close()


def read_bills(company, refusals):
	company.refusals = refusals
	return str(books.Books(f"http://127.0.0.1:{company.server_port}", "1").add_up("Bill"))


def test_waits_where_the_minute_is_used_up(company):
	assert read_bills(company, 3) == "12.35"
	assert company.refusals == 0


def test_does_not_wait_for_ever(company, monkeypatch):
	monkeypatch.setattr(books, "PATIENCE", 0.05)
	with pytest.raises(requests.HTTPError, match=str(THROTTLED)):
		read_bills(company, 10**6)
