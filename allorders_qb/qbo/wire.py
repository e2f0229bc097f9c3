"""The HTTP session under the client: it knows for certain whether a byte of the request has left.

`requests` alone cannot tell: a refused connection, a failed handshake and a connection that broke after the invoice was
stored are all a ConnectionError. Our connections therefore note the moment at which the request itself begins to go out.
"""

from __future__ import annotations

import http.client
import ipaddress
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

# All that may come out of a request that went wrong on the way; a timeout of the worker itself is not among them.
TRANSPORT_ERRORS = (
	requests.RequestException,
	urllib3.exceptions.HTTPError,
	http.client.HTTPException,
	OSError,
)


class SendingMark:
	"""Says whether the current request has begun to leave this machine."""

	def __init__(self) -> None:
		self.begun = False


class BearerAuth(AuthBase):
	"""Puts the access token on a request. As an auth object, so that no .netrc entry can take its place."""

	def __init__(self, access_token: str) -> None:
		self.access_token = access_token

	def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
		request.headers["Authorization"] = f"Bearer {self.access_token}"
		return request


def open_session(base_url: str, mark: SendingMark) -> requests.Session:
	"""Return a session without retries or redirects of its own, whose connections keep `mark` true.

	The environment's proxies are used, except for a QuickBooks on this very machine.
	"""
	session = requests.Session()
	session.trust_env = not is_loopback(base_url)
	adapter = MarkingAdapter(mark)
	session.mount("https://", adapter)
	session.mount("http://", adapter)
	return session


def is_loopback(url: str) -> bool:
	"""Return whether a web address is on this machine."""
	host = urlsplit(url).hostname or ""
	if host == "localhost":
		return True
	try:
		return ipaddress.ip_address(host).is_loopback
	except ValueError:
		return False


class MarkingAdapter(HTTPAdapter):
	"""An adapter whose connections set the mark when the request, and not merely its connection, begins to leave."""

	def __init__(self, mark: SendingMark) -> None:
		self._pool_classes = _make_pool_classes(mark)
		super().__init__(max_retries=0)

	def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
		super().init_poolmanager(*args, **kwargs)
		self.poolmanager.pool_classes_by_scheme = self._pool_classes

	def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
		manager = super().proxy_manager_for(*args, **kwargs)
		manager.pool_classes_by_scheme = self._pool_classes
		return manager


def _make_pool_classes(mark: SendingMark) -> dict[str, type]:
	class Marking:
		def connect(self) -> Any:
			try:
				return super().connect()  # type: ignore[misc]
			finally:
				# A proxy's CONNECT and the handshake are not the request.
				mark.begun = False

		def send(self, data: Any) -> Any:
			if self.sock is None and self.auto_open:  # type: ignore[attr-defined, has-type]
				self.connect()
			mark.begun = True
			return super().send(data)  # type: ignore[misc]

	class MarkingHTTPConnection(Marking, HTTPConnection):
		pass

	class MarkingHTTPSConnection(Marking, HTTPSConnection):
		pass

	class MarkingHTTPPool(HTTPConnectionPool):
		ConnectionCls = MarkingHTTPConnection

	class MarkingHTTPSPool(HTTPSConnectionPool):
		ConnectionCls = MarkingHTTPSConnection

	return {"http": MarkingHTTPPool, "https": MarkingHTTPSPool}
