"""Temporary addresses of attached files: signed, good for 15 minutes, and fetched without a token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from urllib.parse import quote, urlencode

from aiohttp import web

from qbo_emulator.clock import Clock
from qbo_emulator.store import Store, parse_id

LIFETIME_S = 15 * 60
EXPIRED = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'
BASE: ContextVar[str] = ContextVar("BASE", default="")
"""Where the emulator is, as the request that is being answered called it."""
MAKE_ADDRESS: ContextVar[Callable[[int, int], str] | None] = ContextVar("MAKE_ADDRESS", default=None)
"""Makes an address of (company key, attachable Id) for the request that is being answered."""


class Downloads:
	def __init__(self, store: Store, clock: Clock) -> None:
		self.store = store
		self.clock = clock
		secret = store.get_meta("download_secret")
		if not secret:
			secret = secrets.token_hex(32)
			store.set_meta("download_secret", secret)
		self.secret = secret.encode()

	def sign(self, company: int, identifier: int, expires: int) -> str:
		return hmac.new(self.secret, f"{company}/{identifier}/{expires}".encode(), hashlib.sha256).hexdigest()

	def make_address(self, base: str, company: int, identifier: int) -> str:
		"""Return an address below ``base`` that is good for 15 minutes of the emulator's clock."""
		expires = int(self.clock.now()) + LIFETIME_S
		words = urlencode({"expires": expires, "signature": self.sign(company, identifier, expires)})
		return f"{base}/download/{company}/{identifier}?{words}"

	def add_routes(self, app: web.Application) -> None:
		app.router.add_get("/download/{company}/{identifier}", self.serve)

	async def serve(self, request: web.Request) -> web.Response:
		"""Return the file, or 403 for an address that was altered or is too old."""
		company, identifier = (parse_id(request.match_info[name]) for name in ("company", "identifier"))
		expires = parse_id(request.query.get("expires", ""))
		signature = request.query.get("signature", "")
		if not all(isinstance(value, int) for value in (company, identifier, expires)):
			return web.Response(status=403, text=EXPIRED, content_type="application/xml")
		expected = self.sign(int(company), int(identifier), int(expires))
		if not hmac.compare_digest(expected.encode(), signature.encode()) or self.clock.now() > int(expires):
			return web.Response(status=403, text=EXPIRED, content_type="application/xml")
		row = self.store.get(int(company), "Attachable", identifier)
		content = self.store.get_file(int(company), int(identifier))
		if row is None or content is None:
			return web.Response(status=404, text="The file was deleted.")
		headers = {
			"Content-Disposition": f"attachment; filename*=UTF-8''{quote(row.name or 'file')}",
			"X-Content-Type-Options": "nosniff",
		}
		return web.Response(body=content, content_type="application/octet-stream", headers=headers)
