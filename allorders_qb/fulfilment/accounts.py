"""Accounts that a document names itself: of a type that what is recorded with them allows. QuickBooks would refuse the rest later."""

from __future__ import annotations

from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment.entry import read_fields

COSTS = ("Cost of Goods Sold", "Expense", "Other Expense")
ADJUSTMENT_TYPES = (*COSTS, "Income", "Other Income", "Equity")
DEPOSIT_TYPES = ("Bank", "Other Current Asset")
REFUND_TYPES = DEPOSIT_TYPES


def find_account_faults(
	document: Document, fieldname: str, types: tuple[str, ...], where: str = ""
) -> list[str]:
	"""Return why the account in a field cannot be used, a sentence: inactive in QuickBooks, or of another type than `types`.

	`where` is put before the field's label (a row).
	"""
	account = document.get(fieldname)
	found = read_fields("QuickBooks Account", account, ("account_type", "inactive")) if account else None
	label = _(document.meta.get_label(fieldname))
	place = f"{where}, {label}" if where else label
	if found and found.inactive:
		return [_("{0}: account {1} is inactive in QuickBooks. Choose another.").format(place, account)]
	if found and found.account_type not in types:
		return [
			_("{0}: account {1} is of type {2}; it must be {3}. Choose another.").format(
				place, account, found.account_type, _(" or ").join(types)
			)
		]
	return []
