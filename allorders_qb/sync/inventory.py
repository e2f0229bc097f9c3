"""How stock stands in QuickBooks: the inventory mode. Its postings are decided in ``accounting.md`` 4 to 6 of the design notes."""

from typing import Any

from frappe.utils import getdate

NOT_CHOSEN = "Not Chosen"
COUNTED = "QuickBooks Counts Too"
VALUES = "Values Only"


def get_mode(settings: Any, posting_date: Any) -> str:
	"""The inventory mode for a document of that date: before the start of inventory it is as if none were chosen, for what
	moved then is part of the opening stock."""
	mode = settings.get("inventory_mode") or NOT_CHOSEN
	start = settings.get("inventory_start_date")
	if mode != NOT_CHOSEN and start and getdate(posting_date) < getdate(start):
		return NOT_CHOSEN
	return mode
