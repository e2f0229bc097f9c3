"""Intuit's OAuth 2.0: the consent address, tokens, their renewal and their end. Nothing here stores or logs a token.

Endpoints come from the discovery document, as Intuit asks. Source: Intuit's "OAuth 2.0" and "Discovery document" pages.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from requests.auth import HTTPBasicAuth

from allorders_qb.qbo.calls import CallRecord, hand_over, mask_secrets
from allorders_qb.qbo.faults import (
	Fault,
	FaultClass,
	NotSent,
	OutcomeUnknown,
	QuickBooksError,
	Refused,
	classify_answer,
)
from allorders_qb.qbo.wire import TRANSPORT_ERRORS, SendingMark, open_session

ACCOUNTING_SCOPE = "com.intuit.quickbooks.accounting"
TIMEOUT = (5.0, 30.0)
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "revocation_endpoint")


@dataclass(frozen=True)
class Tokens:
	"""A pair of tokens. Lifetimes in seconds from now; the hard end (five years at most) only where Intuit tells it."""

	access_token: str = field(repr=False)
	refresh_token: str = field(repr=False)
	expires_in: int
	refresh_expires_in: int
	refresh_hard_expires_in: int | None = None


class InvalidGrant(QuickBooksError):
	"""The refresh token or the authorization code is no longer good: only a person can connect again. Never retry."""


class OAuthClient:
	"""The token side of one app (client id and secret) in one environment.

	Methods raise InvalidGrant, NotSent, OutcomeUnknown or Refused. After OutcomeUnknown from `refresh` the old token may or
	may not have been replaced: try the old one once more. `on_call` gets a masked CallRecord and must not raise.
	"""

	def __init__(
		self,
		discovery_url: str,
		client_id: str,
		client_secret: str,
		timeout: tuple[float, float] = TIMEOUT,
		on_call: Callable[[CallRecord], None] | None = None,
	) -> None:
		self.discovery_url = discovery_url
		self.client_id = client_id
		self._client_secret = client_secret
		self.timeout = timeout
		self.on_call = on_call
		self._mark = SendingMark()
		self._session = open_session(discovery_url, self._mark)
		self._endpoints: dict[str, str] | None = None

	def prepare(self) -> None:
		"""Read the discovery document now, so that what follows is one request. Raises NotSent."""
		self._find_endpoint("token_endpoint")

	def authorization_url(self, redirect_uri: str, state: str) -> str:
		"""Return where to send the browser. `state` must be unguessable, used once and bound to the user's session."""
		query = urlencode(
			{
				"client_id": self.client_id,
				"response_type": "code",
				"scope": ACCOUNTING_SCOPE,
				"redirect_uri": redirect_uri,
				"state": state,
			}
		)
		return f"{self._find_endpoint('authorization_endpoint')}?{query}"

	def exchange(self, code: str, redirect_uri: str) -> Tokens:
		"""Turn an authorization code into tokens. A code works once: never send the same one twice."""
		form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
		return self._request_tokens("exchange", form, (code,))

	def refresh(self, refresh_token: str) -> Tokens:
		"""Return new tokens. Store the refresh token that comes back before the access token is used: the old one dies."""
		form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
		return self._request_tokens("refresh", form, (refresh_token,))

	def revoke(self, token: str) -> None:
		"""End the connection at Intuit's side, by its refresh or access token. A token that is dead already is no error."""
		url = self._find_endpoint("revocation_endpoint")
		try:
			self._send("revoke", "POST", url, (token,), json_body={"token": token}, empty_is_good=True)
		except InvalidGrant:
			return

	def _request_tokens(self, operation: str, form: Mapping[str, str], secrets: tuple[str, ...]) -> Tokens:
		body = self._send(operation, "POST", self._find_endpoint("token_endpoint"), secrets, form=form)
		try:
			hard = body.get("x_refresh_token_hard_expires_in")
			return Tokens(
				access_token=_read_text(body, "access_token"),
				refresh_token=_read_text(body, "refresh_token"),
				expires_in=int(body["expires_in"]),
				refresh_expires_in=int(body["x_refresh_token_expires_in"]),
				refresh_hard_expires_in=None if hard is None else int(hard),
			)
		except (KeyError, TypeError, ValueError) as error:
			raise OutcomeUnknown(
				"Intuit answered without the tokens asked for; try again, and if this stays, connect again."
			) from error

	def _find_endpoint(self, name: str) -> str:
		if self._endpoints is None:
			self._endpoints = self._discover()
		return self._endpoints[name]

	def _discover(self) -> dict[str, str]:
		"""Read the discovery document. Any failure is NotSent: no code or token has left yet."""
		try:
			document = self._send("discover", "GET", self.discovery_url, ())
		except QuickBooksError as error:
			raise NotSent(
				f"Intuit's sign-in addresses could not be read from {self.discovery_url}: {error}"
			) from error
		return self._check_endpoints(document)

	def _check_endpoints(self, document: Mapping[str, Any]) -> dict[str, str]:
		"""Return the addresses we use; a secret never goes to one that is less safe than the document that named it."""
		endpoints = {}
		for name in _ENDPOINTS:
			value = document.get(name)
			if not isinstance(value, str) or not value:
				raise NotSent(f"Intuit's discovery document at {self.discovery_url} has no {name}.")
			if urlsplit(self.discovery_url).scheme == "https" and urlsplit(value).scheme != "https":
				raise NotSent(
					f"Intuit's discovery document names an insecure {name} ({value}); the secret is not sent there."
				)
			endpoints[name] = value
		return endpoints

	def _send(
		self,
		operation: str,
		method: str,
		url: str,
		secrets: tuple[str, ...],
		*,
		form: Mapping[str, str] | None = None,
		json_body: Mapping[str, str] | None = None,
		empty_is_good: bool = False,
	) -> dict:
		headers = {"Accept": "application/json", "x-include-refresh-token-hard-expires-in": "true"}
		auth = HTTPBasicAuth(self.client_id, self._client_secret) if method == "POST" else _NoAuth()
		known = (*secrets, self._client_secret)
		started = time.monotonic()
		response: requests.Response | None = None
		error: BaseException | None = None
		self._mark.begun = False
		try:
			try:
				response = self._session.request(
					method,
					url,
					data=form,
					json=json_body,
					headers=headers,
					auth=auth,
					timeout=self.timeout,
					allow_redirects=False,
				)
			except TRANSPORT_ERRORS as caught:
				raise self._explain_transport(caught) from caught
			return self._read_answer(response, empty_is_good)
		except BaseException as caught:
			error = caught
			raise
		finally:
			hand_over(
				CallRecord(
					method=method,
					path=urlsplit(url).path,
					entity=None,
					operation=operation,
					request_id=None,
					request_body=None,
					status=response.status_code if response is not None else None,
					response_body=mask_secrets(response.text, known) if response is not None else None,
					intuit_tid=response.headers.get("intuit_tid") if response is not None else None,
					duration=time.monotonic() - started,
					error=mask_secrets(str(error) or type(error).__name__, known) if error else None,
				),
				self.on_call,
			)

	def _read_answer(self, response: requests.Response, empty_is_good: bool) -> dict:
		status = response.status_code
		if status == 200 and empty_is_good:
			return {}
		try:
			body: Any = json.loads(response.content)
		except ValueError:
			body = None
		tid = response.headers.get("intuit_tid")
		code = body.get("error") if isinstance(body, dict) else None
		if 400 <= status < 500 and status not in (408, 429):
			description = str(body.get("error_description") or "") if isinstance(body, dict) else ""
			if code in ("invalid_grant", "invalid_token"):
				raise InvalidGrant(
					"QuickBooks no longer accepts this connection (it was disconnected there, replaced, or left unused for too long). "
					"Open QuickBooks Settings and press Connect to QuickBooks; everything that waits is kept."
				)
			raise Refused(_make_oauth_fault(code if isinstance(code, str) else "", description, status, tid))
		return classify_answer(status, body, response.text, response.headers, tid)

	def _explain_transport(self, error: BaseException) -> QuickBooksError:
		if not self._mark.begun:
			return NotSent(
				f"Intuit's sign-in service could not be reached ({type(error).__name__}); nothing was sent. Try again."
			)
		return OutcomeUnknown(f"Intuit's sign-in service did not answer ({type(error).__name__}). Try again.")


class _NoAuth(requests.auth.AuthBase):
	"""Keeps a .netrc entry from being put on a request that needs no credentials."""

	def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
		return request


def _read_text(body: Mapping[str, Any], key: str) -> str:
	value = body[key]
	if not isinstance(value, str) or not value:
		raise ValueError(f"{key} is empty")
	return value


def _make_oauth_fault(code: str, description: str, status: int, intuit_tid: str | None) -> Fault:
	return Fault(
		code=code,
		message=code,
		detail=mask_secrets(description),
		element="",
		status=status,
		intuit_tid=intuit_tid,
		fault_type="OAuth",
		fault_class=FaultClass.PAUSE,
		pause_seconds=0,
		refreshable=False,
		reconnect=True,
		unknown_outcome=False,
		happened="Intuit did not accept the app's credentials",
		remedy="Check client id, client secret, environment and redirect address in QuickBooks Settings and in Intuit's developer portal.",
	)
