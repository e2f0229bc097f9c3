"""Asking QuickBooks something at a person's wish, at once: what is read is shown, nothing is sent."""

from collections.abc import Callable
from typing import TypeVar

import frappe

from allorders_qb.qbo.client import QuickBooksClient
from allorders_qb.qbo.faults import QuickBooksError
from allorders_qb.sync.call_log import CallLog
from allorders_qb.sync.connection import ConnectionNotReady, explain_not_ready, get_connection, open_client
from allorders_qb.sync.plain import make_plain

Answer = TypeVar("Answer")


def ask_quickbooks(ask: Callable[[QuickBooksClient, str], Answer], title: str) -> Answer:
	"""What ``ask`` finds with a client of the connected company, and that company's id.

	Commits, so that the calls are logged however it ends: ask before anything is written. Throws, under ``title``, why
	QuickBooks could not be asked.
	"""
	connection = get_connection()
	if reason := explain_not_ready(connection):
		frappe.throw(reason, title=title)
	log = CallLog(connection.realm_id)
	try:
		with open_client(connection.realm_id, on_call=log) as client:
			return ask(client, connection.realm_id)
	except (ConnectionNotReady, QuickBooksError) as error:
		frappe.throw(make_plain(str(error)), title=title)
	finally:
		log.write()
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  the log of what was asked stays, whatever comes of it
