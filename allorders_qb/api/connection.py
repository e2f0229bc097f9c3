"""QuickBooks Settings: connect, disconnect, and what the form shows of the connection."""

import frappe
from frappe import _

from allorders_qb.api.permissions import MANAGERS, require_any_role
from allorders_qb.qbo.faults import QuickBooksError
from allorders_qb.sync import connecting, health
from allorders_qb.sync.connection import (
	SETTINGS,
	ConnectionNotReady,
	choose_environment,
	explain_not_ready,
	get_connection,
)
from allorders_qb.sync.matching.gate import is_waiting
from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.settings_rows import list_lost_links


@frappe.whitelist(methods=["POST"])
def get_consent_url() -> str:
	"""The address of Intuit's consent page, for the browser to go to."""
	require_any_role(MANAGERS)
	try:
		return connecting.start_connecting()
	except QuickBooksError as error:
		frappe.throw(make_plain(str(error)), title=_("Not Connected"))


@frappe.whitelist(methods=["GET"])
def finish_connecting(
	code: str | None = None,
	state: str | None = None,
	realmId: str | None = None,  # noqa: N803  Intuit's spelling
	error: str | None = None,
) -> None:
	"""Where Intuit sends the browser back to; ends on QuickBooks Settings."""
	require_any_role(MANAGERS)
	connecting.take_state(state or "")
	if error or not code or not realmId:
		_show_result(
			_("QuickBooks was not connected: {0}").format(error or _("no company was chosen")), "orange"
		)
		return
	try:
		company = connecting.finish_connecting(code, realmId)
	except (QuickBooksError, ConnectionNotReady) as problem:
		_show_result(str(problem), "red")
		return
	frappe.local.flags.commit = True
	_show_result(_("Connected to {0}").format(company), "green")


def _show_result(message: str, indicator: str) -> None:
	frappe.cache.set_value(
		f"quickbooks_connect_result:{frappe.session.user}",
		{"message": make_plain(message), "indicator": indicator},
		expires_in_sec=300,
	)
	frappe.local.response["type"] = "redirect"
	frappe.local.response["location"] = frappe.utils.get_url_to_form(SETTINGS, SETTINGS)


@frappe.whitelist(methods=["POST"])
def disconnect() -> str:
	"""Give the authorization back; a sentence on how it went."""
	require_any_role(MANAGERS)
	return connecting.disconnect()


@frappe.whitelist(methods=["POST"])
def refresh_lists() -> str:
	"""Read the company, its preferences and the lists that QuickBooks owns anew."""
	require_any_role(MANAGERS)
	connection = get_connection()
	if not connection:
		frappe.throw(explain_not_ready(None))
	try:
		return _("Lists read from {0}").format(connecting.read_company(connection.realm_id))
	except (QuickBooksError, ConnectionNotReady) as error:
		frappe.throw(make_plain(str(error)), title=_("Not Read"))


@frappe.whitelist(methods=["GET", "POST"])
def get_connection_status() -> dict:
	"""What QuickBooks Settings shows: company, state in a sentence, the result of connecting, and as ``lost`` a sentence for each
	record that the settings name and that is not here any more."""
	require_any_role(MANAGERS)
	result_key = f"quickbooks_connect_result:{frappe.session.user}"
	result = frappe.cache.get_value(result_key, expires=True)
	if result:
		frappe.cache.delete_value(result_key)
	connection, lost = get_connection(), list_lost_links(SETTINGS)
	if not connection:
		return {"connected": False, "sentence": explain_not_ready(None), "result": result, "lost": lost}
	environment = choose_environment(connection.environment, connection.emulator_url)
	sentence = explain_not_ready(connection)
	return {
		"connected": connection.status == "Connected",
		"ready": sentence is None,
		"sentence": sentence or _("Connected and ready."),
		"status": connection.status,
		"company": connection.company_name or connection.realm_id,
		"realm_id": connection.realm_id,
		"environment": connection.environment,
		"connected_by": frappe.utils.get_fullname(connection.connected_by),
		"connected_at": connection.connected_at,
		"matching": is_waiting(connection.realm_id),
		"web_url": environment.web_url,
		"queued": frappe.db.count(
			"QuickBooks Queue Entry", {"status": ("in", ("Queued", "Sending", "Outcome Unknown"))}
		),
		"attention": frappe.db.count("QuickBooks Queue Entry", {"status": "Needs Attention"}),
		"result": result,
		"lost": lost,
	}


@frappe.whitelist(methods=["GET", "POST"])
def get_health() -> list[dict]:
	"""How the connection is doing, sign by sign; see ``sync.health.get_signs``."""
	require_any_role(MANAGERS)
	return health.get_signs()
