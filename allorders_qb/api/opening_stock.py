"""What was counted at the start, beside what QuickBooks has."""

from typing import Any

import frappe

from allorders_qb.fulfilment.access import require_permission
from allorders_qb.sync import opening_stock


@frappe.whitelist(methods=["POST"])
def compare_with_quickbooks(name: str) -> dict[str, Any]:
	"""Compare our stock with QuickBooks' inventory at the end of the day of an AO Opening Stock; what was written onto it."""
	require_permission(opening_stock.OPENING_STOCK, "write", name)
	return opening_stock.compare(name)
