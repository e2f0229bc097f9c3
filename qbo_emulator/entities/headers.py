"""What the headers of several kinds of transactions share: class and location, due dates, totals, accounts, names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator.entities.currency import convert_to_home
from qbo_emulator.entities.lists import compute_due_date
from qbo_emulator.faults import Fault, refuse_business
from qbo_emulator.work import Work, load_body


def settle_tracking(work: Work, document: dict[str, Any]) -> None:
	"""Check ClassRef and DepartmentRef of a header; they only count where the company tracks them so."""
	for name, entity, preference in (
		("ClassRef", "Class", "ClassTrackingPerTxn"),
		("DepartmentRef", "Department", "TrackDepartments"),
	):
		if name in document:
			if work.company.get_preference("AccountingInfoPrefs", preference):
				document[name] = work.refer(entity, document[name], name, "FullyQualifiedName")
			else:
				del document[name]


def find_name(work: Work, reference: dict[str, Any], element: str) -> tuple[str, dict[str, Any]]:
	"""Return the entity and body of a vendor, customer or employee; their Ids are one run. Raises 2500 or 610."""
	for entity in ("Vendor", "Customer", "Employee"):
		if reference.get("type", entity) == entity and work.get(entity, reference["value"]) is not None:
			return entity, work.require(entity, reference, element)[1]
	detail = f"Invalid Reference Id : Names element id {reference['value']} not found"
	raise Fault("2500", detail, element)


def settle_due_date(work: Work, document: dict[str, Any]) -> None:
	"""Set DueDate from the term where none was sent; without a term it is the transaction's date."""
	if "DueDate" in document:
		return
	row = work.get("Term", document["SalesTermRef"]["value"]) if "SalesTermRef" in document else None
	document["DueDate"] = compute_due_date(load_body(row.body) if row else {}, document["TxnDate"])


def set_total(document: dict[str, Any], total: Decimal) -> None:
	"""Set TotalAmt and, with an exchange rate, HomeTotalAmt. Raises 6000 below zero, 2080 for too much."""
	if total < 0:
		raise refuse_business("The transaction amount must be 0 or greater", "TotalAmt")
	if total.adjusted() > 12:
		raise Fault("2080", "The transaction's total is too large", "TotalAmt")
	document["TotalAmt"] = total
	if "ExchangeRate" in document:
		document["HomeTotalAmt"] = convert_to_home(total, document["ExchangeRate"])


def refer_account(
	work: Work, document: dict[str, Any], name: str, kinds: tuple[str, ...]
) -> dict[str, Any] | None:
	"""Check an account a header names, and return it; None where it names none. Raises 2500, 610 or 6430."""
	if name not in document:
		return None
	_row, account = work.require("Account", document[name], name)
	if account["AccountType"] not in kinds:
		detail = f"{account['Name']} is of type {account['AccountType']}; {name} needs {' or '.join(kinds)}"
		raise Fault("6430", detail, name)
	document[name] = {"value": account["Id"], "name": account["FullyQualifiedName"]}
	return account
