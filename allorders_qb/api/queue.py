"""The queue's side: try again, decide about look-alikes, send what waits."""

import frappe
from frappe import _

from allorders_qb.api.permissions import MANAGERS, POSTERS, require_any_role, require_readable
from allorders_qb.sync import decisions, rows
from allorders_qb.sync.queue import send_waiting


def _check_row(queue_entry: str, roles: tuple[str, ...]) -> None:
	require_any_role(roles)
	row = rows.get_row(queue_entry)
	require_readable(row.reference_doctype, row.reference_name)


@frappe.whitelist(methods=["POST"])
def retry(queue_entry: str) -> str:
	"""Try one entry again now."""
	_check_row(queue_entry, POSTERS)
	return decisions.retry(queue_entry)


@frappe.whitelist(methods=["POST"])
def link_existing(queue_entry: str, quickbooks_id: str) -> str:
	"""What QuickBooks holds under that id is this document or record: link it, send nothing."""
	_check_row(queue_entry, MANAGERS)
	return decisions.link_existing(queue_entry, quickbooks_id.strip())


@frappe.whitelist(methods=["POST"])
def send_all_the_same(queue_entry: str) -> str:
	"""The look-alike is something else: send this document as well."""
	_check_row(queue_entry, MANAGERS)
	return decisions.send_all_the_same(queue_entry)


@frappe.whitelist(methods=["POST"])
def send_waiting_now(doctype: str | None = None) -> str:
	"""Release everything that waits for the next synchronization."""
	require_any_role(MANAGERS)
	released = send_waiting(doctype)
	return _("{0} entries are on their way.").format(released) if released else _("Nothing is waiting.")
