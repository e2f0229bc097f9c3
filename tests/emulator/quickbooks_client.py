"""Clients that others wrote, connected to the emulator: python-quickbooks 0.9.12 and intuit-oauth 1.2.6, unmodified."""

from urllib.parse import parse_qs, urlsplit

import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from quickbooks import QuickBooks

REDIRECT = "http://127.0.0.1:9/callback"


def connect(books, monkeypatch) -> AuthClient:
	"""Go the way of a person who connects an app: authorize page, consent, code, tokens."""
	monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
	client = AuthClient("id", "secret", REDIRECT, f"{books.url}/.well-known/openid_sandbox_configuration/")
	address = client.get_authorization_url([Scopes.ACCOUNTING], "state-1")
	page = requests.get(address)
	assert page.status_code == 200
	form = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
	form.update(realmId=books.realm, decision="connect")
	answer = requests.post(f"{books.url}/connect/oauth2", data=form, allow_redirects=False)
	back = {key: values[0] for key, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
	assert back["state"] == "state-1"
	client.get_bearer_token(back["code"], realm_id=back["realmId"])
	return client


def open_client(auth, books, monkeypatch) -> QuickBooks:
	monkeypatch.setattr(QuickBooks, "api_url_v3", f"{books.url}/v3")
	return QuickBooks(
		auth_client=auth, refresh_token=auth.refresh_token, company_id=books.realm, minorversion=75
	)
