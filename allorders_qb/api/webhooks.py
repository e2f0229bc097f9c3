"""Where QuickBooks notifies us of changes. Open to guests; the signature decides."""

import frappe
from frappe import _

from allorders_qb.qbo.webhooks import (
	MAX_BODY,
	SIGNATURE_HEADER,
	UnreadableNotification,
	is_genuine,
	read_events,
)
from allorders_qb.sync import inbox


@frappe.whitelist(allow_guest=True, methods=["POST"])
def receive() -> str:
	"""Take a notification: 200 once its events stand in the inbox, 401 with a wrong signature, 400 for what is none.

	Nothing is done about it here: QuickBooks waits three seconds at the most, and the truth is read later, in the background.
	"""
	if (frappe.request.content_length or 0) > MAX_BODY:
		return _answer(413, _("Too large."))
	body = frappe.request.get_data()
	token = inbox.get_verifier_token()
	if not token:
		return _answer(503, _("No verifier token is set in QuickBooks Settings."))
	if not is_genuine(body, frappe.get_request_header(SIGNATURE_HEADER), token):
		return _answer(401, _("The signature is not that of this app."))
	try:
		events = read_events(body)
	except UnreadableNotification as error:
		return _answer(400, str(error))
	inbox.store_events(events)
	return _answer(200, _("Thank you."))


def _answer(status: int, sentence: str) -> str:
	frappe.local.response.http_status_code = status
	return sentence
