"""Before the lists of both sides have been matched nothing pairs or makes a record by itself; what was left alone stays so.

``matching_status`` on the connection: empty (never needed), *Required*, *Reading*, *Deciding*, *Importing*, *Finished*.
``matched_at`` tells that it was finished once: matching anew later stops nothing.
"""

from collections.abc import Iterable

import frappe
from frappe import _

from allorders_qb.qbo.client import QuickBooksClient
from allorders_qb.sync.connection import CONNECTION
from allorders_qb.sync.links import LINK
from allorders_qb.sync.lists.definitions import LISTS

MATCH = "QuickBooks Match"

REQUIRED = "Required"
READING = "Reading"
DECIDING = "Deciding"
IMPORTING = "Importing"
FINISHED = "Finished"

LINK_THEM = "Link"
IMPORT = "Import"
CREATE = "Create"
LEAVE_ALONE = "Leave Alone"


def is_waiting(realm_id: str) -> bool:
	"""Whether the first matching of that company's lists is needed and not done yet."""
	found = frappe.db.get_value(CONNECTION, realm_id, ["matching_status", "matched_at"], as_dict=True)
	return bool(found and found.matching_status and not found.matched_at)


def explain_waiting() -> str:
	"""What the queue says of a list record meanwhile."""
	return _(
		"Waits until the lists of both sides are matched: a QuickBooks Manager does that under Match Lists, then it goes by itself."
	)


def require_where_needed(realm_id: str, client: QuickBooksClient) -> bool:
	"""Note whether a company that was just connected needs its lists matched first: where it never was synchronized, and
	both sides have records of one list. Returns whether it does. Does not commit. Raises ``qbo`` errors."""
	known = frappe.db.get_value(
		CONNECTION, realm_id, ["matching_status", "matched_at", "capture_watermark"], as_dict=True
	)
	if known.matching_status or known.matched_at or known.capture_watermark:
		return is_waiting(realm_id)
	if frappe.db.exists(LINK, {"realm_id": realm_id, "reference_doctype": ("in", list(LISTS))}):
		return False
	needed = any(
		frappe.db.count(definition.doctype) and client.count(definition.entity)
		for definition in LISTS.values()
	)
	if needed:
		frappe.db.set_value(CONNECTION, realm_id, "matching_status", REQUIRED, update_modified=False)
	return needed


def list_left_alone(realm_id: str, doctype: str, ids: Iterable[str]) -> set[str]:
	"""Those of these QuickBooks Ids that somebody has decided to leave alone."""
	return set(
		frappe.get_all(
			MATCH,
			filters={
				"realm_id": realm_id,
				"list_type": doctype,
				"side": "QuickBooks",
				"decision": LEAVE_ALONE,
				"quickbooks_id": ("in", [*ids, ""]),
			},
			pluck="quickbooks_id",
			order_by="creation",
		)
	)


def is_left_alone(realm_id: str, doctype: str, name: str) -> bool:
	"""Whether somebody has decided that this record of ours does not go to QuickBooks by itself."""
	return bool(
		frappe.db.exists(
			MATCH,
			{
				"realm_id": realm_id,
				"list_type": doctype,
				"side": "Here",
				"record": name,
				"decision": LEAVE_ALONE,
			},
		)
	)
