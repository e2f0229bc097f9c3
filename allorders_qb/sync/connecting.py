"""Connecting a QuickBooks company, and disconnecting it."""

import secrets

import frappe
from frappe import _
from frappe.utils import now_datetime
from frappe.utils.password import get_decrypted_password

from allorders_qb.qbo.faults import QuickBooksError
from allorders_qb.sync.call_log import CallLog
from allorders_qb.sync.connection import (
	CONNECTION,
	DISCONNECTED,
	SETTINGS,
	forget_tokens,
	get_connection,
	get_realm_id,
	open_client,
	open_oauth_client,
	store_tokens,
)
from allorders_qb.sync.identity import get_installation_id
from allorders_qb.sync.links import LINK
from allorders_qb.sync.matching.gate import require_where_needed
from allorders_qb.sync.mirrors import read_mirrors
from allorders_qb.sync.preferences import refresh_preferences
from allorders_qb.sync.wake import wake_after_commit

STATE_SECONDS = 900
"""How long the way through Intuit's consent page may take."""

CALLBACK = "/api/method/allorders_qb.api.connection.finish_connecting"


def get_redirect_uri() -> str:
	"""Where Intuit sends the browser back to; has to stand among the app's redirect URIs at Intuit."""
	return frappe.utils.get_url(CALLBACK)


def start_connecting() -> str:
	"""The address of Intuit's consent page. Its answer is only taken from the user who asked for it."""
	state = secrets.token_urlsafe(32)
	frappe.cache.set_value(_state_key(state), frappe.session.user, expires_in_sec=STATE_SECONDS)
	return open_oauth_client().authorization_url(get_redirect_uri(), state)


def take_state(state: str) -> None:
	"""Check the state that came back and use it up; refuses one that this user did not start."""
	key = _state_key(state)
	owner = frappe.cache.get_value(key, expires=True)
	frappe.cache.delete_value(key)
	if not owner or owner != frappe.session.user:
		frappe.throw(
			_(
				"This answer of QuickBooks was not asked for in your session, or too long ago. Press Connect again."
			),
			title=_("Not Connected"),
			exc=frappe.PermissionError,
		)


def _state_key(state: str) -> str:
	return f"quickbooks_oauth_state:{state}"


def finish_connecting(code: str, realm_id: str) -> str:
	"""Exchange the code, bind the company and read its lists; the company's name. Commits as it goes."""
	_refuse_other_company(realm_id)
	tokens = open_oauth_client().exchange(code, get_redirect_uri())
	bind_company(realm_id, tokens)
	company = read_company(realm_id)
	_require_matching(realm_id)
	return company


def bind_company(realm_id: str, tokens) -> None:
	"""Store the connection and its tokens, and commit: from here on they can't be lost."""
	settings = frappe.get_doc(SETTINGS)
	if not frappe.db.exists(CONNECTION, realm_id):
		row = frappe.get_doc({"doctype": CONNECTION, "realm_id": realm_id})
		row.flags.ignore_permissions = True
		row.insert()
	store_tokens(realm_id, tokens)
	frappe.db.set_value(
		CONNECTION,
		realm_id,
		{
			"environment": settings.environment,
			"emulator_url": settings.emulator_url if settings.environment == "Emulator" else None,
			"paused_until": None,
			"pause_reason": None,
			"pauses_in_a_row": 0,
			"connected_by": frappe.session.user,
			"connected_at": now_datetime(),
		},
		update_modified=False,
	)
	get_installation_id()
	frappe.db.set_single_value(SETTINGS, "realm_id", realm_id)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	frappe.db.commit()  # nosemgrep: frappe-manual-commit  tokens are stored before they are used


def read_company(realm_id: str) -> str:
	"""Read CompanyInfo, Preferences and the lists QuickBooks owns; the company's name. Commits."""
	log = CallLog(realm_id)
	client = open_client(realm_id, on_call=log)
	refresh_preferences(realm_id, client, force=True)
	read_mirrors(client, realm_id)
	_fill_default_accounts(realm_id)
	log.write()
	wake_after_commit()
	frappe.db.commit()  # nosemgrep: frappe-manual-commit
	return get_connection(realm_id).company_name


def _require_matching(realm_id: str) -> None:
	log = CallLog(realm_id)
	require_where_needed(realm_id, open_client(realm_id, on_call=log))
	log.write()
	frappe.db.commit()  # nosemgrep: frappe-manual-commit


def _refuse_other_company(realm_id: str) -> None:
	bound = get_realm_id()
	if not bound or bound == realm_id or not frappe.db.exists(LINK, {"realm_id": bound}):
		return
	known = get_connection(bound)
	frappe.throw(
		_(
			"This site's documents are recorded in the QuickBooks company {0}. You chose another one ({1}). Press Connect again and choose {0}."
		).format((known and known.company_name) or bound, realm_id),
		title=_("Another Company"),
	)


def _fill_default_accounts(realm_id: str) -> None:
	settings = frappe.get_doc(SETTINGS)
	for fieldname, wanted in (
		("default_income_account", {"account_sub_type": "SalesOfProductIncome"}),
		("default_income_account", {"account_type": "Income"}),
		("default_expense_account", {"account_type": "Cost of Goods Sold"}),
	):
		if frappe.db.get_single_value(SETTINGS, fieldname):
			continue
		account = frappe.get_all(
			"QuickBooks Account",
			filters={"realm_id": realm_id, "inactive": 0, **wanted},
			pluck="name",
			order_by="name",
			limit=1,
		)
		if account:
			frappe.db.set_single_value(SETTINGS, fieldname, account[0])
	frappe.clear_document_cache(settings.doctype, settings.name)


def disconnect() -> str:
	"""Give the authorization back and forget the tokens; a sentence for the person. Commits.

	The tokens are forgotten here even where Intuit does not answer: the sentence then says what to do there.
	"""
	realm_id = get_realm_id()
	if not realm_id:
		frappe.throw(_("No QuickBooks company is connected."))
	# A worker that is refreshing the tokens at this moment finishes first; none begins afterwards.
	frappe.db.get_value(CONNECTION, realm_id, "name", for_update=True)
	refresh_token = get_decrypted_password(CONNECTION, realm_id, "refresh_token", raise_exception=False)
	forget_tokens(realm_id)
	frappe.db.set_value(
		CONNECTION,
		realm_id,
		{"status": DISCONNECTED, "paused_until": None, "pause_reason": None},
		update_modified=False,
	)
	frappe.db.commit()  # nosemgrep: frappe-manual-commit
	message = _("Disconnected. What is queued waits until a company is connected again.")
	if refresh_token:
		try:
			open_oauth_client().revoke(refresh_token)
		except QuickBooksError as error:
			message = _(
				"Disconnected here, but Intuit could not be told ({0}). Remove the app under Apps in QuickBooks as well."
			).format(error)
	return message
