"""The web server's application: Frappe with its assets and public files, for one site whatever the host name asked for.

Run by the environment's Python in the `sites` folder (gunicorn). Production has nginx for this.
"""

import os
from collections.abc import Callable, Iterable
from http.client import HTTPConnection

import frappe.app
from frappe.middlewares import StaticDataMiddleware
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.wrappers import Request, Response

SITES = os.path.abspath(".")
SOCKETIO_PORT = int(os.environ["ALLORDERS_SOCKETIO_PORT"])
PASSED_HEADERS = ("Accept", "Authorization", "Content-Type", "Cookie", "Host", "Origin", "User-Agent")
OFFER, NO_OFFER = b'"upgrades":["websocket"]', b'"upgrades":[]'
POLL_SECONDS = 60  # socket.io answers a waiting poll at least every 25 seconds


class SocketioPolling:
	"""Passes socket.io's polling on to its server, without its offer of a web socket: the client then stays with polling."""

	def __init__(self, application: Callable):
		self.application = application

	def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
		if environ["PATH_INFO"].startswith("/socket.io"):
			return self.pass_on(Request(environ))(environ, start_response)
		return self.application(environ, start_response)

	def pass_on(self, request: Request) -> Response:
		headers = {name: request.headers[name] for name in PASSED_HEADERS if name in request.headers}
		if "Origin" not in headers:  # a browser sends none to its own origin
			headers["Origin"] = request.host_url.rstrip("/")
		connection = HTTPConnection("127.0.0.1", SOCKETIO_PORT, timeout=POLL_SECONDS)
		try:
			connection.request(request.method, request.full_path, request.get_data(), headers)
			answer = connection.getresponse()
			body = answer.read().replace(OFFER, NO_OFFER)
			return Response(body, answer.status, content_type=answer.getheader("Content-Type"))
		except OSError:
			return Response("The socket.io server does not run.", status=502)
		finally:
			connection.close()


frappe.app._site = os.environ["ALLORDERS_SITE"]
application = SocketioPolling(
	StaticDataMiddleware(
		SharedDataMiddleware(frappe.app.application, {"/assets": os.path.join(SITES, "assets")}),
		{"/files": SITES},
	)
)
