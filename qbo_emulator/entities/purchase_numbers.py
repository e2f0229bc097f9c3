"""Document numbers of purchases: the sent one or none, and the check for duplicates."""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities.numbers import find_owner, refuse_duplicate
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
	party = None
	if work.company.knobs["duplicate_bill_scope"] == "vendor" and "VendorRef" in document:
		party = int(document["VendorRef"]["value"])
	owner = find_owner(work, entity, number, party)
	if owner is not None and str(owner) != (previous or {}).get("Id"):
		raise refuse_duplicate(number, entity, owner)
