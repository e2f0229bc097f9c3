"""One QuickBooks Call per request, secrets masked, written in the same transaction as what the answer did."""

import frappe

from allorders_qb.qbo.client import CallRecord

CALL = "QuickBooks Call"
BODY_LIMIT = 20_000
"""Characters of a body that are kept; a page of a thousand customers helps nobody in a log."""


class CallLog:
	"""Collects the calls of one piece of work until ``write`` puts them into the current transaction."""

	def __init__(self, realm_id: str):
		self.realm_id = realm_id
		self.records: list[CallRecord] = []

	def __call__(self, record: CallRecord) -> None:
		self.records.append(record)

	def write(self, row: frappe._dict | None = None) -> str | None:
		"""Insert what was collected, for that queue row; the last ``intuit_tid``. Does not commit."""
		tid = None
		for record in self.records:
			tid = record.intuit_tid or tid
			call = frappe.get_doc(
				{
					"doctype": CALL,
					"method": record.method,
					"path": record.path,
					"entity": record.entity,
					"operation": record.operation,
					"http_status": record.status,
					"duration_ms": round(record.duration * 1000, 1),
					"reference_doctype": row.reference_doctype if row else None,
					"reference_name": row.reference_name if row else None,
					"queue_entry": row.name if row else None,
					"realm_id": self.realm_id,
					"caused_by": (row.triggered_by if row else None) or frappe.session.user,
					"request_id": record.request_id,
					"intuit_tid": record.intuit_tid,
					"error": record.error,
					"request_body": (record.request_body or "")[:BODY_LIMIT],
					"response_body": (record.response_body or "")[:BODY_LIMIT],
				}
			)
			call.flags.ignore_permissions = True
			call.flags.ignore_links = True
			call.insert()
		self.records = []
		return tid
