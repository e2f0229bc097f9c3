"""Where QuickBooks Online lives: production, sandbox, or an emulator on one's own machine."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from allorders_qb.qbo.entities import find_entity

PRODUCTION = "Production"
SANDBOX = "Sandbox"
EMULATOR = "Emulator"


@dataclass(frozen=True)
class Environment:
	"""One QuickBooks: its name, the API's base URL, its OAuth discovery document, and where a person opens it."""

	name: str
	api_url: str
	discovery_url: str
	web_url: str


ENVIRONMENTS = {
	PRODUCTION: Environment(
		name=PRODUCTION,
		api_url="https://quickbooks.api.intuit.com",
		discovery_url="https://developer.intuit.com/.well-known/openid_configuration/",
		web_url="https://app.qbo.intuit.com",
	),
	SANDBOX: Environment(
		name=SANDBOX,
		api_url="https://sandbox-quickbooks.api.intuit.com",
		discovery_url="https://developer.intuit.com/.well-known/openid_sandbox_configuration/",
		web_url="https://app.sandbox.qbo.intuit.com",
	),
}


def get_environment(name: str) -> Environment:
	"""Return Intuit's environment of that name; raises ValueError for any other (an emulator needs its URL)."""
	try:
		return ENVIRONMENTS[name]
	except KeyError:
		raise ValueError(
			f"{name!r} is not an environment of Intuit: choose {PRODUCTION} or {SANDBOX}."
		) from None


def emulator(url: str) -> Environment:
	"""Return the environment of an emulator at `url` (http or https); raises ValueError when it is not a web address."""
	parts = urlsplit((url or "").strip())
	if parts.scheme not in ("http", "https") or not parts.netloc:
		raise ValueError(
			f"{url!r} is not a web address. Enter the emulator's URL, like http://127.0.0.1:9100."
		)
	base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
	return Environment(
		name=EMULATOR,
		api_url=base,
		discovery_url=f"{base}/.well-known/openid_configuration",
		web_url=base,
	)


def web_link(environment: Environment, realm_id: str, entity: str, entity_id: str) -> str:
	"""Return the address at which a person sees one QuickBooks object; the home page where it has no page of its own."""
	kind = find_entity(entity)
	if not kind.web_page:
		return f"{environment.web_url}/"
	query = urlencode({kind.web_key: entity_id, "companyId": realm_id})
	return f"{environment.web_url}/app/{kind.web_page}?{query}"
