"""What QuickBooks has in stock, beside what is here."""

from typing import Any

import frappe

from allorders_qb.api.permissions import require_any_role
from allorders_qb.fulfilment.access import require_permission
from allorders_qb.sync.counted_stock import shown

READERS = ("AO User", "AO Manager", "QuickBooks Manager", "System Manager")
"""Who may have QuickBooks asked."""


@frappe.whitelist()
def get_quickbooks_stock(item: str) -> dict[str, Any] | None:
	"""QuickBooks' quantity and value of an item as last read; see ``counted_stock.shown.show_item``."""
	require_permission("AO Item", "read", item)
	require_permission(shown.READING, "read")
	return shown.show_item(item)


@frappe.whitelist(methods=["POST"])
def read_quickbooks_stock() -> int:
	"""Read QuickBooks' stock now; of how many items. Throws why it cannot be read."""
	require_any_role(READERS)
	return shown.read_now() if shown.is_shown() else 0
