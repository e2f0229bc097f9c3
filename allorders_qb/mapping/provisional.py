"""A provisional bill in QuickBooks: what is left on it, and what makes the vendor's own bill of it.

Both are full updates of the bill as it was just read: what is not ours stays as it is. A bill of which nothing is left is
deleted. Source: Intuit's Bill page (a full update clears what it leaves out).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.purchase import ACCOUNT_LINE, ITEM_LINE
from allorders_qb.money import to_decimal

HANDLE = ("Id", "SyncToken")
"""A payload of these alone deletes."""

_COMPUTED = {
	"MetaData", "TotalAmt", "HomeTotalAmt", "Balance", "HomeBalance", "domain", "sparse", "status", "LinkedTxn",
	"TxnTaxDetail", "RecurDataRef", "AttachableRef",
}  # fmt: skip
_OURS = {
	"VendorRef", "TxnDate", "DueDate", "SalesTermRef", "DocNumber", "PrivateNote", "CurrencyRef", "ExchangeRate",
	"DepartmentRef", "Line", "GlobalTaxCalculation",
}  # fmt: skip
"""What the vendor's bill says itself, also by saying nothing."""

_ORDER = "PurchaseOrder"


def build_rest(
	current: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], ours: Collection[str]
) -> dict[str, Any]:
	"""Return the update that leaves `lines` of ours on a bill, or the delete where nothing is left on it.

	`current` is the bill as just read, `ours` the ids of the lines on it that we have put there.
	"""
	kept = [*lines, *_list_others(current, ours)]
	if not kept:
		return _get_handle(current)
	head = {field: value for field, value in current.items() if field not in _COMPUTED}
	return {**head, **_keep_orders(current), "Line": kept, **_get_handle(current)}


def build_takeover(
	current: Mapping[str, Any], built: Mapping[str, Any], ours: Collection[str]
) -> dict[str, Any]:
	"""Return the update that makes a provisional bill the vendor's: `built` is the payload that would create that one."""
	head = {field: value for field, value in current.items() if field not in _COMPUTED and field not in _OURS}
	lines = [*built["Line"], *_list_others(current, ours)]
	return {**head, **_keep_orders(current), **built, "Line": lines, **_get_handle(current)}


def is_delete(payload: Mapping[str, Any]) -> bool:
	"""Return whether a payload deletes what it names."""
	return set(payload) == set(HANDLE)


def has_same_lines(payload: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
	"""Return whether a bill has the lines of an update already: items or accounts, quantities and amounts."""
	return _describe_lines(payload) == _describe_lines(current)


def _get_handle(current: Mapping[str, Any]) -> dict[str, Any]:
	return {field: current[field] for field in HANDLE}


def _list_others(current: Mapping[str, Any], ours: Collection[str]) -> list[Mapping[str, Any]]:
	return [line for line in current.get("Line") or () if str(line.get("Id")) not in ours]


def _keep_orders(current: Mapping[str, Any]) -> dict[str, Any]:
	"""Links to orders that a person has made there; those of payments QuickBooks keeps itself."""
	orders = [link for link in current.get("LinkedTxn") or () if link.get("TxnType") == _ORDER]
	return {"LinkedTxn": orders} if orders else {}


def _describe_lines(bill: Mapping[str, Any]) -> list[tuple[str, str, Decimal, Decimal]]:
	described = []
	for line in bill.get("Line") or ():
		item, account = line.get(ITEM_LINE) or {}, line.get(ACCOUNT_LINE) or {}
		described.append(
			(
				str((item.get("ItemRef") or {}).get("value") or ""),
				str((account.get("AccountRef") or {}).get("value") or ""),
				to_decimal(item.get("Qty")),
				to_decimal(line.get("Amount"), 2),
			)
		)
	return sorted(described)
