"""The company's own facts (CompanyInfo, Preferences), kept on the connection and read again now and then."""

from datetime import timedelta

import frappe
from frappe.utils import get_datetime, now_datetime

from allorders_qb.mapping.payload import dump_payload
from allorders_qb.qbo.client import QuickBooksClient
from allorders_qb.qbo.faults import QuickBooksError
from allorders_qb.sync.connection import CONNECTION, get_connection
from allorders_qb.sync.plain import make_plain

READ_AGAIN_AFTER = timedelta(hours=6)


def refresh_preferences(realm_id: str, client: QuickBooksClient, force: bool = False) -> None:
	"""Read CompanyInfo and Preferences if what we have is old; keeps the old where QuickBooks does not answer.

	Does not commit.
	"""
	connection = get_connection(realm_id)
	read_at = connection.preferences_read_at
	if read_at and not force and get_datetime(read_at) + READ_AGAIN_AFTER > now_datetime():
		return
	try:
		company_info = client.get_company_info()
		preferences = client.get_preferences()
	except QuickBooksError as error:
		if not connection.preferences:
			raise
		frappe.logger("allorders_qb").warning(f"Preferences of {realm_id} not read: {error}")
		return
	frappe.db.set_value(
		CONNECTION,
		realm_id,
		{
			"company_name": make_plain(company_info.get("CompanyName")) or realm_id,
			"company_info": dump_payload(company_info),
			"preferences": dump_payload(preferences),
			"preferences_read_at": now_datetime(),
		},
		update_modified=False,
	)
