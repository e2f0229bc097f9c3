"""OAuth 2 as Intuit's authentication pages describe it, and the gateway's refusals."""

import json
from base64 import b64encode
from importlib import resources
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

SCOPE = "com.intuit.quickbooks.accounting"
REDIRECT = "http://127.0.0.1:9/callback"
HOUR, DAY = 3600, 86400


def basic(client_id: str = "test-app", secret: str = "secret") -> dict:
	return {
		"Authorization": "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode(),
		"Accept": "application/json",
	}


def consent(books, decision: str = "connect", **more) -> dict:
	"""Press a button of the consent page and return the parameters the app gets back."""
	form = {
		"client_id": "test-app", "scope": SCOPE, "redirect_uri": REDIRECT, "state": "s t&te", "realmId": books.realm,
		"decision": decision, **more,
	}  # fmt: skip
	answer = requests.post(f"{books.url}/connect/oauth2", data=form, allow_redirects=False)
	assert answer.status_code == 302, answer.text
	assert answer.headers["Location"].startswith(REDIRECT + "?")
	return {key: values[0] for key, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def exchange(books, code: str, **headers) -> requests.Response:
	form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
	return requests.post(f"{books.url}/oauth2/v1/tokens/bearer", data=form, headers={**basic(), **headers})


def refresh(books, token: str, client_id: str = "test-app") -> requests.Response:
	form = {"grant_type": "refresh_token", "refresh_token": token}
	return requests.post(f"{books.url}/oauth2/v1/tokens/bearer", data=form, headers=basic(client_id))


def call(books, token: str) -> requests.Response:
	headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
	return requests.get(f"{books.api}/companyinfo/{books.realm}", headers=headers)


def test_emulator_discovery_names_its_own_endpoints(books):
	"""Keys used by intuit-oauth: intuitlib/client.py 1.2.6."""
	for name in ("openid_configuration", "openid_sandbox_configuration", "openid_sandbox_configuration/"):
		document = requests.get(f"{books.url}/.well-known/{name}").json()
		for key in (
			"issuer", "authorization_endpoint", "token_endpoint", "revocation_endpoint", "userinfo_endpoint", "jwks_uri"
		):  # fmt: skip
			assert document[key].startswith(books.url)


def test_emulator_consent_page_shows_company_and_buttons(books):
	query = {
		"client_id": "test-app",
		"response_type": "code",
		"scope": SCOPE,
		"redirect_uri": REDIRECT,
		"state": '"><b>x',
	}
	page = requests.get(f"{books.url}/connect/oauth2", params=query)
	assert page.status_code == 200
	assert (
		"Cascade &amp; Harbor Trading Co." in page.text and "Connect" in page.text and "Cancel" in page.text
	)
	assert "<b>x" not in page.text
	for broken in (
		{"redirect_uri": "javascript:alert(1)"},
		{"scope": "openid"},
		{"client_id": ""},
		{"response_type": "token"},
	):
		assert requests.get(f"{books.url}/connect/oauth2", params={**query, **broken}).status_code == 400


def test_emulator_consent_gives_code_state_and_realm(books):
	answer = consent(books)
	assert answer["state"] == "s t&te" and answer["realmId"] == books.realm and answer["code"]


def test_emulator_cancel_gives_access_denied(books):
	answer = consent(books, "cancel")
	assert answer == {"error": "access_denied", "state": "s t&te"}


def test_emulator_code_becomes_tokens_with_documented_life(books):
	tokens = exchange(books, consent(books)["code"]).json()
	assert tokens["token_type"] == "bearer" and tokens["expires_in"] == HOUR
	assert tokens["x_refresh_token_expires_in"] == 101 * DAY
	assert "x_refresh_token_hard_expires_in" not in tokens
	assert (
		call(books, tokens["access_token"]).json()["CompanyInfo"]["CompanyName"]
		== "Cascade & Harbor Trading Co."
	)


def test_emulator_hard_expiry_is_told_on_request(books):
	"""Five years at most: Intuit blog, 2025-11-12."""
	answer = exchange(books, consent(books)["code"], **{"x-include-refresh-token-hard-expires-in": "true"})
	assert answer.json()["x_refresh_token_hard_expires_in"] == 5 * 365 * DAY


def test_emulator_second_use_of_a_code_poisons_the_tokens(books):
	"""oauth-jsclient issue 173."""
	code = consent(books)["code"]
	tokens = exchange(books, code).json()
	again = exchange(books, code)
	assert again.status_code == 400 and again.json()["error"] == "invalid_grant"
	assert call(books, tokens["access_token"]).status_code == 401
	assert refresh(books, tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_emulator_code_dies_with_time_and_belongs_to_its_redirect(books):
	code = consent(books)["code"]
	books.advance(11 * 60)
	assert exchange(books, code).json()["error"] == "invalid_grant"
	code = consent(books, redirect_uri=REDIRECT + "?x=1")["code"]
	assert exchange(books, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
	"header", ["", "Basic !!!", "Basic " + b64encode(b"no-colon").decode(), "Bearer abc"]
)
def test_emulator_token_endpoint_wants_basic_authorization(books, header):
	answer = requests.post(
		f"{books.url}/oauth2/v1/tokens/bearer",
		data={"grant_type": "refresh_token"},
		headers={"Authorization": header},
	)
	assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_emulator_unknown_grant_type(books):
	answer = requests.post(
		f"{books.url}/oauth2/v1/tokens/bearer", data={"grant_type": "password"}, headers=basic()
	)
	assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_emulator_access_token_lives_one_hour(books):
	tokens = books.connect()
	books.advance(HOUR + 1)
	answer = call(books, tokens["access_token"])
	assert answer.status_code == 401
	assert (
		answer.json()["fault"]["error"][0]["code"] == "3200"
		and answer.json()["fault"]["type"] == "AUTHENTICATION"
	)
	fresh = refresh(books, tokens["refresh_token"]).json()
	assert call(books, fresh["access_token"]).status_code == 200


def test_emulator_refresh_token_rotates_after_a_day_and_the_old_one_dies(books):
	"""Intuit's authentication FAQ; python-quickbooks issue 392."""
	token = books.connect()["refresh_token"]
	assert refresh(books, token).json()["refresh_token"] == token
	books.advance(DAY + 1)
	rotated = refresh(books, token).json()["refresh_token"]
	assert rotated != token
	dead = refresh(books, token)
	assert dead.status_code == 400
	assert dead.json() == {
		"error": "invalid_grant",
		"error_description": "Incorrect or invalid refresh token",
	}
	assert refresh(books, rotated).json()["refresh_token"] == rotated


def test_emulator_refresh_token_rotates_every_time_by_knob(books):
	books.knobs(rotate_every_refresh=True)
	token = books.connect()["refresh_token"]
	rotated = refresh(books, token).json()["refresh_token"]
	assert rotated != token and refresh(books, token).status_code == 400


def test_emulator_refresh_token_rolls_and_ends(books):
	"""Rolling 100 days, and five years in all: Intuit's refresh token policy."""
	token = books.connect()["refresh_token"]
	for _quarter in range(20):
		books.advance(90 * DAY)
		token = refresh(books, token).json()["refresh_token"]
	books.advance(40 * DAY)
	assert refresh(books, token).json()["error"] == "invalid_grant"
	token = books.connect()["refresh_token"]
	books.advance(102 * DAY)
	assert refresh(books, token).json()["error"] == "invalid_grant"


def test_emulator_refresh_token_belongs_to_its_app(books):
	assert refresh(books, books.connect()["refresh_token"], "another-app").json()["error"] == "invalid_grant"


def test_emulator_connecting_again_ends_the_earlier_refresh_token(books):
	first = exchange(books, consent(books)["code"]).json()
	second = exchange(books, consent(books)["code"]).json()
	assert refresh(books, first["refresh_token"]).json()["error"] == "invalid_grant"
	assert refresh(books, second["refresh_token"]).status_code == 200


def test_emulator_revoke_ends_access_and_refresh(books):
	tokens = books.connect()
	revoke = f"{books.url}/v2/oauth2/tokens/revoke"
	answer = requests.post(revoke, json={"token": tokens["refresh_token"]}, headers=basic())
	assert (answer.status_code, answer.text) == (200, "") and answer.headers["intuit_tid"]
	assert call(books, tokens["access_token"]).status_code == 401
	assert refresh(books, tokens["refresh_token"]).json()["error"] == "invalid_grant"
	assert requests.post(revoke, json={"token": "RT1-none"}, headers=basic()).status_code == 400


def test_emulator_disconnect_from_inside_quickbooks(books):
	tokens = books.connect()
	assert books.control("POST", "revoke_all")["revoked"] >= 1
	assert call(books, tokens["access_token"]).status_code == 401
	assert refresh(books, tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_emulator_malformed_token_in_the_gateways_lower_case_shape(books):
	"""Two independent captures of the gateway's body."""
	answer = call(books, "short")
	body = answer.json()
	assert answer.status_code == 401 and "Fault" not in body
	assert body["fault"]["error"][0] == {
		"message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
		"detail": "Malformed bearer token: too short or too long",
		"code": "3200",
		"element": None,
	}


def test_emulator_401_as_xml_by_knob(books):
	"""python-quickbooks issue 120: an XML body even for JSON clients."""
	books.knobs(xml_unauthorized=True)
	answer = call(books, "x" * 100)
	assert (
		answer.status_code == 401 and 'code="100"' in answer.text and "xml" in answer.headers["Content-Type"]
	)


def test_emulator_token_of_another_company_is_403_3100(books):
	answer = requests.get(f"{books.url}/v3/company/123/companyinfo/123", headers=books.session.headers)
	assert answer.status_code == 403
	assert answer.json()["fault"]["error"][0]["code"] == "3100"
	assert "ApplicationAuthorizationFailed" in answer.json()["fault"]["error"][0]["message"]


def test_emulator_listed_apps_are_the_only_ones(start_process, tmp_path):
	shipped = resources.files("qbo_emulator").joinpath("companies/us_wholesaler.json")
	definition = json.loads(shipped.read_text(encoding="utf-8"))
	definition["apps"] = [{"client_id": "listed", "client_secret": "right"}]
	path = tmp_path / "company.json"
	path.write_text(json.dumps(definition), encoding="utf-8")
	token_url = f"{start_process('--company', str(path)).url}/oauth2/v1/tokens/bearer"
	form = {"grant_type": "refresh_token", "refresh_token": "x"}
	assert requests.post(token_url, data=form, headers=basic("listed", "wrong")).status_code == 401
	assert requests.post(token_url, data=form, headers=basic("other", "right")).status_code == 401
	assert (
		requests.post(token_url, data=form, headers=basic("listed", "right")).json()["error"]
		== "invalid_grant"
	)
