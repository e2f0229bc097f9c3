"""A small real HTTP server that misbehaves on command, for the client to meet."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

TOKEN = "access-token-of-these-tests"
Behaviour = Callable[[socket.socket, "Received"], bool | None]


@dataclass
class Received:
	"""One request as it arrived, byte for byte."""

	line: str
	headers: dict[str, str]
	body: bytes


@dataclass
class WildServer:
	"""A server on a free port; `script` holds, in turn, what to do with each request (the last one stays).

	A behaviour answers on the socket; the connection is closed afterwards unless it returns True.
	"""

	script: list[Behaviour] = field(default_factory=list)
	received: list[Received] = field(default_factory=list)
	connections: int = 0
	tls: ssl.SSLContext | None = None

	def __post_init__(self) -> None:
		self._listener = socket.create_server(("127.0.0.1", 0))
		self._stopped = False
		self._open: list[socket.socket] = []
		threading.Thread(target=self._accept, daemon=True).start()

	@property
	def url(self) -> str:
		return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}"

	def stop(self) -> None:
		if self._stopped:
			return
		self._stopped = True
		self._listener.shutdown(socket.SHUT_RDWR)
		self._listener.close()
		for connection in self._open:
			connection.close()

	def _accept(self) -> None:
		while not self._stopped:
			try:
				connection, _address = self._listener.accept()
			except OSError:
				return
			self.connections += 1
			self._open.append(connection)
			threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

	def _serve(self, connection: socket.socket) -> None:
		if self.tls:
			try:
				connection = self.tls.wrap_socket(connection, server_side=True)
			except OSError:
				return  # a client that does not trust us hangs up in the handshake
		stream = connection.makefile("rb")
		try:
			while request := _read_request(stream):
				self.received.append(request)
				behaviour = self.script.pop(0) if len(self.script) > 1 else self.script[0]
				if not behaviour(connection, request):
					return
		except OSError:
			return  # the client went away, as some tests want it to
		finally:
			stream.close()
			connection.close()


def _read_request(stream) -> Received | None:
	line = stream.readline().decode("latin-1").strip()
	if not line:
		return None
	headers: dict[str, str] = {}
	while header := stream.readline().decode("latin-1").strip():
		name, _, value = header.partition(":")
		headers[name.lower()] = value.strip()
	return Received(line, headers, stream.read(int(headers.get("content-length", 0))))


def answer(
	body: str | bytes, status: str = "200 OK", headers: dict[str, str] | None = None, keep: bool = True
) -> Behaviour:
	"""A behaviour that answers in full."""
	data = body.encode() if isinstance(body, str) else body

	def act(connection: socket.socket, _request: Received) -> bool:
		lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data)}"]
		lines += [
			f"{name}: {value}"
			for name, value in {
				"Content-Type": "application/json",
				"intuit_tid": "1-tid",
				**(headers or {}),
			}.items()
		]
		connection.sendall("\r\n".join([*lines, "", ""]).encode() + data)
		return keep

	return act
