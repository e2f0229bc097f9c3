"""Tokens over real HTTP: what is sent, what is understood, and what never shows."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from wild_server import answer

from allorders_qb.qbo.faults import NotSent, OutcomeUnknown, Refused
from allorders_qb.qbo.oauth import InvalidGrant, OAuthClient

SECRET = "the-client-secret"
TOKENS = {
	"access_token": "new-access-token",
	"refresh_token": "new-refresh-token",
	"token_type": "bearer",
	"expires_in": 3600,
	"x_refresh_token_expires_in": 8726400,
}
INVALID_GRANT = '{"error":"invalid_grant","error_description":"Incorrect or invalid refresh token"}'


def make_discovery(server, scheme: str = "http") -> str:
	base = server.url.replace("http", scheme, 1)
	return json.dumps(
		{
			"issuer": base,
			"authorization_endpoint": f"{base}/connect/oauth2",
			"token_endpoint": f"{base}/oauth2/v1/tokens/bearer",
			"revocation_endpoint": f"{base}/v2/oauth2/tokens/revoke",
		}
	)


@pytest.fixture
def oauth(server, records):
	return OAuthClient(
		f"{server.url}/.well-known/openid_configuration",
		"the-client-id",
		SECRET,
		on_call=records.append,
	)


def test_authorization_url_and_one_discovery(oauth, server):
	server.script = [answer(make_discovery(server))]
	url = urlsplit(oauth.authorization_url("https://erp.example/callback?x=1", "the-state"))
	oauth.authorization_url("https://erp.example/callback", "another")
	assert url.path == "/connect/oauth2"
	assert {key: values[0] for key, values in parse_qs(url.query).items()} == {
		"client_id": "the-client-id",
		"response_type": "code",
		"scope": "com.intuit.quickbooks.accounting",
		"redirect_uri": "https://erp.example/callback?x=1",
		"state": "the-state",
	}
	assert len(server.received) == 1
	assert "authorization" not in server.received[0].headers


def test_exchange_and_refresh(oauth, server):
	server.script = [
		answer(make_discovery(server)),
		answer(json.dumps(TOKENS)),
		answer(json.dumps({**TOKENS, "x_refresh_token_hard_expires_in": 157680000})),
	]
	tokens = oauth.exchange("the-code", "https://erp.example/callback")
	assert (tokens.access_token, tokens.refresh_token) == ("new-access-token", "new-refresh-token")
	assert (tokens.expires_in, tokens.refresh_expires_in, tokens.refresh_hard_expires_in) == (
		3600,
		8726400,
		None,
	)
	assert oauth.refresh("old-refresh-token").refresh_hard_expires_in == 157680000
	exchange, refresh = server.received[1:]
	assert parse_qs(exchange.body.decode()) == {
		"grant_type": ["authorization_code"],
		"code": ["the-code"],
		"redirect_uri": ["https://erp.example/callback"],
	}
	assert parse_qs(refresh.body.decode()) == {
		"grant_type": ["refresh_token"],
		"refresh_token": ["old-refresh-token"],
	}
	for request in (exchange, refresh):
		credentials = base64.b64encode(f"the-client-id:{SECRET}".encode()).decode()
		assert request.headers["authorization"] == f"Basic {credentials}"
		assert request.headers["accept"] == "application/json"
		assert request.headers["x-include-refresh-token-hard-expires-in"] == "true"


def test_no_secret_in_records_or_in_the_tokens_repr(oauth, server, records):
	server.script = [
		answer(make_discovery(server)),
		answer(json.dumps(TOKENS)),
		answer(
			INVALID_GRANT.replace("invalid refresh", "invalid old-refresh-token refresh"), "400 Bad Request"
		),
	]
	tokens = oauth.exchange("the-secret-code", "https://erp.example/callback")
	with pytest.raises(InvalidGrant):
		oauth.refresh("old-refresh-token")
	shown = repr(records) + repr(tokens)
	for secret in (SECRET, "the-secret-code", "old-refresh-token", "new-access-token", "new-refresh-token"):
		assert secret not in shown
	assert [record.operation for record in records] == ["discover", "exchange", "refresh"]


def test_invalid_grant(oauth, server):
	server.script = [answer(make_discovery(server)), answer(INVALID_GRANT, "400 Bad Request")]
	with pytest.raises(InvalidGrant, match="Connect to QuickBooks"):
		oauth.refresh("dead")


@pytest.mark.parametrize("body", ['{"error":"invalid_client"}', "", "<html>no</html>"])
def test_wrong_credentials_are_a_refusal(oauth, server, body):
	server.script = [answer(make_discovery(server)), answer(body, "401 Unauthorized")]
	with pytest.raises(Refused, match="client secret") as caught:
		oauth.refresh("token")
	assert caught.value.fault.reconnect


@pytest.mark.parametrize(
	"act",
	[
		lambda connection, request: False,
		answer("<html>down</html>", "503 Service Unavailable"),
		answer("{}"),
		answer(json.dumps({**TOKENS, "refresh_token": ""})),
		answer(json.dumps({**TOKENS, "expires_in": "soon"})),
	],
)
def test_unclear_answers_leave_the_outcome_unknown(oauth, server, act):
	server.script = [answer(make_discovery(server)), act]
	with pytest.raises(OutcomeUnknown):
		oauth.refresh("token")


@pytest.mark.parametrize(
	"act",
	[
		lambda connection, request: False,
		answer("<html>down</html>", "503 Service Unavailable"),
		answer('{"token_endpoint":"http://127.0.0.1/"}'),
		answer("no json"),
	],
)
def test_without_discovery_nothing_was_sent(oauth, server, act):
	server.script = [act]
	with pytest.raises(NotSent):
		oauth.refresh("token")
	assert all(b"token" not in request.body for request in server.received)


def test_secret_is_not_sent_to_an_insecure_endpoint(oauth, server):
	server.script = [answer(make_discovery(server))]
	oauth.discovery_url = oauth.discovery_url.replace("http", "https", 1)
	document = {"token_endpoint": "http://intuit.example/token"}
	with pytest.raises(NotSent, match="insecure"):
		oauth._check_endpoints(
			{**document, "authorization_endpoint": "https://a/", "revocation_endpoint": "https://b/"}
		)


def test_revoke(oauth, server):
	server.script = [answer(make_discovery(server)), answer("")]
	oauth.revoke("the-refresh-token")
	assert json.loads(server.received[1].body) == {"token": "the-refresh-token"}
	assert server.received[1].headers["content-type"] == "application/json"
	assert server.received[1].line.startswith("POST /v2/oauth2/tokens/revoke")


def test_revoking_a_dead_token_is_no_error(oauth, server):
	server.script = [answer(make_discovery(server)), answer('{"error":"invalid_token"}', "400 Bad Request")]
	oauth.revoke("dead")
