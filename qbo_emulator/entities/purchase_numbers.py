"""Document numbers of purchases: the sent one or none, and the check for duplicates."""

from __future__ import annotations

from typing import Any

from qbo_emulator.faults import Fault
from qbo_emulator.work import Work

BILL_WARNING, CHECK_WARNING, JOURNAL_WARNING = (
	"WarnDuplicateBillNumber", "WarnDuplicateCheckNumber", "WarnDuplicateJournalNumber",
)  # fmt: skip
"""Names in Preferences.OtherPrefs; a company that does not list one is warned."""


def check_number(
	work: Work, entity: str, document: dict[str, Any], previous: dict[str, Any] | None, warning: str
) -> None:
	"""Raise 6140 for a number that is used already, by the vendor or by any (knob ``duplicate_bill_scope``)."""
	number = document.get("DocNumber")
	if number is None or number == (previous or {}).get("DocNumber"):
		return
	if "allowduplicatedocnum" in work.include or not work.company.warns_of(warning):
		return
	condition, values = "", [work.company.key, entity, number]
	if work.company.knobs["duplicate_bill_scope"] == "vendor" and "VendorRef" in document:
		condition = " AND party = ?"
		values.append(int(document["VendorRef"]["value"]))
	row = work.store.execute(
		"SELECT id FROM object WHERE company = ? AND entity = ? AND doc_number = ? COLLATE NOCASE"
		f"{condition} LIMIT 1",
		values,
	).fetchone()
	if row and str(row[0]) != (previous or {}).get("Id"):
		raise refuse_duplicate(number, entity, row[0])


def refuse_duplicate(number: str, entity: str, owner: int) -> Fault:
	"""Return fault 6140; its detail names the transaction that has the number."""
	detail = (
		"Duplicate Document Number Error : You must specify a different number. This number has already been used. "
		f"DocNumber={number} is assigned to TxnType={entity} with TxnId={owner}"
	)
	return Fault("6140", detail)
