"""Where a lost answer's twin may be: the searches that must come back empty before anything is sent again.

PrivateNote cannot be searched in QuickBooks, so candidates come by what can, and the marker decides among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.same import same_values
from allorders_qb.money import to_decimal
from allorders_qb.statements import word_select

# Customers, vendors and employees share their names.
NAME_HOLDERS = ("Customer", "Vendor", "Employee")
_NAME_FIELDS = {"Customer": "DisplayName", "Item": "Name"}


def candidate_statements(
	entity: str, payload: Mapping[str, Any], company: CompanyProfile, created_after: str | None = None
) -> list[str]:
	"""Return the queries, all of them to be run, whose rows may be the twin of this payload.

	Invoice: by number where ours is used, by customer and date, and, when `created_after` (a date or time as QuickBooks writes
	it) is given, by time of creation, which still finds a twin whose head a person has changed meanwhile. Customer, Item: by name.
	"""
	if entity in _NAME_FIELDS:
		field = _NAME_FIELDS[entity]
		return [word_select(entity, [(field, "=", payload[field]), ("Active", "IN", (True, False))])]
	statements = []
	if company.custom_txn_numbers and payload.get("DocNumber"):
		statements.append(word_select(entity, [("DocNumber", "=", payload["DocNumber"])]))
	party = ("CustomerRef", "=", payload["CustomerRef"]["value"])
	statements.append(word_select(entity, [party, ("TxnDate", "=", payload["TxnDate"])]))
	if created_after:
		statements.append(word_select(entity, [("MetaData.CreateTime", ">=", created_after)]))
	return statements


def name_holder_statements(name: str) -> dict[str, str]:
	"""Return, for each list that shares the customers' names, the query that finds who holds this one."""
	where = [("DisplayName", "=", name), ("Active", "IN", (True, False))]
	return {entity: word_select(entity, where) for entity in NAME_HOLDERS}


def is_lookalike(entity: str, payload: Mapping[str, Any], remote: Mapping[str, Any]) -> bool:
	"""Return whether an object without our marker might be this payload's twin all the same, so that a person must say.

	Invoice: the same number, or the same customer, date and amount (with or without tax). Customer, Item: the same values.
	"""
	if entity in _NAME_FIELDS:
		return same_values(payload, remote)
	if payload.get("DocNumber") and payload["DocNumber"] == remote.get("DocNumber"):
		return True
	if _read_ref(payload) != _read_ref(remote) or payload["TxnDate"] != remote.get("TxnDate"):
		return False
	ours = sum((to_decimal(line.get("Amount"), 2) for line in payload["Line"]), Decimal(0))
	total = to_decimal(remote.get("TotalAmt"), 2)
	tax = to_decimal((remote.get("TxnTaxDetail") or {}).get("TotalTax"), 2)
	return ours in (total, total - tax)


def _read_ref(transaction: Mapping[str, Any]) -> str | None:
	return (transaction.get("CustomerRef") or {}).get("value")
