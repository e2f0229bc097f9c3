"""The OAuth endpoints: discovery, consent page, tokens, revocation, user information."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from qbo_emulator.auth import ACCOUNTING_SCOPE, OAuthError
from qbo_emulator.emulator import Emulator
from qbo_emulator.pages.html import Html, render_page, tag

HARD_EXPIRY_HEADER = "x-include-refresh-token-hard-expires-in"
NO_STORE = {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}


class OAuthPages:
	def __init__(self, emulator: Emulator) -> None:
		self.emulator = emulator

	def add_routes(self, app: web.Application) -> None:
		for document in ("openid_configuration", "openid_sandbox_configuration"):
			app.router.add_get(f"/.well-known/{document}", self.discover)
			app.router.add_get(f"/.well-known/{document}/", self.discover)
		app.router.add_get("/connect/oauth2", self.show_consent)
		app.router.add_post("/connect/oauth2", self.decide)
		app.router.add_post("/oauth2/v1/tokens/bearer", self.give_tokens)
		app.router.add_post("/v2/oauth2/tokens/revoke", self.revoke)
		app.router.add_get("/v1/openid_connect/userinfo", self.show_user)
		app.router.add_get("/op/v1/jwks", self.show_keys)

	async def discover(self, request: web.Request) -> web.Response:
		base = f"{request.scheme}://{request.host}"
		document = {
			"issuer": base,
			"authorization_endpoint": f"{base}/connect/oauth2",
			"token_endpoint": f"{base}/oauth2/v1/tokens/bearer",
			"userinfo_endpoint": f"{base}/v1/openid_connect/userinfo",
			"revocation_endpoint": f"{base}/v2/oauth2/tokens/revoke",
			"jwks_uri": f"{base}/op/v1/jwks",
			"response_types_supported": ["code"],
			"subject_types_supported": ["public"],
			"id_token_signing_alg_values_supported": ["RS256"],
			"scopes_supported": ["openid", "email", "profile", "address", "phone", ACCOUNTING_SCOPE],
			"token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
		}
		return web.json_response(document)

	async def show_consent(self, request: web.Request) -> web.Response:
		"""Show the page on which a company's owner connects an app, or says what is wrong with the app's request."""
		problem = self.find_problem(request.query)
		if problem:
			return render_page("Connection problem", tag("p", problem), status=400)
		hidden = [
			tag("input", type="hidden", name=name, value=request.query.get(name, ""))
			for name in ("client_id", "scope", "redirect_uri", "state")
		]
		wanted = request.query.get("realmId")
		choices: list[Html] = []
		for index, company in enumerate(self.emulator.companies.values()):
			checked = company.realm == wanted if wanted else index == 0
			radio = tag("input", type="radio", name="realmId", value=company.realm, checked=checked)
			choices.append(
				tag(
					"label",
					radio,
					" ",
					tag("strong", company.name),
					f" (realm {company.realm})",
					class_="choice",
				)
			)
		form = tag(
			"form", *hidden, *choices,
			tag("p", tag("button", "Connect", name="decision", value="connect", class_="main"), " ",
				tag("button", "Cancel", name="decision", value="cancel")),
			method="post", action="/connect/oauth2",
		)  # fmt: skip
		words = tag(
			"p", "The app ", tag("strong", request.query["client_id"]),
			" would like to read and write the accounting data of the company you choose.",
		)  # fmt: skip
		return render_page("Connect an app to QuickBooks", tag("section", words, form), navigation=False)

	def find_problem(self, values: dict) -> str | None:
		"""Return what is wrong with an authorization request, as a sentence."""
		if not self.emulator.auth.knows_client(values.get("client_id", "")):
			return "The client_id of the app is missing or unknown."
		redirect = urlsplit(values.get("redirect_uri", ""))
		if redirect.scheme not in ("http", "https") or not redirect.netloc:
			return "The redirect_uri query parameter value is invalid."
		if values.get("response_type", "code") != "code":
			return "The response_type must be code."
		if ACCOUNTING_SCOPE not in values.get("scope", ""):
			return f"The scope must include {ACCOUNTING_SCOPE}."
		return None

	async def decide(self, request: web.Request) -> web.Response:
		"""Send the browser back to the app with a code and the realm, or with access_denied."""
		form = {name: str(value) for name, value in (await request.post()).items()}
		problem = self.find_problem(form)
		realm = form.get("realmId", "")
		if not problem and form.get("decision") == "connect" and realm not in self.emulator.companies:
			problem = "Choose a company."
		if problem:
			return render_page("Connection problem", tag("p", problem), status=400)
		if form.get("decision") == "connect":
			code = self.emulator.auth.issue_code(
				form["client_id"], realm, form["scope"], form["redirect_uri"]
			)
			answer = {"code": code, "state": form.get("state", ""), "realmId": realm}
		else:
			answer = {"error": "access_denied", "state": form.get("state", "")}
		joiner = "&" if urlsplit(form["redirect_uri"]).query else "?"
		return web.Response(
			status=302, headers={"Location": f"{form['redirect_uri']}{joiner}{urlencode(answer)}"}
		)

	async def give_tokens(self, request: web.Request) -> web.Response:
		auth = self.emulator.auth
		hard = request.headers.get(HARD_EXPIRY_HEADER, "").lower() == "true"
		try:
			client_id = auth.check_basic(request.headers.get("Authorization", ""))
			form = dict(parse_qsl((await request.read()).decode("utf-8", "replace")))
			kind = form.get("grant_type")
			if kind == "authorization_code":
				answer = auth.exchange_code(
					client_id, form.get("code", ""), form.get("redirect_uri", ""), hard
				)
			elif kind == "refresh_token":
				rotate = any(
					company.knobs["rotate_every_refresh"] for company in self.emulator.companies.values()
				)
				answer = auth.refresh(client_id, form.get("refresh_token", ""), rotate, hard)
			else:
				raise OAuthError(400, "unsupported_grant_type")
		except OAuthError as error:
			return self.answer(error.status, error.build_body())
		return self.answer(200, answer)

	async def revoke(self, request: web.Request) -> web.Response:
		try:
			client_id = self.emulator.auth.check_basic(request.headers.get("Authorization", ""))
			raw = (await request.read()).decode("utf-8", "replace")
			try:
				body = json.loads(raw)
			except (ValueError, RecursionError):
				body = dict(parse_qsl(raw))
			token = body.get("token") if isinstance(body, dict) else None
			if not isinstance(token, str) or not token:
				raise OAuthError(400, "invalid_request", "The token is missing")
			self.emulator.auth.revoke(client_id, token)
		except OAuthError as error:
			return self.answer(error.status, error.build_body())
		return web.Response(status=200, headers={**NO_STORE, "intuit_tid": self.emulator.make_tid()})

	async def show_user(self, request: web.Request) -> web.Response:
		header = request.headers.get("Authorization", "")
		if not any(self.emulator.auth.has_access(header, realm) for realm in self.emulator.companies):
			return self.answer(401, {"error": "invalid_token"})
		user = {"sub": "1182d6ec-60a1-4aaa-a7f9-emulator0001", "givenName": "Robin", "familyName": "Hale"}
		return self.answer(200, {**user, "email": "robin@cascade-harbor.example", "emailVerified": True})

	async def show_keys(self, request: web.Request) -> web.Response:
		return web.json_response({"keys": []})

	def answer(self, status: int, body: dict) -> web.Response:
		return web.json_response(
			body, status=status, headers={**NO_STORE, "intuit_tid": self.emulator.make_tid()}
		)
