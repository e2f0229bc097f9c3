"""A client as lean as can be, in a process of its own: one socket and one thread a connection, requests made beforehand."""

import json
import random
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.machine import bind, read_cpu_seconds
from benchmarks.records import make_invoice

DAY = "2026-01-02"
HOST = "127.0.0.1"
WARM_UP_SECONDS = 1.0
REPORTS = (
	"TrialBalance",
	"ProfitAndLoss",
	"BalanceSheet",
	"GeneralLedger",
	"AgedReceivables",
	"InventoryValuationSummary",
)
REPORT_SPAN = "start_date=2025-01-01&end_date=2025-12-31"
"""A year that has half of the transactions."""


class Connection:
	"""One kept-alive connection."""

	def __init__(self, port: int, token: str) -> None:
		self.socket = socket.create_connection((HOST, port))
		self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
		self.rest = b""
		self.head = (
			f"Host: {HOST}:{port}\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n"
			"Content-Type: application/json\r\n"
		)

	def build(self, method: str, path: str, body: bytes = b"") -> bytes:
		length = f"Content-Length: {len(body)}\r\n" if body else ""
		return f"{method} {path} HTTP/1.1\r\n{self.head}{length}\r\n".encode() + body

	def ask(self, request: bytes) -> bytes:
		"""Send a request and return the body of its answer; raises RuntimeError for any status but 200."""
		self.socket.sendall(request)
		answer = self.rest
		while b"\r\n\r\n" not in answer:
			answer += self.receive()
		head, _blank, body = answer.partition(b"\r\n\r\n")
		length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
		while len(body) < length:
			body += self.receive()
		self.rest = body[length:]
		if not head.startswith(b"HTTP/1.1 200"):
			raise RuntimeError(f"{head.splitlines()[0].decode()}: {body[:500].decode()}")
		return body[:length]

	def receive(self) -> bytes:
		piece = self.socket.recv(65536)
		if not piece:
			raise RuntimeError("The emulator closed the connection.")
		return piece


def run(job: dict[str, Any]) -> dict[str, Any]:
	"""Carry out the job; returns figures of creates, reads and queries."""
	bind(0, job["core"])
	base = f"/v3/company/{job['realm']}"
	token = fetch_token(job["port"], job["realm"])
	connections = [Connection(job["port"], token) for _ in range(job["connections"])]
	first = connections[0]
	before = count_invoices(first, base)
	numbers = iter(range(10**9))
	prefix = f"B{int(time.time()):x}-"

	def create(connection: Connection) -> bytes:
		number = next(numbers)
		body = json.dumps(make_invoice(f"{prefix}{number}", DAY, number)).encode()
		return connection.build("POST", f"{base}/invoice", body)

	def read(connection: Connection) -> bytes:
		return connection.build("GET", f"{base}/invoice/{random.randint(1, before)}")

	def query(connection: Connection) -> bytes:
		number = f"SD-{random.randrange(before):07d}"
		text = f"select%20*%20from%20Invoice%20where%20DocNumber%20%3D%20%27{number}%27"
		return connection.build("GET", f"{base}/query?query={text}")

	result: dict[str, Any] = {"transactions": before}
	for name, build in (("create", create), ("read", read), ("query", query)):
		measure(connections, build, WARM_UP_SECONDS)
		spent = read_cpu_seconds(job["process"])
		taken, seconds = measure(connections, build, job["seconds"])
		result.update(describe(name, taken, seconds))
		if spent is not None:
			spent = read_cpu_seconds(job["process"]) - spent
			result[f"{name}_cpu_ms"] = round(spent / len(taken) * 1000, 2)
	for name in REPORTS:
		sent = time.perf_counter()
		first.ask(first.build("GET", f"{base}/reports/{name}?{REPORT_SPAN}"))
		result[f"{name}_s"] = round(time.perf_counter() - sent, 3)
	result["transactions_after"] = count_invoices(first, base)
	return result


def fetch_token(port: int, realm: str) -> str:
	address = f"http://{HOST}:{port}/_control/{realm}/tokens"
	with urlopen(Request(address, method="POST"), timeout=30) as answer:
		return json.load(answer)["access_token"]


def count_invoices(connection: Connection, base: str) -> int:
	answer = connection.ask(connection.build("GET", f"{base}/query?query=select%20count(*)%20from%20Invoice"))
	return json.loads(answer)["QueryResponse"]["totalCount"]


def measure(
	connections: list[Connection], build: Callable[[Connection], bytes], seconds: float
) -> tuple[list[float], float]:
	"""Keep every connection busy for so long; returns each request's seconds and how long it all took."""
	taken: list[float] = []
	failures: list[Exception] = []
	began = time.perf_counter()
	until = began + seconds

	def work(connection: Connection) -> None:
		try:
			while time.perf_counter() < until and not failures:
				request = build(connection)
				sent = time.perf_counter()
				connection.ask(request)
				taken.append(time.perf_counter() - sent)
		except (RuntimeError, OSError) as failure:
			failures.append(failure)

	threads = [threading.Thread(target=work, args=(connection,)) for connection in connections]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	if failures:
		raise failures[0]
	return taken, time.perf_counter() - began


def describe(name: str, taken: list[float], seconds: float) -> dict[str, float]:
	"""Return the rate, and how long the middle and the slowest twentieth of the answers took, in milliseconds."""
	parts = statistics.quantiles(taken, n=20) if len(taken) > 1 else [*taken] * 19
	plural = "queries" if name == "query" else f"{name}s"
	return {
		f"{plural}_per_s": round(len(taken) / seconds, 1),
		f"{name}_p50_ms": round(parts[9] * 1000, 2),
		f"{name}_p95_ms": round(parts[18] * 1000, 2),
	}


if __name__ == "__main__":
	sys.stdout.write(json.dumps(run(json.loads(sys.argv[1]))))
