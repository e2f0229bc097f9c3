"""The queue's side: try again, take out, decide about look-alikes, send what waits."""

from collections.abc import Callable

import frappe
from frappe import _

from allorders_qb.api.permissions import MANAGERS, POSTERS, require_any_role, require_readable
from allorders_qb.sync import advice, decisions, rows
from allorders_qb.sync.queue import send_waiting

MAX_SELECTED = 500


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
def remove(queue_entry: str) -> str:
	"""Take one entry out of the queue that has never left."""
	_check_row(queue_entry, MANAGERS)
	return decisions.remove(queue_entry)


@frappe.whitelist(methods=["POST"])
def retry_many(queue_entries: list[str] | str) -> dict:
	"""Try several entries again; ``done`` and, for each that could not be, a sentence in ``refused``."""
	return _do_many(queue_entries, retry)


@frappe.whitelist(methods=["POST"])
def remove_many(queue_entries: list[str] | str) -> dict:
	"""Take several entries out of the queue; returns what ``retry_many`` returns."""
	return _do_many(queue_entries, remove)


def _do_many(queue_entries: list[str] | str, act: Callable[[str], str]) -> dict:
	names = frappe.parse_json(queue_entries) if isinstance(queue_entries, str) else queue_entries
	if not 0 < len(names) <= MAX_SELECTED:
		frappe.throw(_("Select between 1 and {0} entries.").format(MAX_SELECTED))
	done, refused = 0, []
	for name in names:
		frappe.db.savepoint("quickbooks_queue_many")
		try:
			act(name)
			done += 1
		except (frappe.ValidationError, frappe.DoesNotExistError) as error:
			frappe.db.rollback(save_point="quickbooks_queue_many")
			frappe.clear_last_message()
			refused.append(str(error))
	return {"done": done, "refused": refused}


@frappe.whitelist(methods=["GET", "POST"])
def get_advice(queue_entry: str) -> dict:
	"""Where an entry stands and what mends it; see ``sync.advice.get_advice``."""
	row = rows.get_row(queue_entry)
	require_readable(row.reference_doctype, row.reference_name)
	return advice.get_advice(row)


@frappe.whitelist(methods=["POST"])
def link_existing(queue_entry: str, quickbooks_id: str) -> str:
	"""What QuickBooks holds under that id is this document or record: link it, send nothing."""
	_check_row(queue_entry, MANAGERS)
	return decisions.link_existing(queue_entry, quickbooks_id.strip())


@frappe.whitelist(methods=["POST"])
def move_payment(queue_entry: str) -> str:
	"""Take a payment from where QuickBooks has applied it, for the invoice that it is for."""
	_check_row(queue_entry, MANAGERS)
	return decisions.move_payment(queue_entry)


@frappe.whitelist(methods=["POST"])
def leave_payment(queue_entry: str) -> str:
	"""Leave a payment in QuickBooks where it is."""
	_check_row(queue_entry, MANAGERS)
	if rows.get_row(queue_entry).operation != rows.APPLY:
		frappe.throw(_("Only a payment that waits to be applied can be left where it is."))
	return decisions.remove(queue_entry)


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
