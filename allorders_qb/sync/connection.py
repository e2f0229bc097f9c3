"""The connection to one QuickBooks company: tokens, pauses, and the client that a worker speaks through.

Only this module reads or writes tokens. They live encrypted in Frappe's password table; the connection row
carries their dates, and is the lock under which they are refreshed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, now_datetime
from frappe.utils.password import get_decrypted_password, remove_encrypted_password, set_encrypted_password

from allorders_qb.mapping.company import CompanyProfile, read_company_profile
from allorders_qb.qbo.client import CallRecord, QuickBooksClient
from allorders_qb.qbo.environments import Environment, emulator, get_environment
from allorders_qb.qbo.oauth import InvalidGrant, OAuthClient, Tokens
from allorders_qb.sync.call_log import CallLog
from allorders_qb.sync.pacing import make_pacer
from allorders_qb.sync.plain import make_plain

CONNECTION = "QuickBooks Connection"
SETTINGS = "QuickBooks Settings"

CONNECTION_FIELDS = (
	"name",
	"realm_id",
	"company_name",
	"environment",
	"emulator_url",
	"status",
	"paused_until",
	"pause_reason",
	"pauses_in_a_row",
	"access_token_expires_at",
	"refresh_token_expires_at",
	"refresh_token_hard_expires_at",
	"connected_by",
	"connected_at",
	"refreshed_at",
	"company_info",
	"preferences",
	"preferences_read_at",
	"lists_read_at",
)

CONNECTED = "Connected"
RECONNECT_REQUIRED = "Reconnect Required"
DISCONNECTED = "Disconnected"

REFRESH_AHEAD = timedelta(minutes=5)
"""A token is renewed this long before it ends, so that it cannot end between our look and the request."""

TOKEN_TIMEOUT = (5, 25)
"""Seconds to connect and to answer; below the 50 seconds that another worker waits for the row lock."""

CONNECT_TIMEOUT = 5

UPLOAD_MARGIN = 20
"""Seconds, besides connecting, from noting that a request leaves until QuickBooks has all of it: being held up
(``sender.HELD_UP_SECONDS``), waiting for the pace (``pacing.LONGEST_WAIT``), and uploading."""

PAUSE_STEPS = (30, 60, 120, 300, 600, 900)
"""Seconds of pause after the first, second, … failure in a row to reach QuickBooks."""


class ConnectionNotReady(Exception):
	"""Nothing can be sent now. The message says why, for the person who looks at a waiting document."""


@dataclass(frozen=True)
class Timing:
	"""Seconds: how long a request may take, how long silence must last before QuickBooks is searched, and how
	long a worker may hold a row (longer than one request, so that a lease never ends under a live one)."""

	request_timeout: int
	silence_wait: int
	lease: int

	@property
	def search_after(self) -> int:
		"""Seconds from noting that a request leaves until QuickBooks can no longer be carrying it out."""
		return CONNECT_TIMEOUT + UPLOAD_MARGIN + self.silence_wait


def get_timing() -> Timing:
	"""The times of QuickBooks Settings. Its controller keeps them safe for a real company."""
	settings = frappe.get_cached_doc(SETTINGS)
	request_timeout = cint(settings.request_timeout) or 130
	silence_wait = cint(settings.silence_wait) or 120
	return Timing(
		request_timeout, silence_wait, request_timeout + CONNECT_TIMEOUT + max(5, silence_wait // 2)
	)


def get_realm_id() -> str | None:
	"""The company this site is bound to, or None where none has ever been connected."""
	return frappe.db.get_single_value(SETTINGS, "realm_id", cache=False) or None


def get_connection(realm_id: str | None = None) -> frappe._dict | None:
	"""The row of the connected company as last committed to this transaction's view, without secrets."""
	table = frappe.qb.DocType(CONNECTION)
	query = frappe.qb.from_(table).select(*(table[field] for field in CONNECTION_FIELDS))
	if realm_id:
		query = query.where(table.name == realm_id)
	else:
		single = frappe.qb.DocType("Singles")
		query = (
			query.join(single)
			.on(single.value == table.name)
			.where((single.doctype == SETTINGS) & (single["field"] == "realm_id"))
		)
	found = query.run(as_dict=True)
	return found[0] if found else None


def explain_not_ready(connection: frappe._dict | None) -> str | None:
	"""Why nothing can be sent through this connection now, in one sentence; None when it is ready."""
	if not connection:
		return _(
			"No QuickBooks company is connected yet. A QuickBooks Manager can connect one in QuickBooks Settings."
		)
	company = connection.company_name or connection.realm_id
	if connection.status == RECONNECT_REQUIRED:
		return (
			_("QuickBooks has ended our authorization for {0}: press Connect in QuickBooks Settings. {1}")
			.format(company, connection.pause_reason or "")
			.strip()
		)
	if connection.status != CONNECTED:
		return _("QuickBooks company {0} is disconnected. Press Connect in QuickBooks Settings.").format(
			company
		)
	if connection.paused_until and get_datetime(connection.paused_until) > now_datetime():
		return _("Sending is paused until {0}: {1}").format(
			frappe.utils.format_time(connection.paused_until), connection.pause_reason or ""
		)
	return None


def get_site_environment(settings=None) -> Environment:
	"""The hosts to talk to, by QuickBooks Settings (or the given document of it)."""
	settings = settings or frappe.get_cached_doc(SETTINGS)
	return choose_environment(settings.environment, settings.emulator_url)


def choose_environment(name: str, emulator_url: str | None) -> Environment:
	"""Production, Sandbox, or the emulator at its address."""
	return emulator(emulator_url) if name == "Emulator" else get_environment(name)


def open_oauth_client(on_call: Callable[[CallRecord], None] | None = None) -> OAuthClient:
	"""The token client for the app keys of QuickBooks Settings; refuses where they are missing."""
	settings = frappe.get_cached_doc(SETTINGS)
	secret = settings.get_password("client_secret", raise_exception=False)
	if not settings.client_id or not secret:
		frappe.throw(
			_(
				"Enter the Client ID and the Client Secret of your Intuit app in QuickBooks Settings and save."
			),
			title=_("Not Set Up"),
		)
	return OAuthClient(
		get_site_environment(settings).discovery_url,
		settings.client_id,
		secret,
		timeout=TOKEN_TIMEOUT,
		on_call=on_call,
	)


def store_tokens(realm_id: str, tokens: Tokens) -> None:
	"""Write tokens and their dates. Does not commit: the caller does, before the token is used."""
	now = now_datetime()
	set_encrypted_password(CONNECTION, realm_id, tokens.access_token, "access_token")
	set_encrypted_password(CONNECTION, realm_id, tokens.refresh_token, "refresh_token")
	values = {
		"status": CONNECTED,
		"access_token_expires_at": now + timedelta(seconds=tokens.expires_in),
		"refresh_token_expires_at": now + timedelta(seconds=tokens.refresh_expires_in),
		"refreshed_at": now,
	}
	if tokens.refresh_hard_expires_in:
		values["refresh_token_hard_expires_at"] = now + timedelta(seconds=tokens.refresh_hard_expires_in)
	frappe.db.set_value(CONNECTION, realm_id, values, update_modified=False)


def get_access_token(realm_id: str, rejected: str | None = None) -> str:
	"""A token that is valid now, refreshed if need be by exactly one worker; the others take its result.

	``rejected`` is a token that QuickBooks has just refused although its time was not up: it is replaced unless
	somebody has replaced it already. Commits; raises ``ConnectionNotReady`` when a person has to reconnect, and
	``qbo`` errors when the token service cannot be reached.
	"""
	connection = get_connection(realm_id)
	if not connection or connection.status != CONNECTED:
		raise ConnectionNotReady(explain_not_ready(connection))
	token = get_decrypted_password(CONNECTION, realm_id, "access_token", raise_exception=False)
	if token and token != rejected and not _is_ending(connection.access_token_expires_at):
		return token

	log = CallLog(realm_id)
	oauth = open_oauth_client(on_call=log)
	# What can be slow is done before others have to wait for the lock.
	oauth.prepare()
	# A fresh transaction whose first read is the lock: what is read after it is what the last holder stored.
	frappe.db.commit()  # nosemgrep: frappe-manual-commit
	table = frappe.qb.DocType(CONNECTION)
	locked = (
		frappe.qb.from_(table)
		.select(table.status, table.access_token_expires_at)
		.where(table.name == realm_id)
		.for_update()
		.run(as_dict=True)
	)
	try:
		if not locked or locked[0].status != CONNECTED:
			raise ConnectionNotReady(explain_not_ready(get_connection(realm_id)))
		token = get_decrypted_password(CONNECTION, realm_id, "access_token", raise_exception=False)
		if token and token != rejected and not _is_ending(locked[0].access_token_expires_at):
			return token
		refresh_token = get_decrypted_password(CONNECTION, realm_id, "refresh_token", raise_exception=False)
		if not refresh_token:
			raise ConnectionNotReady(
				require_reconnect(realm_id, _("The stored authorization cannot be read."))
			)
		try:
			tokens = oauth.refresh(refresh_token)
		except InvalidGrant as error:
			raise ConnectionNotReady(require_reconnect(realm_id, str(error))) from error
		store_tokens(realm_id, tokens)
		return tokens.access_token
	finally:
		log.write()
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  stored before it is used; frees the lock


def _is_ending(expires_at: datetime | None) -> bool:
	return not expires_at or get_datetime(expires_at) - REFRESH_AHEAD < now_datetime()


def require_reconnect(realm_id: str, reason: str) -> str:
	"""Only a person can mend the authorization: the queue waits, nothing in it fails. Returns the sentence."""
	frappe.db.set_value(
		CONNECTION,
		realm_id,
		{"status": RECONNECT_REQUIRED, "pause_reason": make_plain(reason), "paused_until": None},
		update_modified=False,
	)
	return explain_not_ready(get_connection(realm_id))


def pause(realm_id: str, reason: str, seconds: int | None = None) -> datetime:
	"""Send nothing for a while. Without ``seconds`` each pause in a row is longer. Returns its end.

	Does not commit.
	"""
	pauses = cint(frappe.db.get_value(CONNECTION, realm_id, "pauses_in_a_row"))
	seconds = seconds or PAUSE_STEPS[min(pauses, len(PAUSE_STEPS) - 1)]
	until = now_datetime() + timedelta(seconds=seconds)
	frappe.db.set_value(
		CONNECTION,
		realm_id,
		{"paused_until": until, "pause_reason": make_plain(reason), "pauses_in_a_row": pauses + 1},
		update_modified=False,
	)
	return until


def end_pause(realm_id: str) -> None:
	"""QuickBooks has answered: the next pause starts from the shortest again. Does not commit.

	A pause that is still running is another worker's, and stays.
	"""
	paused_until = frappe.db.get_value(CONNECTION, realm_id, "paused_until")
	if paused_until and get_datetime(paused_until) > now_datetime():
		return
	frappe.db.set_value(
		CONNECTION,
		realm_id,
		{"paused_until": None, "pause_reason": None, "pauses_in_a_row": 0},
		update_modified=False,
	)


def open_client(
	realm_id: str, on_call: Callable[[CallRecord], None] | None = None, rejected: str | None = None
):
	"""A client with a valid token for the connected company; see ``get_access_token`` for what it raises."""
	token = get_access_token(realm_id, rejected)
	connection = get_connection(realm_id)
	environment = choose_environment(connection.environment, connection.emulator_url)
	return QuickBooksClient(
		base_url=environment.api_url,
		realm_id=realm_id,
		access_token=token,
		timeout=(CONNECT_TIMEOUT, get_timing().request_timeout),
		on_call=on_call,
		pacer=make_pacer(realm_id),
	)


def get_company_profile(connection: frappe._dict) -> CompanyProfile:
	"""What the company's preferences allow, as last read."""
	return read_company_profile(
		frappe.parse_json(connection.company_info or "{}"), frappe.parse_json(connection.preferences or "{}")
	)


def forget_tokens(realm_id: str) -> None:
	"""Remove the stored tokens. Does not commit."""
	for field in ("access_token", "refresh_token"):
		remove_encrypted_password(CONNECTION, realm_id, field)
