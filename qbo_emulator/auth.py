"""OAuth 2: codes, grants, access and refresh tokens, by Intuit's rules on the emulator's clock."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from typing import Any

from qbo_emulator.clock import Clock
from qbo_emulator.faults import GatewayFault, refuse_malformed_token, refuse_realm, refuse_token
from qbo_emulator.store import Store

HOUR = 3600
DAY = 24 * HOUR
CODE_LIFE = 10 * 60
ACCESS_LIFE = HOUR
REFRESH_LIFE = 101 * DAY
HARD_LIFE = 5 * 365 * DAY
ROTATION_AGE = DAY
ACCOUNTING_SCOPE = "com.intuit.quickbooks.accounting"


class OAuthError(Exception):
	"""An OAuth refusal: HTTP status, ``error`` and ``error_description``."""

	def __init__(self, status: int, error: str, description: str = "") -> None:
		super().__init__(status, error, description)
		self.status = status
		self.error = error
		self.description = description

	def build_body(self) -> dict[str, str]:
		body = {"error": self.error}
		if self.description:
			body["error_description"] = self.description
		return body


def refuse_grant(description: str = "Incorrect or invalid refresh token") -> OAuthError:
	"""Return Intuit's ``invalid_grant`` (HTTP 400)."""
	return OAuthError(400, "invalid_grant", description)


class Auth:
	"""Issues and checks tokens. ``apps`` maps listed client ids to their secrets; empty means any pair is accepted."""

	def __init__(self, store: Store, clock: Clock) -> None:
		self.store = store
		self.clock = clock
		self.apps: dict[str, str] = {}

	def knows_client(self, client_id: str) -> bool:
		return bool(client_id) and (not self.apps or client_id in self.apps)

	def check_basic(self, header: str) -> str:
		"""Return the client id of a Basic header. Raises OAuthError 401 invalid_client."""
		kind, _space, encoded = header.partition(" ")
		try:
			client_id, colon, secret = (
				base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
			)
		except (binascii.Error, UnicodeDecodeError, ValueError):
			raise OAuthError(401, "invalid_client") from None
		if kind.lower() != "basic" or not colon or not secret or not self.knows_client(client_id):
			raise OAuthError(401, "invalid_client")
		if self.apps and not hmac.compare_digest(self.apps[client_id].encode(), secret.encode()):
			raise OAuthError(401, "invalid_client")
		return client_id

	def issue_code(self, client_id: str, realm: str, scope: str, redirect_uri: str) -> str:
		"""Return a new authorization code: good once, for ten minutes."""
		code = "XAB" + secrets.token_hex(24)
		with self.store.transaction():
			self.store.execute(
				"INSERT INTO oauth_code VALUES (?, ?, ?, ?, ?, ?, NULL)",
				(code, client_id, realm, scope, redirect_uri, self.clock.now() + CODE_LIFE),
			)
		return code

	def exchange_code(
		self, client_id: str, code: str, redirect_uri: str, with_hard_expiry: bool
	) -> dict[str, Any]:
		"""Return tokens for a code. A code that comes twice revokes what its first use gave (OAuth 2, 4.1.2)."""
		with self.store.transaction():
			row = self.store.execute(
				"SELECT client_id, realm, scope, redirect_uri, expires, grant_key FROM oauth_code WHERE code = ?",
				(code,),
			).fetchone()
			if row is not None and row[5] is not None and row[0] == client_id:
				self.store.execute("UPDATE oauth_grant SET revoked = 1 WHERE key = ?", (row[5],))
			usable = row is not None and row[5] is None and row[0] == client_id and row[4] > self.clock.now()
			if usable and row[3] == redirect_uri:
				self._kill_refresh_tokens(client_id, row[1])
				grant = self._open_grant(client_id, row[1], row[2])
				self.store.execute("UPDATE oauth_code SET grant_key = ? WHERE code = ?", (grant, code))
				return self._issue_tokens(grant, with_hard_expiry)
		raise refuse_grant("Incorrect or invalid authorization code")

	def grant_tokens(self, client_id: str, realm: str) -> dict[str, Any]:
		"""Return tokens without a browser, for the control API; earlier tokens stay good."""
		with self.store.transaction():
			return self._issue_tokens(self._open_grant(client_id, realm, ACCOUNTING_SCOPE), False)

	def refresh(
		self, client_id: str, token: str, rotate_always: bool, with_hard_expiry: bool
	) -> dict[str, Any]:
		"""Return a new access token and the current refresh token: a new value once the old is 24 hours old."""
		now = self.clock.now()
		row = self.store.execute(
			"SELECT r.grant_key, r.created, r.expires, r.hard_expires, r.dead, g.client_id, g.revoked"
			" FROM refresh_token r JOIN oauth_grant g ON g.key = r.grant_key WHERE r.token = ?",
			(token,),
		).fetchone()
		if row is None or row[4] or row[6] or row[5] != client_id or min(row[2], row[3]) <= now:
			raise refuse_grant()
		grant, created, hard_expires = row[0], row[1], row[3]
		expires = min(now + REFRESH_LIFE, hard_expires)
		with self.store.transaction():
			if rotate_always or now - created >= ROTATION_AGE:
				self.store.execute("UPDATE refresh_token SET dead = 1 WHERE token = ?", (token,))
				token = self._insert_refresh_token(grant, now, expires, hard_expires)
			else:
				self.store.execute("UPDATE refresh_token SET expires = ? WHERE token = ?", (expires, token))
			access = self._insert_access_token(grant, now)
		return self._build_answer(access, token, expires - now, hard_expires - now, with_hard_expiry)

	def revoke(self, client_id: str, token: str) -> None:
		"""End the grant of an access or refresh token. Raises OAuthError 400 for an unknown one."""
		row = self.store.execute(
			"SELECT g.key, g.client_id FROM oauth_grant g WHERE g.key IN"
			" (SELECT grant_key FROM refresh_token WHERE token = ? UNION SELECT grant_key FROM access_token WHERE token = ?)",
			(token, token),
		).fetchone()
		if row is None or row[1] != client_id:
			raise OAuthError(400, "invalid_request", "The token is unknown")
		with self.store.transaction():
			self.store.execute("UPDATE oauth_grant SET revoked = 1 WHERE key = ?", (row[0],))

	def revoke_all(self, realm: str) -> int:
		"""Disconnect every app from a company, as its owner can from inside QuickBooks. Returns how many grants ended."""
		with self.store.transaction():
			cursor = self.store.execute(
				"UPDATE oauth_grant SET revoked = 1 WHERE realm = ? AND revoked = 0", (realm,)
			)
		return cursor.rowcount

	def check_access(self, header: str, realm: str) -> str:
		"""Return the client id of a bearer token for a company. Raises GatewayFault 401 or 403."""
		found = self._look_up_bearer(header)
		if isinstance(found, GatewayFault):
			raise found
		client_id, token_realm = found
		if token_realm != realm:
			raise refuse_realm()
		return client_id

	def has_access(self, header: str, realm: str) -> bool:
		"""Return whether a bearer token is good for a company."""
		found = self._look_up_bearer(header)
		return not isinstance(found, GatewayFault) and found[1] == realm

	def _look_up_bearer(self, header: str) -> GatewayFault | tuple[str, str]:
		kind, _space, token = header.partition(" ")
		token = token.strip()
		if kind.lower() != "bearer" or not 20 <= len(token) <= 4096:
			return refuse_malformed_token()
		row = self.store.execute(
			"SELECT g.client_id, g.realm, a.expires, g.revoked FROM access_token a"
			" JOIN oauth_grant g ON g.key = a.grant_key WHERE a.token = ?",
			(token,),
		).fetchone()
		if row is None or row[3] or row[2] <= self.clock.now():
			return refuse_token()
		return row[0], row[1]

	def count_grants(self, realm: str) -> int:
		"""Return how many apps are connected to a company."""
		cursor = self.store.execute(
			"SELECT count(DISTINCT client_id) FROM oauth_grant WHERE realm = ? AND revoked = 0", (realm,)
		)
		return int(cursor.fetchone()[0])

	def _open_grant(self, client_id: str, realm: str, scope: str) -> int:
		cursor = self.store.execute(
			"INSERT INTO oauth_grant (client_id, realm, scope, created) VALUES (?, ?, ?, ?)",
			(client_id, realm, scope, self.clock.now()),
		)
		return int(cursor.lastrowid or 0)

	def _kill_refresh_tokens(self, client_id: str, realm: str) -> None:
		"""Connecting again ends the earlier refresh tokens of the same app and company."""
		self.store.execute(
			"UPDATE refresh_token SET dead = 1 WHERE grant_key IN"
			" (SELECT key FROM oauth_grant WHERE client_id = ? AND realm = ?)",
			(client_id, realm),
		)

	def _issue_tokens(self, grant: int, with_hard_expiry: bool) -> dict[str, Any]:
		now = self.clock.now()
		refresh = self._insert_refresh_token(grant, now, now + REFRESH_LIFE, now + HARD_LIFE)
		access = self._insert_access_token(grant, now)
		return self._build_answer(access, refresh, REFRESH_LIFE, HARD_LIFE, with_hard_expiry)

	def _insert_refresh_token(self, grant: int, now: float, expires: float, hard_expires: float) -> str:
		token = "RT1-" + secrets.token_hex(24)
		self.store.execute(
			"INSERT INTO refresh_token VALUES (?, ?, ?, ?, ?, 0)", (token, grant, now, expires, hard_expires)
		)
		return token

	def _insert_access_token(self, grant: int, now: float) -> str:
		token = "eyJ" + secrets.token_urlsafe(480)
		self.store.execute(
			"DELETE FROM access_token WHERE grant_key = ? AND expires <= ?", (grant, now - DAY)
		)
		self.store.execute("INSERT INTO access_token VALUES (?, ?, ?)", (token, grant, now + ACCESS_LIFE))
		return token

	def _build_answer(
		self, access: str, refresh: str, refresh_life: float, hard_life: float, with_hard_expiry: bool
	) -> dict[str, Any]:
		answer = {
			"token_type": "bearer",
			"access_token": access,
			"expires_in": ACCESS_LIFE,
			"refresh_token": refresh,
			"x_refresh_token_expires_in": round(refresh_life),
		}
		if with_hard_expiry:
			answer["x_refresh_token_hard_expires_in"] = round(hard_life)
		return answer
