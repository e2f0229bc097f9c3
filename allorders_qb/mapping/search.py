"""Where a lost answer's twin may be: the searches that must come back empty before anything is sent again.

PrivateNote cannot be searched in QuickBooks, so candidates come by what can, and the marker decides among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.same import same_values
from allorders_qb.money import to_decimal
from allorders_qb.statements import word_select

# Customers, vendors and employees share their names.
NAME_HOLDERS = ("Customer", "Vendor", "Employee")
_NAME_FIELDS = {"Customer": "DisplayName", "Vendor": "DisplayName", "Item": "Name"}


@dataclass(frozen=True)
class _Search:
	"""By what the twins of a transaction are found, besides its date.

	`party` is the field of whom it is about; `number` says whose its number is: "form" (ours, where the company lets us
	number sales forms), "ours", or None where it is the vendor's, or cannot be searched (payments). Inventory adjustments
	keep no time of creation.
	"""

	party: str | None
	number: str | None
	time: str = "MetaData.CreateTime"


_SEARCHES = {
	"Invoice": _Search("CustomerRef", "form"),
	"SalesReceipt": _Search("CustomerRef", "form"),
	"CreditMemo": _Search("CustomerRef", "form"),
	"RefundReceipt": _Search("CustomerRef", "form"),
	"Payment": _Search("CustomerRef", None),
	"Bill": _Search("VendorRef", None),
	"VendorCredit": _Search("VendorRef", None),
	"JournalEntry": _Search(None, "ours"),
	"InventoryAdjustment": _Search(None, "ours", "MetaData.LastUpdatedTime"),
}


def candidate_statements(
	entity: str, payload: Mapping[str, Any], company: CompanyProfile, created_after: str | None = None
) -> list[str]:
	"""Return the queries, all of them to be run, whose rows may be the twin of this payload.

	A transaction: by number where it is ours and can be searched, by party and date (by date alone where there is no party),
	and, when `created_after` (a date or time as QuickBooks writes it) is given, by time of creation, which still finds a twin
	whose head a person has changed meanwhile. A list record: by name.
	"""
	if entity in _NAME_FIELDS:
		field = _NAME_FIELDS[entity]
		return [word_select(entity, [(field, "=", payload[field]), ("Active", "IN", (True, False))])]
	search = _SEARCHES[entity]
	statements = []
	is_ours = search.number == "ours" or (search.number == "form" and company.custom_txn_numbers)
	if is_ours and payload.get("DocNumber"):
		statements.append(word_select(entity, [("DocNumber", "=", payload["DocNumber"])]))
	where: list[tuple[str, str, Any]] = [("TxnDate", "=", payload["TxnDate"])]
	if search.party:
		where.insert(0, (search.party, "=", payload[search.party]["value"]))
	statements.append(word_select(entity, where))
	if created_after:
		statements.append(word_select(entity, [(search.time, ">=", created_after)]))
	return statements


def name_holder_statements(name: str) -> dict[str, str]:
	"""Return, for each list that shares the customers' names, the query that finds who holds this one."""
	where = [("DisplayName", "=", name), ("Active", "IN", (True, False))]
	return {entity: word_select(entity, where) for entity in NAME_HOLDERS}


def is_lookalike(entity: str, payload: Mapping[str, Any], remote: Mapping[str, Any]) -> bool:
	"""Return whether an object without our marker might be this payload's twin all the same, so that a person must say.

	A sale or purchase: the same party, date and amount (with or without tax); a payment likewise; a journal entry or an
	inventory adjustment: the same date and lines; all of them: the same number, where it is ours (of a vendor's document:
	the same vendor's). A list record: the same values.
	"""
	if entity in _NAME_FIELDS:
		return same_values(payload, remote)
	search = _SEARCHES[entity]
	same_party = not search.party or _read_ref(payload, search.party) == _read_ref(remote, search.party)
	has_number = bool(payload.get("DocNumber")) and payload["DocNumber"] == remote.get("DocNumber")
	if has_number and (search.number or same_party):
		return True
	if not same_party or payload["TxnDate"] != remote.get("TxnDate"):
		return False
	if not search.party:
		return list_moves(payload) == list_moves(remote)
	total = to_decimal(remote.get("TotalAmt"), 2)
	tax = to_decimal((remote.get("TxnTaxDetail") or {}).get("TotalTax"), 2)
	return _read_total(payload) in (total, total - tax)


def _read_ref(transaction: Mapping[str, Any], field: str) -> str | None:
	return (transaction.get(field) or {}).get("value")


def _read_total(payload: Mapping[str, Any]) -> Decimal:
	if "TotalAmt" in payload:
		return to_decimal(payload["TotalAmt"], 2)
	return sum((to_decimal(line.get("Amount"), 2) for line in payload["Line"]), Decimal(0))


def list_moves(transaction: Mapping[str, Any]) -> list[tuple[str, Decimal]]:
	"""Return what a journal entry or an inventory adjustment does to each account or item, in a fixed order."""
	moves = []
	for line in transaction.get("Line") or ():
		if detail := line.get("JournalEntryLineDetail"):
			amount = to_decimal(line.get("Amount"), 2)
			sign = -1 if detail.get("PostingType") == "Credit" else 1
			moves.append((str(_read_ref(detail, "AccountRef")), sign * amount))
		elif detail := line.get("ItemAdjustmentLineDetail"):
			moves.append((str(_read_ref(detail, "ItemRef")), to_decimal(detail.get("QtyDiff"))))
	return sorted(moves)
