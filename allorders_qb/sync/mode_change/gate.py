"""While the inventory mode is being changed nothing else that moves stock leaves: it waits, and says so."""

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.links import get_link
from allorders_qb.sync.mode_change.records import CHANGE, MAKE_ITEMS, RETIRE, find_running
from allorders_qb.sync.registry import LIST_ROLE

LOOK_AGAIN_AFTER = timedelta(minutes=1)


def hold(sender: Any, held: rows.Claim) -> bool:
	"""Put a row back that has to wait for a change of the inventory mode; whether it was (committed). From here on this worker
	goes by the mode that holds."""
	_refresh_settings()
	change = None if held.row.reference_doctype == CHANGE else find_running()
	if not change or _is_its_own(sender.around.realm_id, held.row, change):
		return False
	rows.release(
		held,
		_("Waits until the inventory mode is changed ({0}).").format(change),
		now_datetime() + LOOK_AGAIN_AFTER,
	)
	sender.refresh(held.row)
	return True


def _is_its_own(realm_id: str, row: Any, change: str) -> bool:
	"""Whether a row is of an item that is made anew, and the time for it has come: the old one has given its name up."""
	if row.reference_doctype != "AO Item" or get_link(realm_id, "AO Item", row.reference_name, LIST_ROLE):
		return False
	return frappe.db.get_value(CHANGE, change, "step") in (MAKE_ITEMS, RETIRE)


def _refresh_settings() -> None:
	"""A worker that began before the mode was changed still has the settings of then."""
	mode = frappe.db.get_single_value(SETTINGS, "inventory_mode", cache=False)
	if mode != frappe.get_cached_doc(SETTINGS).inventory_mode:
		frappe.clear_document_cache(SETTINGS, SETTINGS)
