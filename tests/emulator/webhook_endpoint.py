"""An app's webhook endpoint on this machine, and how tests wait for what is sent to it."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from waiting import wait_for

TOKEN = "verifier-token"


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
		wait_for(lambda: len(self.received) >= count, seconds)
		return [body for _headers, body in self.received[:count]]

	def list_entities(self) -> list[tuple[str, str, str]]:
		"""Return (name, id, operation) of everything in the older format."""
		return [
			(entity["name"], entity["id"], entity["operation"])
			for _headers, body in self.received
			for notification in json.loads(body)["eventNotifications"]
			for entity in notification["dataChangeEvent"]["entities"]
		]


def subscribe(books, endpoint, client_id="test-app", **more) -> dict:
	body = {"url": endpoint.url, "verifier_token": TOKEN, **more}
	answer = books.session.put(f"{books.url}/_control/webhooks/{client_id}", json=body)
	assert answer.status_code == 200, answer.text
	return answer.json()


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
