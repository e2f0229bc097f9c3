"""A vendor as QuickBooks wants it, and back. Source: Intuit's Vendor page.

A tax id comes back masked, so it is sent when it is entered and never compared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.limits import LIMITS, check_length
from allorders_qb.mapping.names import clean_line
from allorders_qb.mapping.neutral import CHECK, NAME, TEXT, ListField, read_check, read_ref, read_text
from allorders_qb.mapping.parts import Around, Part, build_new, build_update
from allorders_qb.mapping.people import (
	ACTIVITY_PART,
	CURRENCY,
	INACTIVE,
	PERSON_FIELDS,
	PERSON_PARTS,
	TERMS,
	build_currency,
	list_address_fields,
	make_address_part,
	make_name_part,
	read_address,
	read_name,
	read_person,
)
from allorders_qb.mapping.posting import References, VendorRecord
from allorders_qb.mapping.refs import find_ref
from allorders_qb.mapping.same import same_values

__all__ = ["FIELDS", "build_vendor", "is_unsent_tax_id", "read_vendor", "same_values"]

FIELDS = (
	ListField("vendor_name", "Vendor", NAME),
	*PERSON_FIELDS,
	TERMS,
	CURRENCY,
	ListField("account_number", "Account Number"),
	ListField("is_1099", "Track Payments for 1099", CHECK),
	*list_address_fields("address", "Address"),
	ListField("notes", "Notes", TEXT),
	INACTIVE,
)


MASK = "X"
"""What QuickBooks puts in place of a tax id's first digits."""


def is_unsent_tax_id(tax_id: str) -> bool:
	"""Return whether a tax id is one that was entered here, and not QuickBooks' masked one."""
	return bool(tax_id) and not tax_id.upper().startswith(MASK)


def read_vendor(remote: Mapping[str, Any], company: CompanyProfile) -> dict[str, str]:
	"""Return the neutral record of a vendor as QuickBooks gives it; references are ids."""
	return {
		"vendor_name": read_name(remote, "DisplayName"),
		**read_person(remote),
		"terms": read_ref(remote, "TermRef"),
		"account_number": read_text(remote.get("AcctNum")),
		"is_1099": read_check(remote.get("Vendor1099")),
		**read_address(remote, "BillAddr", "address"),
	}


def build_vendor(
	record: VendorRecord,
	references: References,
	company: CompanyProfile,
	current: Mapping[str, Any] | None = None,
	changed: Collection[str] | None = None,
) -> dict[str, Any]:
	"""Return the payload that creates a vendor, or updates `current` in the `changed` fields (all without them).

	Raises MappingError naming the field.
	"""
	around = Around(
		references,
		company,
		f"Vendor {record.name}",
		current,
		None if changed is None else frozenset(changed),
	)
	if current is not None:
		return build_update((*_PARTS, ACTIVITY_PART), record, around, current, changed)
	return {**build_new(_PARTS, record, around), **build_currency(record, around, "vendor")}


def _build_terms(record: VendorRecord, around: Around) -> dict[str, Any]:
	if not record.terms:
		return {"TermRef": None}
	return {"TermRef": find_ref(around.references.terms, record.terms, "Terms", about=around.about)}


def _build_account_number(record: VendorRecord, around: Around) -> dict[str, Any]:
	number = clean_line(record.account_number)
	return {
		"AcctNum": check_length("Account Number", number, LIMITS["account_number"], about=around.about)
		if number
		else None
	}


def _build_tax_id(record: VendorRecord, around: Around) -> dict[str, Any]:
	tax_id = clean_line(record.tax_id)
	if not is_unsent_tax_id(tax_id):
		return {}
	return {"TaxIdentifier": check_length("Tax ID", tax_id, LIMITS["tax_id"], about=around.about)}


def _build_1099(record: VendorRecord, around: Around) -> dict[str, Any]:
	return {"Vendor1099": record.is_1099}


_PARTS = (
	make_name_part("vendor_name", "Vendor Name"),
	*PERSON_PARTS,
	make_address_part("address", "BillAddr", "Address"),
	Part(("terms",), _build_terms),
	Part(("account_number",), _build_account_number),
	Part(("tax_id",), _build_tax_id),
	Part(("is_1099",), _build_1099),
)
