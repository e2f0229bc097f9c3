"""The change of the inventory mode that is under way, and what it says of an item. Reads only."""

from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from allorders_qb.money import round_half_up, to_decimal
from allorders_qb.stock.costs import COST_PLACES
from allorders_qb.stock.quantities import QUANTITY_PLACES
from allorders_qb.sync.inventory import COUNTED

CHANGE = "QuickBooks Mode Change"
LINE = "QuickBooks Mode Change Line"

POST, RENAME, MAKE_ITEMS, RETIRE = "Post", "Rename", "Make Items", "Retire"
"""The steps of a change; in which order is the new mode's matter (``work``)."""

DRAFT, RUNNING, DONE = "Draft", "Running", "Done"
PER_ADJUSTMENT = 500
"""So many items go on one inventory adjustment."""


def find_running() -> str | None:
	"""The change that was begun and is not done, or None."""
	return frappe.db.get_value(CHANGE, {"docstatus": 1, "status": RUNNING}, "name", order_by="creation")


def explain_no_true_up() -> str | None:
	"""Why nothing is trued up: what was booked under the mode of before is not comparable by the rules of the new one."""
	change = find_running() or frappe.db.get_value(
		CHANGE, {"docstatus": 1, "status": DONE}, "name", order_by="creation desc"
	)
	if not change:
		return None
	return _(
		"There is no true-up after a change of inventory mode ({0}): what was booked under the mode of before can't be compared with what the new one would book. Compare the trial balance with Stock Valuation, and enter a difference in QuickBooks by hand."
	).format(change)


def read_new_values(item: str) -> dict[str, Any]:
	"""What the new item in QuickBooks of an item that is being changed has besides its own values: ``parent_id``, and
	``purchase_cost`` where quantities come in at it. Nothing while no change is under way."""
	change = find_running()
	line = change and frappe.db.get_value(
		LINE, {"parent": change, "item": item}, ["parent_id", "quantity", "value"], as_dict=True
	)
	if not line:
		return {}
	values: dict[str, Any] = {"parent_id": line.parent_id or None}
	quantity = to_decimal(line.quantity, QUANTITY_PLACES)
	if quantity > 0 and frappe.db.get_value(CHANGE, change, "to_mode") == COUNTED:
		values["purchase_cost"] = round_half_up(to_decimal(line.value, 2) / quantity, COST_PLACES)
	return values


def sum_values(lines: list[Any]) -> Decimal:
	"""What the items are worth by our ledger, in home currency."""
	return sum((to_decimal(line.value, 2) for line in lines), Decimal(0))
