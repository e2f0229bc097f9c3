"""Document numbers of sales forms: custom, automatic, and the check for duplicates."""

from __future__ import annotations

from typing import Any

from qbo_emulator.faults import Fault
from qbo_emulator.work import Work

AUTO_GENERATE = "AUTO_GENERATE"
AUTO_GENERATED = ("Invoice", "Estimate", "SalesReceipt")
"""Forms for which the literal AUTO_GENERATE forces a number (Intuit's schema)."""
FIRST_NUMBER = 1001


def settle_doc_number(
	work: Work, entity: str, document: dict[str, Any], previous: dict[str, Any] | None
) -> None:
	"""Set, keep or drop DocNumber. Raises 6140 for a used one.

	Custom numbers on: the sent number, or none. Off: the next number; a number that is sent all the same is used or
	replaced, as the knob says. On an update the sent number is simply set. AUTO_GENERATE numbers in any case.
	"""
	custom = work.company.get_preference("SalesFormsPrefs", "CustomTxnNumbers")
	sent = document.get("DocNumber")
	if sent == AUTO_GENERATE and entity in AUTO_GENERATED:
		sent = None
		automatic = True
	else:
		automatic = not custom
	if previous is not None:
		if sent is None and automatic:
			document["DocNumber"] = previous.get("DocNumber") or take_number(work, entity)
			return
	elif automatic and (sent is None or work.company.knobs["sent_number_when_automatic"] == "replaced"):
		document["DocNumber"] = take_number(work, entity)
		return
	if sent is not None and sent != (previous or {}).get("DocNumber"):
		check_unused(work, entity, sent, (previous or {}).get("Id"))


def take_number(work: Work, entity: str) -> str:
	"""Return the next automatic number of a kind of form; each kind counts for itself."""
	first = int(work.company.definition.get("first_doc_number", FIRST_NUMBER))
	return str(first - 1 + work.store.take_number(work.company.key, f"DocNumber {entity}"))


def check_unused(work: Work, entity: str, number: str, own_id: str | None) -> None:
	"""Raise 6140 when another transaction of the kind bears the number and the company warns of it."""
	if "allowduplicatedocnum" in work.include or not work.company.warns_of_duplicate_numbers():
		return
	owner = find_owner(work, entity, number)
	if owner is not None and str(owner) != own_id:
		raise refuse_duplicate(number, entity, owner)


def find_owner(work: Work, entity: str, number: str, party: int | None = None) -> int | None:
	"""Return the Id of a transaction of a kind (and of a party) that bears a number, or None."""
	condition, values = "", [work.company.key, entity, number]
	if party is not None:
		condition = " AND party = ?"
		values.append(party)
	row = work.store.execute(
		"SELECT id FROM object WHERE company = ? AND entity = ? AND doc_number = ? COLLATE NOCASE"
		f"{condition} LIMIT 1",
		values,
	).fetchone()
	return row[0] if row else None


def refuse_duplicate(number: str, entity: str, owner: int) -> Fault:
	"""Return fault 6140; its detail names the transaction that has the number."""
	detail = (
		"Duplicate Document Number Error : You must specify a different number. This number has already been used. "
		f"DocNumber={number} is assigned to TxnType={entity} with TxnId={owner}"
	)
	return Fault("6140", detail)
